"""One axis for profiles of many instruments."""

import numpy as np
import pytest

from spectra.core.errors import InputError
from spectra.core.signals import Bundle, Peaks, Profile
from spectra.core.similarity.axes import common_axis, on_axis, unit_of


def profile(low, high, count, slope=2.0):
    x = np.linspace(low, high, count)
    return Profile(x=x, y=slope * x[None], x_unit="deg", y_unit="counts")


def test_the_common_axis_has_the_middle_ends_and_step():
    axis = common_axis([profile(10, 80, 71), profile(20, 90, 141), profile(20, 100, 81)])
    assert axis[[0, -1]].tolist() == [20, 90]
    assert np.allclose(np.diff(axis), 1.0)


def test_profiles_are_interpolated_on_it():
    moved = on_axis(profile(20, 90, 141), np.arange(20.25, 80, 0.7))
    assert np.allclose(moved.y, 2 * moved.x)


def test_a_profile_that_covers_less_than_half_of_it_is_refused():
    with pytest.raises(InputError, match="runs from 70 to 120 deg, which is less than half"):
        on_axis(profile(70, 120, 51), np.linspace(20, 90, 71))


def test_what_is_over_another_axis_has_another_unit():
    curve, lines = profile(0, 1, 5), Peaks.from_lists([[1.0]], unit="MHz", window=(0.0, 2.0))
    assert unit_of(curve) == "deg"
    assert unit_of(lines) == "MHz"
    assert unit_of(Bundle(parts={"b": lines, "a": curve})) == "a:deg b:MHz"
