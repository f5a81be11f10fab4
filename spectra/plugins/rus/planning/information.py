"""Uncertainties that a list of lines leaves, before it is measured: the Cramér-Rao bound.

For lines with independent normal errors of ln f, the inverse of Fisher's information matrix bounds the covariance of
every unbiased estimate of the moduli, and least squares attains it (Rao, Bull. Calcutta Math. Soc. 37, 81 (1945);
Cramér, Mathematical Methods of Statistics, 1946, section 32.3). Everything here is relative: errors of frequencies, of
lengths and of the mass, and moduli in units of the width of their searched range.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

UNIFORM = 1 / np.sqrt(12)
"""Standard deviation of a value that may lie anywhere in its range, in widths of the range."""

_SAME = 1e-7  # relative distance of lines that symmetry makes equal: rounding is far smaller, resonances far wider
_RANK = 1e-9  # of singular values, below which a combination of moduli moves no line


@dataclass(frozen=True, kw_only=True, eq=False)
class Lines:
    """The lines of a body, each multiplet once, and what moves them.

    Parameters
    ----------
    frequencies : ndarray, shape (m,)
        In MHz, ascending.
    slopes : ndarray, shape (m, p)
        ∂ ln f/∂ quantity, each quantity in widths of its range.
    nuisances : ndarray, shape (m, q)
        By how much ln f moves for one standard deviation of each length, and of the mass.
    degeneracies : ndarray of int, shape (m,)
        How many modes each line stands for.
    labels
        The symmetry of each.
    """

    frequencies: Floats
    slopes: Floats
    nuisances: Floats
    degeneracies: Integers
    labels: tuple[str, ...]

    @classmethod
    def from_modes(cls, frequencies: Floats, slopes: Floats, nuisances: Floats, labels: tuple[str, ...]) -> Self:
        """Join the modes that have one frequency: a list cannot tell them apart, and two of them tell no more."""
        starts = np.flatnonzero(np.diff(frequencies, prepend=-np.inf) > _SAME * frequencies)
        degeneracies = np.diff(starts, append=len(frequencies))
        return cls(
            frequencies=frequencies[starts],
            slopes=np.add.reduceat(slopes, starts) / degeneracies[:, None],
            nuisances=np.add.reduceat(nuisances, starts) / degeneracies[:, None],
            degeneracies=degeneracies,
            labels=tuple(
                "+".join(dict.fromkeys(labels[start : start + count]))
                for start, count in zip(starts, degeneracies, strict=True)
            ),
        )

    def __len__(self) -> int:
        return len(self.frequencies)

    def taken(self, chosen: Flags | Integers | slice) -> Self:
        """Return some of the lines."""
        places = np.arange(len(self))[chosen]
        return replace(
            self,
            frequencies=self.frequencies[places],
            slopes=self.slopes[places],
            nuisances=self.nuisances[places],
            degeneracies=self.degeneracies[places],
            labels=tuple(self.labels[place] for place in places),
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class Deviations:
    """Standard deviations of the quantities, shape (p,), NaN for one that the lines do not determine.

    Parameters
    ----------
    lines
        From the errors of the lines alone.
    ignored
        With lengths and mass that are slightly wrong but taken for exact.
    fitted
        With lengths and mass that are fitted, each within its error.
    """

    lines: Floats
    ignored: Floats
    fitted: Floats

    def scaled(self, widths: Floats) -> Deviations:
        """Return those of widths of ranges in the unit of ``widths`` (p,), NaN where the range itself says as much."""
        found = [np.where(part < UNIFORM, part, np.nan) * widths for part in (self.lines, self.ignored, self.fitted)]
        return Deviations(lines=found[0], ignored=found[1], fitted=found[2])


def deviations(lines: Lines, error: float) -> Deviations:
    """Return what lines with a relative standard deviation of ``error`` each leave open, in widths of the ranges.

    Notes
    -----
    With A the slopes by the moduli and D those by lengths and mass in units of their standard deviations, the
    covariances are σ² (AᵀA)⁻¹; that plus (A⁺D)(A⁺D)ᵀ, which is how a fit without them takes them for moduli; and
    (Aᵀ (σ² + DDᵀ)⁻¹ A)⁻¹, the bound with D's columns as further parameters under normal priors. The third is never
    above the second (Gauss-Markov theorem).
    """
    known, unknown = _directions(lines.slopes)
    # A quantity that is part of an undetermined combination is undetermined itself.
    open_ = np.abs(unknown).max(axis=1, initial=0.0) > np.sqrt(_RANK)
    a, d = lines.slopes @ known, lines.nuisances
    if not a.size:
        nothing = np.full(len(known), np.nan)
        return Deviations(lines=nothing, ignored=nothing, fitted=nothing)
    alone = np.linalg.inv(a.T @ a) * error**2
    taken = np.linalg.lstsq(a, d, rcond=None)[0]
    correlated = error**2 * np.eye(len(a)) + d @ d.T
    fitted = np.linalg.inv(a.T @ np.linalg.solve(correlated, a))
    return Deviations(
        lines=_roots(known, alone, open_),
        ignored=_roots(known, alone + taken @ taken.T, open_),
        fitted=_roots(known, fitted, open_),
    )


def next_lines(lines: Lines, measured: Flags, error: float, count: int) -> list[int]:
    """Choose lines to measure next, one after the other: each lowers the geometric mean of all deviations the most.

    As prior stands the searched range of each quantity, so that a quantity which the measured lines do not determine
    has a deviation, too. Lengths and mass are taken for exact.

    Parameters
    ----------
    measured : ndarray of bool, shape (m,)
        The lines that will be measured anyhow.
    count
        How many to choose at most.

    Returns
    -------
    list of int
        Their places.
    """
    rows = lines.slopes / error
    covariance = np.linalg.inv(rows[measured].T @ rows[measured] + np.eye(rows.shape[1]) / UNIFORM**2)
    left = np.flatnonzero(~measured)
    chosen = []
    for _ in range(min(count, len(left))):
        # The covariance V with one more row a, by Sherman and Morrison (1950): V - (Va)(Va)ᵀ / (1 + aᵀVa).
        moved = rows[left] @ covariance
        scale = 1 + np.einsum("ij,ij->i", moved, rows[left])
        variances = np.diag(covariance) - moved**2 / scale[:, None]
        best = int(np.argmin(np.log(variances).sum(axis=1)))
        covariance = covariance - np.outer(moved[best], moved[best]) / scale[best]
        chosen.append(int(left[best]))
        left = np.delete(left, best)
    return chosen


def _directions(slopes: Floats) -> tuple[Floats, Floats]:
    """Return orthonormal combinations of quantities that move lines (p, r), and those that move none (p, p - r)."""
    _, sizes, rows = np.linalg.svd(slopes)
    rank = int((sizes > _RANK * sizes.max(initial=0.0)).sum()) if len(slopes) else 0
    return rows[:rank].T, rows[rank:].T


def _roots(known: Floats, covariance: NDArray[np.floating[Any]], undetermined: Flags) -> Floats:
    variances = np.einsum("ij,jk,ik->i", known, covariance, known)
    return np.where(undetermined, np.nan, np.sqrt(variances))
