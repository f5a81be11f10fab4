"""How far from real structures a design lies, measured by how far these lie from each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spectra.core.errors import InputError
from spectra.core.signals import Places, Signal

Floats = NDArray[np.float64]

SHARE = 95
"""Percentile of the distances between real ones beyond which no design is good."""
_AT_ONCE = 500


@dataclass(frozen=True, kw_only=True, eq=False)
class RealCodes:
    """Codes of real structures.

    Parameters
    ----------
    codes : ndarray, shape (m, d)
        In which real ones have about unit variance in each number.
    limit
        Distance from the nearest real structure of another place, or of another group, which 95 % of them do not
        exceed.
    """

    codes: Floats
    limit: float

    @classmethod
    def of(cls, codes: Floats, signal: Signal, groups: NDArray[np.int64] | None, window: tuple[int, int]) -> RealCodes:
        """Measure how far real structures lie from each other.

        Parameters
        ----------
        codes : ndarray, shape (m, d)
        signal
            What they are codes of.
        groups : ndarray, shape (m,)
            What has the same number was not seen independently; ``None`` where each is for itself.
        window
            Height and width of the window around a place, in pixels.

        Raises
        ------
        InputError
            If no two of them are independent.
        """
        nearest = np.full(len(codes), np.inf)
        for start in range(0, len(codes), _AT_ONCE):
            rows = np.arange(start, min(start + _AT_ONCE, len(codes)))
            distances = _distances(codes[rows], codes)
            distances[~_apart(rows, signal, groups, window)] = np.inf
            nearest[rows] = distances.min(axis=1)
        nearest = nearest[np.isfinite(nearest)]
        if not len(nearest):
            raise InputError(
                "Nothing says how far real structures lie from each other: all of them overlap or are of one group.",
                hint="Ask for smaller windows with --set generator.size=…, or give more pictures.",
            )
        return cls(codes=codes, limit=float(np.percentile(nearest, SHARE)))

    def distances(self, codes: Floats) -> Floats:
        """Return the distance of each code (n, d) from the nearest real one, shape (n,)."""
        return np.asarray(_distances(codes, self.codes).min(axis=1))


def _distances(codes: Floats, others: Floats) -> Floats:
    """Return Euclidean distances, shape (n, m)."""
    squares = np.sum(codes**2, axis=1)[:, None] + np.sum(others**2, axis=1) - 2 * codes @ others.T
    return np.sqrt(np.maximum(squares, 0))


def _apart(
    rows: NDArray[np.int64], signal: Signal, groups: NDArray[np.int64] | None, window: tuple[int, int]
) -> NDArray[np.bool_]:
    """Say which structures are independent of those at ``rows``, shape (n, m): windows that overlap share pixels."""
    if isinstance(signal, Places):
        apart = np.abs(signal.places[rows, None] - signal.places)
        return np.asarray((apart[..., 0] > 0) | (apart[..., 1] >= window[0]) | (apart[..., 2] >= window[1]))
    names = np.arange(len(signal)) if groups is None else groups
    return np.asarray(names[rows, None] != names)
