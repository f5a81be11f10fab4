"""Bodies other than boxes and cylinders: closed forms, limits in which two shapes are one, and their symmetry."""

from pathlib import Path

import numpy as np
import pytest
import yaml

from spectra.plugins.rus.bodies.basis import body_basis, box_basis
from spectra.plugins.rus.bodies.orthogonal import orthonormal_polynomials
from spectra.plugins.rus.bodies.shapes import (
    cone_frustum_basis,
    cylinder_basis,
    ellipsoid_basis,
    elliptic_cylinder_basis,
    regular_prism_basis,
)
from spectra.plugins.rus.crystals.elasticity import SYMMETRIES
from spectra.plugins.rus.modes.rayleigh_ritz import RayleighRitz

DATA = Path(__file__).parents[1] / "data" / "rus"
STEEL = 1e9 * np.array([[270.0, 80.0]])
ORTHORHOMBIC = 1e9 * np.array([[320.0, 197.0, 233.0, 70.0, 72.0, 78.0, 64.0, 77.0, 78.0]])  # olivine


def spectrum(basis, count=50, symmetry="isotropic", moduli=STEEL):
    return RayleighRitz(basis, SYMMETRIES[symmetry], 7800.0).frequencies(moduli)[0][:count]


@pytest.mark.parametrize("poisson", [0.25, 0.3, 0.35])
def test_the_sphere_converges_to_lambs_solution(poisson):
    table = yaml.safe_load((DATA / "sphere_lamb.yaml").read_text())
    exact = []
    for families in (table["torsional"], table["spheroidal"][f"nu={poisson}"]):
        exact += [eta for l, etas in families.items() for eta in etas for _ in range(2 * l + 1)]  # noqa: E741
    exact = np.sort(exact)[:50]
    moduli = np.array([[(2 - 2 * poisson) / (1 - 2 * poisson), 1.0]])  # in units of the shear modulus

    errors = []
    for order in (10, 12, 14, 16):
        model = RayleighRitz(ellipsoid_basis((1.0, 1.0, 1.0), order), SYMMETRIES["isotropic"], 1.0)
        errors.append(np.abs(2 * np.pi * model.frequencies(moduli)[0][:50] / exact - 1).max())

    assert errors[0] > errors[1] > errors[2]
    assert errors[-1] < 1e-8


def test_a_hollow_cylinder_becomes_solid_as_its_bore_closes():
    solid = spectrum(cylinder_basis(2e-3, 3e-3, 10))
    assert spectrum(cylinder_basis(2e-3, 3e-3, 10, inner_radius=1e-6)) == pytest.approx(solid, rel=1e-5)
    assert np.abs(spectrum(cylinder_basis(2e-3, 3e-3, 10, inner_radius=1e-3)) / solid - 1).max() > 0.05


def test_a_thin_ring_rings_as_hoppes_formula_says():
    """In-plane bending of a thin ring: f = n(n²-1)/sqrt(n²+1) sqrt(EI/ρA)/(2π a²) (Hoppe 1871; Love, art. 293)."""
    young, radius, thickness, n = 200e9, 10e-3, 0.5e-3, 2
    hoppe = n * (n**2 - 1) / np.sqrt(n**2 + 1) * np.sqrt(young / 7800.0 / 12) * thickness / (2 * np.pi * radius**2)
    basis = cylinder_basis(radius + thickness / 2, thickness, 10, inner_radius=radius - thickness / 2)
    model = RayleighRitz(basis, SYMMETRIES["isotropic"], 7800.0)

    modes = model.modes(np.array([young, young / 2]), highest=8e3)  # a Poisson's ratio of 0

    assert sum(block.rigid * block.multiplicity for block in model.blocks) == 6
    in_plane = [f for f, label in zip(modes.frequencies, modes.labels, strict=True) if label == "m=2+"]
    assert in_plane[0] == pytest.approx(hoppe, rel=2e-3)


def test_shapes_that_are_one_in_a_limit_agree():
    straight = spectrum(cylinder_basis(2e-3, 3e-3, 10))
    assert spectrum(cone_frustum_basis(2e-3, 2e-3, 3e-3, 10)) == pytest.approx(straight, rel=1e-11)
    assert spectrum(elliptic_cylinder_basis((2e-3, 2e-3), 3e-3, 10)) == pytest.approx(straight, rel=1e-11)
    assert spectrum(elliptic_cylinder_basis((2e-3, 2.0001e-3), 3e-3, 10)) == pytest.approx(straight, rel=1e-3)
    many_sides = spectrum(regular_prism_basis(48, 2e-3 / np.sqrt(np.sinc(2 / 48)), 3e-3, 10))  # of equal section
    assert many_sides == pytest.approx(straight, rel=1e-4)


