"""Pictures as numbers: windows around places, orientations, controls."""

import numpy as np
import pytest

from spectra.core.errors import InputError
from spectra.core.signals import Image, Places, Profile
from spectra.plugins.images.generators.windows import Windows
from spectra.plugins.images.orientations import ANGLES, c_axes, tensors


def places(pictures, where, unit="1"):
    return Places(pictures=np.asarray(pictures, np.float32), places=np.array(where, np.int32).reshape(-1, 3), unit=unit)


def angles(count, seed=0):
    """Return Bunge angles of random orientations, shape (count, 7, 5, 3)."""
    rng = np.random.default_rng(seed)
    return np.stack(
        [rng.uniform(0, 360, (count, 7, 5)), rng.uniform(0, 180, (count, 7, 5)), rng.uniform(0, 60, (count, 7, 5))], -1
    ).astype(np.float32)


def test_a_window_is_what_surrounds_its_place():
    picture = np.arange(2 * 9 * 8, dtype=float).reshape(2, 9, 8, 1)
    signal = places(picture, [(0, 4, 3), (1, 2, 5), (1, 1, 2)])
    windows = Windows.of(signal, 5)
    assert windows.whole(signal).tolist() == [True, True, False]
    cut = windows.cut(places(picture, [(0, 4, 3), (1, 2, 5)]))
    assert np.array_equal(cut, [picture[0, 2:7, 1:6], picture[1, 0:5, 3:8]])


def test_a_window_with_a_gap_is_not_whole():
    picture = np.zeros((1, 9, 9, 1))
    picture[0, 4, 4] = np.nan
    signal = places(picture, [(0, 2, 2), (0, 1, 7)])
    assert Windows.of(signal, 5).whole(signal).tolist() == [False, False]
    assert Windows.of(signal, 3).whole(signal).tolist() == [True, True]


@pytest.mark.parametrize("unit", ["1", ANGLES])
def test_a_part_without_a_whole_window_has_no_rows(unit):
    signal = places(np.zeros((1, 9, 9, 3), np.float32), [(0, 0, 0), (0, 8, 8)], unit)
    ((_, whole, numbers),) = Windows.of(signal, 5).rows(signal)
    assert whole.size == 0
    assert numbers.shape == (0, 5 * 5 * (6 if unit == ANGLES else 3))


def test_orientations_come_back_as_the_same_axes():
    signal = places(angles(3), [(0, 3, 2)], unit="°")
    windows = Windows.of(Image(pixels=signal.pictures, unit="°"), 0)
    again = windows.signal(windows.numbers(signal.pictures))
    assert tensors(c_axes(again.pixels)) == pytest.approx(tensors(c_axes(signal.pictures)), abs=2e-6)
    assert not again.pixels[..., 2].any()
    assert again.pixels[..., 1].max() <= 90


def test_the_average_of_axes_that_straddle_a_full_turn_lies_between_them():
    """The mean of 10° and 350° is 0°, and not 180°."""
    picture = np.zeros((1, 4, 4, 3), np.float32)
    picture[..., 0], picture[..., 1] = np.where(np.arange(16).reshape(4, 4) % 2, 10, 350), 60
    signal = Image(pixels=picture, unit="°")
    average = Windows.of(signal, 0).averaged(signal).pixels
    assert np.minimum(average[..., 0], 360 - average[..., 0]) == pytest.approx(np.zeros((1, 4, 4)), abs=1e-3)
    assert average[..., 1] == pytest.approx(np.full((1, 4, 4), 60), abs=1)


def test_the_mean_colour_is_the_mean_of_each_picture_and_channel():
    pixels = np.random.default_rng(0).integers(0, 255, (4, 6, 5, 3), dtype=np.uint8)
    average = Windows.of(signal := Image(pixels=pixels, unit="1"), 0).averaged(signal).pixels
    assert average.dtype == np.uint8
    assert np.array_equal(average, np.broadcast_to(np.rint(pixels.mean(axis=(1, 2)))[:, None, None], pixels.shape))


def test_scrambled_pictures_have_the_same_pixels_elsewhere():
    pixels = np.arange(2 * 6 * 5).reshape(2, 6, 5, 1).astype(np.float32)
    signal = Image(pixels=pixels, unit="1")
    scrambled = Windows.of(signal, 0).scrambled(signal, np.random.default_rng(0)).pixels
    assert not np.array_equal(scrambled, pixels)
    for before, after in zip(pixels, scrambled, strict=True):
        assert {frozenset(row) for row in after[..., 0]} == {frozenset(row) for row in before[..., 0]}
        assert {frozenset(row) for row in after[..., 0].T} == {frozenset(row) for row in before[..., 0].T}


def test_what_is_no_picture_or_has_no_centre_is_refused():
    profile = Profile(x=np.arange(3.0), y=np.zeros((2, 3)), x_unit="deg", y_unit="1")
    with pytest.raises(InputError, match="kind 'profile'"):
        Windows.of(profile, 5)
    with pytest.raises(InputError, match="6 pixels has no pixel in its centre"):
        Windows.of(places(np.zeros((1, 9, 9, 1)), [(0, 4, 4)]), 6)
