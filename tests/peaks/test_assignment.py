"""The dynamic programme finds what trying all assignments finds."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import norm

from spectra.plugins.peaks.assignment import DetectionModel, assign

DETECTION = DetectionModel(spread=0.02, seen=0.8, spurious_density=1.5)


def cheapest_of_all(peaks, modes, window, deviations=None):
    """Try every set of pairs (crossing ones, too, where all errors are alike) and add up the likelihood by terms."""
    best = np.inf
    errors = np.hypot(DETECTION.spread, np.zeros(len(peaks)) if deviations is None else deviations)
    inside = (modes >= window[0]) & (modes <= window[1])
    for count in range(min(len(peaks), len(modes)) + 1):
        for chosen in itertools.combinations(range(len(peaks)), count):
            orders = itertools.permutations if deviations is None else itertools.combinations
            for partners in orders(range(len(modes)), count):
                cost = -np.log(DETECTION.spurious_density) * (len(peaks) - count)
                seen = np.isin(np.arange(len(modes)), partners)
                cost -= np.log(1 - DETECTION.seen) * (inside & ~seen).sum()
                for i, j in zip(chosen, partners, strict=True):
                    cost -= np.log(DETECTION.seen) + norm.logpdf(np.log(peaks[i] / modes[j]), scale=errors[i])
                best = min(best, cost)
    return best


@pytest.mark.parametrize("seed", range(12))
def test_no_assignment_is_more_likely(seed):
    rng = np.random.default_rng(seed)
    peaks = np.sort(rng.uniform(1.0, 1.3, rng.integers(1, 5)))
    modes = np.sort(rng.uniform(0.95, 1.4, rng.integers(1, 5)))
    window = (1.0, 1.3)

    found = assign(peaks, modes, DETECTION, window=window)

    assert found.cost == pytest.approx(cheapest_of_all(peaks, modes, window))
    assert np.all(np.diff(found.peaks) > 0)
    assert np.all(np.diff(found.modes) > 0)


@pytest.mark.parametrize("seed", range(6))
def test_with_deviations_no_assignment_in_order_is_more_likely(seed):
    rng = np.random.default_rng(seed)
    peaks = np.sort(rng.uniform(1.0, 1.3, rng.integers(1, 5)))
    modes = np.sort(rng.uniform(0.95, 1.4, rng.integers(1, 5)))
    deviations = rng.choice([0.0, 0.01, 0.1], len(peaks))
    found = assign(peaks, modes, replace(DETECTION, deviations=deviations), window=(1.0, 1.3))
    assert found.cost == pytest.approx(cheapest_of_all(peaks, modes, (1.0, 1.3), deviations))


def test_a_stray_peak_is_spurious_and_an_unseen_mode_is_missing():
    modes = np.array([1.0, 1.1, 1.2, 1.25])
    found = assign(np.array([1.001, 1.15, 1.199, 1.2505]), modes, DETECTION_NARROW, window=(0.9, 1.3))
    assert found.peaks.tolist() == [0, 2, 3]
    assert found.modes.tolist() == [0, 2, 3]


DETECTION_NARROW = DetectionModel(spread=0.002, seen=0.9, spurious_density=1.0)
