"""Orthonormal polynomial bases on bodies, with their exact derivative matrices.

All bases of degree N span the same space, the polynomials in x, y, z of total degree at most N. Because the basis is
orthonormal over the body, and the derivative of a polynomial of degree N is one of degree N - 1, three matrices hold
all that the forward model must know about a shape: D_a with ∂φ_j/∂x_a = Σ_i φ_i (D_a)_ij. Every energy integral is a
product of them, ∫ ∂_a φ_i ∂_b φ_j dV / V = (D_aᵀ D_b)_ij.

A box has Legendre products, known in closed form. A body of revolution is reduced to its meridian section, a prism to
its cross-section, any other body to a rule for its volume; there :mod:`~spectra.plugins.rus.bodies.orthogonal` does
the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse

from spectra.plugins.rus.bodies.orthogonal import orthonormal_polynomials
from spectra.plugins.rus.bodies.surface import polynomials_on_body
from spectra.plugins.rus.bodies.triangulation import Mesh, mass_properties
from spectra.plugins.rus.threads import one_blas_thread

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Basis:
    """An orthonormal polynomial basis on a body.

    Parameters
    ----------
    degrees : ndarray of int, shape (n,)
        Total degree of each function; those up to some degree are a basis by themselves.
    derivatives
        D_x, D_y, D_z in 1/m, sparse, each shape (n, n).
    evaluate
        Maps points, shape (q, 3) in m, to the values of all functions, shape (q, n).
    angular : ndarray of int, shape (n, 2), optional
        On a body of revolution about z, the angular dependence of each function: columns l ≥ 0, and 0 for cos(lφ)
        or 1 for sin(lφ). Functions that differ only in the second column are otherwise equal, and the k-th cosine of
        order l > 0 belongs to the k-th sine.
    """

    degrees: Integers
    derivatives: tuple[sparse.csr_array, sparse.csr_array, sparse.csr_array]
    evaluate: Callable[[Floats], Floats]
    angular: Integers | None = None

    @property
    def size(self) -> int:
        """Number of functions, (N+1)(N+2)(N+3)/6."""
        return int(self.derivatives[0].shape[0])

    @property
    def degree(self) -> int:
        """Highest degree."""
        return int(self.degrees.max())

    def truncated(self, degree: int) -> Basis:
        """Return the basis of a lower degree on the same body, which is a part of this one."""
        kept = np.flatnonzero(self.degrees <= degree)
        d_x, d_y, d_z = (_restricted(d, kept) for d in self.derivatives)
        return Basis(
            degrees=self.degrees[kept],
            derivatives=(d_x, d_y, d_z),
            evaluate=lambda points: self.evaluate(points)[:, kept],
            angular=None if self.angular is None else self.angular[kept],
        )

    def stretched(self, factors: tuple[float, float, float]) -> Basis:
        """Return the basis on the body stretched along x, y and z: an ellipsoid from a sphere, for instance."""
        d_x, d_y, d_z = (d / factor for d, factor in zip(self.derivatives, factors, strict=True))
        round_still = factors[0] == factors[1]
        return replace(
            self,
            derivatives=(d_x, d_y, d_z),
            evaluate=lambda points: self.evaluate(points / np.array(factors)),
            angular=self.angular if round_still else None,
        )


def box_basis(lengths: tuple[float, float, float], degree: int) -> Basis:
    """Return products of Legendre polynomials on a box with edges ``lengths`` in m along x, y and z."""
    powers = np.arange(degree + 1)
    i, j, k = (index.ravel() for index in np.meshgrid(powers, powers, powers, indexing="ij"))
    kept = np.flatnonzero(i + j + k <= degree)
    d, one = sparse.csr_array(_legendre_derivative(degree)), sparse.eye_array(degree + 1, format="csr")
    factors = ((d, one, one), (one, d, one), (one, one, d))
    derivatives = [
        _restricted(sparse.kron(sparse.kron(x, y), z), kept) * (2 / length)
        for (x, y, z), length in zip(factors, lengths, strict=True)
    ]

    def evaluate(points: Floats) -> Floats:
        x, y, z = (_legendre(2 * points[:, a] / length, degree) for a, length in enumerate(lengths))
        return x[:, i[kept]] * y[:, j[kept]] * z[:, k[kept]]

    return Basis(
        degrees=(i + j + k)[kept],
        derivatives=(derivatives[0], derivatives[1], derivatives[2]),
        evaluate=evaluate,
    )


@one_blas_thread()
def revolution_basis(section: Floats, weights: Floats, degree: int) -> Basis:
    """Return a basis on a body of revolution about z: r^l cos(lφ) or r^l sin(lφ) times polynomials in r² and z.

    Parameters
    ----------
    section : ndarray, shape (q, 2)
        Points r², z of a rule for the meridian section, in m² and m.
    weights : ndarray, shape (q,)
        For ∫ f(r², z) d(r²) dz; exact where f has the degree 2 ``degree``, r² counting twice.
    """
    squared, waves = section[:, 0], range(degree + 1)
    values, slopes, polynomials = [], [], []  # for each l: p and (∂p/∂r², ∂p/∂z) at the points, and p itself
    for wave in waves:
        family, multiply = orthonormal_polynomials(
            section, weights * (squared / squared.max()) ** wave, degree - wave, degrees=(2, 1)
        )
        at_points = family.evaluate(section)
        polynomials.append(family)
        values.append(at_points)
        slopes.append([at_points @ d for d in family.derivatives(multiply)])
    # r^l p cos(lφ) is normalised for the mean over the body by this factor.
    mean = np.array([np.sum(weights * squared**wave) for wave in waves]) / np.sum(weights)
    norm = np.sqrt(np.where(np.arange(degree + 1) > 0, 2.0, 1.0) / mean)

    def overlap(wave: int, other: int, integrand: Floats) -> Floats:
        """Return <φ', f> of family ``other``, for f = r^l' ``integrand`` cos(l'φ) with the norm of family ``wave``."""
        weighted = values[other] * (weights * squared**other / np.sum(weights * squared**other))[:, None]
        return (norm[wave] / norm[other]) * weighted.T @ integrand

    kinds = [(wave, sine) for wave in waves for sine in ((0, 1) if wave else (0,))]
    place = {kind: index for index, kind in enumerate(kinds)}
    blocks: list[list[list[Floats | None]]] = [[[None] * len(kinds) for _ in kinds] for _ in range(3)]
    for wave, sine in kinds:
        column = place[wave, sine]
        along_square, along_z = slopes[wave]
        blocks[2][column][column] = overlap(wave, wave, along_z)
        if wave < degree:
            # 2r cosφ · cos lφ and its like hold cos (l+1)φ once, or twice where l = 0.
            up = overlap(wave, wave + 1, along_square) * (1 if wave else 2)
            blocks[0][place[wave + 1, sine]][column] = up
            blocks[1][place[wave + 1, 1 - sine]][column] = up if sine == 0 else -up
        if wave > 0:
            down = overlap(wave, wave - 1, wave * values[wave] + squared[:, None] * along_square)
            if (wave - 1, sine) in place:
                blocks[0][place[wave - 1, sine]][column] = down
            if (wave - 1, 1 - sine) in place:
                blocks[1][place[wave - 1, 1 - sine]][column] = down if sine == 1 else -down
    sizes = [values[wave].shape[1] for wave, _ in kinds]
    d_x, d_y, d_z = (_assembled(block, sizes) for block in blocks)

    def evaluate(points: Floats) -> Floats:
        x, y, z = points.T
        radius, angle = np.hypot(x, y), np.arctan2(y, x)
        meridian = np.stack([radius**2, z], axis=1)
        columns = []
        for wave, sine in kinds:
            turn = np.sin(wave * angle) if sine else np.cos(wave * angle)
            columns.append((norm[wave] * radius**wave * turn)[:, None] * polynomials[wave].evaluate(meridian))
        return np.concatenate(columns, axis=1)

    return Basis(
        degrees=np.concatenate([wave + polynomials[wave].degrees for wave, _ in kinds]),
        derivatives=(d_x, d_y, d_z),
        evaluate=evaluate,
        angular=np.repeat(np.array(kinds), sizes, axis=0),
    )


@one_blas_thread()
def prism_basis(section: Floats, weights: Floats, height: float, degree: int) -> Basis:
    """Return a basis on a prism along z: polynomials on its cross-section times Legendre polynomials.

    Parameters
    ----------
    section : ndarray, shape (q, 2)
        Points x, y of a rule for the cross-section, in m, exact to degree 2 ``degree``.
    weights : ndarray, shape (q,)
    height
        In m; the prism reaches half of it to either side of z = 0.
    """
    polynomials, multiply = orthonormal_polynomials(section, weights, degree)
    orders = polynomials.degrees
    degrees = (orders[:, None] + np.arange(degree + 1)).ravel()
    kept = np.flatnonzero(degrees <= degree)
    d_x, d_y = (_sparse(d) for d in polynomials.derivatives(multiply))
    d_z = sparse.csr_array(_legendre_derivative(degree))
    one_section, one_z = sparse.eye_array(len(orders), format="csr"), sparse.eye_array(degree + 1, format="csr")

    def evaluate(points: Floats) -> Floats:
        across, along = polynomials.evaluate(points[:, :2]), _legendre(2 * points[:, 2] / height, degree)
        return (across[:, :, None] * along[:, None, :]).reshape(len(points), -1)[:, kept]

    return Basis(
        degrees=degrees[kept],
        derivatives=(
            _restricted(sparse.kron(d_x, one_z), kept),
            _restricted(sparse.kron(d_y, one_z), kept),
            _restricted(sparse.kron(one_section, d_z), kept) * (2 / height),
        ),
        evaluate=evaluate,
    )


def body_basis(points: Floats, weights: Floats, degree: int) -> Basis:
    """Return a basis on any body.

    Parameters
    ----------
    points : ndarray, shape (q, 3)
        Of a rule for its volume, in m, exact to degree 2 ``degree``.
    weights : ndarray, shape (q,)
    """
    polynomials, multiply = orthonormal_polynomials(points, weights, degree)
    d_x, d_y, d_z = (_sparse(d) for d in polynomials.derivatives(multiply))
    return Basis(degrees=polynomials.degrees, derivatives=(d_x, d_y, d_z), evaluate=polynomials.evaluate)


def mesh_basis(mesh: Mesh, degree: int) -> Basis:
    """Return a basis on the inside of a closed surface, its coordinates and their origin being those of the mesh.

    Parameters
    ----------
    mesh
        In m; one that :func:`~spectra.plugins.rus.bodies.triangulation.check_mesh` accepts.

    Raises
    ------
    ValueError
        If the body cannot be integrated over to enough digits, as a thin-walled ring away from the coordinate axes.
    """
    body = mass_properties(mesh)
    spread = np.trace(body.inertia) / 2 * np.eye(3) - body.inertia
    scattered, derivatives, gram = polynomials_on_body(
        mesh.vertices, mesh.faces, body.centre, spread / body.volume, degree
    )
    # φ R⁻¹ is orthonormal where the Gram matrix is RᵀR; R being triangular, each function keeps its leading monomial,
    # so that a body with mirror planes has even and odd functions.
    upper = linalg.cholesky(gram)
    inverse = linalg.solve_triangular(upper, np.eye(len(upper)))
    d_x, d_y, d_z = (_sparse(upper @ d @ inverse) for d in derivatives)

    def evaluate(points: Floats) -> Floats:
        return scattered.evaluate(points - body.centre) @ inverse

    return Basis(degrees=scattered.degrees, derivatives=(d_x, d_y, d_z), evaluate=evaluate)


def _assembled(blocks: list[list[Floats | None]], sizes: list[int]) -> sparse.csr_array:
    """Put the blocks of a derivative together, leaving out what the symmetry of a body makes zero."""
    starts = np.concatenate([[0], np.cumsum(sizes)])
    places, entries = [], []
    for row, line in zip(starts, blocks, strict=False):
        for column, block in zip(starts, line, strict=False):
            if block is not None:
                i, j = np.nonzero(_significant(block))
                places.append(np.stack([row + i, column + j]))
                entries.append(block[i, j])
    shape = (starts[-1], starts[-1])
    return sparse.csr_array((np.concatenate(entries), np.concatenate(places, axis=1)), shape=shape)


def _restricted(matrix: sparse.sparray, kept: Integers) -> sparse.csr_array:
    return sparse.csr_array(sparse.csr_array(matrix)[kept][:, kept])


def _legendre(x: Floats, degree: int) -> Floats:
    """Values of sqrt(2j+1) P_j, shape (q, degree + 1)."""
    return np.asarray(np.polynomial.legendre.legvander(x, degree) * np.sqrt(2 * np.arange(degree + 1) + 1), float)


def _legendre_derivative(degree: int) -> Floats:
    """Differentiate sqrt(2j+1) P_j on [-1, 1], orthonormal for the mean value, in terms of the same functions.

    From P'_j = Σ (2i+1) P_i over i = j-1, j-3, … (DLMF 18.9.19 summed).
    """
    i, j = np.indices((degree + 1, degree + 1))
    matrix: Floats = np.where((i < j) & ((i + j) % 2 == 1), np.sqrt((2 * i + 1.0) * (2 * j + 1.0)), 0.0)
    return matrix


def _sparse(matrix: Floats) -> sparse.csr_array:
    """Drop what the symmetry of a body makes zero and rounding does not."""
    return sparse.csr_array(np.where(_significant(matrix), matrix, 0.0))


def _significant(matrix: Floats) -> NDArray[np.bool_]:
    significant: NDArray[np.bool_] = np.abs(matrix) > 1e-11 * np.abs(matrix).max(initial=1e-300)
    return significant
