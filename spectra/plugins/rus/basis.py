"""Orthonormal polynomial bases on simple bodies, with their exact derivative matrices.

All bases of degree N span the same space, the polynomials in x, y, z of total degree at most N. Because the basis is
orthonormal over the body, and the derivative of a polynomial of degree N is one of degree N - 1, three sparse matrices
hold all that the forward model must know about a shape: D_a with ∂φ_j/∂x_a = Σ_i φ_i (D_a)_ij. Every energy integral is
a product of them, ∫ ∂_a φ_i ∂_b φ_j dV / V = (D_aᵀ D_b)_ij, without a quadrature error.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import eval_jacobi

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Basis:
    """An orthonormal polynomial basis on a body centred at the origin.

    Parameters
    ----------
    derivatives
        D_x, D_y, D_z in 1/m, sparse, each shape (n, n), upper triangular in the degree.
    angular : ndarray of int, shape (n, 2), optional
        On a body of revolution about z, the angular dependence of each function: columns l ≥ 0, and 0 for cos(lφ)
        or 1 for sin(lφ). Functions that differ only in the second column are otherwise equal.
    """

    degree: int
    derivatives: tuple[sparse.csr_array, sparse.csr_array, sparse.csr_array]
    angular: Integers | None = None

    @property
    def size(self) -> int:
        """Number of functions, (N+1)(N+2)(N+3)/6."""
        return int(self.derivatives[0].shape[0])


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
    return Basis(degree=degree, derivatives=(derivatives[0], derivatives[1], derivatives[2]))


def cylinder_basis(radius: float, height: float, degree: int) -> Basis:
    """Return Zernike times Legendre polynomials on a circular cylinder about z, in m."""
    order, angular, d_x, d_y = _zernike_derivatives(degree)
    powers = np.arange(degree + 1)
    total = order[:, None] + powers[None, :]
    kept = np.flatnonzero(total.ravel() <= degree)
    one_disc, one_z = sparse.eye_array(len(order), format="csr"), sparse.eye_array(degree + 1, format="csr")
    d_z = sparse.csr_array(_legendre_derivative(degree))
    return Basis(
        degree=degree,
        derivatives=(
            _restricted(sparse.kron(d_x, one_z), kept) / radius,
            _restricted(sparse.kron(d_y, one_z), kept) / radius,
            _restricted(sparse.kron(one_disc, d_z), kept) * (2 / height),
        ),
        angular=np.repeat(angular, degree + 1, axis=0)[kept],
    )


def _restricted(matrix: sparse.sparray, kept: Integers) -> sparse.csr_array:
    return sparse.csr_array(sparse.csr_array(matrix)[kept][:, kept])


def _legendre_derivative(degree: int) -> Floats:
    """Differentiate sqrt(2j+1) P_j on [-1, 1], orthonormal for the mean value, in terms of the same functions.

    From P'_j = Σ (2i+1) P_i over i = j-1, j-3, … (DLMF 18.9.19 summed).
    """
    i, j = np.indices((degree + 1, degree + 1))
    matrix: Floats = np.where((i < j) & ((i + j) % 2 == 1), np.sqrt((2 * i + 1.0) * (2 * j + 1.0)), 0.0)
    return matrix


def _zernike_derivatives(
    degree: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64], sparse.csr_array, sparse.csr_array]:
    """Orders, angular labels and derivative matrices of the Zernike polynomials on the unit disc.

    The polynomials are orthonormal for the mean over the disc: sqrt((2 - δ_l0)(n+1)) R_n^l(r) cos lφ or sin lφ, with
    R_n^l(r) = r^l P_k^(0,l)(2r² - 1), k = (n-l)/2 (Born and Wolf, section 9.2). The integrals of the derivatives are
    taken by a product rule that is exact for their degree, 2N.
    """
    labels = [(n, l, s) for n in range(degree + 1) for l in range(n % 2, n + 1, 2) for s in (0, 1) if l or not s]  # noqa: E741
    nodes, radial_weights = np.polynomial.legendre.leggauss(degree + 2)
    r = np.sqrt((nodes + 1) / 2)  # uniform in r², the area; exact since the integrands are polynomials in r²
    phi = np.arange(2 * degree + 2) * (2 * np.pi / (2 * degree + 2))
    radius, angle = (grid.ravel() for grid in np.meshgrid(r, phi, indexing="ij"))
    weights = np.repeat(radial_weights / 2, len(phi)) / len(phi)

    values, along_x, along_y = (np.empty((len(labels), len(radius))) for _ in range(3))
    for row, (n, l, is_sine) in enumerate(labels):  # noqa: E741
        k, u, scale = (n - l) // 2, 2 * radius**2 - 1, np.sqrt((2 - (l == 0)) * (n + 1))
        jacobi = eval_jacobi(k, 0, l, u)
        jacobi_slope = 0.5 * (k + l + 1) * eval_jacobi(k - 1, 1, l + 1, u) if k else np.zeros_like(u)
        part = scale * radius**l * jacobi
        d_r = scale * (4 * radius ** (l + 1) * jacobi_slope + l * radius ** max(l - 1, 0) * jacobi)
        cos, sin = np.cos(l * angle), np.sin(l * angle)
        wave, d_wave = (sin, l * cos) if is_sine else (cos, -l * sin)
        values[row] = part * wave
        radial, azimuthal = d_r * wave, part / radius * d_wave
        along_x[row] = radial * np.cos(angle) - azimuthal * np.sin(angle)
        along_y[row] = radial * np.sin(angle) + azimuthal * np.cos(angle)

    weighted = values * weights
    orders = np.array([n for n, _, _ in labels])
    angular = np.array([(l, s) for _, l, s in labels])  # noqa: E741
    return orders, angular, _sparse(weighted @ along_x.T), _sparse(weighted @ along_y.T)


def _sparse(matrix: Floats) -> sparse.csr_array:
    """Drop what selection rules make zero and rounding does not; entries that remain are at least of order 1."""
    return sparse.csr_array(np.where(np.abs(matrix) > 1e-9, matrix, 0.0))
