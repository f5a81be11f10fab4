"""Integrals over the inside of a closed triangulated surface, from the surface alone.

For an affine field F(x) = M (x - c) the divergence theorem reads ∫ (F·∇ + tr M) f dV = ∮ f F·n dS. Applied to the
products of polynomials φ_i φ_j, on which F·∇ acts as a matrix A because it keeps their degree,

    Aᵀ G + G A + tr(M) G = S,    G_ij = ∫ φ_i φ_j dV,    S_ij = ∮ φ_i φ_j F·n dS:

a Lyapunov equation for the integrals over the volume with those over the surface on its right. Nothing in it is
approximate, and no point inside the body has to be integrated over.

What it cannot help is that the field fills the body with signed cones (M = 1) or columns (M of rank 1), which in a ring
also pass through the hole, where polynomials may be large and cancel. Rounding then shows as a departure of G from
symmetry; among four fields the first without it is taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import lapack

from spectra.plugins.rus.bodies.orthogonal import OrthonormalPolynomials, orthonormal_polynomials

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_ENOUGH, _WORST = 1e-11, 1e-7  # relative errors of an integral: no other field is tried; none is good enough
_TOLERANCE = 1e-7  # of Bernstein's bound, which is met by four digits less at least (tests/rus/test_surface.py)
_WELL_ROUNDED = 1.5  # diameter to which a body is scaled for that bound: a cube has 2 √3 times a half-edge of 0.775
_AT_ONCE = 4000
_PAIRS_AT_ONCE = 2_000_000


def polynomials_on_body(
    vertices: Floats, faces: Integers, centre: Floats, spread: Floats, degree: int
) -> tuple[OrthonormalPolynomials, tuple[Floats, ...], Floats]:
    """Return polynomials on the inside of a surface and their Gram matrix.

    They are orthonormal over a scatter of points in the body, for which any will do that tell polynomials apart.

    Parameters
    ----------
    vertices : ndarray, shape (v, 3)
    faces : ndarray of int, shape (f, 3)
        A surface that :func:`~spectra.plugins.rus.bodies.triangulation.check_mesh` accepts.
    centre : ndarray, shape (3,)
        Centre of mass.
    spread : ndarray, shape (3, 3)
        ∫ (x - centre)(x - centre)ᵀ dV / V.

    Returns
    -------
    polynomials
        n of them.
    derivatives : tuple of ndarray, shape (n, n)
        As :meth:`OrthonormalPolynomials.derivatives` gives them.
    gram : ndarray, shape (n, n)
        Means of their products over the body.

    Raises
    ------
    ValueError
        If rounding leaves too few digits, as in a thin-walled ring that is not about a coordinate axis.
    """
    corners = vertices[faces] - centre
    polynomials, multiply = orthonormal_polynomials(*_scatter(corners, degree), degree)
    derivatives = polynomials.derivatives(multiply)
    # The rule looks at the body stretched to a round one: bounds on polynomials do not change with affine maps.
    values, axes = np.linalg.eigh(spread)
    rule = _surface_rule(corners, corners @ (axes / np.sqrt(5 * values)), 2 * degree)
    fields = []  # (x_a - c_a) ∂_a as a matrix on the polynomials
    for axis, derivative in enumerate(derivatives):
        fields.append(polynomials.centre[axis] * derivative + polynomials.scale[axis] * multiply[axis] @ derivative)
    best, error = None, np.inf
    for along in ((0, 1, 2), (2,), (1,), (0,)):
        found = _gram(polynomials, sum(fields[a] for a in along), rule, along)
        departure = float(abs(found - found.T).max() / np.diag(found).max())
        if departure < error:
            best, error = found, departure
        if error < _ENOUGH:
            break
    if best is None or error > _WORST:
        raise ValueError(
            f"the integrals over the body have an error of {error:.1g} by rounding; a thin-walled ring needs its axis "
            "along x, y or z, or a lower order"
        )
    return polynomials, derivatives, (best + best.T) / (2 * best[0, 0])


def _gram(
    polynomials: OrthonormalPolynomials, field: Floats, rule: tuple[Floats, Floats], along: tuple[int, ...]
) -> Floats:
    """Solve the Lyapunov equation of the field that points from the origin ``along`` some axes."""
    surface = np.zeros((polynomials.size, polynomials.size))
    for start in range(0, len(rule[0]), _AT_ONCE):
        points, normals = (part[start : start + _AT_ONCE] for part in rule)
        flux = (points[:, along] * normals[:, along]).sum(axis=1)
        values = polynomials.evaluate(points)
        surface += values.T @ (flux[:, None] * values)
    # The field keeps the span of the first k monomials for every k: its matrix is upper triangular, up to rounding.
    triangular = np.triu(field) + len(along) / 2 * np.eye(polynomials.size)
    gram, scale, _ = lapack.dtrsyl(triangular, triangular, surface, trana="T")
    solved: Floats = gram / scale
    return solved


def _scatter(corners: Floats, degree: int) -> tuple[Floats, Floats]:
    """Return points in the body, shape (q, 3), with positive weights: Gauss points on random lines along z."""
    rng = np.random.default_rng(0)
    t, gauss = np.polynomial.legendre.leggauss(degree + 5)
    points, weights = [], []
    for x, y, heights in _lines(corners, 3 * (degree + 1) ** 2, rng):
        for low, high in heights.reshape(-1, 2):
            z = (low + high) / 2 + (high - low) / 2 * t
            points.append(np.column_stack([np.full_like(z, x), np.full_like(z, y), z]))
            weights.append((high - low) / len(heights) * gauss)
    return np.concatenate(points), np.concatenate(weights)


def _lines(corners: Floats, count: int, rng: np.random.Generator) -> Iterator[tuple[float, float, Floats]]:
    """Yield x, y and the ascending heights of the surface for random lines along z through it."""
    doubled = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])[:, 2]
    seen = doubled != 0
    triangles, doubled = corners[seen], doubled[seen]
    through = rng.choice(len(triangles), count, p=abs(doubled) / abs(doubled).sum())
    flat = np.einsum("lc,lca->la", rng.dirichlet((1, 1, 1), count), triangles[through])[:, :2]
    a, b, c = triangles[:, :, :2].transpose(1, 0, 2)
    step = max(1, _PAIRS_AT_ONCE // len(triangles))
    for start in range(0, count, step):
        p = flat[start : start + step, None]
        in_a = _doubled_area(b, c, p) / doubled
        in_b = _doubled_area(c, a, p) / doubled
        shares = np.stack([in_a, in_b, 1 - in_a - in_b], axis=-1)
        inside: NDArray[np.bool_] = np.all(shares > 0, axis=-1)
        for place, (share, hit) in enumerate(zip(shares, inside, strict=True)):
            heights = np.sort((share[hit] * triangles[hit, :, 2]).sum(axis=1))
            if len(heights) % 2 == 0:  # a line through an edge may miss a triangle; there are others
                yield *flat[start + place], heights


def _doubled_area(a: Floats, b: Floats, p: Floats) -> Floats:
    area: Floats = (a[:, 0] - p[..., 0]) * (b[:, 1] - p[..., 1]) - (a[:, 1] - p[..., 1]) * (b[:, 0] - p[..., 0])
    return area


def _surface_rule(corners: Floats, rounded: Floats, degree: int) -> tuple[Floats, Floats]:
    """Return points (q, 3) and weighted normals n dS (q, 3), integrating polynomials of the degree on each triangle.

    Product Gauss rules in collapsed coordinates x = a + u (b - a) + u v (c - b), of as many points as the size of
    the triangle in the ``rounded`` body asks for.
    """
    sides = np.linalg.norm(rounded - np.roll(rounded, -1, axis=1), axis=2)  # opposite to corners 2, 0, 1
    turn = (np.argmin(sides, axis=1)[:, None] + 2 + np.arange(3)) % 3  # the shortest side last, for slender triangles
    corners = np.take_along_axis(corners, turn[:, :, None], axis=1)
    along, across = np.sort(sides, axis=1)[:, [2, 0]].T
    bounds = _half_widths(degree)
    counts = np.stack([np.searchsorted(bounds, side / _WELL_ROUNDED) + 1 for side in (along, across)], axis=1)
    counts = np.minimum(counts, degree // 2 + 1)
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    points, weighted = [], []
    for pair in np.unique(counts, axis=0):
        chosen = (counts == pair).all(axis=1)
        u, weights_u = _gauss_jacobi(int(pair[0]), 1)
        v, weights_v = _gauss_jacobi(int(pair[1]), 0)
        shares = np.stack([np.outer(1 - u, np.ones_like(v)), np.outer(u, 1 - v), np.outer(u, v)]).reshape(3, -1)
        points.append(np.einsum("cq,fca->fqa", shares, corners[chosen]).reshape(-1, 3))
        weighted.append(np.einsum("q,fa->fqa", np.outer(weights_u, weights_v).ravel(), normals[chosen]).reshape(-1, 3))
    return np.concatenate(points), np.concatenate(weighted)


@cache
def _gauss_jacobi(count: int, power: int) -> tuple[Floats, Floats]:
    """Gauss rule on [0, 1] for the weight x^power."""
    from scipy.special import roots_jacobi

    x, weights = roots_jacobi(count, 0, power)
    return (x + 1) / 2, weights / 2 ** (power + 1)


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
