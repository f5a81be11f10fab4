"""Occlusion: models whose dependence on the picture is known."""

import numpy as np
import pytest

from spectra.core.signals import Places
from spectra.plugins.images.explaining.occlusion import occluded, spread_over

LABELS = np.repeat(np.repeat(np.arange(9).reshape(3, 3), 4, axis=0), 4, axis=1).astype(np.int32)


def place(picture):
    return Places(pictures=picture[np.newaxis], places=np.array([[0, 6, 6]], np.int32), unit="1")


def middle(places):
    """The mean of the piece in the middle, twice the mean of the one above."""
    pictures = places.pictures.astype(float)
    if places.pictures.dtype == np.uint8:
        pictures /= 255
    return pictures[:, 4:8, 4:8].mean(axis=(1, 2, 3)) + 2 * pictures[:, 0:4, 4:8].mean(axis=(1, 2, 3))


@pytest.mark.parametrize("dtype", [np.float32, np.uint8])
def test_what_a_model_sees_changes_its_answer_and_nothing_else(dtype):
    picture = np.random.default_rng(0).random((12, 12, 3)).astype(np.float32)
    if dtype == np.uint8:
        picture = (255 * picture).astype(np.uint8)
    changes = occluded(middle, place(picture), LABELS, picture.reshape(-1, 3)[::2])

    assert np.flatnonzero(changes > 0).tolist() == [1, 4]
    assert changes[1] == pytest.approx(2 * changes[4], rel=0.2)


def test_a_change_is_that_of_what_the_piece_takes_on():
    """Pieces of 0 and one of 1: the piece of 1 takes on 0, and the answer falls by its weight; the others stay."""
    picture = np.zeros((12, 12, 1), np.float32)
    picture[4:8, 4:8] = 1
    changes = occluded(middle, place(picture), LABELS, np.zeros((3, 1), np.float32))
    np.testing.assert_allclose(changes, np.eye(9)[4])


def test_pixels_without_a_piece_have_no_change():
    labels = LABELS.copy()
    labels[0] = -1
    spread = spread_over(np.arange(9.0), labels)
    assert np.isnan(spread[0]).all()
    np.testing.assert_array_equal(spread[1:], LABELS[1:])
