"""Scale-free starts: where all lines grow alike, only the ratios of quantities need a search; the rest is a shift.

A list is slid along ln f over the spectrum of each set of ratios; where most lines meet, the shift says the size.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_STEP = 0.004  # of ln f
_WIDTH = 0.015  # of ln f: how far a peak may lie from its line and still count
_SMALLEST = 0.01  # size, where no range says one


@dataclass(frozen=True, kw_only=True, eq=False)
class Likest:
    """How far spectra are like a list.

    Parameters
    ----------
    places : ndarray of int, shape (n,)
        The spectra, the likest first.
    factors : ndarray, shape (n,)
        For each spectrum, in its own place, by which factor its lines are to be moved.
    likeness : ndarray, shape (n,)
        Share of peaks and lines that meet then: 1 if all do.
    """

    places: Integers
    factors: Floats
    likeness: Floats


def likest(peaks: Floats, window: tuple[float, float], lines: Floats, most: Floats) -> Likest:
    """Move every spectrum by all factors from 1 to ``most`` and find the one at which it is most like the peaks.

    The likeness is Dice's coefficient (1945), twice the number of pairs over the number of peaks and of lines *within
    the moved window*: so a dense spectrum, which has a line near every peak, is not like every list.

    Parameters
    ----------
    peaks : ndarray, shape (m,)
        Ascending.
    lines : ndarray, shape (n, k)
        Ascending, NaN at the end; all that may come to lie in the window.
    most : ndarray, shape (n,)
    """
    wanted, ends = np.log(peaks), np.log(window)
    factors, likeness = np.ones(len(lines)), np.zeros(len(lines))
    for place, (row, reach) in enumerate(zip(np.log(lines), np.log(most), strict=True)):
        known = row[np.isfinite(row)]
        if len(known) < 2:
            continue
        shifts = np.arange(0.0, reach + _STEP, _STEP)
        sought = wanted - shifts[:, None]  # (s, m)
        above = np.clip(np.searchsorted(known, sought), 1, len(known) - 1)
        distance = np.minimum(np.abs(sought - known[above - 1]), np.abs(known[above] - sought))
        met = np.exp(-0.5 * (distance / _WIDTH) ** 2).sum(axis=1)
        within = np.searchsorted(known, ends[1] - shifts) - np.searchsorted(known, ends[0] - shifts)
        alike = 2 * met / (len(peaks) + within)
        best = int(alike.argmax())
        factors[place], likeness[place] = np.exp(shifts[best]), alike[best]
    return Likest(places=np.argsort(-likeness, kind="stable"), factors=factors, likeness=likeness)


def spread_over(bounds: Floats, count: int, rng: np.random.Generator) -> Floats:
    """Return ``count`` points within ``bounds``, shape (2, p): a Latin hypercube (McKay et al. 1979)."""
    strata = rng.permuted(np.tile(np.arange(count), (bounds.shape[1], 1)), axis=1).T
    points: Floats = bounds[0] + (bounds[1] - bounds[0]) * (strata + rng.random(strata.shape)) / count
    return points


def sizes(points: Floats, bounds: Floats, scaling: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Return by which factors, at least and at most, points (n, p) within bounds can grow and stay there.

    Only the quantities for which ``scaling``, shape (p,), is true do.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        to_ends = bounds[:, None, scaling] / points[:, scaling]
    to_ends = np.where(points[:, scaling] == 0, np.array([0.0, np.inf])[:, None, None], to_ends)
    least = np.min(to_ends, axis=0).max(axis=1, initial=_SMALLEST)
    most = np.max(to_ends, axis=0).min(axis=1, initial=1 / _SMALLEST)
    return np.minimum(least, 1.0), np.maximum(most, 1.0)
