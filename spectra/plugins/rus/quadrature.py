"""Volume quadrature on a body bounded by triangles, exact for polynomials up to a given degree and small.

Cones from one inner point to the triangles fill the body (divergence theorem), and a product of Gauss rules on each
integrates every polynomial. A fine surface needs millions of such points, far more than the polynomials have degrees of
freedom, so the rule is compressed patch by patch. In a cone over a plane, with y(u, v) on the plane and x = s y, a
polynomial of total degree d is one of degree d in (u, v) for each s, and one of degree d in s for each (u, v). The fine
weights of a patch are therefore moved, exactly for these polynomials, to (d+1)(d+2)/2 well-placed directions of the
patch times d + 1 heights, whatever the triangles in between look like. A patch is a set of triangles close to one
plane, so that the nodes stay in the body or within a few percent of it: outside, polynomials grow like
exp(d sqrt(2 δ)) with the relative distance δ, and rounding with them.

Bodies that no point sees as a whole (tubes, rings, shells) are cut by planes first.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from os import cpu_count

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, optimize
from scipy.special import roots_jacobi
from threadpoolctl import threadpool_limits

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_TOLERANCE = 1e-9
_HALF_WIDTH = 0.75  # of the body, in units in which a ball has radius 1 (a cube: 0.775)
_FLAT = 1e-11  # height of a patch above its plane, relative, that counts as none
_SAG = 1.17  # largest ratio of the heights of a patch
_OBLIQUE = 0.35  # least cosine between a direction of a patch and its normal
_PATCHES = (1, 2, 3, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 28, 32, 40, 48, 64)
_LATTICE = 15  # points of a patch on which its polynomials are made, for each polynomial
_CANDIDATES = 4  # of them among which the directions are chosen first, for each polynomial
_OFFERS, _OVERSHOOT = 4, 2.0  # rounds of offering further ones, and the largest Lagrange function that ends them
_EXCESS = 1.1  # cones' total volume over the body's up to which a body counts as seen from one point
_SPILL = 4.0  # how far polynomials may grow, squared, between the points of the lattice
_POINTS_AT_ONCE = 5000
_DEEPEST = 7  # cuts in a row


@dataclass(frozen=True, kw_only=True, eq=False)
class _Patch:
    """Triangles whose cones are integrated together; without a normal, each by itself."""

    members: Integers
    normal: Floats | None
    is_flat: bool
    cost: int


def mesh_quadrature(vertices: Floats, faces: Integers, degree: int) -> tuple[Floats, Floats]:
    """Return a quadrature rule for the volume inside a closed triangulated surface.

    Parameters
    ----------
    vertices : ndarray, shape (v, 3)
        In any unit.
    faces : ndarray of int, shape (f, 3)
        Corners of the triangles, counter-clockwise as seen from outside. That they bound a body is not checked here;
        :func:`~spectra.plugins.rus.mesh.check_mesh` does.
    degree
        Highest total degree of the polynomials that are integrated.

    Returns
    -------
    points : ndarray, shape (q, 3)
        In the unit of the vertices, in the body or close to it.
    weights : ndarray, shape (q,)
        Of either sign; their sum is the volume.
    """
    corners = np.asarray(vertices, dtype=np.float64)[faces]
    centre, shape = _normalisation(corners)
    normalised = (corners - centre) @ np.linalg.inv(shape)  # the matrix is symmetric
    parts = []
    for piece, apex in _pieces(normalised, _DEEPEST):
        # A piece is measured by itself: in a thin wall polynomials vary on the scale of the wall, not of the body.
        middle, form = _normalisation(piece)
        back = np.linalg.inv(form)
        points, weights = _rule((piece - middle) @ back, (apex - middle) @ back, degree)
        parts.append((points @ form + middle, weights * np.linalg.det(form)))
    points, weights = (np.concatenate(part) for part in zip(*parts, strict=True))
    return points @ shape + centre, weights * np.linalg.det(shape)


def _normalisation(corners: Floats) -> tuple[Floats, Floats]:
    """Centre of mass and the symmetric matrix that turns a unit ball into the body's inertia ellipsoid.

    Polynomials of a total degree stay what they are under affine maps, and the bounds hold for well-rounded bodies.
    """
    origin = corners.reshape(-1, 3).mean(axis=0)
    local = corners - origin
    signed = np.linalg.det(local) / 6
    total = local.sum(axis=1)
    volume = signed.sum()
    shift = signed @ total / (4 * volume)
    second = np.einsum("f,fca,fcb->ab", signed, local, local) + np.einsum("f,fa,fb->ab", signed, total, total)
    covariance = second / (20 * volume) - np.outer(shift, shift)
    values, axes = np.linalg.eigh(covariance)
    return origin + shift, (axes * np.sqrt(5 * values)) @ axes.T


# --- pieces that one point sees as a whole ---------------------------------------------------------------------------


def _pieces(corners: Floats, cuts_left: int) -> Iterator[tuple[Floats, Floats]]:
    """Yield closed pieces of the body, shape (f, 3, 3), each with the apex of its cones, cutting where it must."""
    centre, shape = _normalisation(corners)
    apex = _apex(corners, centre)
    cones = np.linalg.det(corners - apex)
    if cuts_left == 0 or abs(cones).sum() <= _EXCESS * cones.sum():
        yield corners, apex
        return
    values, axes = np.linalg.eigh(shape)
    normal = axes[:, np.argmax(values)]
    for side in (normal, -normal):
        half = _half(corners, centre, side)
        if len(half) and np.linalg.det(half - centre).sum() > 1e-13:
            yield from _pieces(half, cuts_left - 1)


def _apex(corners: Floats, centre: Floats) -> Floats:
    """Return the point that sees all triangles from within with the most to spare, or the centre if there is none."""
    normals, _ = _normals(corners)
    offsets = (normals * corners[:, 0]).sum(axis=1)
    if (offsets - normals @ centre).min() > 0.3:
        return centre
    system = np.column_stack([normals, np.ones(len(normals))])
    found = optimize.linprog([0, 0, 0, -1], A_ub=system, b_ub=offsets, bounds=[(None, None)] * 4, method="highs")
    if found.status != 0 or found.x[3] <= 0:
        return centre
    apex: Floats = np.asarray(found.x[:3])
    return apex


def _normals(corners: Floats) -> tuple[Floats, Floats]:
    """Return unit normals (f, 3) and areas (f,)."""
    cross = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    length = np.linalg.norm(cross, axis=1)
    return cross / np.maximum(length, 1e-300)[:, None], length / 2


def _half(corners: Floats, origin: Floats, normal: Floats) -> Floats:
    """Return the closed surface of the part of a body on the side of a plane that ``normal`` leaves behind."""
    height = (corners - origin) @ normal  # (f, 3)
    height[abs(height) < 1e-13] = 0.0
    kept = [corners[(height <= 0).all(axis=1) & (height < 0).any(axis=1)]]
    cut = (height > 0).any(axis=1) & (height < 0).any(axis=1)
    segments = []
    # A triangle on the plane bounds neither half; where it belongs to the surface, the cap covers it again.
    for k in range(3):
        triangle, h = np.roll(corners[cut], -k, axis=1), np.roll(height[cut], -k, axis=1)
        alone = (h[:, 0] > 0) & (h[:, 1] <= 0) & (h[:, 2] <= 0)  # one corner ahead of the plane
        p, q = _crossings(triangle[alone], h[alone])
        kept += [np.stack([p, triangle[alone, 1], triangle[alone, 2]], axis=1), np.stack([p, triangle[alone, 2], q], 1)]
        segments.append(np.stack([q, p], axis=1))
        alone = (h[:, 0] < 0) & (h[:, 1] > 0) & (h[:, 2] > 0)  # one corner behind it
        p, q = _crossings(triangle[alone], h[alone])
        kept.append(np.stack([triangle[alone, 0], p, q], axis=1))
        segments.append(np.stack([p, q], axis=1))
    behind = (height <= 0).all(axis=1) & ((height == 0).sum(axis=1) == 2)
    for k in range(3):
        edge = behind & (height[:, k] == 0) & (height[:, (k + 1) % 3] == 0)
        segments.append(corners[edge][:, [k, (k + 1) % 3]])
    solid = np.concatenate(kept)
    _, areas = _normals(solid)
    return np.concatenate([solid[areas > 1e-15], _cap(np.concatenate(segments), origin, normal)])


def _crossings(triangle: Floats, height: Floats) -> tuple[Floats, Floats]:
    """Where the edges from the first corner to the second and to the third meet the plane."""
    ends = []
    for k in (1, 2):
        part = (height[:, 0] / (height[:, 0] - height[:, k]))[:, None]
        ends.append((1 - part) * triangle[:, 0] + part * triangle[:, k])
    return ends[0], ends[1]


def _cap(segments: Floats, origin: Floats, normal: Floats) -> Floats:
    """Triangles (c, 3, 3) that fill the outline of the directed segments (e, 2, 3) in a plane, facing ``normal``.

    Slabs between neighbouring abscissae hold non-crossing segments; between each pair the area is a trapezium.
    """
    if not len(segments):
        return np.empty((0, 3, 3))
    first = np.cross(normal, np.eye(3)[np.argmin(abs(normal))])
    first /= np.linalg.norm(first)
    second = np.cross(normal, first)
    flat = np.stack([(segments - origin) @ first, (segments - origin) @ second], axis=-1)  # (e, 2, 2)
    abscissae = np.unique(flat[:, :, 0])
    abscissae = abscissae[np.append(True, np.diff(abscissae) > 1e-12)]
    lower, upper = flat[:, :, 0].min(axis=1), flat[:, :, 0].max(axis=1)
    triangles = []
    for left, right in pairwise(abscissae):
        middle = (left + right) / 2
        crossing = np.flatnonzero((lower < middle) & (upper > middle))
        start, end = flat[crossing, 0], flat[crossing, 1]
        slope = (end[:, 1] - start[:, 1]) / (end[:, 0] - start[:, 0])
        at = start[:, 1, None] + slope[:, None] * (np.array([left, middle, right]) - start[:, 0, None])
        order = np.argsort(at[:, 1])
        sign = np.sign(end[order, 0] - start[order, 0])
        inside = np.cumsum(sign)
        for k in np.flatnonzero(abs(inside[:-1]) > 0.5):
            low, high = at[order[k]], at[order[k + 1]]
            triangles += [
                [(left, low[0]), (right, low[2]), (right, high[2])],
                [(left, low[0]), (right, high[2]), (left, high[0])],
            ]
    if not triangles:
        return np.empty((0, 3, 3))
    plane = np.array(triangles)
    cap = origin + plane[:, :, :1] * first + plane[:, :, 1:] * second
    _, areas = _normals(cap)
    return cap[areas > 1e-15]


# --- one piece -------------------------------------------------------------------------------------------------------


def _rule(corners: Floats, apex: Floats, degree: int) -> tuple[Floats, Floats]:
    """Quadrature for the inside of a closed surface (f, 3, 3), with cones from ``apex``."""
    local = corners - apex
    local, counts, patches = _plan(local, degree)
    for vertex in _corner_apexes(corners):
        other, other_counts, other_patches = _plan(corners - vertex, degree)
        if sum(p.cost for p in other_patches) < sum(p.cost for p in patches):
            local, counts, patches, apex = other, other_counts, other_patches, vertex
    # One BLAS thread for each of ours: the matrices of a patch are small.
    with threadpool_limits(1), ThreadPoolExecutor(cpu_count()) as pool:
        parts = list(pool.map(lambda patch: _patch_rule(local, counts, patch, degree), patches))
    points, weights = np.concatenate([p for p, _ in parts]), np.concatenate([w for _, w in parts])
    normals, _ = _normals(local)
    room = float((normals * local[:, 0]).sum(axis=1).min())
    points, weights = _with_core_merged(points, weights, room, degree)
    return points + apex, weights


def _corner_apexes(corners: Floats) -> Floats:
    """Return the corners of a body of few corners that see all its triangles: those they belong to cost nothing."""
    vertices = np.unique(corners.reshape(-1, 3), axis=0)
    if len(vertices) > 150:
        return np.empty((0, 3))
    normals, _ = _normals(corners)
    heights = (normals * corners[:, 0]).sum(axis=1) - vertices @ normals.T  # (v, f)
    seeing = np.flatnonzero((heights > -1e-12).all(axis=1))
    most = np.argsort(-(abs(heights[seeing]) < 1e-12).sum(axis=1), kind="stable")[:3]
    return vertices[seeing[most]]


def _plan(local: Floats, degree: int) -> tuple[Floats, Integers, list[_Patch]]:
    """Order each triangle's corners, count the points along its two directions, and group triangles into patches."""
    sides = np.linalg.norm(local - np.roll(local, -1, axis=1), axis=2)  # opposite to corners 2, 0, 1
    turn = (np.argmin(sides, axis=1)[:, None] + 2 + np.arange(3)) % 3  # the shortest side last, for slender triangles
    local = np.take_along_axis(local, turn[:, :, None], axis=1)
    bounds = _half_widths(degree)
    along = np.maximum(*(np.linalg.norm(local[:, k] - local[:, 0], axis=1) for k in (1, 2)))
    across = np.linalg.norm(local[:, 2] - local[:, 1], axis=1)
    counts = np.stack([np.searchsorted(bounds, side / (2 * _HALF_WIDTH)) + 1 for side in (along, across)], axis=1)
    counts = np.minimum(counts, degree // 2 + 1)
    normals, _ = _normals(local)
    offset = (normals * local[:, 0]).sum(axis=1)
    seen = np.flatnonzero(abs(offset) > 1e-13)  # the others have cones without a volume
    keys = np.round(np.column_stack([normals, offset])[seen] * 1e7).astype(np.int64)
    _, plane = np.unique(keys, axis=0, return_inverse=True)
    plane = plane.ravel()
    patches: list[_Patch] = []
    rest = []
    for number in range(plane.max() + 1 if len(plane) else 0):
        patch = _patch(local, counts, seen[plane == number], degree)
        if patch.normal is None:
            rest.append(patch.members)
        else:
            patches.append(patch)
    if rest:
        patches += _grouped(local, counts, np.concatenate(rest), degree)
    return local, counts, patches


def _patch(local: Floats, counts: Integers, members: Integers, degree: int) -> _Patch:
    """Decide how to integrate a set of triangles: by itself each, or together if they are close to one plane."""
    plain = int((counts[members, 0] * counts[members, 1]).sum()) * (degree // 2 + 1)
    alone = _Patch(members=members, normal=None, is_flat=False, cost=plain)
    directions = (degree + 1) * (degree + 2) // 2
    if plain <= directions * (degree // 2 + 1):
        return alone
    triangles = local[members]
    total = np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0]).sum(axis=0)
    if np.linalg.norm(total) == 0:
        return alone
    normal = total / np.linalg.norm(total)
    heights = triangles.reshape(-1, 3) @ normal
    if heights.max() < 0:
        normal, heights = -normal, -heights
    cosines = heights / np.linalg.norm(triangles.reshape(-1, 3), axis=1)
    if cosines.min() < _OBLIQUE or heights.max() > _SAG * heights.min():
        return alone
    is_flat = bool(heights.max() <= (1 + _FLAT) * heights.min())
    cost = directions * (degree // 2 + 1 if is_flat else degree + 1)
    return alone if plain <= cost else _Patch(members=members, normal=normal, is_flat=is_flat, cost=cost)


def _grouped(local: Floats, counts: Integers, members: Integers, degree: int) -> list[_Patch]:
    """Group triangles by position and normal (Lloyd's algorithm) into as many patches as give the fewest points."""
    triangles = local[members]
    normals, areas = _normals(triangles)
    middles = triangles.mean(axis=1)
    features = np.concatenate([middles, normals], axis=1)
    best = [_patch(local, counts, members, degree)]
    for number in _PATCHES[1:]:
        if number * (degree + 1) * (degree + 2) // 2 * (degree // 2 + 1) >= sum(p.cost for p in best):
            break
        labels = _clusters(features, areas, number)
        found = [_patch(local, counts, members[labels == k], degree) for k in range(number) if (labels == k).any()]
        if sum(p.cost for p in found) < sum(p.cost for p in best):
            best = found
    return best


def _clusters(features: Floats, areas: Floats, number: int) -> Integers:
    """Lloyd's algorithm from the farthest-point start, shape (f,); deterministic."""
    seeds = [int(np.argmax((features**2).sum(axis=1)))]
    distance = ((features - features[seeds[0]]) ** 2).sum(axis=1)
    while len(seeds) < number:
        seeds.append(int(np.argmax(distance)))
        distance = np.minimum(distance, ((features - features[seeds[-1]]) ** 2).sum(axis=1))
    centres = features[seeds]
    labels = np.zeros(len(features), dtype=np.int64)
    for _ in range(25):
        squares = (centres**2).sum(axis=1) - 2 * features @ centres.T
        moved = np.argmin(squares, axis=1)
        if (moved == labels).all():
            break
        labels = moved
        mass = np.maximum(np.bincount(labels, weights=areas, minlength=number), 1e-300)
        sums = [np.bincount(labels, weights=areas * column, minlength=number) for column in features.T]
        centres = np.where(mass[:, None] > 1e-300, np.stack(sums, axis=1) / mass[:, None], centres)
    return labels


def _patch_rule(local: Floats, counts: Integers, patch: _Patch, degree: int) -> tuple[Floats, Floats]:
    """Quadrature for the cones over one patch."""
    heights, height_weights = _gauss_jacobi(degree // 2 + 1, 2)
    if patch.normal is None:
        surface, weights = _surface_rule(local[patch.members], counts[patch.members])
        points = (heights[:, None, None] * surface).reshape(-1, 3)
        return points, np.outer(height_weights, weights).ravel()
    directions = (degree + 1) * (degree + 2) // 2
    across = np.linalg.svd(patch.normal[None])[2][1:]
    surface, weights = _surface_rule(local[patch.members], counts[patch.members])
    s = surface @ patch.normal
    if patch.is_flat:
        nodes, radial, factor = heights * s.max(), height_weights[None], np.ones((len(s), 1))
    else:
        nodes, radial, factor = _radial(s, degree)
    seeds = _lattice(local[patch.members], counts[patch.members], _LATTICE * directions)
    for _ in range(_OFFERS):
        plane = seeds / (seeds @ patch.normal)[:, None]
        basis = _PlanarBasis(plane @ across.T, degree)
        chosen = _well_placed(basis.values)
        moments = np.zeros((directions, factor.shape[1]))
        leverage = np.empty(len(s))
        for start in range(0, len(s), _POINTS_AT_ONCE):
            part = slice(start, start + _POINTS_AT_ONCE)
            values = basis(surface[part] @ across.T / s[part, None])
            leverage[part] = (values**2).sum(axis=1)
            moments += values.T @ (weights[part, None] * factor[part])
        if leverage.max() < _SPILL * (basis.values**2).sum(axis=1).max():
            break
        # Polynomials grow where triangles of very different sizes left the lattice thin: there it needs more points.
        seeds = np.concatenate([seeds, surface[np.argsort(-leverage)[:directions]]])
    moved = np.linalg.solve(basis.values[chosen].T, moments) @ radial  # (directions, nodes)
    points = nodes[None, :, None] * plane[chosen][:, None, :]
    return points.reshape(-1, 3), moved.ravel()


def _lattice(triangles: Floats, counts: Integers, most: int) -> Floats:
    """Return points that cover triangles up to their rims, shape (k, 3), as dense as polynomials vary on each.

    There are at most ``most``, and hardly fewer unless the triangles are so few that each has enough.
    """
    density = min(2.0, float(np.sqrt(most / counts.prod(axis=1).sum())))
    finer = np.ceil(density * counts).astype(np.int64) + 1
    points = []
    for pair in np.unique(finer, axis=0):
        u, v = ((1 - np.cos(np.linspace(0, np.pi, number))) / 2 for number in pair)
        points.append(np.einsum("cq,fca->fqa", _shares(u, v), triangles[(finer == pair).all(axis=1)]).reshape(-1, 3))
    every = np.concatenate(points)
    _, first = np.unique(np.round(every, 9), axis=0, return_index=True)
    if len(first) > most:
        first = np.random.default_rng(0).choice(first, most, replace=False)
    return every[first]


def _well_placed(values: Floats) -> Integers:
    """Choose as many points as there are polynomials (k, n) such that interpolating in them amplifies little.

    Approximate Fekete points (Sommariva and Vianello, Comput. Math. Appl. 57, 1324 (2009)) of a sample drawn by
    leverage, which is dense near the rim where polynomials vary fast; then the points where the Lagrange functions
    exceed 1 most are offered as well, until they hardly do.
    """
    leverage = (values**2).sum(axis=1)
    count = min(_CANDIDATES * values.shape[1], len(values))
    candidates = np.random.default_rng(0).choice(len(values), count, replace=False, p=leverage / leverage.sum())
    size = values.shape[1]
    for _ in range(_OFFERS):
        _, pivots = linalg.qr(values[candidates].T, mode="r", pivoting=True, check_finite=False)
        chosen: Integers = candidates[pivots[:size]]
        lagrange = abs(values @ np.linalg.inv(values[chosen]))
        worst = np.argmax(lagrange, axis=0)
        if lagrange[worst, np.arange(size)].max() < _OVERSHOOT:
            break
        candidates = np.union1d(candidates, worst)
    return chosen


def _radial(s: Floats, degree: int) -> tuple[Floats, Floats, Floats]:
    """Move ∫_0^1 t² f(t s) dt, for f of the degree, to fixed heights.

    Returns
    -------
    nodes : ndarray, shape (m,)
        Heights up to the largest of ``s``.
    radial : ndarray, shape (m, m)
    factor : ndarray, shape (k, m)
        ``factor @ radial`` are the weights of each of ``s`` at the nodes.
    """
    x, gauss = np.polynomial.legendre.leggauss(degree + 1)
    top = float(s.max())
    nodes = top * (x + 1) / 2
    scales = (2 * np.arange(degree + 1) + 1) / 2

    def lagrange(at: Floats) -> Floats:
        projected = np.polynomial.legendre.legvander(2 * at / top - 1, degree) * scales
        values: Floats = projected @ (np.polynomial.legendre.legvander(x, degree).T * gauss)
        return values

    t, weights = _gauss_jacobi(degree // 2 + 1, 2)
    # The weights are themselves of the degree in s, and so known from their values at the nodes.
    radial = np.einsum("t,tij->ij", weights, lagrange(np.outer(t, nodes)))
    return nodes, radial, lagrange(s)


class _PlanarBasis:
    """Polynomials orthonormal over points of a plane (k, 2), in ascending degree.

    Each degree is the last one times the coordinates, made orthogonal to all before: an Arnoldi process, which keeps
    the condition that powers lose (Brubeck, Nakatsukasa and Trefethen, SIAM Review 63, 405 (2021)).
    """

    def __init__(self, plane: Floats, degree: int) -> None:
        self._origin = plane.mean(axis=0)
        turned = np.linalg.svd(plane - self._origin, full_matrices=False)[2].T
        self._frame = turned / abs((plane - self._origin) @ turned).max(axis=0)
        self._first = 1 / np.sqrt(len(plane))
        self._steps: list[tuple[Floats, Floats]] = []
        x = (plane - self._origin) @ self._frame
        values = np.full((len(plane), 1), self._first)
        for order in range(1, degree + 1):
            raw = _times_coordinates(x, values[:, -order:])
            first = values.T @ raw
            # Of these 2 l products l + 1 are new; by rank, because a fixed choice drifts into the span of the others.
            _, sizes, mixing = np.linalg.svd(np.linalg.qr(raw - values @ first)[1])
            chosen = mixing[: order + 1].T / sizes[: order + 1]
            block = (raw - values @ first) @ chosen
            second = values.T @ block
            block, triangle = np.linalg.qr(block - values @ second)
            back = np.linalg.inv(triangle)
            self._steps.append((chosen @ back, (first @ chosen + second) @ back))
            values = np.concatenate([values, block], axis=1)
        self.values = values

    def __call__(self, plane: Floats) -> Floats:
        """Evaluate at other points (k, 2), shape (k, (d+1)(d+2)/2)."""
        x = (plane - self._origin) @ self._frame
        size = self.values.shape[1]
        values = np.empty((len(x), size))
        values[:, 0] = self._first
        done = 1
        for order, (chosen, removed) in enumerate(self._steps, 1):
            raw = _times_coordinates(x, values[:, done - order : done])
            values[:, done : done + order + 1] = raw @ chosen - values[:, :done] @ removed
            done += order + 1
        return values


def _times_coordinates(x: Floats, values: Floats) -> Floats:
    return np.concatenate([x[:, :1] * values, x[:, 1:] * values], axis=1)


def _surface_rule(triangles: Floats, counts: Integers) -> tuple[Floats, Floats]:
    """Gauss rules on triangles, with weights such that Σ w ∫_0^1 t² f(t x) dt integrates f over the cones.

    Collapsed coordinates x = a + u (b - a) + u v (c - b), with the weight u.
    """
    volumes = np.linalg.det(triangles)
    points, weights = [], []
    for pair in np.unique(counts, axis=0):
        chosen = triangles[(counts == pair).all(axis=1)]
        u, weights_u = _gauss_jacobi(int(pair[0]), 1)
        v, weights_v = _gauss_jacobi(int(pair[1]), 0)
        points.append(np.einsum("cq,fca->fqa", _shares(u, v), chosen).reshape(-1, 3))
        weights.append(np.outer(volumes[(counts == pair).all(axis=1)], np.outer(weights_u, weights_v)).ravel())
    return np.concatenate(points), np.concatenate(weights)


def _shares(u: Floats, v: Floats) -> Floats:
    """Weights of the corners a, b, c, shape (3, q), at all pairs of collapsed coordinates."""
    return np.stack([np.outer(1 - u, np.ones_like(v)), np.outer(u, 1 - v), np.outer(u, v)]).reshape(3, -1)


@cache
def _gauss_jacobi(count: int, power: int) -> tuple[Floats, Floats]:
    """Gauss rule on [0, 1] for the weight x^power."""
    x, weights = roots_jacobi(count, 0, power)
    return (x + 1) / 2, weights / 2 ** (power + 1)


def _with_core_merged(points: Floats, weights: Floats, room: float, degree: int) -> tuple[Floats, Floats]:
    """Move the crowd of nodes near the apex to one product of Gauss points in a box within the body."""
    reach = abs(points).max(axis=1)
    best, saved = None, 0
    for fraction in (0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5):
        chord = np.sqrt(1 - 2 * fraction**2)  # half of the shortest line through the box, within a ball of radius 1
        count = _nodes_within(fraction / chord, degree)
        gain = int((reach < fraction * room).sum()) - count**3
        if gain > saved:
            best, saved = (fraction * room, count), gain
    if best is None:
        return points, weights
    half, count = best
    inside = reach < half
    x, gauss = np.polynomial.legendre.leggauss(count)
    to_nodes = np.polynomial.legendre.legvander(x, count - 1) * (2 * np.arange(count) + 1) / 2 * gauss[:, None]
    merged = np.zeros((count**2, count))
    for start in range(0, int(inside.sum()), 20_000):
        at = np.flatnonzero(inside)[start : start + 20_000]
        a, b, c = (np.polynomial.legendre.legvander(column / half, count - 1) @ to_nodes.T for column in points[at].T)
        merged += ((a * weights[at, None])[:, :, None] * b[:, None, :]).reshape(len(at), -1).T @ c
    grid = np.stack(np.meshgrid(x, x, x, indexing="ij"), axis=-1).reshape(-1, 3) * half
    return np.concatenate([grid, points[~inside]]), np.concatenate([merged.ravel(), weights[~inside]])


# --- how many points an interval needs -------------------------------------------------------------------------------


@cache
def _half_widths(degree: int) -> Floats:
    """Half-lengths of an interval, relative to the body, up to which 1, 2, … Gauss points are enough.

    A polynomial with |p| ≤ 1 on [-1, 1] is at most exp(d acosh(1 + δ)) at the distance δ outside (Bernstein), hence
    on the ellipse with the sum of half-axes r around an interval of half-length h at the end of [-1, 1] at most that
    with δ = h ((r + 1/r)/2 - 1), and m Gauss points err by less than a few r^(-2m) times it.
    """
    r = np.exp(np.linspace(0.05, 8, 300))
    h = np.exp(np.linspace(np.log(1e-6), 0, 600))
    growth = degree * np.arccosh(1 + h[:, None] * ((r + 1 / r) / 2 - 1))
    m = np.arange(1, degree // 2 + 1)
    exponent = (growth[:, None, :] - 2 * m[:, None] * np.log(r)).min(axis=2)  # (h, m)
    enough = exponent < np.log(_TOLERANCE)
    return np.array([h[column].max() if column.any() else 0.0 for column in enough.T])


def _nodes_within(half: float, degree: int) -> int:
    """How many nodes interpolate a polynomial of the degree on the middle part [-half, half] of [-1, 1]."""
    r = np.exp(np.linspace(0.05, 8, 300))
    growth = degree * np.arcsinh(half * (r - 1 / r) / 2)
    exponents = [(growth - m * np.log(r)).min() for m in range(1, degree + 1)]
    enough = np.flatnonzero(np.array(exponents) < np.log(_TOLERANCE))
    return int(enough[0]) + 1 if len(enough) else degree + 1
