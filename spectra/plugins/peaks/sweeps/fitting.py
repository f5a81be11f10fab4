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

_RIDGE = 1e-12  # of normalised columns
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
        """Return the weighted polynomials up to ``degree``, shape (degree + 1, n)."""
        t = 2 * (self.x - self.x[0]) / (self.x[-1] - self.x[0]) - 1
        return np.asarray(np.polynomial.legendre.legvander(t, degree).T * self.weights)


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
    413 (1973), in Kaufman's approximation, BIT 15, 49 (1975)). All of an iteration follows from the products of its
    columns. The linear parameters are those of the last iteration and a small change, which keeps the digits that
    normal equations would lose.
    """
    poles = np.array(poles, dtype=complex)
    damping, span = 1e-3, piece.x[-1] - piece.x[0]
    narrowest, widest = _NARROWEST * span / len(piece.x), _WIDEST * span
    smooth = piece.background(_DEGREES[-1])
    state = _start(piece, poles, smooth)
    for _ in range(iterations if len(poles) else 0):
        step, gradient = state.step(damping)
        moved = _limited(poles, step, narrowest, widest)
        tried = _State(piece, moved, smooth[: state.smooth], state.expected(moved - poles))
        if tried.cost < state.cost:
            gain = state.cost - tried.cost
            poles, state, damping = moved, tried, damping / 5
            if gain < 1e-3 and gain < 1e-5 * state.cost:
                break
        else:
            if damping > 1e3 or gradient < 1e-3:
                break
            damping *= 10
    return Fit(
        poles=poles,
        residues=state.residues,
        background=state.background() / piece.weights,
        residual=state.residual,
        cost=state.cost,
        errors=_scale(state) * state.errors() if errors else np.full((len(poles), 4), np.nan),
    )


def doubled(piece: Piece, poles: Complexes) -> tuple[Floats, Complexes]:
    """Ask for each line whether two would fit better: score test (Rao 1948) for poles at p ± δ in its place.

    Two lines of half the residue A at p ± δ are A L(p) + A δ²/2 L″(p): the second derivative is what the residual is
    searched for, orthogonal to what all parameters of the fit can do.

    Returns
    -------
    gains : ndarray, shape (m,)
        By how much the log-likelihood would grow, in second order of δ.
    offsets : ndarray, shape (m,)
        δ, in MHz.
    """
    state = _start(piece, poles, piece.background(_DEGREES[-1]))
    step = 1e-3 * poles.imag
    above, below = (_lines(piece, poles + sign * step)[1] for sign in (1, -1))
    parts = 1 if piece.is_complex else 2
    bends = (above - below) / (2 * np.tile(step, parts))[:, None]
    tangents = np.concatenate([state.rows[: state.linear], state.turned_rows()])
    tangents = np.linalg.qr(tangents.T)[0]
    bends = bends - (bends @ tangents.conj()) @ tangents.T
    gains, bend = np.empty(len(poles)), np.empty(len(poles), dtype=complex)
    for k in range(len(poles)):
        mine = bends[k :: len(poles)]
        products = np.array(mine.conj() @ state.residual)
        found = np.linalg.lstsq(mine.conj() @ mine.T, products, rcond=1e-12)[0]
        gains[k] = float(np.vdot(products, found).real) / parts
        bend[k] = found[0] if piece.is_complex else found[0] + 1j * found[1]
    residues = np.where(state.residues == 0, np.inf, state.residues)
    return gains, np.sqrt(2 * bend / residues)


def _start(piece: Piece, poles: Complexes, smooth: Floats) -> _State:
    """Return the state at the start, with the degree of the background that pays."""
    state = _State(piece, poles, smooth)
    price = _PRICE if piece.is_complex else 2 * _PRICE
    costs = [state.cost_with(degree) + price * degree for degree in _DEGREES]
    state.limit(_DEGREES[int(np.argmin(costs))])
    return state


class _State:
    """Linear parameters and derivatives at given poles.

    Parameters
    ----------
    smooth : ndarray, shape (d, n)
        Weighted rows of the background.
    expected : ndarray, shape (d + m,)
        About what the linear parameters will be, background first; real data have two for each line.
    """

    def __init__(
        self, piece: Piece, poles: Complexes, smooth: Floats, expected: NDArray[np.inexact] | None = None
    ) -> None:
        self.is_complex, self.count, self.smooth = piece.is_complex, len(poles), len(smooth)
        lines, slopes = _lines(piece, poles)
        self.rows = np.concatenate([smooth, lines, slopes])
        self.linear = len(smooth) + len(lines)
        self.products = self.rows.conj() @ self.rows.T
        self._prepare()
        self.residual = piece.y * piece.weights
        self.coefficients = np.zeros(self.linear, lines.dtype)
        if expected is not None:
            self.coefficients = expected
            self.residual = self.residual - expected @ self.rows[: self.linear]
        self._solve()
        if expected is None:
            self._solve()  # a long way costs digits

    def _prepare(self) -> None:
        norms = np.sqrt(np.diagonal(self.products).real)
        self.norms = np.where(norms > 0, norms, 1.0)
        self.inverse = self._inverse(self.linear)

    def _solve(self) -> None:
        """Add to the linear parameters what explains the residual."""
        columns, norms = self.rows[: self.linear], self.norms[: self.linear]
        change = self.inverse @ ((columns.conj() @ self.residual) / norms) / norms
        self.coefficients = self.coefficients + change
        self.residual = self.residual - change @ columns
        self.cost = float(np.vdot(self.residual, self.residual).real)

    def limit(self, degree: int) -> None:
        """Leave out the background above a degree."""
        gone = slice(degree + 1, self.smooth)
        self.residual = self.residual + self.coefficients[gone] @ self.rows[gone]
        self.coefficients = np.delete(self.coefficients, gone)
        self.rows = np.delete(self.rows, gone, axis=0)
        self.products = np.delete(np.delete(self.products, gone, axis=0), gone, axis=1)
        self.linear, self.smooth = self.linear - (self.smooth - degree - 1), degree + 1
        self._prepare()
        self._solve()

    def cost_with(self, degree: int) -> float:
        """Return what the cost would be without the background above a degree."""
        gone = slice(degree + 1, self.smooth)
        scaled = (self.coefficients * self.norms[: self.linear])[gone]
        return self.cost + float(np.vdot(scaled, np.linalg.solve(self.inverse[gone, gone], scaled)).real)

    def _inverse(self, count: int) -> NDArray[np.inexact]:
        """Return the inverse of the products of the first columns, normalised."""
        gram = self.products[:count, :count] / self.norms[:count] / self.norms[:count, None]
        gram.flat[:: count + 1] += _RIDGE
        return np.asarray(np.linalg.inv(gram))

    @property
    def residues(self) -> Complexes:
        """Residues of the lines, shape (m,)."""
        plain = self.coefficients[self.smooth :]
        if self.is_complex:
            return np.asarray(plain, dtype=complex)
        return np.asarray(plain[: self.count] + 1j * plain[self.count :], dtype=complex)

    def background(self) -> NDArray[np.inexact]:
        """Return the weighted background, shape (n,)."""
        return np.asarray(self.coefficients[: self.smooth] @ self.rows[: self.smooth])

    def _turned(self, columns: NDArray[np.inexact]) -> NDArray[np.inexact]:
        """Return products with derivatives by the poles, from those with the slopes: times the residues."""
        if self.is_complex:
            return np.asarray(columns * self.residues)
        real, imaginary = self.residues.real, self.residues.imag
        first, second = columns[:, : self.count], columns[:, self.count :]
        return np.concatenate([real * first + imaginary * second, real * second - imaginary * first], axis=1)

    def turned_rows(self) -> NDArray[np.inexact]:
        """Return the derivatives of the fit by the poles, weighted."""
        return np.asarray(self._turned(self.rows[self.linear :].T).T)

    def step(self, damping: float) -> tuple[Complexes, float]:
        """Return the step of all poles, and what it promises to gain."""
        linear, norms = self.linear, self.norms[: self.linear]
        gradient = self._turned((self.rows[linear:] @ self.residual.conj())[None])[0].conj()
        across = self._turned(self.products[:linear, linear:]) / norms[:, None]
        self.drift = self.inverse @ across / norms[:, None]
        square = self._turned(self._turned(self.products[linear:, linear:]).conj().T).conj().T
        hessian = square - across.conj().T @ (self.inverse @ across)
        diagonal = np.abs(np.diagonal(hessian)) + 1e-12 * np.abs(np.diagonal(square)) + 1e-300
        hessian.flat[:: len(hessian) + 1] += damping * diagonal
        step = np.linalg.solve(hessian, gradient)
        gain = float(np.vdot(gradient, step).real)
        if not self.is_complex:
            step = step[: self.count] + 1j * step[self.count :]
        return np.asarray(step, dtype=complex), gain

    def expected(self, shifts: Complexes) -> NDArray[np.inexact]:
        """Return the linear parameters after shifts of the poles, in first order."""
        parts = shifts if self.is_complex else np.concatenate([shifts.real, shifts.imag])
        return np.asarray(self.coefficients - self.drift @ parts)

    def errors(self) -> Floats:
        """Return standard deviations of Re p, Im p, Re A and Im A, shape (m, 4): the Cramér-Rao bound."""
        turned = self._turned(self.products[:, self.linear :])
        self.products[:, self.linear :] = turned
        self.products[self.linear :] = self._turned(self.products[self.linear :].conj().T).conj().T
        norms = np.sqrt(np.diagonal(self.products).real)
        self.norms = np.where(norms > 0, norms, 1.0)
        variances = np.diagonal(self._inverse(len(self.norms))).real / self.norms**2
        order = np.r_[self.linear : len(variances), self.smooth : self.linear]
        variances = np.maximum(variances[order], 0)
        if not self.is_complex:
            return np.asarray(np.sqrt(variances).reshape(4, self.count).T)
        # noise with E|n|² = 1 has half of it in each part, and so has every complex parameter
        return np.asarray(np.sqrt(0.5 * variances.reshape(2, self.count).repeat(2, axis=0)).T)


def _scale(state: _State) -> float:
    """Return by how much the residual exceeds the noise, 1 or more: errors of the shape count as noise."""
    free = len(state.residual) - state.linear - state.count
    return max(1.0, float(np.sqrt(state.cost / max(free, 1))) if free > 0 else 1.0)


def _lines(piece: Piece, poles: Complexes) -> tuple[NDArray[np.inexact], NDArray[np.inexact]]:
    """Return the weighted rows of the lines, and their derivatives by the poles.

    For real data those whose combinations are Re(c · row), for the real and the imaginary parts of c.
    """
    values, slopes = response(piece.x, poles, piece.rate, piece.blur)
    rows = values.T * piece.weights, slopes.T * piece.weights
    if piece.is_complex:
        return rows
    first, second = (np.concatenate([part.real, -part.imag]) for part in rows)
    return first, second


def _limited(poles: Complexes, step: Complexes, narrowest: float, widest: float) -> Complexes:
    width = 2 * poles.imag
    along = np.clip(step.real, -_STEP * width, _STEP * width)
    widths = np.clip(poles.imag + step.imag, poles.imag / _WIDER, poles.imag * _WIDER)
    return np.asarray(poles.real + along + 0.5j * np.clip(2 * widths, narrowest, widest))
