"""Bodies from triangulated surfaces: against closed integrals, brute force, and files that a stranger wrote."""

from __future__ import annotations

from itertools import product
from math import factorial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import trimesh
from scipy.special import roots_jacobi

from spectra.core.errors import InputError
from spectra.plugins.rus.mesh import Mesh, check_mesh, mass_properties, read_mesh
from spectra.plugins.rus.quadrature import mesh_quadrature

CUBE = trimesh.creation.box((2, 2, 2))
TETRAHEDRON = trimesh.Trimesh(
    [[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]], [[0, 2, 1], [0, 1, 3], [0, 3, 2], [1, 2, 3]]
)
OCTAHEDRON = trimesh.Trimesh(
    [[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]],
    [[0, 2, 4], [2, 1, 4], [1, 3, 4], [3, 0, 4], [2, 0, 5], [1, 2, 5], [3, 1, 5], [0, 3, 5]],
)


def mesh_of(body: Any) -> Mesh:
    return Mesh(vertices=np.array(body.vertices, dtype=float), faces=np.array(body.faces, dtype=np.int64))


def rule(body: Any, degree: int):
    return mesh_quadrature(np.array(body.vertices, dtype=float), np.array(body.faces), degree)


def chebyshev(order: int, x):
    return np.cos(order * np.arccos(x.astype(complex))).real


def ridge_products(body: Any, degree: int, count: int):
    """Products of three Chebyshev polynomials along random directions, at most 1 on the body, as functions."""
    generator = np.random.default_rng(5)
    for number in range(count):
        frame = np.linalg.qr(generator.normal(size=(3, 3)))[0]
        along = body.vertices @ frame
        low, high = along.min(axis=0), along.max(axis=0)
        i = degree if number == 0 else int(generator.integers(degree + 1))
        j = int(generator.integers(degree - i + 1))
        orders = (i, j, degree - i - j)

        def value(x, frame=frame, low=low, high=high, orders=orders):
            z = (2 * (x @ frame) - low - high) / (high - low)
            return np.prod([chebyshev(order, z[:, k]) for k, order in enumerate(orders)], axis=0)

        yield value


def brute_integral(body: Any, degree: int, value) -> float:
    """∫ over signed tetrahedra from a far point with the full product Gauss rule on each: Stroud's conical product."""
    count = degree // 2 + 1
    (u, wu), (v, wv), (t, wt) = (
        ((x + 1) / 2, w / 2 ** (power + 1)) for power in (1, 0, 2) for x, w in [roots_jacobi(count, 0, power)]
    )
    apex = body.vertices.mean(axis=0) + 0.01
    corners = body.vertices[body.faces] - apex
    total = 0.0
    for (a, wa), (b, wb), (c, wc) in product(zip(u, wu, strict=True), zip(v, wv, strict=True), zip(t, wt, strict=True)):
        x = apex + c * (corners[:, 0] * (1 - a) + corners[:, 1] * a * (1 - b) + corners[:, 2] * a * b)
        total += wa * wb * wc * float(np.linalg.det(corners) @ value(x))
    return total


def grown(quadrature, degree: int):
    """Polynomials orthonormal for a rule, degree by degree, with the recurrence that made them."""
    points, weights = quadrature
    values, steps = [np.full(len(points), 1 / np.sqrt(weights.sum()))], []
    labels: list[tuple[int, ...]] = [(0, 0, 0)]
    for order in range(1, degree + 1):
        for label in [m for m in product(range(order + 1), repeat=3) if sum(m) == order]:
            axis = next(k for k in range(3) if label[k])
            parent = labels.index(tuple(m - (k == axis) for k, m in enumerate(label)))
            vector, known = points[:, axis] * values[parent], np.stack(values, axis=1)
            removed = np.zeros(len(values))
            for _ in range(2):
                part = known.T @ (weights * vector)
                vector = vector - known @ part
                removed += part
            norm = np.sqrt(weights @ vector**2)
            steps.append((axis, parent, removed, norm))
            values.append(vector / norm)
            labels.append(label)
    return np.stack(values, axis=1), steps


