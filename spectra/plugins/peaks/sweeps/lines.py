"""A sweep as it is fitted: its noise, its lines, and the pieces in which they are fitted together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from spectra.plugins.peaks.sweeps.detection import noise_deviation
from spectra.plugins.peaks.sweeps.fitting import Piece, fit
from spectra.plugins.peaks.sweeps.response import response

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]
Truths = NDArray[np.bool_]
Places = NDArray[np.intp]

_OWNED = 5  # lines that a piece settles; it holds more, which overlap with these
_OVERLAPPING = 0.3  # of a width: never settled apart
_NEAR, _FAR = 8.0, 16.0  # widths, to either side of those lines: while searching, and at last
_BROAD_REACH = 2.0  # of their widths, around broad lines
_COARSE, _FINE = 10, 16  # points within a width
_FEWEST = 48  # points of a piece
_SETTLED = 0.003  # of a width: a line that moves by less is left alone until one beside it moves
_SMOOTHED = 7  # points


@dataclass(frozen=True, kw_only=True, eq=False)
class Lines:
    """Lines by ascending frequency.

    Parameters
    ----------
    poles : ndarray, shape (m,)
        f + iγ/2, in MHz.
    residues : ndarray, shape (m,)
    settled : ndarray, shape (m,)
        Which have stopped moving.
    errors : ndarray, shape (m, 4)
        Standard deviations of Re p, Im p, and real and imaginary part of the residue.
    """

    poles: Complexes
    residues: Complexes
    settled: Truths
    errors: Floats

    @classmethod
    def none(cls) -> Lines:
        """Return no lines."""
        return cls(poles=np.empty(0, complex), residues=np.empty(0, complex), settled=np.empty(0, bool),
                   errors=np.empty((0, 4)))  # fmt: skip

    def __len__(self) -> int:
        return len(self.poles)

    def only(self, kept: Truths | Places) -> Lines:
        """Return some of them, in that order."""
        return Lines(
            poles=self.poles[kept], residues=self.residues[kept], settled=self.settled[kept], errors=self.errors[kept]
        )

    def with_more(self, poles: Sequence[complex] | Complexes) -> Lines:
        """Return them with more, whose residues are not known yet."""
        count = len(poles)
        joined = Lines(
            poles=np.concatenate([self.poles, np.asarray(poles, dtype=complex)]),
            residues=np.concatenate([self.residues, np.zeros(count)]),
            settled=np.concatenate([self.settled, np.zeros(count, dtype=bool)]),
            errors=np.concatenate([self.errors, np.full((count, 4), np.inf)]),
        )
        return joined.only(np.argsort(joined.poles.real, kind="stable"))

    @property
    def widths(self) -> Floats:
        """Full widths at half maximum of the power, in MHz."""
        return 2 * self.poles.imag

    @property
    def heights(self) -> Floats:
        """Moduli of the responses at resonance."""
        return np.abs(self.residues) / self.poles.imag


@dataclass(frozen=True, kw_only=True, eq=False)
class Sweep:
    """What was measured, ready to be fitted.

    Parameters
    ----------
    x : ndarray, shape (n,)
        In MHz, ascending.
    y : ndarray, shape (n,)
        Complex response, or the square of its modulus.
    weights : ndarray, shape (n,)
        One over the noise; see :class:`~spectra.plugins.peaks.sweeps.fitting.Piece`.
    rate
        In MHz per µs.
    broad
        Quality factor below which a line is taken for one of the transducers.
    """

    x: Floats
    y: NDArray[np.inexact]
    weights: Floats
    rate: float = 0.0
    broad: float = 0.0

    @classmethod
    def of_response(cls, x: Floats, response: NDArray[np.inexact]) -> Sweep:
        """Take a response with phases, or one part of it."""
        return cls(x=x, y=response, weights=1 / noise_deviation(response))

    @classmethod
    def of_modulus(cls, x: Floats, modulus: Floats) -> Sweep:
        """Take a response without phases, which is squared.

        The square of a modulus with noise σ in each of two parts has the variance 4σ²|s|² + 4σ⁴.
        """
        square = modulus**2
        padded = np.pad(square, _SMOOTHED // 2, mode="edge")
        smooth = np.convolve(padded, np.full(_SMOOTHED, 1 / _SMOOTHED), mode="valid")
        noise = noise_deviation(modulus)
        return cls(x=x, y=square, weights=1 / np.sqrt(4 * noise**2 * smooth + 4 * noise**4))

    @property
    def is_complex(self) -> bool:
        """Whether phases were recorded."""
        return self.y.dtype.kind == "c"

    @property
    def step(self) -> float:
        """Mean distance of the points, in MHz."""
        return float(self.x[-1] - self.x[0]) / (len(self.x) - 1)

    def gain(self, cost: float) -> float:
        """Return by how much the logarithm of the likelihood grows if the sum of squares falls by ``cost``."""
        return cost if self.is_complex else 0.5 * cost

    def model(self, lines: Lines, x: Floats | None = None, blur: float = 0.0) -> NDArray[np.inexact]:
        """Return what the lines contribute at ``x``, by default at all points."""
        x = self.x if x is None else x
        total = np.zeros(len(x), dtype=complex)
        for start in range(0, len(lines), 8):
            some = slice(start, start + 8)
            total += response(x, lines.poles[some], self.rate, blur)[0] @ lines.residues[some]
        return total if self.is_complex else total.real

    def residual(self, lines: Lines) -> NDArray[np.inexact]:
        """Return what they leave, in units of the noise."""
        return (self.y - self.model(lines)) * self.weights

    def is_broad(self, lines: Lines) -> Truths:
        """Say which lines are those of transducers, shape (m,)."""
        return lines.poles.real < self.broad * lines.widths

    def piece(self, low: float, high: float, width: float, per_width: int = _COARSE) -> Piece:
        """Return the points from ``low`` to ``high``, joined to no more than ``per_width`` in a width."""
        first, last = np.searchsorted(self.x, [low, high])
        if last - first < _FEWEST:
            first = max(0, min((first + last - _FEWEST) // 2, len(self.x) - _FEWEST))
            last = min(first + _FEWEST, len(self.x))
        x, y, weights = self.x[first:last], self.y[first:last], self.weights[first:last]
        step = (x[-1] - x[0]) / (len(x) - 1)
        joined = min(max(1, int(width / per_width / step)), max(1, len(x) // _FEWEST))
        if joined == 1:
            return Piece(x=x, y=y, weights=weights, rate=self.rate)
        count = len(x) // joined
        x, y, weights = (v[: count * joined].reshape(count, joined).mean(axis=1) for v in (x, y, weights))
        blur = step**2 * (joined**2 - 1) / 24
        return Piece(x=x, y=y, weights=weights * np.sqrt(joined), blur=blur, rate=self.rate)

    def around(self, lines: Lines, owned: Places, *, fine: bool = False) -> tuple[Piece, Places]:
        """Return the piece in which the lines ``owned`` are fitted, and all lines that are fitted in it.

        What the others contribute is subtracted.
        """
        broad, widths, f = self.is_broad(lines), lines.widths, lines.poles.real
        wide = bool(broad[owned[0]])
        reach = _BROAD_REACH if wide else _FAR if fine else _NEAR
        low, high = (f - reach * widths)[owned].min(), (f + reach * widths)[owned].max()
        within = (f > low) & (f < high)
        narrowest = float(widths[within | np.isin(np.arange(len(f)), owned)].min())
        piece = self.piece(low, high, narrowest, _FINE if fine else _COARSE)
        margin = np.where(broad, 0, widths)
        active = (f > piece.x[0] - margin) & (f < piece.x[-1] + margin)
        active[owned] = True
        near = ~active & ((np.abs(f - (low + high) / 2) < 60 * (high - low)) | broad)
        if near.any():
            piece = replace(piece, y=piece.y - self.model(lines.only(near), piece.x, piece.blur))
        return piece, np.flatnonzero(active)

    def groups(self, lines: Lines) -> list[Places]:
        """Return which lines are settled together: neighbours, and broad ones by themselves."""
        broad, f, widths = self.is_broad(lines), lines.poles.real, lines.widths
        groups: list[list[int]] = []
        for k in np.flatnonzero(~broad):
            last = groups[-1] if groups else []
            if last:
                gap, width = f[k] - f[last[-1]], max(widths[k], widths[last[-1]])
                overlapping = gap < _OVERLAPPING * width and len(last) < 2 * _OWNED
                if overlapping or (len(last) < _OWNED and gap < 2 * _NEAR * width):
                    last.append(int(k))
                    continue
            groups.append([int(k)])
        groups += [[int(k)] for k in np.flatnonzero(broad)]
        return [np.array(group) for group in groups]

    def refitted(
        self, lines: Lines, *, passes: int, iterations: int = 8, fine: bool = False, all_of_them: bool = False
    ) -> Lines:
        """Fit all lines that have not settled, group by group, until they have or ``passes`` have gone by."""
        if all_of_them:
            lines = replace(lines, settled=np.zeros(len(lines), dtype=bool))
        for _ in range(passes):
            moved, poles, residues = False, lines.poles.copy(), lines.residues.copy()
            settled, errors = lines.settled.copy(), lines.errors.copy()
            for owned in self.groups(lines):
                current = Lines(poles=poles, residues=residues, settled=settled, errors=errors)
                piece, active = self.around(current, owned, fine=fine)
                if lines.settled[active].all():
                    continue
                moved = True
                result = fit(piece, poles[active], iterations=iterations, errors=True)
                mine = np.isin(active, owned)
                shifts = np.abs(result.poles[mine] - poles[owned]) / (2 * result.poles[mine].imag)
                settled[owned] = shifts < _SETTLED
                poles[owned], residues[owned] = result.poles[mine], result.residues[mine]
                errors[owned] = result.errors[mine]
            found = Lines(poles=poles, residues=residues, settled=settled, errors=errors)
            lines = found.only(np.argsort(poles.real, kind="stable"))
            if not moved:
                break
        return lines
