"""Bodies given by a closed triangulated surface: reading, checking, and their rigid-body properties.

A mesh is read as it stands: nothing is repaired silently, because a repaired surface is another specimen. What cannot
bound a volume is refused with the place of the first fault and the remedy.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from spectra.core.basics.files import read_bounded
from spectra.core.errors import InputError

logging.getLogger("trimesh").addHandler(logging.NullHandler())  # else it prints tracebacks of faults in a file

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

FORMATS = ("stl", "ply", "obj")

_MOST_BYTES = 64_000_000
_MOST_TRIANGLES = 100_000
_PAIRS_AT_ONCE = 2_000_000
_FARTHEST = 1e50  # whose fifth power, in a moment of inertia, is still a number
_FLAT = 1e-10  # relative to the longest edge: a height below it is rounding of the coordinates
_TOUCH = 1e-9  # relative to the mesh: what is closer than this touches and does not cut


@dataclass(frozen=True, kw_only=True, eq=False)
class Mesh:
    """A closed surface that bounds one body, with the normals outwards.

    Parameters
    ----------
    vertices : ndarray, shape (v, 3)
        In the units of the file, each point once.
    faces : ndarray of int, shape (f, 3)
        Corners of the triangles, counter-clockwise as seen from outside.
    """

    vertices: Floats
    faces: Integers


@dataclass(frozen=True, kw_only=True, eq=False)
class MassProperties:
    """Volume, centre of mass and inertia of a homogeneous body of density 1, in powers of the mesh's unit.

    Parameters
    ----------
    volume
        Power 3.
    centre : ndarray, shape (3,)
        Centre of mass, power 1.
    inertia : ndarray, shape (3, 3)
        ∫ (r² 1 - r rᵀ) dV about the centre of mass along the mesh's axes, power 5.
    moments : ndarray, shape (3,)
        Principal moments of inertia, ascending, power 5.
    axes : ndarray, shape (3, 3)
        Proper rotation whose rows are the principal axes: ``axes @ (x - centre)`` are principal coordinates. The
        largest component of each of the first two is positive; the third follows from the right hand. Where moments
        are equal, as in a cube, the axes within their eigenspace are arbitrary.
    """

    volume: float
    centre: Floats
    inertia: Floats
    moments: Floats
    axes: Floats


def read_mesh(path: Path) -> Mesh:
    """Read a closed surface from an STL, PLY or OBJ file, in the units of the file.

    Identical points are merged, since STL repeats each corner; colours, textures and normals are ignored.

    Raises
    ------
    InputError
        If the file is missing, too large or not a mesh, or if :func:`check_mesh` refuses the surface.
    """
    _kind(str(path))
    return parse_mesh(read_bounded(path, limit=_MOST_BYTES, what="mesh"), str(path))


def parse_mesh(content: bytes, name: str) -> Mesh:
    """Read a closed surface from the content of a file whose name tells the format; see :func:`read_mesh`."""
    kind = _kind(name)
    try:
        vertices, faces = _parsed(content, kind)
    except ImportError:
        raise
    except Exception as error:  # trimesh raises whatever its parsers happen to meet
        raise InputError(
            f"The mesh {name} cannot be read as {kind.upper()}: {error}.", hint="Export it again."
        ) from error
    mesh = _merged(vertices, faces)
    check_mesh(mesh, what=f"mesh {name}")
    return mesh


def _kind(name: str) -> str:
    kind = Path(name).suffix.lower().lstrip(".")
    if kind not in FORMATS:
        raise InputError(
            f"The mesh {name} is not an STL, PLY or OBJ file by its name.",
            hint="Export the surface in one of these formats.",
        )
    return kind


def check_mesh(mesh: Mesh, *, what: str = "mesh") -> None:
    """Refuse a surface that does not bound exactly one body.

    A surface whose signed volume is negative is refused rather than flipped: the same sign is left behind when the
    outer surface of a hollow body is missing, and no program can tell the two apart.

    Raises
    ------
    InputError
        If the surface is empty, too fine, not finite, has degenerate triangles, is open, inconsistently oriented,
        inside-out or self-intersecting, or bounds several bodies; ``what`` names it in the sentence.
    """
    vertices, faces = mesh.vertices, mesh.faces
    if len(faces) == 0:
        raise InputError(f"The {what} holds no triangles.", hint="Export the surface, not points or curves.")
    if len(faces) > _MOST_TRIANGLES:
        raise InputError(
            f"The {what} has {len(faces):,} triangles, more than {_MOST_TRIANGLES:,}.",
            hint="Simplify it; resonances do not see details far below the wavelength.",
        )
    if faces.min() < 0 or faces.max() >= len(vertices):
        raise InputError(f"The {what} refers to points that it does not hold.", hint="Export it again.")
    if not (np.abs(vertices) < _FARTHEST).all():
        raise InputError(f"The {what} has coordinates that are not finite or too large.", hint="Export it again.")
    _check_areas(mesh, what)
    _check_edges(mesh, what)
    shells, volumes = _shells(mesh)
    if volumes.sum() <= 0:
        raise InputError(
            f"The {what} is inside-out: its signed volume is {volumes.sum():.3g}, not positive.",
            hint="Flip the normals, so that the corners run counter-clockwise as seen from outside.",
        )
    _check_intersections(mesh, what)
    _check_shells(mesh, shells, volumes, what)


def mass_properties(mesh: Mesh) -> MassProperties:
    """Compute volume, centre of mass and principal axes, exact up to rounding by signed tetrahedra.

    References
    ----------
    B. Mirtich, Journal of Graphics Tools 1(2), 31 (1996); here with tetrahedra instead of line integrals:
    ∫ x xᵀ dV = V/20 (Σ v vᵀ + s sᵀ), s = Σ v, over a tetrahedron with the corners v.
    """
    origin = mesh.vertices.mean(axis=0)  # near the body, so that nothing cancels in a mesh far from the file's origin
    corners = (mesh.vertices - origin)[mesh.faces]  # (f, 3, 3)
    signed = np.linalg.det(corners) / 6
    volume = float(signed.sum())
    total = corners.sum(axis=1)
    shift = signed @ total / (4 * volume)
    second = (
        np.einsum("f,fca,fcb->ab", signed, corners, corners) + np.einsum("f,fa,fb->ab", signed, total, total)
    ) / 20
    second -= volume * np.outer(shift, shift)
    inertia = np.trace(second) * np.eye(3) - second
    moments, vectors = np.linalg.eigh((inertia + inertia.T) / 2)
    first, middle = (axis * np.sign(axis[np.argmax(np.abs(axis))]) for axis in vectors.T[:2])
    return MassProperties(
        volume=volume,
        centre=origin + shift,
        inertia=inertia,
        moments=moments,
        axes=np.stack([first, middle, np.cross(first, middle)]),
    )


def _parsed(content: bytes, kind: str) -> tuple[Floats, Integers]:
    import trimesh

    loaded = trimesh.load_mesh(io.BytesIO(content), file_type=kind, process=False, skip_materials=True)
    faces = np.asarray(getattr(loaded, "faces", np.empty((0, 3))))
    if faces.size == 0:
        return np.empty((0, 3)), np.empty((0, 3), dtype=np.int64)
    vertices, faces = np.array(loaded.vertices, dtype=np.float64), np.array(faces, dtype=np.int64)
    if any(array.ndim != 2 or array.shape[1] != 3 for array in (vertices, faces)):
        raise ValueError(f"points of shape {vertices.shape} and faces of shape {faces.shape} are no triangles in space")
    return vertices, faces


def _merged(vertices: Floats, faces: Integers) -> Mesh:
    """Give each distinct point one number and drop points that no triangle uses."""
    if not len(faces) or faces.min() < 0 or faces.max() >= len(vertices):
        return Mesh(vertices=vertices, faces=faces)
    used, numbers = np.unique(vertices[faces.ravel()] + 0.0, axis=0, return_inverse=True)  # + 0.0 makes -0.0 equal 0.0
    return Mesh(vertices=used, faces=numbers.reshape(-1, 3).astype(np.int64))


def _place(point: Floats) -> str:
    return "(" + ", ".join(f"{value:.6g}" for value in point) + ")"


def _check_areas(mesh: Mesh, what: str) -> None:
    corners = mesh.vertices[mesh.faces]
    edges = np.roll(corners, -1, axis=1) - corners
    longest = np.linalg.norm(edges, axis=2).max(axis=1)
    area = np.linalg.norm(np.cross(edges[:, 0], edges[:, 1]), axis=1)
    flat = np.flatnonzero(area <= _FLAT * longest**2)
    if len(flat):
        raise InputError(
            f"The {what} has {len(flat)} triangles without an area, the first at "
            f"{_place(corners[flat[0]].mean(axis=0))}.",
            hint="Remove degenerate faces in the program that wrote it.",
        )


def _directed_edges(faces: Integers) -> Integers:
    """Edges from corner to corner, shape (3f, 2), those of one triangle together."""
    return np.stack([faces, np.roll(faces, -1, axis=1)], axis=2).reshape(-1, 2)


def _check_edges(mesh: Mesh, what: str) -> None:
    directed = _directed_edges(mesh.faces)
    edges, number, uses = np.unique(np.sort(directed, axis=1), axis=0, return_inverse=True, return_counts=True)

    def place(edge: int) -> str:
        start, end = mesh.vertices[edges[edge]]
        return f"from {_place(start)} to {_place(end)}"

    opened = np.flatnonzero(uses == 1)
    if len(opened):
        raise InputError(
            f"The {what} is not closed: {len(opened)} edges belong to one triangle only, the first {place(opened[0])}.",
            hint="Fill the holes and weld coincident points in the program that wrote it.",
        )
    crowded = np.flatnonzero(uses > 2)
    if len(crowded):
        raise InputError(
            f"The {what} has {len(crowded)} edges where more than two triangles meet, the first {place(crowded[0])}.",
            hint="Remove duplicate and inner faces, so that the surface separates inside from outside.",
        )
    forward = directed[:, 0] < directed[:, 1]
    balance = np.bincount(number.ravel(), weights=np.where(forward, 1, -1), minlength=len(edges))
    twisted = np.flatnonzero(balance)
    if len(twisted):
        raise InputError(
            f"The {what} is inconsistently oriented: {len(twisted)} edges run the same way in both of their triangles, "
            f"the first {place(twisted[0])}.",
            hint="Unify the normals so that all of them point outwards.",
        )


def _shells(mesh: Mesh) -> tuple[Integers, Floats]:
    """Return the number of the connected surface of each triangle, shape (f,), and the shells' signed volumes."""
    directed = _directed_edges(mesh.faces)
    order = np.lexsort(np.sort(directed, axis=1).T)
    first, second = (order // 3).reshape(-1, 2).T  # each edge joins two triangles, by now
    size = len(mesh.faces)
    links = sparse.coo_array((np.ones(len(first)), (first, second)), shape=(size, size))
    count, labels = csgraph.connected_components(links, directed=False)
    corners = mesh.vertices[mesh.faces] - mesh.vertices.mean(axis=0)
    volumes = np.bincount(labels, weights=np.linalg.det(corners) / 6, minlength=count)
    numbers: Integers = np.asarray(labels, dtype=np.int64)
    return numbers, np.asarray(volumes, dtype=np.float64)


def _check_shells(mesh: Mesh, shells: Integers, volumes: Floats, what: str) -> None:
    """Allow one outer surface and cavities within it; shells do not cut each other, so one point of each decides."""
    bodies = np.flatnonzero(volumes > 0)
    if len(bodies) > 1:
        raise InputError(
            f"The {what} holds {len(bodies)} separate bodies.",
            hint="Export one specimen at a time; join overlapping parts to one surface.",
        )
    outer = mesh.vertices[mesh.faces[shells == bodies[0]]]
    for cavity in np.flatnonzero(volumes <= 0):
        point = mesh.vertices[mesh.faces[shells == cavity][0, 0]]
        others = [mesh.vertices[mesh.faces[shells == k]] for k in np.flatnonzero(volumes <= 0) if k != cavity]
        if _winding(outer, point) < 0.5 or any(abs(_winding(other, point)) > 0.5 for other in others):
            raise InputError(
                f"The {what} has an inside-out part at {_place(point)} that is no cavity of the body.",
                hint="Flip its normals, or remove it.",
            )


def _winding(corners: Floats, point: Floats) -> float:
    """How often the triangles (f, 3, 3) wind around a point (van Oosterom and Strackee, 1983)."""
    a, b, c = (corners - point).transpose(1, 0, 2)
    la, lb, lc = (np.linalg.norm(side, axis=1) for side in (a, b, c))
    dots = [(x * y).sum(axis=1) for x, y in ((a, b), (b, c), (c, a))]
    below = la * lb * lc + dots[0] * lc + dots[1] * la + dots[2] * lb
    return float(np.arctan2(np.linalg.det(corners - point), below).sum() / (2 * np.pi))


def _check_intersections(mesh: Mesh, what: str) -> None:
    for pairs in _near_pairs(mesh.vertices[mesh.faces]):
        cut = np.flatnonzero(_intersecting(mesh, pairs))
        if len(cut):
            first, second = mesh.vertices[mesh.faces[pairs[cut[0]]]].mean(axis=1)
            raise InputError(
                f"The {what} intersects itself: the triangles at {_place(first)} and {_place(second)} cut each other.",
                hint="Join overlapping parts to one surface (a boolean union) in the program that wrote it.",
            )


def _near_pairs(corners: Floats) -> Iterator[Integers]:
    """Yield all pairs of triangles (f, 3, 3) whose bounding boxes overlap, each once, in pieces of shape (p, 2).

    Triangles are sorted along the axis where their boxes overlap least; each then has a run of candidates behind it.
    """
    lower, upper = corners.min(axis=1), corners.max(axis=1)
    best: tuple[int, Integers, Integers] | None = None
    for axis in range(3):
        order = np.argsort(lower[:, axis], kind="stable")
        runs = np.searchsorted(lower[order, axis], upper[order, axis], side="right") - np.arange(len(order)) - 1
        if best is None or runs.sum() < best[0]:
            best = int(runs.sum()), order, runs
    assert best is not None  # noqa: S101 - there are three axes
    _, order, runs = best
    ends = np.cumsum(runs)
    start = 0
    while start < len(order):
        stop = max(start + 1, int(np.searchsorted(ends, (ends[start - 1] if start else 0) + _PAIRS_AT_ONCE)))
        counts = runs[start:stop]
        rank = np.repeat(np.arange(start, min(stop, len(order))), counts)
        offset = np.arange(len(rank)) - np.repeat(np.cumsum(counts) - counts, counts)
        first, second = order[rank], order[rank + 1 + offset]
        overlap = np.ones(len(first), dtype=bool)
        for axis in range(3):
            overlap &= (lower[first, axis] <= upper[second, axis]) & (lower[second, axis] <= upper[first, axis])
        if overlap.any():
            yield np.stack([first[overlap], second[overlap]], axis=1)
        start = stop


def _intersecting(mesh: Mesh, pairs: Integers) -> NDArray[np.bool_]:
    """Whether the triangles of each pair (p, 2) share more than a corner or an edge of the mesh, shape (p,).

    Two triangles that are not coplanar cut each other where an edge of one passes through the other. Touching within
    rounding does not count.
    """
    faces, vertices = mesh.faces, mesh.vertices
    scale = float(np.ptp(vertices, axis=0).max())
    one, two = faces[pairs[:, 0]], faces[pairs[:, 1]]
    shared = (one[:, :, None] == two[:, None, :]).any(axis=2).sum(axis=1)
    cut = np.zeros(len(pairs), dtype=bool)
    for here, there in ((one, two), (two, one)):
        triangle = vertices[there]
        normal = np.cross(triangle[:, 1] - triangle[:, 0], triangle[:, 2] - triangle[:, 0])
        normal /= np.linalg.norm(normal, axis=1)[:, None]
        height = np.einsum("pca,pa->pc", vertices[here] - triangle[:, :1], normal)
        straddles = (height.min(axis=1) < -_TOUCH * scale) & (height.max(axis=1) > _TOUCH * scale)
        for k in range(3):
            start, end = here[:, k], here[:, (k + 1) % 3]
            below, above = height[:, k], height[:, (k + 1) % 3]
            crossing = straddles & (below * above < 0) & (np.minimum(abs(below), abs(above)) > _TOUCH * scale)
            at = np.flatnonzero(crossing)
            if not len(at):
                continue
            part = (below[at] / (below[at] - above[at]))[:, None]
            point = (1 - part) * vertices[start[at]] + part * vertices[end[at]]
            cut[at] |= _inside(triangle[at], normal[at], point, _TOUCH * scale)
        flat = np.flatnonzero((abs(height).max(axis=1) <= _TOUCH * scale) & ~cut)
        if len(flat):
            cut[flat] |= _overlapping(vertices[here[flat]], triangle[flat], normal[flat], _TOUCH * scale)
    return cut & (shared < 3)


def _inside(triangle: Floats, normal: Floats, point: Floats, margin: float) -> NDArray[np.bool_]:
    """Whether points (p, 3) of the triangles' planes lie in the triangles or within ``margin`` of their edges.

    Edges count, because in a symmetric mesh all that crosses does so there.
    """
    inside = np.ones(len(point), dtype=bool)
    for k in range(3):
        edge = triangle[:, (k + 1) % 3] - triangle[:, k]
        inward = np.cross(normal, edge / np.linalg.norm(edge, axis=1)[:, None])
        inside &= ((point - triangle[:, k]) * inward).sum(axis=1) > -margin
    return inside


def _overlapping(one: Floats, two: Floats, normal: Floats, margin: float) -> NDArray[np.bool_]:
    """Whether coplanar triangles overlap: no edge of either separates them (separating axis theorem)."""
    overlap = np.ones(len(one), dtype=bool)
    for triangle in (one, two):
        for k in range(3):
            edge = triangle[:, (k + 1) % 3] - triangle[:, k]
            axis = np.cross(normal, edge / np.linalg.norm(edge, axis=1)[:, None])
            a, b = np.einsum("pca,pa->pc", one, axis), np.einsum("pca,pa->pc", two, axis)
            overlap &= (a.max(axis=1) > b.min(axis=1) + margin) & (b.max(axis=1) > a.min(axis=1) + margin)
    return overlap
