"""Distances from real structures, and how far these lie from each other."""

import numpy as np
import pytest

from spectra.core.errors import InputError
from spectra.core.signals import Image, Places
from spectra.core.workflows.designs.realism import RealCodes


def images(count):
    return Image(pixels=np.zeros((count, 2, 2, 1), np.float32), unit="1")


def test_distances_are_those_to_the_nearest():
    real = RealCodes(codes=np.array([[0.0, 0.0], [3.0, 4.0]]), limit=1.0)
    assert real.distances(np.array([[0.0, 1.0], [3.0, 0.0], [3.0, 4.0]])) == pytest.approx([1, 3, 0])


def test_the_limit_is_the_95th_percentile_of_distances_between_groups():
    """On a line with one code at each whole number and pairs of neighbours in a group: 1 to the next group, or 2."""
    codes, groups = np.arange(100.0)[:, None], np.arange(100) // 2
    assert RealCodes.of(codes, images(100), groups, (0, 0)).limit == pytest.approx(1)
    nearest = np.where(np.isin(np.arange(100), (0, 99)), 2.0, 1.0)
    assert np.percentile(nearest, 95) == 1
    thirds = np.arange(99) // 3  # the middle one of each has 2 to go, the outer ones 1
    assert RealCodes.of(codes[:99], images(99), thirds, (0, 0)).limit == pytest.approx(2)


def test_windows_that_overlap_are_not_compared():
    columns = np.arange(0, 60, 2)
    where = np.stack([0 * columns, 0 * columns + 5, columns], axis=1).astype(np.int32)
    signal = Places(pictures=np.zeros((1, 10, 60, 1), np.float32), places=where, unit="1")
    codes = columns[:, None].astype(float)
    assert RealCodes.of(codes, signal, None, (9, 9)).limit == pytest.approx(10)  # the nearest that is 9 or more away
    where[15:, 0] = 1
    signal = Places(pictures=np.zeros((2, 10, 60, 1), np.float32), places=where[14:16], unit="1")
    assert RealCodes.of(codes[14:16], signal, None, (9, 9)).limit == pytest.approx(2)  # in another picture


@pytest.mark.parametrize(("moved", "apart"), [((8, 0), False), ((9, 0), True), ((0, 6), False), ((0, 7), True)])
def test_windows_that_only_touch_do_not_overlap(moved, apart):
    where = np.array([[0, 4, 3], [0, 4 + moved[0], 3 + moved[1]]], dtype=np.int32)
    signal = Places(pictures=np.zeros((1, 20, 20, 1), np.float32), places=where, unit="1")
    if apart:
        assert RealCodes.of(np.array([[0.0], [2.0]]), signal, None, (9, 7)).limit == 2
    else:
        with pytest.raises(InputError, match="all of them overlap"):
            RealCodes.of(np.array([[0.0], [2.0]]), signal, None, (9, 7))


def test_what_is_all_of_one_group_says_nothing_about_distances():
    with pytest.raises(InputError, match="all of them overlap or are of one group"):
        RealCodes.of(np.zeros((3, 1)), images(3), np.zeros(3, np.int64), (0, 0))
