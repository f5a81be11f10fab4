"""What chains are handed and what they give: modes, peaks and draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

DEGENERATE = 1e-9
"""Relative difference up to which computed lines are one line of several modes, as symmetry has it."""


@dataclass(frozen=True, kw_only=True, eq=False)
class LinearModes:
    """Modes linearised about one point: ln f is linear in the quantities, and costs nothing to compute.

    Parameters
    ----------
    values : ndarray, shape (p,)
        The point.
    logs : ndarray, shape (n,)
        ln f there, ascending.
    slopes : ndarray, shape (n, p)
        ∂ ln f / ∂ quantity.
    """

    values: Floats
    logs: Floats
    slopes: Floats

    def at(self, values: Floats) -> Floats:
        """Return ln f (..., n) of quantities (..., p)."""
        return self.logs + (values - self.values) @ self.slopes.T

    def names_in(self, other: LinearModes) -> Integers:
        """Return for each mode its place among ``other`` modes, found by the order of frequencies there.

        The last entry, and those of modes that the others lack, are their number: none.
        """
        order = np.argsort(self.at(other.values), kind="stable")
        names = np.full(len(order) + 1, len(other.logs))
        common = min(len(order), len(other.logs))
        names[order[:common]] = np.arange(common)
        return names


@dataclass(frozen=True, kw_only=True, eq=False)
class PeakList:
    """Measured peaks, and the expected number of spurious ones.

    Parameters
    ----------
    logs : ndarray, shape (m,)
        ln f of the peaks, ascending.
    weights : ndarray, shape (m,)
        What share of an independent measurement each is.
    window : tuple of float
        ln f of the ends of the measured range.
    spurious
        Expected number of peaks that belong to no mode.
    deviations : ndarray, shape (m,), optional
        Standard deviations of ``logs`` that each peak has of its own, besides the error common to all.
    """

    logs: Floats
    weights: Floats
    window: tuple[float, float]
    spurious: float
    deviations: Floats | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Draws:
    """A sample of the posterior.

    Parameters
    ----------
    values : ndarray, shape (k, p)
    spread : ndarray, shape (k,)
        Standard deviation of ln(peak/mode), without what peaks have of their own.
    seen : ndarray, shape (k,)
        Probability that a mode shows.
    partners : ndarray, shape (m, n + 1)
        Probability that a peak belongs to a mode; in the last column, to none.
    """

    values: Floats
    spread: Floats
    seen: Floats
    partners: Floats

    @classmethod
    def joined(cls, draws: Sequence[Draws]) -> Draws:
        """Return equally many draws of several rounds as one sample."""
        if len(draws) == 1:
            return draws[0]
        return cls(
            values=np.concatenate([one.values for one in draws]),
            spread=np.concatenate([one.spread for one in draws]),
            seen=np.concatenate([one.seen for one in draws]),
            partners=np.mean([one.partners for one in draws], axis=0),
        )

    def renamed(self, names: Integers, count: int) -> Draws:
        """Return the draws with the partners counted by other names, see :meth:`LinearModes.names_in`."""
        partners = np.zeros((len(self.partners), count + 1))
        for old, new in enumerate(names):
            partners[:, new] += self.partners[:, old]
        return replace(self, partners=partners)
