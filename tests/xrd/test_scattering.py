"""Angles and factors that every diffraction profile is made of."""

import numpy as np
import pytest

from spectra.core.errors import InputError, NotFoundError
from spectra.plugins.xrd.physics.scattering import (
    check_bins,
    check_structure,
    diffraction_angle,
    lorentz_polarisation,
    reciprocal_length,
    scattering_factor,
)


def test_forward_scattering_counts_the_electrons():
    assert scattering_factor("Au", 0.0) == pytest.approx(79, rel=1e-3)


def test_scattering_falls_with_the_angle():
    assert np.all(np.diff(scattering_factor("Au", np.linspace(0, 4, 100))) < 0)


def test_lines_of_gold_lie_where_the_powder_file_has_them():
    # JCPDS 04-0784, for Cu K-alpha1
    spacings = np.array([2.355, 2.039, 1.442, 1.230])
    assert diffraction_angle(1 / spacings, 1.540562) == pytest.approx([38.184, 44.392, 64.576, 77.547], abs=0.003)


def test_angle_and_reciprocal_length_are_inverse():
    angles = np.linspace(1, 179, 50)
    assert diffraction_angle(reciprocal_length(angles, 0.71), 0.71) == pytest.approx(angles)


def test_lorentz_polarisation_at_a_right_angle():
    assert lorentz_polarisation(90.0) == pytest.approx(2 * np.sqrt(2))  # 1 / (cos 45° sin² 45°)


def test_unknown_elements_are_named():
    with pytest.raises(NotFoundError, match="no scattering factor for 'Xx', only for Au"):
        scattering_factor("Xx", 0.1)


@pytest.mark.parametrize("edges", [[30.0], [30, 30, 40], [40, 30], [[30, 40]], [30, np.nan, 40]])
def test_bins_must_rise(edges):
    with pytest.raises(InputError, match="rise strictly"):
        check_bins(edges)


@pytest.mark.parametrize("edges", [[0, 90], [-5, 10], [90, 180]])
def test_bins_must_be_angles_of_diffraction(edges):
    with pytest.raises(InputError, match="between 0 and 180"):
        check_bins(edges)


@pytest.mark.parametrize("shape", [(0, 3), (3,), (4, 2), (2, 2, 3)])
def test_positions_need_three_columns(shape):
    with pytest.raises(InputError, match=r"\(n_atoms, 3\)"):
        check_structure(np.zeros(shape))


def test_a_lost_atom_is_named():
    positions = np.zeros((4, 3))
    positions[2, 1] = np.nan
    with pytest.raises(InputError, match="atom 2"):
        check_structure(positions)
