"""Orthonormal polynomials on any body, by an Arnoldi process on the points of a quadrature rule.

Monomials, and Legendre products on a bounding box, are nearly dependent on a body that fills the box badly: at degree
12 their Gram matrix has a condition of 10⁹ on a ball. Multiplying one orthonormal polynomial by a coordinate and making
the product orthogonal to its predecessors never leaves the well-conditioned set (Brubeck, Nakatsukasa and Trefethen,
SIAM Rev. 63, 405 (2021), for one variable; in several, a product of degree k is orthogonal to all below degree k - 2
already, so that the process stays short). The weights of the rule may be negative as long as it integrates exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

# Departure from orthonormality beyond which frequencies would suffer.
_WORST = 1e-8


@dataclass(frozen=True, kw_only=True, eq=False)
class _Shell:
    """The polynomials of one degree: products of a coordinate and a parent, made orthonormal."""

    degree: int
    place: slice
    parents: Integers  # (m,)
    variables: Integers  # (m,)
    projections: Floats  # (n_before, m): what is subtracted of the polynomials before
    mixing: Floats  # (m, m), upper triangular: product - projections = shell @ mixing


@dataclass(frozen=True, kw_only=True, eq=False)
class OrthonormalPolynomials:
    """Polynomials φ_j, orthonormal for the mean over a body: Σ_q w_q φ_i(x_q) φ_j(x_q) / Σ_q w_q = δ_ij.

    Parameters
    ----------
    centre, scale : ndarray, shape (d,)
        Coordinates are mapped to (x - centre) / scale first.
    size
        Number n of polynomials.
    """

    centre: Floats
    scale: Floats
    size: int
    shells: tuple[_Shell, ...]

    @property
    def degrees(self) -> Integers:
        """Degree of each, shape (n,)."""
        return np.concatenate([[0], *(np.full(len(shell.parents), shell.degree) for shell in self.shells)])

    def evaluate(self, points: Floats) -> Floats:
        """Return the values at ``points``, shape (q, d), as an array (q, n)."""
        x = ((points - self.centre) / self.scale).T
        values = np.empty((self.size, len(points)))  # by rows, so that a shell is contiguous
        values[0] = 1.0
        for shell in self.shells:
            raw = x[shell.variables] * values[shell.parents]
            raw -= shell.projections.T @ values[: shell.place.start]
            values[shell.place] = linalg.inv(shell.mixing).T @ raw
        return values.T

    def derivatives(self, multiply: tuple[Floats, ...]) -> tuple[Floats, ...]:
        """Return the matrices D_a with ∂φ_j/∂x_a = Σ_i φ_i (D_a)_ij.

        They follow from the process itself: the derivative of a product is known as soon as those of its factors are.

        Parameters
        ----------
        multiply
            From :func:`orthonormal_polynomials`.
        """
        matrices = []
        for variable, scale in enumerate(self.scale):
            d = np.zeros((self.size, self.size))
            for shell in self.shells:
                raw = -d[:, : shell.place.start] @ shell.projections
                for other, x in enumerate(multiply):
                    mine = np.flatnonzero(shell.variables == other)
                    raw[:, mine] += x @ d[:, shell.parents[mine]]
                own = np.flatnonzero(shell.variables == variable)
                raw[shell.parents[own], own] += 1.0
                d[:, shell.place] = linalg.solve_triangular(shell.mixing, raw.T, trans="T").T
            matrices.append(d / scale)
        return tuple(matrices)


def orthonormal_polynomials(
    points: Floats, weights: Floats, degree: int, *, degrees: tuple[int, ...] | None = None
) -> tuple[OrthonormalPolynomials, tuple[Floats, ...]]:
    """Build the orthonormal polynomials up to ``degree``.

    Parameters
    ----------
    points : ndarray, shape (q, d)
    weights : ndarray, shape (q,)
        Of a rule that is exact to degree 2 ``degree``.
    degrees
        What a factor of each variable counts towards the degree; 1 for all by default.

    Returns
    -------
    polynomials
        n of them, by ascending degree.
    multiply : tuple of d ndarray, shape (n, n)
        The matrices of multiplication by each scaled coordinate, exact in all columns below the highest degree.

    Raises
    ------
    ValueError
        If the result is not orthonormal, because the rule does not belong to a body or is not exact.
    """
    dimension = points.shape[1]
    degrees = degrees or (1,) * dimension
    low, high = points.min(axis=0), points.max(axis=0)
    centre, scale = (low + high) / 2, (high - low) / 2
    x = (points - centre) / scale
    w = weights / weights.sum()

    exponents = _exponents(degree, degrees)
    place_of = {exponent: place for place, exponent in enumerate(exponents)}
    total = np.array([np.dot(exponent, degrees) for exponent in exponents])
    size = len(exponents)
    values = np.empty((size, len(points)))  # by rows, so that a shell is contiguous
    values[0] = 1.0
    multiply = tuple(np.zeros((size, size)) for _ in range(dimension))
    shells = []
    _multiply_up_to(multiply, values, x, w, total, 0, degrees)
    for k in range(1, degree + 1):
        members = np.flatnonzero(total == k)
        parents, variables = _parents(exponents, members, place_of)
        before = slice(int(np.searchsorted(total, k - 2 * max(degrees))), int(members[0]))
        place = slice(int(members[0]), int(members[-1]) + 1)
        raw = x.T[variables] * values[parents]
        projections = np.zeros((place.start, len(members)))
        mixing = np.eye(len(members))
        for _ in range(2):  # once is not enough for orthogonality to the last digit, twice is
            overlap = (values[before] * w) @ raw.T
            raw -= overlap.T @ values[before]
            projections[before] += overlap @ mixing
            upper = linalg.cholesky((raw * w) @ raw.T)
            raw = linalg.solve_triangular(upper, raw, trans="T")
            mixing = upper @ mixing
        values[place] = raw
        shells.append(
            _Shell(degree=k, place=place, parents=parents, variables=variables, projections=projections, mixing=mixing)
        )
        _multiply_up_to(multiply, values, x, w, total, k, degrees)
    if abs(np.einsum("iq,iq,q->i", values, values, w) - 1).max() > _WORST:
        raise ValueError("the polynomials are not orthonormal")
    polynomials = OrthonormalPolynomials(centre=centre, scale=scale, size=size, shells=tuple(shells))
    return polynomials, multiply


def _exponents(degree: int, degrees: tuple[int, ...]) -> list[tuple[int, ...]]:
    """List all exponents with a degree up to ``degree``, by degree, the first variable's power falling."""
    ranges = [range(degree // d, -1, -1) for d in degrees]
    everything = [e for e in product(*ranges) if np.dot(e, degrees) <= degree]
    return sorted(everything, key=lambda e: int(np.dot(e, degrees)))


def _parents(
    exponents: list[tuple[int, ...]], members: Integers, place_of: dict[tuple[int, ...], int]
) -> tuple[Integers, Integers]:
    """Return for each member the polynomial that it is made of, and the variable that this is multiplied by."""
    parents, variables = [], []
    for member in members:
        exponent = exponents[member]
        variable = next(a for a in range(len(exponent)) if exponent[a] > 0)
        parents.append(place_of[tuple(e - (a == variable) for a, e in enumerate(exponent))])
        variables.append(variable)
    return np.array(parents), np.array(variables)


def _multiply_up_to(
    multiply: tuple[Floats, ...],
    values: Floats,
    x: Floats,
    w: Floats,
    total: Integers,
    k: int,
    degrees: tuple[int, ...],
) -> None:
    """Fill in the products between the polynomials of degree k and those that a coordinate can connect them with."""
    shell = slice(*np.searchsorted(total, [k, k + 1]))
    for variable, matrix in enumerate(multiply):
        near = slice(int(np.searchsorted(total, k - degrees[variable])), shell.stop)
        block = (values[near] * (w * x[:, variable])) @ values[shell].T
        matrix[near, shell] = block
        matrix[shell, near] = block.T
