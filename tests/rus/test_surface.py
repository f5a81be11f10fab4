"""Polynomials on bodies given by their surfaces: against rules that fill the volume, and bodies of known spectra."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import trimesh
from scipy.special import roots_jacobi

from spectra.plugins.rus import SYMMETRIES, Mesh, RayleighRitz, box_basis, mesh_basis
from spectra.plugins.rus.bodies import surface

TETRAHEDRON = trimesh.Trimesh(
    [[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]], [[0, 2, 1], [0, 1, 3], [0, 3, 2], [1, 2, 3]]
)


def mesh_of(body: Any) -> Mesh:
    return Mesh(vertices=np.array(body.vertices, dtype=float), faces=np.array(body.faces, dtype=np.int64))


def conical_product(body: Any, degree: int):
    """Stroud's rule on the signed tetrahedra from one point to all triangles."""
    count = degree // 2 + 1
    (u, wu), (v, wv), (t, wt) = (
        ((x + 1) / 2, w / 2 ** (power + 1)) for power in (1, 0, 2) for x, w in [roots_jacobi(count, 0, power)]
    )
    a, b, c = (grid.ravel() for grid in np.meshgrid(u, v, t, indexing="ij"))
    weights = np.einsum("i,j,k->ijk", wu, wv, wt).ravel()
    apex = body.vertices.mean(axis=0)
    shares = c * np.stack([1 - a, a * (1 - b), a * b])
    corners = body.vertices[body.faces] - apex
    points = np.einsum("cq,fca->fqa", shares, corners).reshape(-1, 3) + apex
    return points, np.outer(np.linalg.det(corners), weights).ravel()


def hollow_box() -> Any:
    hole = trimesh.creation.icosphere(1).apply_scale(0.4)
    hole.invert()
    return trimesh.util.concatenate([trimesh.creation.box((2, 2, 2)), hole])


@pytest.mark.parametrize(
    "body",
    [
        TETRAHEDRON,
        trimesh.creation.icosphere(2).apply_scale((1, 2, 4)).apply_translation((30, -20, 10)),
        trimesh.creation.annulus(0.3, 1, 2, sections=16),
        hollow_box(),
        trimesh.creation.box((1, 1.5, 0.02)).apply_transform(trimesh.transformations.rotation_matrix(1.0, [1, 2, 3])),
    ],
    ids=["tetrahedron", "ellipsoid", "tube", "hollow box", "tilted foil"],
)
def test_the_polynomials_are_orthonormal_over_the_volume(body: Any) -> None:
    values = (basis := mesh_basis(mesh_of(body), 7)).evaluate((rule := conical_product(body, 14))[0])

    gram = values.T @ (rule[1][:, None] * values) / body.volume

    assert gram == pytest.approx(np.eye(basis.size), abs=1e-10)


def test_few_surface_points_are_as_good_as_all(monkeypatch: pytest.MonkeyPatch) -> None:
    for body in (
        trimesh.creation.cylinder(1, 2, sections=48).subdivide(),
        trimesh.creation.box((2, 2, 0.5)).subdivide(),
    ):
        few = mesh_basis(mesh_of(body), 9)
        monkeypatch.setattr(surface, "_half_widths", lambda degree: np.zeros(degree // 2))  # all take the full rule
        every = mesh_basis(mesh_of(body), 9)
        monkeypatch.undo()
        for ours, full in zip(few.derivatives, every.derivatives, strict=True):
            assert abs(ours - full).max() < 1e-10 * abs(full).max()


def test_the_surface_of_a_box_gives_the_spectrum_and_the_blocks_of_the_box() -> None:
    body = trimesh.creation.box(extents=(2e-3, 3e-3, 4e-3)).apply_translation((1, 2, 3))
    moduli = 1e9 * np.array([[250.0, 160.0, 120.0]])

    meshed = RayleighRitz(mesh_basis(mesh_of(body), 10), SYMMETRIES["cubic"], 7800.0)
    exact = RayleighRitz(box_basis((2e-3, 3e-3, 4e-3), 10), SYMMETRIES["cubic"], 7800.0)

    assert meshed.frequencies(moduli) == pytest.approx(exact.frequencies(moduli), rel=1e-9)
    assert len(meshed.blocks) == len(exact.blocks)


@pytest.mark.parametrize("thickness", [0.3, 0.1, 0.05])
def test_a_thin_ring_is_done_about_a_coordinate_axis_and_never_done_wrongly(thickness: float) -> None:
    ring = trimesh.creation.annulus(1 - thickness, 1, 0.5, sections=32)
    turned = ring.copy().apply_transform(trimesh.transformations.rotation_matrix(0.6, [1, 2, 3]))
    moduli = 1e9 * np.array([[250.0, 80.0]])

    upright = RayleighRitz(mesh_basis(mesh_of(ring), 10), SYMMETRIES["isotropic"], 7800.0).frequencies(moduli)

    try:
        basis = mesh_basis(mesh_of(turned), 10)
    except ValueError as error:
        assert "ring" in str(error)
    else:
        tilted = RayleighRitz(basis, SYMMETRIES["isotropic"], 7800.0).frequencies(moduli)
        assert tilted[0, :50] == pytest.approx(upright[0, :50], rel=1e-5)
