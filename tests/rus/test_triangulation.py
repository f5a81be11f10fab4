"""Bodies from triangulated surfaces: against closed forms, and files that a stranger wrote."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import trimesh

from spectra.core.errors import InputError
from spectra.plugins.rus.bodies.triangulation import Mesh, check_mesh, mass_properties, read_mesh

CUBE = trimesh.creation.box((2, 2, 2))
TETRAHEDRON = trimesh.Trimesh(
    [[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]], [[0, 2, 1], [0, 1, 3], [0, 3, 2], [1, 2, 3]]
)


def mesh_of(body: Any) -> Mesh:
    return Mesh(vertices=np.array(body.vertices, dtype=float), faces=np.array(body.faces, dtype=np.int64))


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
            ("a.obj", b"v 0 0 0\nv 1 0 1e300\nv 0 1 0\nf 1 2 3\n", "too large"),
            ("a.obj", b"v 0 0\nv 1 0\nv 0 1\nf 1 2 3\n", "no triangles in space"),
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
