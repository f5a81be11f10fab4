"""Least squares for complex Lorentzians by variable projection: poles are searched, the rest is linear.

The data are the response itself, complex, with a residue for each pole; or, where phases were not recorded, its
square. That is a sum of the same poles: with S = B + Σ A_k L_k, |S|² = Re Σ c_k L_k + something smooth, so the same
algebra holds with the real parts. What is smooth within a window, such as the tails of remote lines, is a polynomial.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spectra.plugins.peaks.sweeps.response import response

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]

_RIDGE = 1e-11  # of normalised columns
_STEP = 0.5  # of a width, in one iteration
_WIDER = 2.0  # a width changes by no more in one iteration
_NARROWEST = 0.3  # of a step
_WIDEST = 1.0  # of the piece: wider ones cannot be told from the background
_DEGREES = (1, 2, 3, 4)  # of the background
_PRICE = 5.0  # of a further degree: what it has to gain in log-likelihood


@dataclass(frozen=True, kw_only=True, eq=False)
class Piece:
    """A stretch of a sweep, and what is needed to fit it.

    Parameters
    ----------
    x : ndarray, shape (n,)
        In MHz.
    y : ndarray, shape (n,)
        Complex response, or its real square.
    weights : ndarray, shape (n,)
        One over the standard deviation: of real data, or of the modulus of complex noise.
    blur
        See :func:`~spectra.plugins.peaks.sweeps.response.response`.
    rate
        Of the sweep, in MHz per µs.
    """

    x: Floats
    y: NDArray[np.inexact]
    weights: Floats
    blur: float = 0.0
    rate: float = 0.0

    @property
    def is_complex(self) -> bool:
        """Whether phases were recorded."""
        return self.y.dtype.kind == "c"

    def background(self, degree: int) -> Floats:
        """Return the weighted polynomials up to ``degree``, shape (n, degree + 1)."""
        t = 2 * (self.x - self.x[0]) / (self.x[-1] - self.x[0]) - 1
        return np.polynomial.legendre.legvander(t, degree) * self.weights[:, None]


@dataclass(frozen=True, kw_only=True, eq=False)
class Fit:
    """Lines fitted to a piece.

    Parameters
    ----------
    poles : ndarray, shape (m,)
    residues : ndarray, shape (m,)
    background : ndarray, shape (n,)
    residual : ndarray, shape (n,)
        Weighted.
    cost
        Sum of its squares: twice the degrees of freedom for complex data counts once.
    errors : ndarray, shape (m, 4)
        Standard deviations of Re p, Im p, Re A and Im A, for noise as the weights say.
    """

    poles: Complexes
    residues: Complexes
    background: NDArray[np.inexact]
    residual: NDArray[np.inexact]
    cost: float
    errors: Floats


def fit(piece: Piece, poles: Complexes, *, iterations: int = 12, errors: bool = False) -> Fit:
    """Fit lines that start at ``poles``, with free widths and residues, on a smooth background.

    Levenberg-Marquardt on the poles, with the linear parameters eliminated (Golub & Pereyra, SIAM J. Numer. Anal. 10,
    413 (1973), in Kaufman's approximation, BIT 15, 49 (1975)).
    """
    poles = np.array(poles, dtype=complex)
    data = piece.y * piece.weights
    damping, span = 1e-3, piece.x[-1] - piece.x[0]
    narrowest, widest = _NARROWEST * span / len(piece.x), _WIDEST * span
    lines = _lines(piece, poles)
    states = [_State(*lines, piece.background(degree), data) for degree in _DEGREES]
    price = _PRICE if piece.is_complex else 2 * _PRICE
    best = int(np.argmin([state.cost + price * degree for state, degree in zip(states, _DEGREES, strict=True)]))
    state, smooth = states[best], piece.background(_DEGREES[best])
    for _ in range(iterations if len(poles) else 0):
        step, gradient = state.step(damping)
        moved = _limited(poles, step, narrowest, widest)
        tried = _State(*_lines(piece, moved), smooth, data)
        if tried.cost < state.cost:
            gain = state.cost - tried.cost
            poles, state, damping = moved, tried, damping / 5
            if gain < 1e-3 and gain < 1e-5 * state.cost:
                break
        else:
            if damping > 1e3 or gradient < 1e-3:
                break
            damping *= 10
    coefficients = state.complex_residues()
    return Fit(
        poles=poles,
        residues=coefficients,
        background=state.background() / piece.weights,
        residual=state.residual,
        cost=state.cost,
        errors=_scale(state) * state.errors() if errors else np.full((len(poles), 4), np.nan),
    )


class _State:
    """Linear parameters and derivatives at given poles."""

    def __init__(
        self,
        lines: NDArray[np.inexact],
        slopes: Complexes,
        smooth: Floats,
        data: NDArray[np.inexact],
    ) -> None:
        self.is_complex = data.dtype.kind == "c"
        self.count = slopes.shape[1]
        design = np.concatenate([lines, smooth], axis=1)
        self.norms = np.sqrt(np.einsum("ij,ij->j", design.conj(), design).real)
        self.norms[self.norms == 0] = 1.0
        self.design = design / self.norms
        gram = self.design.conj().T @ self.design
        gram[np.diag_indices_from(gram)] += _RIDGE
        self.inverse = np.linalg.inv(gram)
        self.solution = self.inverse @ (self.design.conj().T @ data)
        self.residual = data - self.design @ self.solution
        self.cost = float(np.vdot(self.residual, self.residual).real)
        self.smooth_columns = smooth.shape[1]
        self.slopes = slopes

    def complex_residues(self) -> Complexes:
        """Return the residues, shape (m,)."""
        plain = (self.solution / self.norms)[: len(self.solution) - self.smooth_columns]
        if self.is_complex:
            return np.asarray(plain, dtype=complex)
        return np.asarray(plain[: self.count] + 1j * plain[self.count :], dtype=complex)

    def background(self) -> NDArray[np.inexact]:
        """Return the weighted background, shape (n,)."""
        first = len(self.solution) - self.smooth_columns
        return np.asarray(self.design[:, first:] @ self.solution[first:])

    def _moving(self) -> NDArray[np.inexact]:
        """Return derivatives by the poles: complex, or by their real and imaginary parts."""
        moving = self.slopes * self.complex_residues()
        return moving if self.is_complex else _as_real(moving)

    def step(self, damping: float) -> tuple[Complexes, float]:
        """Return the step of all poles, and what it promises to gain."""
        moving = self._moving()
        across = self.design.conj().T @ moving
        hessian = moving.conj().T @ moving - across.conj().T @ (self.inverse @ across)
        gradient = moving.conj().T @ self.residual
        diagonal = np.abs(np.diagonal(hessian)) + 1e-12 * np.abs(np.diagonal(moving.conj().T @ moving)) + 1e-300
        hessian[np.diag_indices_from(hessian)] += damping * diagonal
        step = np.linalg.solve(hessian, gradient)
        gain = float(np.vdot(gradient, step).real)
        if not self.is_complex:
            step = step[: self.count] + 1j * step[self.count :]
        return np.asarray(step, dtype=complex), gain

    def errors(self) -> Floats:
        """Return standard deviations of Re p, Im p, Re A and Im A, shape (m, 4): the Cramér-Rao bound."""
        moving = self._moving()
        norms = np.sqrt(np.einsum("ij,ij->j", moving.conj(), moving).real)
        norms[norms == 0] = 1.0
        jacobian = np.concatenate([moving / norms, self.design], axis=1)
        gram = jacobian.conj().T @ jacobian
        gram[np.diag_indices_from(gram)] += _RIDGE
        variances = np.diagonal(np.linalg.inv(gram)).real / np.concatenate([norms, self.norms]) ** 2
        variances = np.maximum(variances[: len(variances) - self.smooth_columns], 0)
        if not self.is_complex:
            return np.asarray(np.sqrt(variances).reshape(4, self.count).T)
        # noise with E|n|² = 1 has half of it in each part, and so has every complex parameter
        return np.asarray(np.sqrt(0.5 * variances.reshape(2, self.count).repeat(2, axis=0)).T)


def _scale(state: _State) -> float:
    """Return by how much the residual exceeds the noise, 1 or more: errors of the shape count as noise."""
    free = len(state.residual) - state.design.shape[1] - state.count
    return max(1.0, float(np.sqrt(state.cost / max(free, 1))) if free > 0 else 1.0)


def _lines(piece: Piece, poles: Complexes) -> tuple[NDArray[np.inexact], Complexes]:
    """Return the weighted columns of the lines, and their derivatives by the poles."""
    values, slopes = response(piece.x, poles, piece.rate, piece.blur)
    values, slopes = values * piece.weights[:, None], slopes * piece.weights[:, None]
    return (values if piece.is_complex else _as_real(values)), slopes


def _as_real(columns: Complexes) -> Floats:
    """Return the columns whose combinations are Re(c · column), for the real and the imaginary parts of c."""
    return np.concatenate([columns.real, -columns.imag], axis=1)


def _limited(poles: Complexes, step: Complexes, narrowest: float, widest: float) -> Complexes:
    width = 2 * poles.imag
    along = np.clip(step.real, -_STEP * width, _STEP * width)
    widths = np.clip(poles.imag + step.imag, poles.imag / _WIDER, poles.imag * _WIDER)
    return np.asarray(poles.real + along + 0.5j * np.clip(2 * widths, narrowest, widest))
