"""Windows around places: where they lie, what mirroring and enlarging do to them."""

import numpy as np
import pytest

from spectra.core.signals import Places
from spectra.plugins.images.orientations import axes_of_colours, c_axes, colours_of_axes
from spectra.plugins.images.windows.cutting import Cutter, channels_of, padded

FILL = np.full(1, -1, dtype=np.float32)


class Drawn:
    """Stands for a generator of random numbers: flips and shares as they are given."""

    def __init__(self, flips, shares):
        self.flips, self.shares = flips, shares

    def random(self, shape):
        return np.broadcast_to(np.where(self.flips, 0.0, 1.0), shape)

    def uniform(self, low, high, size):
        return np.broadcast_to(self.shares, size)


def cutter(picture, places, window, *, turn=True, fill=FILL, orientations=False, unit="1"):
    signal = Places(pictures=picture[np.newaxis], places=np.array([[0, *p] for p in places], np.int32), unit=unit)
    return Cutter(signal, window, fill=fill, orientations=orientations, turn=turn, zoom=(0.5, 1.0))


@pytest.mark.parametrize("window", [4, 5])
def test_a_window_lies_around_its_place_and_shows_the_fill_outside(window):
    picture = np.arange(48, dtype=np.float32).reshape(6, 8, 1)
    (inside, corner) = cutter(picture, [(3, 4), (0, 0)], window).plain(np.arange(2))

    half = window // 2
    np.testing.assert_array_equal(inside, picture[3 - half : 3 - half + window, 4 - half : 4 - half + window])
    assert np.all(corner[:half] == -1)
    assert np.all(corner[:, :half] == -1)
    np.testing.assert_array_equal(corner[half:, half:], picture[: window - half, : window - half])


@pytest.mark.parametrize("window", [4, 5])
@pytest.mark.parametrize("flips", [(True, False), (False, True), (True, True)])
def test_a_mirrored_window_is_the_window_mirrored(window, flips):
    picture = np.random.default_rng(0).random((9, 11, 1), dtype=np.float32)
    made = cutter(picture, [(4, 3), (1, 9)], window, fill=np.zeros(1, np.float32))

    axes = [axis + 1 for axis, flip in enumerate(flips) if flip]
    changed = made.changed(np.arange(2), Drawn(flips, (1.0, 1.0)))
    np.testing.assert_array_equal(changed, np.flip(made.plain(np.arange(2)), axes))


def test_an_enlarged_window_shows_its_middle():
    """On a slope, whatever is interpolated is exact: half of the window has half of the slope around the same mean."""
    rows, columns = np.mgrid[:20, :20]
    picture = (3.0 * rows + 10.0 * columns).astype(np.float32)[..., np.newaxis]
    made = cutter(picture, [(9, 10)], 8)

    plain, changed = made.plain(np.arange(1))[0], made.changed(np.arange(1), Drawn((False, False), (0.5, 0.75)))[0]
    assert changed.mean() == pytest.approx(plain.mean(), rel=1e-6)
    np.testing.assert_allclose(np.diff(changed, axis=0), 1.5, rtol=1e-4)
    np.testing.assert_allclose(np.diff(changed, axis=1), 7.5, rtol=1e-4)


def test_orientations_are_mirrored_with_the_picture_or_left_as_in_the_paper():
    axes = np.random.default_rng(1).normal(size=(6, 6, 3)).astype(np.float32)
    axes /= np.linalg.norm(axes, axis=-1, keepdims=True)
    colours = colours_of_axes(axes)
    seen = axes_of_colours(colours)  # one of the two axes of a colour
    fill = np.zeros(3, np.float32)
    mirrored = Drawn((False, True), (1.0, 1.0))

    turned = cutter(colours, [(3, 3)], 4, fill=fill).changed(np.arange(1), mirrored)[0]
    expected = colours_of_axes(seen[1:5, 1:5] * np.array([-1, 1, 1], np.float32))[:, ::-1]
    np.testing.assert_allclose(turned, expected, atol=1e-5)

    left = cutter(colours, [(3, 3)], 4, fill=fill, turn=False).changed(np.arange(1), mirrored)[0]
    np.testing.assert_array_equal(left, colours[1:5, 1:5][:, ::-1])


def test_angles_are_seen_as_tensors_of_their_axes():
    angles = np.random.default_rng(2).uniform(0, 180, (2, 3, 3)).astype(np.float32)
    angles[0, 0] = np.nan

    seen = channels_of(angles, "°", orientations=False)
    axis = c_axes(angles)[1, 2]
    np.testing.assert_allclose(seen[1, 2, :3], axis**2, atol=1e-6)
    assert np.isnan(seen[0, 0]).all()
    assert np.all(padded(seen, 2, np.full(6, 7, np.float32))[1, 1] == 7)
