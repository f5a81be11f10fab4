"""The mesh in reciprocal space: LAMMPS' own numbers, and the sum over points written out."""

import itertools

import numpy as np
import pytest

from spectra.core.errors import InputError
from spectra.plugins.xrd.physics.reciprocal_mesh import mesh_profile
from spectra.plugins.xrd.physics.scattering import diffraction_angle, lorentz_polarisation, scattering_factor


def test_profile_is_that_of_lammps(lammps):
    spacing, edges = float(lammps["dk"]), np.linspace(30, 90, 6001)
    profile = (
        mesh_profile(lammps["positions"], edges, wavelength=float(lammps["wavelength"]), spacing=spacing) / spacing**3
    )
    expected = lammps["lammps_6000"]
    assert np.abs(profile - expected).max() < 1e-5 * expected.max()
    assert profile.sum() == pytest.approx(expected.sum(), rel=1e-5)


def test_symmetry_of_the_mesh_loses_no_point():
    rng = np.random.default_rng(1)
    positions, spacing, edges = rng.uniform(-6, 6, (7, 3)), 0.09, np.array([15, 30, 41, 60, 75.5])
    expected = np.zeros(4)
    for index in itertools.product(range(-11, 12), repeat=3):
        k = spacing * np.array(index)
        length = np.sqrt(k @ k)
        angle = diffraction_angle(length) if length < 1.2 else 180.0
        place = np.searchsorted(edges, angle, side="right") - 1
        if 0 <= place < 4:
            amplitude = scattering_factor("Au", length) * np.exp(2j * np.pi * positions @ k).sum()
            expected[place] += lorentz_polarisation(angle) * abs(amplitude) ** 2 / 7
    assert mesh_profile(positions, edges, spacing=spacing) / spacing**3 == pytest.approx(expected, rel=1e-10)


def test_crystallite_may_lie_anywhere(hot):
    rng = np.random.default_rng(2)
    crystal, edges = hot(2, rng), np.linspace(30, 90, 31)
    shifted = mesh_profile(crystal + np.array([3.0, -40.0, 7.7]), edges, spacing=0.04)
    assert shifted == pytest.approx(mesh_profile(crystal, edges, spacing=0.04), rel=1e-9)


@pytest.mark.parametrize("spacing", [0.0, -0.01, np.nan, 2.0])
def test_mesh_without_points_is_refused(spacing):
    with pytest.raises(InputError, match="no points within"):
        mesh_profile(np.zeros((1, 3)), [30, 90], spacing=spacing)
