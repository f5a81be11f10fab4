"""Stacks of the five kinds: cut, joined, stored and refused."""

import numpy as np
import pytest

from spectra.core.basics.files import pack_arrays, unpack_arrays
from spectra.core.errors import InputError
from spectra.core.signals import Bundle, Image, Peaks, Places, Profile, concatenate, from_arrays, take, to_arrays

PEAKS = Peaks(
    positions=np.array([[1.0, 2.0, np.nan], [1.5, 2.5, 3.5]]),
    unit="MHz",
    window=(0.5, 4.0),
    amplitudes=np.array([[10.0, 20.0, np.nan], [15.0, 25.0, 35.0]]),
    deviations=np.array([[0.1, 0.2, np.nan], [0.15, np.nan, 0.35]]),
)
PROFILE = Profile(x=np.arange(4.0), y=np.arange(8.0).reshape(2, 4), x_unit="deg", y_unit="counts")
IMAGE = Image(pixels=np.arange(24, dtype=np.float32).reshape(2, 2, 2, 3), unit="1")
PLACES = Places(
    pictures=np.where(np.arange(36) == 7, np.nan, np.arange(36)).reshape(1, 3, 4, 3).astype(np.float32),
    places=np.array([[0, 1, 2], [0, 2, 0]], dtype=np.int32),
    unit="°",
    um_per_pixel=2.0,
)
BUNDLE = Bundle(parts={"a": PEAKS, "b": PROFILE, "c": IMAGE})


def same(one, other):
    ours, theirs = to_arrays(one), to_arrays(other)
    return ours.keys() == theirs.keys() and all(
        np.array_equal(ours[k], theirs[k], equal_nan=ours[k].dtype.kind == "f") for k in ours
    )


@pytest.mark.parametrize("signal", [PEAKS, PROFILE, IMAGE, PLACES, BUNDLE], ids=lambda s: s.kind)
def test_every_kind_can_be_cut_joined_and_stored(signal):
    assert len(signal) == 2
    assert same(concatenate([take(signal, slice(0, 1)), take(signal, slice(1, 2))]), signal)
    stored = unpack_arrays(pack_arrays(to_arrays(signal)), what="file")
    assert same(from_arrays(stored), signal)
    assert type(from_arrays(stored)) is type(signal)


def test_places_of_a_part_of_the_picture_show_the_same():
    picture = np.random.default_rng(0).random((2, 40, 30, 1), dtype=np.float32)
    places = Places(pictures=picture, places=np.array([[1, 20, 3], [1, 25, 10]], dtype=np.int32), unit="1")
    part = places.cropped(4)
    assert part.pictures.shape == (1, 14, 15, 1)
    for (number, row, column), (_, same_row, same_column) in zip(places.places, part.places, strict=True):
        assert part.pictures[0, same_row, same_column] == picture[number, row, column]
        assert part.pictures[0, same_row + 4, same_column + 4] == picture[number, row + 4, column + 4]


@pytest.mark.parametrize("wrong", [(0, 3, 0), (1, 0, 0), (0, -1, 0)])
def test_places_lie_in_their_pictures(wrong):
    with pytest.raises(InputError, match="outside of its picture"):
        Places(pictures=PLACES.pictures, places=np.array([wrong], dtype=np.int32), unit="°")


def test_moving_peaks_keeps_them_in_order_with_what_belongs_to_them():
    moved = PEAKS.moved(np.array([[3.0, 1.0, np.nan], [1.5, np.nan, 0.7]]))
    assert np.array_equal(moved.positions, [[1.0, 3.0, np.nan], [0.7, 1.5, np.nan]], equal_nan=True)
    assert np.array_equal(moved.amplitudes, [[20.0, 10.0, np.nan], [35.0, 15.0, 25.0]], equal_nan=True)
    assert np.array_equal(moved.deviations, [[0.2, 0.1, np.nan], [0.35, 0.15, np.nan]], equal_nan=True)


def test_a_window_keeps_the_lines_within_it():
    inside = PEAKS.within(1.4, 2.2)
    assert inside.counts.tolist() == [1, 1]
    assert inside.positions[:, 0].tolist() == [2.0, 1.5]
    assert inside.window == (1.4, 2.2)


def test_lists_of_different_length_stack_and_join():
    stacked = Peaks.from_lists([[3.0, 1.0], [2.0]], unit="MHz", window=(0, 4))
    assert np.array_equal(stacked.positions, [[1.0, 3.0], [2.0, np.nan]], equal_nan=True)
    longer = Peaks.from_lists([[1.0, 2.0, 3.0]], unit="MHz", window=(0, 4))
    assert concatenate([stacked, longer]).counts.tolist() == [2, 1, 3]


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: concatenate([PEAKS, PROFILE]),  # type: ignore[type-var]
        lambda: concatenate([PROFILE, Profile(x=np.arange(1.0, 5.0), y=PROFILE.y, x_unit="deg", y_unit="counts")]),
        lambda: concatenate([PEAKS, PEAKS.within(1.0, 2.0)]),
        lambda: Bundle(parts={"a": PEAKS, "b": take(PROFILE, slice(0, 1))}),
        lambda: Bundle(parts={}),
        lambda: Profile(x=np.array([1.0, 1.0]), y=np.zeros((1, 2)), x_unit="", y_unit=""),
        lambda: Profile(x=np.arange(3.0), y=np.zeros((1, 2)), x_unit="", y_unit=""),
        lambda: Image(pixels=np.zeros((2, 2), dtype=np.float32), unit=""),
        lambda: Peaks(positions=np.zeros(3), unit="", window=(0, 1)),
        lambda: Peaks(positions=np.zeros((1, 3)), unit="", window=(1, 1)),
        lambda: from_arrays({"kind": np.array("movie")}),
        lambda: from_arrays({"kind": np.array("peaks"), "pixels": np.zeros(3)}),
    ],
)
def test_what_is_no_signal_is_refused(wrong):
    with pytest.raises(InputError):
        wrong()
