"""The forward model: Bragg's law, Scherrer's formula, strain and displacement, measured on the simulated pattern."""

import numpy as np
import pytest

from spectra.core.components import NoParameters
from spectra.plugins.powder.forward import PowderPattern
from tests.powder.conftest import sample_of

CU = 1.5405929  # Å, Kα1
TUNGSTEN = {"name": "W", "space_group": "I m -3 m", "cell": {"a": "3.1648 Å"}}


def line(size, microstrain, shift, high=80.0, **given):
    """Centre and full width at half maximum of the line 211 of tungsten, at about 73°."""
    angles = {"from": "66 °", "to": f"{high} °", "step": "0.004 °"}
    sample = sample_of(TUNGSTEN, radiation="Cu Kα1", instrument={"W": 1e-5}, angles=angles, **given)
    model = PowderPattern(sample, NoParameters())
    profile = model.simulate(np.array([[3.1648, size, microstrain, shift]]))
    net = profile.y[0] - profile.y[0].min()
    above = profile.x[net > net.max() / 2]
    return above.mean(), np.ptp(above)


THETA = np.arcsin(CU * np.sqrt(6) / 2 / 3.1648)


def test_a_line_lies_where_bragg_has_it():
    centre, _ = line(2000.0, 0.0, 0.0)
    assert centre == pytest.approx(np.degrees(2 * THETA), abs=0.005)


@pytest.mark.parametrize("size", [8.0, 20.0])
def test_small_crystallites_broaden_lines_as_scherrer_says(size):
    _, width = line(size, 0.0, 0.0)
    assert np.radians(width) == pytest.approx(0.9 * CU / (10 * size * np.cos(THETA)), rel=0.02)


def test_strain_broadens_lines_by_four_times_its_width_and_tan_theta():
    _, width = line(2000.0, 0.4, 0.0)
    assert np.radians(width) == pytest.approx(4 * 0.004 * np.tan(THETA), rel=0.02)


@pytest.mark.parametrize(("geometry", "factor"), [("reflection", np.cos(THETA)), ("transmission", 1.0)])
def test_lines_are_shifted_as_the_geometry_has_it(geometry, factor):
    moved, there = (line(50.0, 0.0, shift, geometry=geometry)[0] for shift in (0.2, 0.0))
    assert moved - there == pytest.approx(0.2 * factor, abs=0.005)


def test_copper_has_two_lines_of_which_one_is_half_as_strong():
    angles = {"from": "66 °", "to": "80 °", "step": "0.004 °"}
    sample = sample_of(TUNGSTEN, radiation="Cu Kα", instrument={"W": 1e-4}, angles=angles)
    profile = PowderPattern(sample, NoParameters()).simulate(np.array([[3.1648, 2000.0, 0.0, 0.0]]))
    x, net = profile.x, profile.y[0] - 200
    second = np.degrees(2 * np.arcsin(1.5444274 * np.sqrt(6) / 2 / 3.1648))
    assert net[np.abs(x - second) < 0.02].max() / net.max() == pytest.approx(0.5, abs=0.05)
