"""Turned pictures: all eight ways, equally often, and nothing else."""

import numpy as np
import pytest

from spectra.core.components import Distortion
from spectra.core.errors import InputError
from spectra.core.signals import Image, Profile
from spectra.plugins.images.distortions import Turns, TurnsParameters

SQUARE = np.arange(9, dtype=np.uint8).reshape(1, 3, 3, 1)
OBLONG = np.arange(12, dtype=np.float32).reshape(1, 2, 3, 2)


def turned(picture, count=800, **parameters):
    """Return how often each different picture comes out."""
    distortion: Distortion = Turns(TurnsParameters(**parameters))
    stack = Image(pixels=picture.repeat(count, axis=0), unit="1")
    pixels = distortion.distort(stack, np.random.default_rng(0)).pixels
    assert pixels.dtype == picture.dtype
    assert np.array_equal(stack.pixels, picture.repeat(count, axis=0))
    found, counts = np.unique(pixels.reshape(count, -1), axis=0, return_counts=True)
    return {tuple(row): number for row, number in zip(found, counts, strict=True)}


def ways(picture, quarter_turns, mirror):
    return {
        tuple(np.rot90(way, turn).ravel())
        for turn in quarter_turns
        for way in ([picture, picture[:, ::-1]] if mirror else [picture])
    }


@pytest.mark.parametrize("mirror", [True, False])
@pytest.mark.parametrize(("picture", "quarter_turns"), [(SQUARE, (0, 1, 2, 3)), (OBLONG, (0, 2))])
def test_pictures_are_turned_and_mirrored_in_every_way_that_keeps_their_shape(picture, quarter_turns, mirror):
    found = turned(picture, mirror=mirror)
    assert found.keys() == ways(picture[0], quarter_turns, mirror)
    assert min(found.values()) > 0.7 * 800 / len(found)


def test_what_is_no_picture_is_refused():
    profile = Profile(x=np.arange(3.0), y=np.ones((2, 3)), x_unit="deg", y_unit="1")
    with pytest.raises(InputError, match="takes images, not a signal of kind 'profile'"):
        Turns(TurnsParameters()).distort(profile, np.random.default_rng(0))
