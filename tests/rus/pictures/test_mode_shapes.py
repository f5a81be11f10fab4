"""Displacements that are drawn, against closed forms and symmetry."""

import numpy as np
import pytest

from spectra.plugins.rus import SYMMETRIES, RayleighRitz, box_basis, cylinder_basis, ellipsoid_basis
from spectra.plugins.rus.bodies.schema import Cylinder
from spectra.plugins.rus.pictures.mode_shapes import fields_of
from spectra.plugins.rus.pictures.surfaces import skin_of

ISOTROPIC = SYMMETRIES["isotropic"]
MODULI, DENSITY = np.array([110e9, 27e9]), 2700.0


@pytest.fixture(scope="module", name="cylinder")
def fixture_cylinder():
    radius, height = 2e-3, 6e-3
    model = RayleighRitz(cylinder_basis(radius, height, 10), ISOTROPIC, DENSITY)
    points = skin_of(Cylinder(kind="cylinder", diameter="4 mm", height="6 mm")).points
    return model, model.modes(MODULI, highest=0.9e6), points


def components(points, fields):
    """Along the radius, around the axis, and along it."""
    around = np.arctan2(points[:, 1], points[:, 0])
    x, y, z = np.moveaxis(fields, -1, 0)
    return x * np.cos(around) + y * np.sin(around), y * np.cos(around) - x * np.sin(around), z


def test_the_first_torsion_of_a_cylinder_turns_its_ends_against_each_other_and_does_nothing_else(cylinder):
    """u_φ = r sin(πz/h) at f = c_t/2h: an exact solution (Love, Mathematical Theory of Elasticity, 1927, § 200)."""
    model, modes, points = cylinder
    place = modes.labels.index("torsional-")
    assert modes.frequencies[place] == pytest.approx(np.sqrt(MODULI[1] / DENSITY) / (2 * 6e-3), rel=1e-9)
    radial, turning, axial = components(points, fields_of(model, modes.taken([place]), points)[0])
    expected = np.hypot(points[:, 0], points[:, 1]) / 2e-3 * np.sin(np.pi * points[:, 2] / 6e-3)
    sign = np.sign(turning @ expected)
    np.testing.assert_allclose(sign * turning, expected, atol=1e-7)
    np.testing.assert_allclose(radial, 0, atol=1e-9)
    np.testing.assert_allclose(axial, 0, atol=1e-9)


def test_an_extensional_mode_of_a_cylinder_turns_nothing(cylinder):
    model, modes, points = cylinder
    place = next(k for k, label in enumerate(modes.labels) if label.startswith("extensional"))
    radial, turning, axial = components(points, fields_of(model, modes.taken([place]), points)[0])
    np.testing.assert_allclose(turning, 0, atol=1e-9)
    assert np.abs(axial).max() == pytest.approx(1, abs=0.05)
    assert np.abs(radial).max() > 0.1


def test_the_breathing_mode_of_a_sphere_moves_along_the_radius_alone():
    """Its frequency is Lamb's: tan x / x = 1 / (1 - (c_l/2c_t)² x²), x = 2πf a/c_l."""
    radius = 2e-3
    model = RayleighRitz(ellipsoid_basis((radius,) * 3, 12), ISOTROPIC, DENSITY)
    longitudinal, transverse = np.sqrt(MODULI / DENSITY)
    x = np.linspace(2, 3.1, 200_001)
    mismatch = np.tan(x) * (1 - (longitudinal / (2 * transverse)) ** 2 * x**2) - x
    root = x[np.flatnonzero(np.diff(np.sign(mismatch)))[0]]
    modes = model.modes(MODULI, highest=1.05 * root * longitudinal / (2 * np.pi * radius))
    place = int(np.abs(modes.frequencies - root * longitudinal / (2 * np.pi * radius)).argmin())
    assert modes.frequencies[place] == pytest.approx(root * longitudinal / (2 * np.pi * radius), rel=1e-5)
    directions = np.random.default_rng(0).normal(size=(50, 3))
    directions /= np.linalg.norm(directions, axis=1)[:, None]
    (field,) = fields_of(model, modes.taken([place]), radius * directions)
    along = np.einsum("qi,qi->q", field, directions)
    np.testing.assert_allclose(np.abs(along), 1, atol=1e-4)
    assert abs(along.sum()) == pytest.approx(len(along), rel=1e-4)  # all outwards, or all inwards


def test_fields_are_drawn_alike_whatever_sign_the_solver_gives_them():
    model = RayleighRitz(box_basis((4e-3, 5e-3, 6e-3), 6), ISOTROPIC, DENSITY)
    modes = model.modes(MODULI, highest=0.5e6)
    points = np.random.default_rng(0).uniform(-2e-3, 2e-3, (40, 3))
    fields = fields_of(model, modes, points)
    np.testing.assert_allclose(np.linalg.norm(fields, axis=2).max(axis=1), 1)
    modes.vectors[::2] *= -1
    np.testing.assert_allclose(fields_of(model, modes, points), fields, atol=1e-12)
