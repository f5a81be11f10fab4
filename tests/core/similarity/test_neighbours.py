"""Neighbours against SciPy's distances and scikit-learn's search."""

import tracemalloc

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from scipy.stats import wasserstein_distance
from sklearn.neighbors import NearestNeighbors

from spectra.core.errors import InputError, UsageError
from spectra.core.similarity import neighbours
from spectra.core.similarity.neighbours import nearest, nearest_others


def rows(count, numbers=24, seed=0):
    return np.random.default_rng(seed).random((count, numbers), dtype=np.float32)


@pytest.fixture(params=[10**9, 12 * 300 * 7])
def blocks(request, monkeypatch):
    """All at once, or seven queries at a time."""
    monkeypatch.setattr(neighbours, "_BYTES", request.param)


@pytest.mark.usefixtures("blocks")
@pytest.mark.parametrize("metric", ["cosine", "correlation", "euclidean"])
def test_the_nearest_are_those_of_scipys_distances(metric):
    queries, archive = rows(50, seed=1), rows(300)
    apart = cdist(queries.astype(float), archive.astype(float), metric)
    found = nearest(queries, archive, 9, metric=metric)
    assert np.array_equal(found.rows, np.argsort(apart, axis=1)[:, :9])
    assert found.distances == pytest.approx(np.sort(apart, axis=1)[:, :9], rel=1e-5)


@pytest.mark.usefixtures("blocks")
def test_the_nearest_others_are_those_of_scikit_learn():
    archive = rows(300)
    apart, others = NearestNeighbors(n_neighbors=6).fit(archive).kneighbors()
    found = nearest_others(archive, 6, metric="euclidean")
    assert np.array_equal(found.rows, others)
    assert found.distances == pytest.approx(apart, rel=1e-5)


def test_spectral_angle_has_the_order_of_cosine():
    queries, archive = rows(20, seed=1), rows(300)
    angle, cosine = (nearest(queries, archive, 5, metric=metric) for metric in ("spectral-angle", "cosine"))
    assert np.array_equal(angle.rows, cosine.rows)
    assert np.cos(angle.distances) == pytest.approx(1 - cosine.distances, abs=1e-6)


def test_wasserstein_is_scipys():
    queries, archive = rows(5, seed=1), rows(60)
    axis = np.linspace(0, 1, 24)
    apart = np.array([[wasserstein_distance(axis, axis, query, row) for row in archive] for query in queries])
    found = nearest(queries, archive, 7, metric="wasserstein")
    assert np.array_equal(found.rows, np.argsort(apart, axis=1)[:, :7])
    assert found.distances == pytest.approx(np.sort(apart, axis=1)[:, :7], rel=1e-4)


def test_small_distances_far_from_zero_are_in_order():
    """Single precision keeps seven digits: with an offset of a thousand, none of the distances' would be left."""
    spread = np.random.default_rng(5).standard_normal((200, 8))
    archive = (1000 + 0.1 * spread).astype(np.float32)
    apart = cdist(archive.astype(float), archive.astype(float)) + 1e9 * np.eye(200)
    found = nearest_others(archive, 5, metric="euclidean")
    assert np.array_equal(found.rows, np.argsort(apart, axis=1)[:, :5])


def test_of_copies_the_lower_number_comes_first():
    archive = np.concatenate([rows(4), rows(4)])
    assert nearest(rows(4), archive, 2).rows.tolist() == [[0, 4], [1, 5], [2, 6], [3, 7]]
    assert nearest_others(archive, 1).rows[:, 0].tolist() == [4, 5, 6, 7, 0, 1, 2, 3]


@pytest.mark.parametrize("metric", ["cosine", "correlation"])
def test_a_row_without_direction_is_not_near(metric):
    archive = rows(30)
    archive[3] = 0
    found = nearest_others(archive, 29, metric=metric)
    others = np.arange(30) != 3
    apart = cdist(archive[others].astype(float), archive[others].astype(float), metric)
    assert found.distances[3] == pytest.approx(np.ones(29))
    beyond = (apart > 1).sum(axis=1)
    assert [list(row).index(3) for row in found.rows[others]] == (28 - beyond).tolist()


def test_fewer_than_asked_for_are_all_there_are():
    assert nearest(rows(2), rows(3), 10).rows.shape == (2, 3)
    assert nearest_others(rows(3), 10).rows.shape == (3, 2)
    assert nearest_others(rows(1), 10).rows.shape == (1, 0)
    assert nearest(rows(2), rows(0), 10).rows.shape == (2, 0)


def test_memory_stays_bounded(monkeypatch):
    monkeypatch.setattr(neighbours, "_BYTES", 2**20)
    archive = rows(4000)
    tracemalloc.start()
    nearest_others(archive, 10)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 8 * 2**20  # all distances would take 64 MB


def test_what_cannot_be_compared_is_refused():
    with pytest.raises(InputError, match="24 features, the archive 5"):
        nearest(rows(2), rows(3, 5), 1)
    with pytest.raises(UsageError, match="no metric 'cosin'"):
        nearest(rows(2), rows(3), 1, metric="cosin")
    archive = rows(3)
    archive[1, 0] = np.inf
    with pytest.raises(InputError, match="item 1"):
        nearest_others(archive, 1)
