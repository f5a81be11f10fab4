"""Regions of a map against clusters that were made."""

import numpy as np
import pytest

from spectra.core.progress import Silent
from spectra.core.recipe import Choice
from spectra.core.similarity.mapping import laid_out, regions


def clusters(each, spread=0.5, count=7):
    rng = np.random.default_rng(0)
    angles = 2 * np.pi * np.arange(count) / count
    labels = rng.permutation(np.repeat(np.arange(count), each))
    centres = 10 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    return centres[labels] + spread * rng.standard_normal((len(labels), 2)), labels


@pytest.mark.parametrize("each", [60, 400, 3000])
def test_clusters_that_lie_apart_are_regions(each):
    places, labels = clusters(each)
    found = regions(places)
    assert found.max() + 1 == 7
    assert len(set(zip(found.tolist(), labels.tolist(), strict=True))) == 7


def test_regions_are_numbered_by_size():
    places, labels = clusters(400)
    places = places[(labels != 3) | (np.arange(len(labels)) % 4 == 0)]
    sizes = np.bincount(regions(places))
    assert (np.diff(sizes) <= 0).all()
    assert sizes[-1] < sizes[0] / 3


def test_a_cloud_without_structure_has_few_regions_and_all_are_large_enough():
    places = np.random.default_rng(1).random((5000, 2))
    sizes = np.bincount(regions(places))
    assert 1 <= len(sizes) <= 30
    assert sizes.min() >= 30


@pytest.mark.parametrize("places", [np.zeros((0, 2)), np.zeros((1, 2)), np.zeros((500, 2)), np.ones((40, 2))])
def test_a_few_points_or_copies_of_one_are_one_region(places):
    assert regions(places).tolist() == [0] * len(places)


def test_single_points_far_off_belong_to_the_nearest_region():
    places, _ = clusters(200)
    places[0] = (14.0, 1.0)
    found = regions(places)
    near = np.linalg.norm(places - (10, 0), axis=1) < 1
    assert found[0] == np.bincount(found[near]).argmax()


class Spread:
    """A layout that draws the first two features, each region about its middle."""

    def __init__(self, log):
        self.log = log

    def fit(self, features, *, rng, progress):
        self.embedding_ = features[:, :2].astype(float) - features[:, :2].mean(axis=0)
        self.log.append((len(features), rng.random()))
        return self


@pytest.fixture
def session():
    """What a map needs of a session."""
    from types import SimpleNamespace

    log = []
    return SimpleNamespace(catalogue=SimpleNamespace(layout=lambda choice: Spread(log)), progress=Silent(), log=log)


def test_each_region_is_laid_out_by_itself_with_a_stream_of_its_own(session):
    places, labels = clusters(60)
    found = laid_out(session, places.astype(np.float32), Choice(name="spread"), seed=3)
    assert len(found.regions) == 7
    assert sorted(np.concatenate([region.rows for region in found.regions])) == list(range(420))
    for region in found.regions:
        assert len(set(labels[region.rows])) == 1
        assert region.places.mean(axis=0) == pytest.approx([0, 0], abs=1e-5)
    assert [count for count, _ in session.log] == [420] + [60] * 7
    assert len({draw for _, draw in session.log}) == 8


def test_a_map_of_one_piece_has_no_second_level(session):
    found = laid_out(session, np.random.default_rng(0).random((50, 3), dtype=np.float32), Choice(name="spread"))
    assert found.regions == ()
    assert found.places.shape == (50, 2)
