"""Intervals calibrated on whole groups hold what they promise for groups never seen, on simulated groups."""

from __future__ import annotations

import numpy as np
import pytest

from spectra.core.workflows.ranking.conformal import DEVIATIONS, calibration, half_widths


def simulated(rng, count, *, skewed):
    """Return errors with a part that all members of a group share, and the groups."""
    sizes = np.maximum(1, rng.lognormal(3, 0.8, count)).astype(int)
    groups = np.repeat(np.arange(count), sizes)
    shared = rng.standard_t(4, count) if skewed else rng.normal(size=count)
    return np.abs(0.15 * shared[groups] + rng.normal(0, 0.2, len(groups)))[:, None], groups


@pytest.mark.parametrize("skewed", [False, True])
@pytest.mark.parametrize("count", [40, 100])
def test_they_hold_nine_of_ten_members_of_new_groups(count, skewed):
    rng = np.random.default_rng(count)
    covered = []
    for _ in range(300):
        scores, groups = simulated(rng, count + 10, skewed=skewed)
        known = groups < count
        covered.append(np.mean(scores[~known] <= half_widths(scores[known], groups[known])))
    assert 0.89 < np.mean(covered) < 0.94


def test_a_bootstrap_of_the_mean_does_not():
    """What the issue warns of: the spread of the members of an ensemble says nothing of measurements."""
    rng = np.random.default_rng(0)
    values = rng.normal(0, 1, 2000)
    means = [rng.choice(values, 2000).mean() for _ in range(50)]
    inside = np.abs(rng.normal(0, 1, 2000) - values.mean()) < DEVIATIONS * np.std(means)
    assert inside.mean() < 0.1


def test_single_members_give_the_usual_rank():
    scores = np.arange(1.0, 100.0)[:, None]  # 99 of them: (99 + 1) 0.9 is the 90th
    assert half_widths(scores, np.arange(99)) == 90.0


def test_too_few_groups_promise_nothing_and_spreads_match_the_rms_error():
    scores, groups = np.array([[1.0], [2.0], [3.0], [4.0]]), np.array([0, 0, 1, 1])
    assert np.isinf(half_widths(scores, groups))
    assert np.isfinite(half_widths(np.ones((18, 1)), np.arange(18) // 2))
    assert calibration(scores, groups) == pytest.approx(np.sqrt(30 / 4))


def test_of_gaussian_errors_the_spread_is_the_standard_deviation():
    rng = np.random.default_rng(5)
    scores, groups = np.abs(rng.normal(0, 2, (40_000, 1))), np.arange(40_000)
    assert calibration(scores, groups) == pytest.approx(2, rel=0.02)
