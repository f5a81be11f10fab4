"""Neighbours, near-duplicates and outliers of archives made by hand."""

from dataclasses import replace

import numpy as np
import pytest

from spectra.core.errors import InputError
from spectra.core.measurements import Condition
from spectra.core.quantities import EstimatedQuantity
from spectra.core.signals import Image, Peaks, Profile
from spectra.core.similarity.archive import Archive
from spectra.core.similarity.items import ARCHIVE, Item, labels_of, numbers_of
from spectra.core.similarity.looks import likeness
from spectra.core.similarity.search import duplicates, outliers, similar


def item(number, **more):
    known = {"sample": "s", "technique": ARCHIVE, "kind": "image"} | more
    return Item(id=f"m{number}", content=f"c{number}", row=0, name=f"{number}.png", **known)


def archive(features, items=None, slices=None):
    features = np.array(features, dtype=np.float32)
    items = tuple(items or map(item, range(len(features))))
    slices = slices or {"toy": slice(0, features.shape[1])}
    return Archive(items=items, features=features, spaces=(), slices=slices, failures=(), standards=())


def names(found):
    return [neighbour.item.id for neighbour in found.neighbours]


def test_neighbours_come_in_the_order_of_their_distance_with_the_blocks_that_make_it():
    blocks = {"a": slice(0, 1), "b": slice(1, 3)}
    data = archive([[0, 0, 0], [3, 0, 0], [0, 1, 0], [1, 1, 1]], slices=blocks)
    found = similar(data, np.zeros((1, 3), np.float32), top=3, metric="euclidean")
    assert names(found) == ["m0", "m2", "m3"]
    assert [one.distance for one in found.neighbours] == pytest.approx([0, 1, 3**0.5])
    assert [dict(one.shares) for one in found.neighbours] == [
        {"a": 0, "b": 0},
        {"a": 0, "b": 1},
        pytest.approx({"a": 1 / 3, "b": 2 / 3}),
    ]
    assert found.compared == 4


def test_the_query_itself_and_what_is_of_the_same_specimen_can_be_left_out():
    items = [item(0, tags=("specimen=x",)), item(1, tags=("specimen=x",)), item(2, tags=("specimen=y",))]
    data = archive([[0.0], [1.0], [2.0]], items)
    query = np.zeros((1, 1), np.float32)
    assert names(similar(data, query, top=9, metric="euclidean", left_out=["m0"])) == ["m1", "m2"]
    assert names(similar(data, query, top=9, metric="euclidean", not_same=("specimen", "x"))) == ["m2"]
    with pytest.raises(InputError, match="Nothing is left"):
        similar(data, query, top=9, metric="euclidean", not_same=("sample", "s"))


@pytest.fixture
def along_a_line():
    """Forty files at places on a line: the hotter, the further; their colour has nothing to do with it."""
    rng = np.random.default_rng(3)
    place = np.linspace(0, 1, 40)
    items = [
        item(
            number,
            conditions=(Condition(name="temperature", value=300 + 100 * x, unit="K"),),
            quantities=(
                EstimatedQuantity(name="C11", unit="GPa", method="refined", value=rng.normal(), std=1.0, note=""),
            ),
        )
        for number, x in enumerate(place)
    ]
    return archive(place[:, None], items)


def test_what_follows_the_features_is_told_from_what_does_not(along_a_line):
    found = similar(along_a_line, np.array([[0.5]], np.float32), top=6, metric="euclidean")
    hints = {hint.name: hint for hint in found.hints}
    assert hints["temperature"].of.mean == pytest.approx(350, abs=3)
    assert hints["temperature"].of.count == 6
    assert hints["temperature"].following.p < 0.01
    assert hints["C11"].following.p > 0.05


def test_files_of_one_specimen_are_one_item_of_the_test(along_a_line):
    items = [replace(one, tags=("specimen=same",)) for one in along_a_line.items]
    found = similar(replace(along_a_line, items=tuple(items)), np.zeros((1, 1), np.float32), top=6, metric="euclidean")
    assert all(hint.following is None and "fewer than" in hint.untested for hint in found.hints)


def picture(pixels):
    return Image(pixels=np.asarray(pixels, dtype=np.float32)[None, :, :, None], unit="1")


def test_near_duplicates_are_the_same_point_by_point_and_not_only_by_their_features():
    rng = np.random.default_rng(0)
    features = rng.standard_normal((30, 8))
    features[17] = features[4] + 1e-3
    features[20] = features[5] + 1e-3
    pictures = {f"m{number}": picture(np.kron(rng.uniform(size=(5, 6)), np.ones((12, 12)))) for number in range(30)}
    pictures["m17"] = picture(pictures["m4"].pixels[0, :, :, 0].repeat(2, axis=0) + 0.01)  # larger, but the same
    (pair,) = duplicates(archive(features), lambda one: pictures[one.id], metric="euclidean")
    assert {pair.one.id, pair.other.id} == {"m4", "m17"}
    assert pair.likeness > 0.95


def test_likeness_is_the_correlation_of_signals_of_one_kind():
    ramp = np.add.outer(np.arange(64.0), np.zeros(64))
    assert likeness(picture(ramp), picture(3 - 2 * ramp)) == pytest.approx(-1)
    assert likeness(picture(ramp), picture(ramp.T)) == pytest.approx(0, abs=1e-12)
    assert likeness(picture(np.ones((5, 5))), picture(np.zeros((9, 9)))) == 1
    x = np.linspace(0, 1, 50)
    one = Profile(x=x, y=np.sin(x)[None], x_unit="deg", y_unit="")
    finer = np.linspace(0, 1, 500)
    assert likeness(one, Profile(x=finer, y=5 * np.sin(finer)[None], x_unit="deg", y_unit="")) == pytest.approx(1)
    lines = Peaks.from_lists([[1.0, 2.0, 3.0, 4.0]], unit="MHz", window=(0.0, 5.0))
    assert likeness(lines, Peaks.from_lists([[1.0005, 2.0, 3.0]], unit="MHz", window=(0.0, 5.0))) == 0.75
    assert likeness(lines, one) is None


def test_outliers_are_like_nothing_else():
    rng = np.random.default_rng(0)
    features = rng.standard_normal((60, 3))
    features[11] += 40
    found = outliers(archive(features), metric="euclidean")
    assert found[0].item.id == "m11"
    assert found[0].times > 10
    assert len(found) <= 3
    with pytest.raises(InputError, match="Among 3 items"):
        outliers(archive(features[:3]), metric="euclidean")


def test_an_archive_of_equal_items_has_no_outlier():
    assert outliers(archive(np.ones((12, 3))), metric="euclidean") == []


def test_columns_are_labels_conditions_and_quantities(along_a_line):
    assert numbers_of(along_a_line.items[:2], "temperature")[0] == 300
    assert np.isnan(numbers_of(along_a_line.items[:1], "pressure"))
    assert labels_of(along_a_line.items[:2], "file").tolist() == ["0.png", "1.png"]
    with pytest.raises(InputError, match="40 of 40 have no 'colour'"):
        labels_of(along_a_line.items, "colour")