def regrown(points, first: float, steps):
    values = [np.full(len(points), first)]
    for axis, parent, removed, norm in steps:
        values.append((points[:, axis] * values[parent] - np.stack(values, axis=1) @ removed) / norm)
    return np.stack(values, axis=1)


class TestQuadrature:
    def test_monomials_over_a_cube_have_their_closed_integrals(self) -> None:
        points, weights = rule(CUBE, 24)
        for powers in [(0, 0, 0), (24, 0, 0), (0, 8, 16), (8, 8, 8), (6, 12, 6), (7, 3, 2), (0, 23, 0)]:
            exact = np.prod([2 / (k + 1) if k % 2 == 0 else 0 for k in powers])
            assert weights @ np.prod(points ** np.array(powers), axis=1) == pytest.approx(exact, abs=1e-12)

    def test_legendre_products_over_a_cube_are_orthogonal(self) -> None:
        points, weights = rule(CUBE, 24)
        p = [np.polynomial.legendre.legvander(x, 12) for x in points.T]
        for a, b, c in [(12, 0, 0), (0, 5, 7), (4, 4, 4), (1, 10, 1)]:
            f = p[0][:, a] * p[1][:, b] * p[2][:, c]
            assert weights @ f**2 == pytest.approx(8 / ((2 * a + 1) * (2 * b + 1) * (2 * c + 1)), abs=1e-12)
            assert weights @ (f * p[0][:, 2]) == pytest.approx(0, abs=1e-12)

    def test_monomials_over_a_tetrahedron_follow_dirichlet(self) -> None:
        points, weights = rule(TETRAHEDRON, 28)
        for i, j, k in [(0, 0, 0), (28, 0, 0), (10, 9, 9), (0, 14, 14), (3, 2, 1)]:
            exact = factorial(i) * factorial(j) * factorial(k) / factorial(i + j + k + 3)
            assert weights @ np.prod(points ** np.array([i, j, k]), axis=1) == pytest.approx(exact, rel=1e-12)

    def test_monomials_over_an_octahedron_follow_dirichlet(self) -> None:
        points, weights = rule(OCTAHEDRON, 20)
        for i, j, k in [(0, 0, 0), (20, 0, 0), (8, 6, 6), (0, 10, 10)]:
            exact = 8 * factorial(i) * factorial(j) * factorial(k) / factorial(i + j + k + 3)
            assert weights @ np.prod(points ** np.array([i, j, k]), axis=1) == pytest.approx(exact, rel=1e-12)
        assert weights @ (points[:, 0] * points[:, 1] ** 2) == pytest.approx(0, abs=1e-15)

    @pytest.mark.parametrize(
        "body",
        [
            trimesh.creation.icosphere(3).apply_scale((1, 2, 4)),
            trimesh.creation.cylinder(1, 2, sections=59),
            trimesh.creation.annulus(0.5, 1, 2, sections=16),
        ],
        ids=["ellipsoid", "cylinder", "tube"],
    )
    def test_a_compressed_rule_integrates_what_brute_force_does(self, body: Any) -> None:
        points, weights = rule(body, 16)
        for value in ridge_products(body, 16, 3):
            assert abs(weights @ value(points) - brute_integral(body, 16, value)) < 1e-12 * body.volume

    def test_a_tube_is_integrated_although_no_point_sees_all_of_it(self) -> None:
        body = trimesh.creation.annulus(0.6, 1, 1, sections=16)
        inner = (0.6 * np.cos(np.pi / 16)) ** 2

        def value(x):  # swings between ±1 in the wall and reaches thousands in the hole
            return chebyshev(8, (2 * (x[:, 0] ** 2 + x[:, 1] ** 2) - 1 - inner) / (1 - inner))

        points, weights = rule(body, 16)
        assert abs(weights @ value(points) - brute_integral(body, 16, value)) < 1e-12 * body.volume

    def test_a_cavity_is_left_out(self) -> None:
        hole = trimesh.creation.icosphere(1).apply_scale(0.4)
        hole.invert()
        body: Any = trimesh.util.concatenate([trimesh.creation.box((2, 2, 2)), hole])
        points, weights = rule(body, 8)
        for value in ridge_products(body, 8, 3):
            assert abs(weights @ value(points) - brute_integral(body, 8, value)) < 1e-12 * body.volume

    def test_a_fine_surface_takes_few_points_near_the_body(self) -> None:
        body = trimesh.creation.icosphere(4)
        points, weights = rule(body, 18)
        assert len(weights) < 60_000
        assert abs(weights).sum() < 2 * weights.sum()
        assert np.linalg.norm(points, axis=1).max() < 1.2
        assert weights.sum() == pytest.approx(body.volume, rel=1e-13)

    def test_a_fine_cube_takes_as_few_points_as_its_faces_need(self) -> None:
        body = trimesh.creation.box((1, 1.5, 2))
        for _ in range(3):
            body = body.subdivide()
        _, weights = rule(body, 24)
        assert len(weights) <= 6 * 325 * 13
        assert len(rule(CUBE, 24)[1]) < len(weights)
        assert len(rule(TETRAHEDRON, 24)[1]) == 13**3

    def test_the_rule_moves_with_the_body(self) -> None:
        turn = trimesh.transformations.random_rotation_matrix(np.array([0.2, 0.5, 0.7]))[:3, :3]
        body = trimesh.creation.icosphere(2).apply_scale((1, 1.3, 0.8))
        moved = trimesh.Trimesh(1000 + 3 * body.vertices @ turn.T, body.faces, process=False)
        points, weights = rule(moved, 12)
        back = (points - 1000) @ turn / 3
        for value in ridge_products(body, 12, 3):
            assert weights @ value(back) / 27 == pytest.approx(brute_integral(body, 12, value), abs=1e-11)

    def test_polynomials_grown_on_the_points_are_orthonormal_for_another_rule(self) -> None:
        for body, first_rule in ((TETRAHEDRON, TETRAHEDRON), (TETRAHEDRON, TETRAHEDRON.subdivide().subdivide())):
            values, steps = grown(rule(first_rule, 20), 10)
            # An independent rule: of a higher degree, on the body cut in two tetrahedra for each triangle.
            points, weights = _stroud(body, 24)
            other = regrown(points, values[0, 0], steps)
            assert abs(other.T @ (weights[:, None] * other) - np.eye(286)).max() < 1e-9


