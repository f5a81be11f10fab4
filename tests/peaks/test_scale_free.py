"""Sliding a list over spectra of known ratios, with lists whose size we chose."""

import numpy as np
import pytest

from spectra.plugins.peaks.scale_free import likest, sizes, spread_over


def lists(count, rng):
    """Return ascending lines of ``count`` solids from 0.2 to about 4."""
    return np.sort(rng.uniform(0.2, 4.0, (count, 90)), axis=1)


def test_the_spectrum_and_its_size_are_found_with_shifted_and_missing_peaks():
    rng, window = np.random.default_rng(3), (0.8, 2.2)
    lines = lists(200, rng)
    right = 0
    for truth in range(40):
        factor = rng.uniform(1.0, 1.7)
        peaks = factor * lines[truth] * (1 + rng.uniform(-0.009, 0.009, 90))
        peaks = np.sort(peaks[(peaks >= window[0]) & (peaks <= window[1]) & (rng.random(90) > 0.25)])
        found = likest(peaks, window, lines, np.full(200, 1.7))
        right += truth in found.places[:16] and abs(found.factors[truth] / factor - 1) < 0.015
    assert right >= 38


def test_a_dense_spectrum_is_not_like_every_list():
    """A line near every peak is no merit where there are lines everywhere."""
    rng, window = np.random.default_rng(4), (1.0, 2.0)
    own = np.sort(rng.uniform(0.5, 2.5, 40))
    dense = np.linspace(0.5, 2.5, 400)
    peaks = own[(own > 1.0) & (own < 2.0)] * (1 + rng.uniform(-0.009, 0.009, ((own > 1.0) & (own < 2.0)).sum()))
    padded = np.full((2, 400), np.nan)
    padded[0, :40], padded[1] = own, dense
    found = likest(peaks, window, padded, np.ones(2))
    assert found.places[0] == 0
    assert found.likeness[1] < 0.5 * found.likeness[0]


def test_the_identical_list_has_likeness_one():
    lines = np.array([[1.0, 1.3, 1.7, 1.9]])
    found = likest(lines[0], (0.9, 2.0), lines, np.ones(1))
    assert found.likeness[0] == pytest.approx(1.0)
    assert found.factors[0] == pytest.approx(1.0)


def test_sizes_keep_points_within_their_ranges():
    bounds = np.array([[100.0, -20.0, 0.2], [200.0, 20.0, 0.4]])
    scaling = np.array([True, True, False])
    points = np.array([[125.0, 10.0, 0.3], [160.0, -19.0, 0.2], [100.0, 0.0, 0.4]])
    least, most = sizes(points, bounds, scaling)
    assert least == pytest.approx([0.8, 0.625, 1.0])
    assert most == pytest.approx([1.6, 20 / 19, 2.0])


def test_points_are_spread_over_every_range_evenly():
    bounds = np.array([[0.0, 50.0], [1.0, 90.0]])
    points = spread_over(bounds, 40, np.random.default_rng(0))
    places = (points - bounds[0]) / (bounds[1] - bounds[0])
    assert np.array_equal(np.sort(np.floor(40 * places), axis=0), np.tile(np.arange(40), (2, 1)).T)
