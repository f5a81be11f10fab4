"""UMAP against published numbers, known clusters, real handwritten digits and another way to measure a map."""

import numpy as np
import pytest
from sklearn.datasets import load_digits, make_swiss_roll
from sklearn.decomposition import PCA
from sklearn.manifold import trustworthiness

from spectra.core.errors import InputError
from spectra.core.progress import Silent
from spectra.plugins.layouts.descent import curve
from spectra.plugins.layouts.umap import Umap, UmapParameters


def laid_out(features, seed=0, **parameters):
    layout = Umap(UmapParameters(**parameters))
    return layout.fit(np.asarray(features, dtype=np.float32), rng=np.random.default_rng(seed), progress=Silent())


@pytest.fixture(scope="module")
def digits():
    return load_digits(return_X_y=True)


@pytest.fixture(scope="module")
def learned(digits):
    return laid_out(digits[0][:1500], metric="euclidean")


def nearest_label(places, labels, known=None, known_labels=None):
    """Return the share of points whose nearest on the map has their label; of others than themselves, or of known."""
    apart = np.linalg.norm(places[:, None] - (places if known is None else known), axis=2)
    if known is None:
        np.fill_diagonal(apart, np.inf)
    return np.mean((labels if known is None else known_labels)[apart.argmin(axis=1)] == labels)


@pytest.mark.parametrize(
    ("least", "a", "b"),
    [
        (0.1, 1.577, 0.895),  # printed by umap-learn for its defaults, and in the documentation of many packages
        (0.001, 1.929, 0.792),
    ],
)
def test_the_curve_of_distances_is_the_published_one(least, a, b):
    assert curve(least, 1.0) == pytest.approx((a, b), abs=2e-3)


def test_digits_that_are_alike_stay_together(digits, learned):
    """As scikit-learn measures it: far better than two principal components, as umap-learn's maps are (about 0.98)."""
    features, labels = digits[0][:1500], digits[1][:1500]
    found = trustworthiness(features, learned.embedding_, n_neighbors=10)
    plane = trustworthiness(features, PCA(2, random_state=0).fit_transform(features), n_neighbors=10)
    assert plane < 0.85
    assert found > 0.975
    assert nearest_label(learned.embedding_, labels) > 0.96


def test_new_digits_come_to_lie_among_their_like(digits, learned):
    new, labels = digits[0][1500:].astype(np.float32), digits[1][1500:]
    share = nearest_label(learned.transform(new), labels, learned.embedding_, digits[1][:1500])
    raw = nearest_label(new, labels, digits[0][:1500], digits[1][:1500])
    assert share > raw - 0.03


def test_a_copy_is_placed_where_its_original_is(digits, learned):
    assert learned.transform(digits[0][:20].astype(np.float32)) == pytest.approx(learned.embedding_[:20])


def test_a_new_point_is_placed_alone_as_among_others(digits, learned):
    new = digits[0][1500:1520].astype(np.float32)
    assert learned.transform(new[3:4]) == pytest.approx(learned.transform(new)[3:4], abs=1e-9)


def test_clusters_come_out_apart():
    """Ten clusters in a hundred dimensions, far from each other: on the map no two have a place in common."""
    rng = np.random.default_rng(3)
    labels = np.repeat(np.arange(10), 60)
    features = 2 * rng.standard_normal((10, 100))[labels] + rng.standard_normal((600, 100))
    places = laid_out(features, metric="euclidean").embedding_
    assert nearest_label(places, labels) == 1
    centres = np.array([places[labels == label].mean(axis=0) for label in range(10)])
    widths = np.array([places[labels == label].std(axis=0).max() for label in range(10)])
    apart = np.linalg.norm(centres[:, None] - centres, axis=2) + 1e9 * np.eye(10)
    assert (apart.min(axis=1) > 3 * widths).all()


def test_two_clusters_of_a_small_archive_leave_room_for_each_other():
    """From the start of large archives they would lie 20 apart, and each would be a spot of a twentieth of that."""
    rng = np.random.default_rng(5)
    labels = np.repeat([0, 1], 16)
    places = laid_out(10 * rng.standard_normal((2, 30))[labels] + rng.standard_normal((32, 30))).embedding_
    size = np.ptp(places, axis=0).max()
    widths = [np.ptp(places[labels == label], axis=0).max() for label in (0, 1)]
    assert min(widths) > size / 10
    assert nearest_label(places, labels) == 1


def test_a_rolled_sheet_is_unrolled():
    """Points that are near through space but far along the sheet come apart."""
    points, along = make_swiss_roll(1200, random_state=0)
    places = laid_out(points, metric="euclidean", neighbours=12).embedding_
    apart = np.linalg.norm(places[:, None] - places, axis=2) + 1e9 * np.eye(len(places))
    nearest = np.argsort(apart, axis=1)[:, :10]
    assert np.abs(along[nearest] - along[:, None]).max() < np.ptp(along) / 4  # a turn is about 0.45 of the length


@pytest.mark.parametrize("metric", ["cosine", "correlation"])
def test_rows_that_differ_only_in_scale_are_together(metric):
    rng = np.random.default_rng(4)
    directions = rng.standard_normal((200, 20))
    features = np.concatenate([directions, 7 * directions])
    places = laid_out(features, metric=metric).embedding_
    apart = np.linalg.norm(places[:200] - places[200:], axis=1)
    assert np.median(apart) < 0.05 * places.std()


def test_a_smaller_distance_makes_denser_clusters(digits):
    features = digits[0][:500]
    dense, loose = (
        np.sort(np.linalg.norm(p[:, None] - p, axis=2), axis=1)[:, 1].mean()
        for p in (laid_out(features, min_dist=value, metric="euclidean").embedding_ for value in (0.01, 0.8))
    )
    assert dense < loose / 2


def test_another_seed_gives_another_map(digits):
    one, other = (laid_out(digits[0][:200], seed=seed).embedding_ for seed in (0, 1))
    assert np.abs(one - other).max() > 0.1


def test_features_that_are_not_finite_are_refused():
    features = np.ones((5, 3))
    features[3, 1] = np.nan
    with pytest.raises(InputError, match="item 3"):
        laid_out(features)


def test_a_distance_beyond_the_spread_is_refused():
    with pytest.raises(ValueError, match="more than three times the spread"):
        UmapParameters(min_dist=4, spread=1)