def _stroud(body: Any, degree: int):
    count = degree // 2 + 1
    (u, wu), (v, wv), (t, wt) = (
        ((x + 1) / 2, w / 2 ** (power + 1)) for power in (1, 0, 2) for x, w in [roots_jacobi(count, 0, power)]
    )
    a, b, c = (grid.ravel() for grid in np.meshgrid(u, v, t, indexing="ij"))
    weights = np.einsum("i,j,k->ijk", wu, wv, wt).ravel()
    apex = body.vertices.mean(axis=0)
    corners = body.vertices[body.faces] - apex
    shares = c * np.stack([1 - a, a * (1 - b), a * b])
    points = np.einsum("cq,fca->fqa", shares, corners).reshape(-1, 3) + apex
    return points, np.outer(np.linalg.det(corners), weights).ravel()


class TestMassProperties:
    def test_a_box_has_its_textbook_moments(self) -> None:
        found = mass_properties(mesh_of(trimesh.creation.box((1, 2, 3)).apply_translation((500, -20, 7))))
        assert found.volume == pytest.approx(6, rel=1e-13)
        assert found.centre == pytest.approx([500, -20, 7], rel=1e-13)
        assert found.moments == pytest.approx([6 / 12 * (1 + 4), 6 / 12 * (1 + 9), 6 / 12 * (4 + 9)], rel=1e-12)
        assert found.axes == pytest.approx(np.array([[0, 0, 1], [0, 1, 0], [-1, 0, 0]]), abs=1e-12)

    def test_the_axes_are_a_rotation_to_principal_coordinates(self) -> None:
        turn = trimesh.transformations.random_rotation_matrix(np.array([0.1, 0.9, 0.3]))[:3, :3]
        body = trimesh.Trimesh(TETRAHEDRON.vertices * [1, 2, 5] @ turn.T, TETRAHEDRON.faces, process=False)
        found = mass_properties(mesh_of(body))
        assert np.linalg.det(found.axes) == pytest.approx(1)
        assert found.axes @ found.inertia @ found.axes.T == pytest.approx(np.diag(found.moments), abs=1e-12)
        assert found.inertia == pytest.approx(body.moment_inertia, rel=1e-9)
        turned = Mesh(vertices=(body.vertices - found.centre) @ found.axes.T, faces=np.array(body.faces))
        assert mass_properties(turned).axes == pytest.approx(np.eye(3), abs=1e-10)