def test_a_square_prism_is_a_box_turned_by_45_degrees():
    prism = spectrum(regular_prism_basis(4, np.sqrt(2) * 1e-3, 3.3e-3, 10))
    assert prism == pytest.approx(spectrum(box_basis((2e-3, 2e-3, 3.3e-3), 10)), rel=1e-11)


def test_turning_an_ellipsoid_and_its_crystal_together_changes_nothing():
    upright = spectrum(ellipsoid_basis((1e-3, 1.5e-3, 2e-3), 10), 50, "orthorhombic", ORTHORHOMBIC)
    # x -> y -> z -> x: C11 C22 C33 C12 C13 C23 C44 C55 C66
    turned = ORTHORHOMBIC[:, [2, 0, 1, 4, 5, 3, 8, 6, 7]]
    assert spectrum(ellipsoid_basis((2e-3, 1e-3, 1.5e-3), 10), 50, "orthorhombic", turned) == pytest.approx(
        upright, rel=1e-11
    )


def tetrahedron_rule(degree):
    """Conical product rule on the tetrahedron with corners at the origin and at 1 mm on each axis (Stroud 1971)."""
    t, w = np.polynomial.legendre.leggauss(degree // 2 + 2)
    t, w = (t + 1) / 2, w / 2
    u, v, s = (grid.ravel() for grid in np.meshgrid(t, t, t, indexing="ij"))
    points = np.stack([u, (1 - u) * v, (1 - u) * (1 - v) * s], axis=1)
    return 1e-3 * points, np.einsum("i,j,k->ijk", w, w, w).ravel() * (1 - u) ** 2 * (1 - v)


def test_polynomials_on_a_tetrahedron_are_orthonormal_and_their_derivatives_exact():
    points, weights = tetrahedron_rule(28)
    polynomials, multiply = orthonormal_polynomials(points, weights, 12)
    finer, fine_weights = tetrahedron_rule(40)
    values = polynomials.evaluate(finer)
    gram = values.T @ (values * fine_weights[:, None]) / fine_weights.sum()
    assert np.abs(gram - np.eye(polynomials.size)).max() < 1e-10
    inside = 1e-3 * np.random.default_rng(0).dirichlet(np.ones(4), 20)[:, :3]
    for axis, derivative in enumerate(polynomials.derivatives(multiply)):
        step = np.zeros(3)
        step[axis] = 1e-9
        numerical = (polynomials.evaluate(inside + step) - polynomials.evaluate(inside - step)) / 2e-9
        analytic = polynomials.evaluate(inside) @ derivative
        assert np.abs(numerical - analytic).max() < 1e-7 * np.abs(analytic).max()


def test_a_tetrahedron_rings_alike_in_all_mirror_positions_and_has_six_rigid_motions():
    points, weights = tetrahedron_rule(20)
    model = RayleighRitz(body_basis(points, weights, 8), SYMMETRIES["isotropic"], 7800.0)
    mirrored = RayleighRitz(body_basis(points[:, [2, 0, 1]], weights, 8), SYMMETRIES["isotropic"], 7800.0)
    assert sum(block.rigid * block.multiplicity for block in model.blocks) == 6
    assert mirrored.frequencies(STEEL)[0][:50] == pytest.approx(model.frequencies(STEEL)[0][:50], rel=1e-9)


@pytest.mark.parametrize(
    "basis",
    [
        box_basis((1e-3, 2e-3, 3e-3), 7),
        cylinder_basis(2e-3, 3e-3, 7, inner_radius=0.5e-3),
        cone_frustum_basis(2e-3, 1e-3, 3e-3, 7),
        ellipsoid_basis((1e-3, 2e-3, 3e-3), 7),
        regular_prism_basis(5, 1e-3, 2e-3, 7),
    ],
    ids=["box", "hollow cylinder", "frustum", "ellipsoid", "prism"],
)
def test_derivative_matrices_differentiate(basis):
    points = np.random.default_rng(1).uniform(-0.5e-3, 0.5e-3, (10, 3))
    for axis, derivative in enumerate(basis.derivatives):
        step = np.zeros(3)
        step[axis] = 1e-9
        numerical = (basis.evaluate(points + step) - basis.evaluate(points - step)) / 2e-9
        analytic = basis.evaluate(points) @ derivative
        assert np.abs(numerical - analytic).max() < 1e-8 * np.abs(analytic).max()
