"""The graph of UMAP against its definition (arXiv:1802.03426v3), solved here for single points by SciPy."""

import numpy as np
import pytest
from scipy import optimize

from spectra.plugins.layouts.fuzzy_graph import fuzzy_union, memberships


def test_the_degrees_of_a_point_are_those_of_the_definition():
    distances = np.sort(np.random.default_rng(0).gamma(3, size=(20, 12)), axis=1).astype(np.float32)
    degrees = memberships(distances)
    for apart, found in zip(distances.astype(float), degrees, strict=True):
        beyond = apart - apart[0]
        scale = optimize.brentq(lambda s, d=beyond: np.exp(-d / s).sum() - np.log2(12), 1e-6, 1e3)
        assert found == pytest.approx(np.exp(-beyond / scale), rel=1e-6)


def test_the_nearest_is_a_neighbour_to_the_full_degree_whatever_the_scale():
    distances = np.sort(np.random.default_rng(1).gamma(3, size=(20, 12)), axis=1).astype(np.float32)
    degrees = memberships(distances)
    assert degrees[:, 0] == pytest.approx(np.ones(20))
    assert memberships(1000 * distances) == pytest.approx(degrees, abs=1e-5)


def test_copies_are_no_measure_of_what_is_near():
    """ρ is the smallest distance that is not zero: paper, algorithm 2."""
    degrees = memberships(np.array([[0, 0, 0.5, 0.7, 0.8]], dtype=np.float32))
    assert degrees[0, :3] == pytest.approx([1, 1, 1])


@pytest.mark.parametrize("distances", [np.zeros((3, 4)), np.full((3, 4), 0.3), np.array([[0.5]]), np.full((1, 1), 0.0)])
def test_distances_that_are_all_alike_have_degrees(distances):
    degrees = memberships(distances.astype(np.float32))
    assert np.isfinite(degrees).all()
    assert degrees == pytest.approx(np.ones(distances.shape))


def test_the_union_is_that_of_independent_chances():
    """Of 0 → 1 with 0.5 and 1 → 0 with 0.8: 1 − (1 − 0.5)(1 − 0.8) = 0.9."""
    graph = fuzzy_union(np.array([[1], [0], [0]]), np.array([[0.5], [0.8], [0.3]])).toarray()
    assert graph == pytest.approx(np.array([[0, 0.9, 0.3], [0.9, 0, 0], [0.3, 0, 0]]))
