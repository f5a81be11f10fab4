"""Surfaces to draw: their areas against formulas, and their edges."""

import numpy as np
import pytest
from pydantic import TypeAdapter

from spectra.plugins.rus.bodies.schema import Shape
from spectra.plugins.rus.pictures.surfaces import skin_of

# Areas in mm², from the formulas of geometry; of the ellipsoid (a prolate spheroid) and ellipse (c/a = 1) exactly, too.
PI = np.pi
ECCENTRICITY = np.sqrt(1 - (1.5 / 2.5) ** 2)
SHAPES = {
    "box": ({"kind": "box", "x": 4, "y": 5, "z": 6}, 2 * (20 + 24 + 30), 12),
    "cylinder": ({"kind": "cylinder", "diameter": 4, "height": 5}, PI * 4 * 5 + 2 * PI * 4, 2),
    "ring": (
        {"kind": "cylinder", "diameter": 4, "inner_diameter": 2, "height": 5},
        PI * (4 + 2) * 5 + 2 * PI * (4 - 1),
        5,  # the one where the meridian begins and ends comes twice
    ),
    "elliptic": ({"kind": "elliptic cylinder", "x": 4, "y": 4, "height": 5}, PI * 4 * 5 + 2 * PI * 4, 2),
    "cone": (
        {"kind": "cone frustum", "bottom_diameter": 6, "top_diameter": 2, "height": 3},
        PI * (3 + 1) * np.hypot(2, 3) + PI * (9 + 1),
        2,
    ),
    "sphere": ({"kind": "sphere", "diameter": 4}, PI * 16, 0),
    "spheroid": (
        {"kind": "ellipsoid", "x": 3, "y": 3, "z": 5},
        2 * PI * 1.5**2 * (1 + 2.5 / (1.5 * ECCENTRICITY) * np.arcsin(ECCENTRICITY)),
        0,
    ),
    "prism": ({"kind": "regular prism", "sides": 6, "side": 2, "height": 5}, 6 * 2 * 5 + 2 * 6 * np.sqrt(3), 18),
}


def shape(document, **context):
    written = {k: f"{v} mm" if k not in ("kind", "sides", "file", "unit") else v for k, v in document.items()}
    return TypeAdapter(Shape).validate_python(written, context=context or None)


def area(skin):
    """In mm²: each patch is two triangles."""
    a, b, c, d = 1e3 * skin.points[skin.patches].transpose(1, 0, 2)
    halves = np.linalg.norm(np.cross(b - a, c - a), axis=1) + np.linalg.norm(np.cross(c - a, d - a), axis=1)
    return halves.sum() / 2


@pytest.mark.parametrize(("document", "expected", "edges"), SHAPES.values(), ids=SHAPES)
def test_the_surface_of_a_body_has_its_area(document, expected, edges):
    skin = skin_of(shape(document))
    assert area(skin) == pytest.approx(expected, rel=5e-3)
    assert area(skin) <= expected * (1 + 1e-9)  # flat patches between points of the surface
    assert len(skin.edges) == edges


def test_a_coarse_mesh_is_divided_and_its_edges_are_found(tmp_path):
    """A box of 12 triangles: 12 edges bend, 6 diagonals do not."""
    trimesh = pytest.importorskip("trimesh")
    trimesh.creation.box((4, 5, 6)).export(tmp_path / "box.stl")
    skin = skin_of(shape({"kind": "mesh", "file": "box.stl", "unit": "mm"}, folder=tmp_path))
    assert area(skin) == pytest.approx(148)
    assert len(skin.edges) == 12
    assert len(skin.patches) > 1000
    assert {round(1e3 * float(np.ptp(skin.points[edge], axis=0).max())) for edge in skin.edges} == {4, 5, 6}
