"""Surfaces of bodies, to be drawn: patches small enough to show how a mode bends them, and sharp edges."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from spectra.plugins.rus.bodies.schema import (
    Box,
    ConeFrustum,
    Cylinder,
    Ellipsoid,
    EllipticCylinder,
    RegularPrism,
    Shape,
    Sphere,
    Surface,
)

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_ALONG = 14  # patches along the longest edge
_AROUND = 48
_SHARP = np.cos(np.radians(30))  # of the angle between neighbouring triangles' normals
_MOST_TRIANGLES = 30_000  # to which those of a coarse mesh are divided


@dataclass(frozen=True, kw_only=True, eq=False)
class Skin:
    """The surface of a body in the coordinates of its basis, in m.

    Parameters
    ----------
    points : ndarray, shape (q, 3)
    patches : ndarray of int, shape (k, 4)
        Corners of each patch; of a triangle, the last stands twice.
    edges : tuple of ndarray of int, shape (n,)
        Points along each sharp edge.
    """

    points: Floats
    patches: Integers
    edges: tuple[Integers, ...] = ()


def skin_of(shape: Shape) -> Skin:
    """Return the surface of the body of a sample."""
    match shape:
        case Box():
            return _box(5e-4 * np.array([shape.x, shape.y, shape.z]))
        case Cylinder():
            inner = 5e-4 * (shape.inner_diameter or 0.0)
            return _turned(_ring(inner, 5e-4 * shape.diameter, 5e-4 * shape.diameter, 5e-4 * shape.height))
        case EllipticCylinder():
            skin = _turned(_ring(0.0, 1.0, 1.0, 1.0))
            return _scaled(skin, 5e-4 * np.array([shape.x, shape.y, shape.height]))
        case ConeFrustum():
            return _turned(_ring(0.0, 5e-4 * shape.bottom_diameter, 5e-4 * shape.top_diameter, 5e-4 * shape.height))
        case Sphere():
            return _scaled(_sphere(), np.full(3, 5e-4 * shape.diameter))
        case Ellipsoid():
            return _scaled(_sphere(), 5e-4 * np.array([shape.x, shape.y, shape.z]))
        case RegularPrism():
            return _prism(shape)
        case Surface():
            return _mesh(shape.mesh.vertices, shape.mesh.faces)


def _box(half: Floats) -> Skin:
    counts = np.maximum(np.round(_ALONG * half / half.max()).astype(int), 3)
    parts = []
    for axis in range(3):
        across = [other for other in range(3) if other != axis]
        grid = np.meshgrid(*(np.linspace(-half[a], half[a], counts[a] + 1) for a in across), indexing="ij")
        for side in (-1, 1):
            points = np.empty((*grid[0].shape, 3))
            points[..., across[0]], points[..., across[1]], points[..., axis] = grid[0], grid[1], side * half[axis]
            parts.append(_grid(points))
    edges = []
    for axis in range(3):
        first, second = (other for other in range(3) if other != axis)
        for a in (-1, 1):
            for b in (-1, 1):
                line = np.empty((counts[axis] + 1, 3))
                line[:, axis] = np.linspace(-half[axis], half[axis], counts[axis] + 1)
                line[:, first], line[:, second] = a * half[first], b * half[second]
                edges.append(line)
    return _joined(parts, edges)


def _ring(inner: float, bottom: float, top: float, half: float) -> list[Floats]:
    """Return the meridian of a cylinder, ring or cone: straight lines (n, 2) of r and z."""
    corners = [(inner, -half), (bottom, -half), (top, half), (inner, half)] + ([(inner, -half)] if inner else [])
    longest = max(2 * half, bottom, top)
    lines = []
    for start, end in pairwise(corners):
        count = max(round(_ALONG * float(np.hypot(*np.subtract(end, start))) / longest), 3)
        lines.append(np.linspace(start, end, count + 1))
    return lines


def _turned(meridian: list[Floats]) -> Skin:
    """Turn straight lines about z; where they meet there is an edge."""
    angles = 2 * np.pi * np.arange(_AROUND + 1) / _AROUND

    def ring(r: Floats, z: Floats) -> Floats:
        return np.stack([np.multiply.outer(r, np.cos(angles)), np.multiply.outer(r, np.sin(angles)), z], axis=-1)

    parts, edges = [], []
    for line in meridian:
        parts.append(_grid(ring(line[:, 0], np.broadcast_to(line[:, 1, None], (len(line), len(angles))))))
        r, z = line[0]
        if r:
            edges.append(ring(np.array(r), np.full(len(angles), z)))
    r, z = meridian[-1][-1]
    if r:
        edges.append(ring(np.array(r), np.full(len(angles), z)))
    return _joined(parts, edges)


def _sphere() -> Skin:
    polar, around = np.linspace(0, np.pi, 25)[:, None], 2 * np.pi * np.arange(_AROUND + 1) / _AROUND
    height = np.broadcast_to(np.cos(polar), (25, len(around)))
    return _joined([_grid(np.stack([np.sin(polar) * np.cos(around), np.sin(polar) * np.sin(around), height], axis=-1))])


def _prism(shape: RegularPrism) -> Skin:
    radius, half = 5e-4 * shape.side / np.sin(np.pi / shape.sides), 5e-4 * shape.height
    turns = 2 * np.pi * np.arange(shape.sides + 1) / shape.sides
    corners = radius * np.stack([np.cos(turns), np.sin(turns)], axis=1)
    along = max(round(_ALONG * half / max(half, radius)), 3)
    parts, edges = [], []
    for a, b in pairwise(corners):
        side = np.linspace(a, b, 7)
        heights = np.linspace(-half, half, along + 1)
        wall = np.empty((along + 1, 7, 3))
        wall[..., :2], wall[..., 2] = side, heights[:, None]
        parts.append(_grid(wall))
        edges.append(wall[:, 0])
        for end in (-half, half):
            cap = np.full((7, 7, 3), end)
            cap[..., :2] = np.linspace(0, 1, 7)[:, None, None] * side
            parts.append(_grid(cap))
            edges.append(cap[-1])
    return _joined(parts, edges)


def _mesh(vertices: Floats, faces: Integers) -> Skin:
    """Divide triangles in four until they are small, and find the edges at which the surface bends."""
    corner = vertices[faces[:, 0]]
    normals = np.cross(vertices[faces[:, 1]] - corner, vertices[faces[:, 2]] - corner)
    normals /= np.maximum(np.linalg.norm(normals, axis=1), 1e-300)[:, None]
    sides = np.sort(np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]]), axis=1)
    order = np.lexsort(sides.T)
    first, second = order[::2], order[1::2]  # a closed surface has each side twice
    bend = np.einsum("ij,ij->i", normals[first % len(faces)], normals[second % len(faces)])
    sharp = sides[first][bend < _SHARP]
    edges = [np.linspace(vertices[a], vertices[b], 9) for a, b in sharp]
    triangles = vertices[faces]
    reach = float(np.ptp(vertices, axis=0).max()) / _ALONG
    while 4 * len(triangles) <= _MOST_TRIANGLES and np.linalg.norm(np.diff(triangles, axis=1), axis=2).max() > reach:
        a, b, c = triangles.transpose(1, 0, 2)
        ab, bc, ca = (a + b) / 2, (b + c) / 2, (c + a) / 2
        parts = [np.stack(part, axis=1) for part in ((a, ab, ca), (b, bc, ab), (c, ca, bc), (ab, bc, ca))]
        triangles = np.concatenate(parts)
    places = np.arange(3 * len(triangles)).reshape(-1, 3)
    return _joined([(triangles.reshape(-1, 3), places[:, [0, 1, 2, 2]])], edges)


def _grid(points: Floats) -> tuple[Floats, Integers]:
    """Return the points of a grid (m, n, 3) in a row, and its patches."""
    rows, columns = points.shape[:2]
    places = np.arange(rows * columns).reshape(rows, columns)
    corners = [places[:-1, :-1], places[1:, :-1], places[1:, 1:], places[:-1, 1:]]
    return points.reshape(-1, 3), np.stack(corners, axis=-1).reshape(-1, 4)


def _joined(parts: list[tuple[Floats, Integers]], edges: list[Floats] | None = None) -> Skin:
    points, patches, lines, start = [], [], [], 0
    for part, corners in parts:
        points.append(part)
        patches.append(corners + start)
        start += len(part)
    for line in edges or ():
        points.append(line)
        lines.append(start + np.arange(len(line)))
        start += len(line)
    return Skin(points=np.concatenate(points), patches=np.concatenate(patches), edges=tuple(lines))


def _scaled(skin: Skin, factors: Floats) -> Skin:
    return Skin(points=skin.points * factors, patches=skin.patches, edges=skin.edges)
