"""Neighbours' values: weights by hand, and a test whose p is right where nothing follows."""

import numpy as np
import pytest

from spectra.core.errors import InputError
from spectra.core.similarity.following import follows, neighbour_mean


def nearest(features, groups, count):
    distances = np.abs(features[:, None] - features)
    distances[np.asarray(groups)[:, None] == np.asarray(groups)] = np.inf
    return np.argsort(distances, axis=1)[:, :count]


def test_mean_is_weighted_by_inverse_distance():
    found = neighbour_mean(np.array([10.0, 20.0, np.nan]), np.array([1.0, 3.0, 0.5]))
    assert found.mean == pytest.approx((10 * 3 + 20 * 1) / 4)
    assert found.count == 2
    # reliability weights 3/4, 1/4: variance 75/4 over 1 − (9 + 1)/16
    assert found.spread == pytest.approx(np.sqrt((0.75 * 2.5**2 + 0.25 * 7.5**2) / (1 - 10 / 16)))


def test_equal_weights_give_the_sample_standard_deviation():
    values = np.array([1.0, 4.0, 7.0, 9.0])
    for distance in (0.0, 2.0):
        found = neighbour_mean(values, np.full(4, distance))
        assert (found.mean, found.spread) == (pytest.approx(values.mean()), pytest.approx(values.std(ddof=1)))


def test_one_value_has_no_spread_and_none_no_mean():
    assert neighbour_mean(np.array([np.nan, 3.0]), np.array([1.0, 2.0])).spread is None
    assert neighbour_mean(np.array([np.nan]), np.array([1.0])) is None


def test_p_is_uniform_where_nothing_follows():
    """Specimens of four alike items each: permuting items would find something in half of all draws."""
    rng, groups, found = np.random.default_rng(7), np.repeat(np.arange(15), 4), []
    for _ in range(200):
        features = rng.normal(size=15)[groups] + 0.01 * rng.normal(size=60)
        values = rng.normal(size=15)[groups]
        test = follows(values, nearest(features, groups, 8), groups=groups, rng=rng, permutations=99)
        found.append(test.p)
    assert np.mean(np.array(found) <= 0.1) == pytest.approx(0.1, abs=0.06)
    assert np.mean(found) == pytest.approx(0.5, abs=0.06)


def test_what_follows_is_found():
    rng, groups = np.random.default_rng(8), np.arange(60)
    features = rng.random(60)
    values = np.where(rng.random(60) < 0.1, np.nan, np.sin(3 * features) + 0.1 * rng.normal(size=60))
    found = follows(values, nearest(features, groups, 5), rng=rng, permutations=199)
    assert found.p == 1 / 200
    assert found.correlation > 0.8
    assert found.items == found.groups == np.isfinite(values).sum()


def test_missing_neighbours_are_left_out():
    values = np.array([1.0, 2.0, 3.0, 4.0, 5.0, np.nan])
    neighbours = np.array([[1, -1], [0, 2], [1, 3], [2, 4], [3, 5], [4, -1]])
    found = follows(values, neighbours, rng=np.random.default_rng(0), permutations=9)
    assert found.correlation == pytest.approx(np.corrcoef([1, 2, 3, 4, 5], [2, 2, 3, 4, 4])[0, 1])


@pytest.mark.parametrize(
    ("values", "neighbours", "sentence"),
    [
        ([1.0, 2.0, 3.0, np.nan], np.zeros((4, 1), int), "3 items have a value"),
        ([1.0, 2.0, 3.0, 4.0, 5.0], np.full((5, 1), -1), "No item with a value"),
        ([1.0] * 5, np.array([[1], [0], [1], [1], [1]]), "All values are the same"),
    ],
)
def test_what_cannot_be_tested_is_refused(values, neighbours, sentence):
    with pytest.raises(InputError, match=sentence):
        follows(np.array(values), neighbours, rng=np.random.default_rng(0))