class TestReading:
    @pytest.mark.parametrize("kind", ["stl", "ply", "obj", "STL"])
    def test_every_format_gives_the_same_body(self, tmp_path: Path, kind: str) -> None:
        body = trimesh.creation.cylinder(1, 2, sections=24)
        path = tmp_path / f"body.{kind}"
        body.export(path, file_type=kind.lower())
        mesh = read_mesh(path)
        assert len(mesh.vertices) == len(body.vertices)
        assert len(mesh.faces) == len(body.faces)
        assert mass_properties(mesh).volume == pytest.approx(body.volume, rel=1e-6)

    def test_ascii_stl_and_quads_are_read(self, tmp_path: Path) -> None:
        CUBE.export(tmp_path / "a.stl", file_type="stl_ascii")
        assert len(read_mesh(tmp_path / "a.stl").vertices) == 8
        corners = "\n".join(f"v {x} {y} {z}" for x in (0, 1) for y in (0, 1) for z in (0, 1))
        quads = ["1 2 4 3", "5 7 8 6", "1 5 6 2", "3 4 8 7", "1 3 7 5", "2 6 8 4"]
        (tmp_path / "b.obj").write_text("mtllib missing.mtl\n" + corners + "\n" + "\n".join(f"f {q}" for q in quads))
        assert mass_properties(read_mesh(tmp_path / "b.obj")).volume == pytest.approx(1)

    def test_a_hollow_body_is_fine(self) -> None:
        hole = trimesh.creation.icosphere(1).apply_scale(0.4)
        hole.invert()
        check_mesh(mesh_of(trimesh.util.concatenate([CUBE, hole])))
        check_mesh(mesh_of(trimesh.creation.annulus(0.5, 1, 2)))

    @pytest.mark.parametrize(
        ("name", "content", "words"),
        [
            ("a.stl", b"", "no triangles|cannot be read"),
            ("a.stl", b"solid nothing\nendsolid nothing\n", "no triangles|cannot be read"),
            ("a.stl", b"\0" * 80 + b"\xff\xff\xff\xff" + b"\0" * 50, "no triangles|cannot be read"),
            ("a.ply", b"ply\nformat ascii 1.0\nend_header\n", "no triangles|cannot be read"),
            ("a.ply", b"not a mesh", "no triangles|cannot be read"),
            ("a.obj", b"v 0 0 0\nv 1 0 0\nv 0 1 0\n", "no triangles|cannot be read"),
            ("a.obj", b"v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 9\n", "cannot be read|refers to points|no triangles"),
            ("a.obj", b"v 0 0 0\nv 1 0 nan\nv 0 1 0\nf 1 2 3\n", "not finite"),
            ("a.step", b"", "not an STL, PLY or OBJ"),
        ],
    )
    def test_a_file_that_is_no_surface_is_refused(self, tmp_path: Path, name: str, content: bytes, words: str) -> None:
        (tmp_path / name).write_bytes(content)
        with pytest.raises(InputError, match=words) as caught:
            read_mesh(tmp_path / name)
        assert caught.value.hint

    def test_a_missing_file_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(InputError, match=r"no mesh .*gone\.stl"):
            read_mesh(tmp_path / "gone.stl")


