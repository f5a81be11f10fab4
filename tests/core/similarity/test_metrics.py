"""Distances: against SciPy, and where single precision would lose them."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from scipy.stats import wasserstein_distance

from spectra.core.errors import InputError, UsageError
from spectra.core.similarity import metrics
from spectra.core.similarity.metrics import METRICS, between, distances, prepared


@pytest.fixture
def features():
    rng = np.random.default_rng(1)
    return rng.gamma(1.0, size=(7, 30)).astype(np.float32), rng.gamma(1.0, size=(40, 30)).astype(np.float32)


@pytest.mark.parametrize("metric", ["cosine", "correlation", "euclidean"])
def test_agrees_with_scipy(features, metric):
    np.testing.assert_allclose(distances(*features, metric), cdist(*features, metric), rtol=2e-5)


def test_spectral_angle_is_the_angle_between_rows():
    turns = np.radians([0, 1e-4, 30, 90, 180])
    archive = 5 * np.column_stack([np.cos(turns), np.sin(turns)])
    query = np.array([[0.1, 0.0]])
    np.testing.assert_allclose(distances(query, archive, "spectral-angle")[0], turns, rtol=1e-6, atol=1e-12)


def test_wasserstein_agrees_with_scipy(features):
    axis = np.linspace(0, 1, 30)
    expected = [[wasserstein_distance(axis, axis, u, v) for v in features[1]] for u in features[0]]
    np.testing.assert_allclose(distances(*features, "wasserstein"), expected, rtol=1e-4, atol=1e-6)


def test_wasserstein_of_a_shifted_line_is_the_shift():
    lines = np.eye(101, dtype=np.float32)
    np.testing.assert_allclose(distances(lines[:1], lines, "wasserstein")[0], np.arange(101) / 100, atol=1e-6)


@pytest.mark.parametrize("metric", ["cosine", "correlation", "euclidean", "spectral-angle"])
def test_near_duplicates_far_from_the_origin_keep_their_distance(metric):
    rng = np.random.default_rng(2)
    row = 100 + rng.normal(size=200)
    archive = np.array([row, row + 1e-3 * rng.normal(size=200)], dtype=np.float32)
    exact = {
        "cosine": cdist(archive.astype(float), archive.astype(float), "cosine")[0, 1],
        "correlation": cdist(archive.astype(float), archive.astype(float), "correlation")[0, 1],
        "euclidean": np.linalg.norm(archive[1].astype(float) - archive[0]),
    }
    exact["spectral-angle"] = np.arccos(1 - exact["cosine"])
    found = distances(archive[:1], archive, metric)[0]
    assert found[0] == 0
    assert found[1] == pytest.approx(exact[metric], rel=0.02)


@pytest.mark.parametrize("metric", METRICS)
def test_blocks_do_not_show(features, metric, monkeypatch):
    whole = distances(*features, metric)
    monkeypatch.setattr(metrics, "_NUMBERS", 90)
    monkeypatch.setattr(metrics, "_CACHED", 90)
    np.testing.assert_allclose(distances(*features, metric), whole, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize(("metric", "far"), [("cosine", 1), ("correlation", 1), ("spectral-angle", np.pi / 2)])
def test_rows_without_direction_are_perpendicular_to_all_others(metric, far):
    flat = np.full((2, 3), 0.1 if metric == "correlation" else 0.0)
    archive = np.vstack([flat, [[1.0, 0.0, 3.0]]])
    np.testing.assert_allclose(distances(archive, archive, metric), [[0, 0, far], [0, 0, far], [far, far, 0]])


def test_a_profile_of_zeros_is_an_axis_away():
    archive = np.array([[0.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    np.testing.assert_array_equal(distances(archive, archive, "wasserstein"), [[0, 0, 1], [0, 0, 1], [1, 1, 0]])


def test_large_numbers_do_not_overflow():
    rows = np.array([[3e38, 0.0], [0.0, 3e38]], dtype=np.float32)
    np.testing.assert_allclose(distances(rows, rows, "cosine"), [[0, 1], [1, 0]], atol=1e-7)


@pytest.mark.parametrize("metric", METRICS)
def test_no_items_have_no_distances(metric):
    assert distances(np.ones((2, 3)), np.ones((0, 3)), metric).shape == (2, 0)
    assert distances(np.ones((0, 3)), np.ones((2, 3)), metric).shape == (0, 2)


def test_what_cannot_be_compared_is_refused(features):
    with pytest.raises(UsageError, match=r"no metric 'hamming'.*wasserstein"):
        distances(*features, "hamming")
    with pytest.raises(InputError, match="query has 3 features, the archive 30"):
        distances(np.ones((1, 3)), features[1])
    with pytest.raises(InputError, match=r"array \(n, d\)"):
        prepared(np.ones(3), "cosine")
    with pytest.raises(InputError, match=r"item 1 hold negative.*correlation"):
        prepared(np.array([[1.0, 2.0], [1.0, -0.1]]), "wasserstein")
    with pytest.raises(InputError, match="item 1 hold values that are not finite"):
        prepared(np.array([[1.0, 2.0], [1.0, np.nan]]), "cosine")


def test_prepared_rows_give_the_distances(features):
    for metric in METRICS:
        rows = (prepared(part, metric) for part in features)
        np.testing.assert_array_equal(between(*rows, metric), distances(*features, metric))