def _with_faces(faces) -> Mesh:
    return Mesh(vertices=np.array(CUBE.vertices, dtype=float), faces=np.asarray(faces, dtype=np.int64))


def _two(shift: float, size: float = 1.0) -> Mesh:
    other = trimesh.creation.box((2 * size,) * 3).apply_translation((shift, 0.1 * shift, 0.07 * shift))
    return mesh_of(trimesh.util.concatenate([CUBE, other]))


def _self_crossing() -> Mesh:
    body = trimesh.creation.icosphere(2)
    vertices = np.array(body.vertices)
    vertices[np.argmax(vertices[:, 2])] = (0, 0, -1.5)  # a corner pushed through the other side
    return Mesh(vertices=vertices, faces=np.array(body.faces))


def _flap() -> Mesh:
    """A cube with a triangle of no area between two of its edges."""
    faces = np.array(CUBE.faces)
    vertices = np.vstack([CUBE.vertices, CUBE.vertices[faces[0, :2]].mean(axis=0)])
    return Mesh(vertices=vertices, faces=np.vstack([faces, [faces[0, 0], faces[0, 1], 8]]))


class TestRefusals:
    @pytest.mark.parametrize(
        ("mesh", "words"),
        [
            (_with_faces(CUBE.faces[1:]), r"not closed: 3 edges .* from \("),
            (_with_faces(np.vstack([CUBE.faces, CUBE.faces[:1]])), "more than two triangles"),
            (_with_faces(np.vstack([CUBE.faces[0, ::-1], CUBE.faces[1:]])), "inconsistently oriented"),
            (_with_faces(CUBE.faces[:, ::-1]), "inside-out"),
            (_flap(), "without an area"),
            (_self_crossing(), "intersects itself"),
            (_two(0.9), "intersects itself"),
            (_two(5), "2 separate bodies"),
            (_two(0.1, 0.3), "2 separate bodies"),
            (_with_faces(np.empty((0, 3))), "no triangles"),
            (_with_faces([[0, 1, 99]]), "refers to points"),
        ],
        ids=[
            "open",
            "doubled",
            "twisted",
            "inside-out",
            "degenerate",
            "pierced",
            "overlapping",
            "apart",
            "nested",
            "empty",
            "dangling",
        ],
    )
    def test_a_surface_that_bounds_no_single_body_is_refused_with_a_remedy(self, mesh: Mesh, words: str) -> None:
        with pytest.raises(InputError, match=words) as caught:
            check_mesh(mesh, what="mesh a.stl")
        assert caught.value.hint

    def test_an_inside_out_part_beside_the_body_is_no_cavity(self) -> None:
        other = trimesh.creation.box((1, 1, 1)).apply_translation((5, 0, 0))
        other.invert()
        with pytest.raises(InputError, match="no cavity"):
            check_mesh(mesh_of(trimesh.util.concatenate([CUBE, other])))

    def test_coplanar_overlaps_are_intersections(self) -> None:
        lower = trimesh.creation.box((2, 2, 1))
        upper = trimesh.creation.box((1, 1, 1)).apply_translation((0.2, 0.3, 1))
        with pytest.raises(InputError, match="intersects itself"):
            check_mesh(mesh_of(trimesh.util.concatenate([lower, upper])))

    def test_a_fine_sphere_passes(self) -> None:
        check_mesh(mesh_of(trimesh.creation.icosphere(5)))
