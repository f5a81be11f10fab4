"""Indents that failed: outliers among their neighbours, and stripes that the instrument left."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Marks = NDArray[np.bool_]

_FAR, _FAR_NEAR = 5.0, 4.0  # robust standard deviations from all values, and from neighbours, beyond which one failed

_NEIGHBOURS = 8
_ALONG = 15  # indents of a row over which its differences from other rows are taken together
_SEED, _GROWN = 5.0, 2.0  # robust standard deviations of such a difference: somewhere in a stripe, and all along it
_FILLED = 0.5  # share of a grid's places that are taken; with fewer, indents form no rows


@dataclass(frozen=True, kw_only=True)
class Stripe:
    """Indents of one row or column that are all softer, or all harder, than those on both sides of it."""

    indents: tuple[int, ...]
    along: str
    """``x`` for a row, ``y`` for a column."""
    at: float
    start: float
    end: float
    lower: bool
    """Whether its values are below those on both sides, not above."""


def outliers(points: Floats, values: Floats) -> Marks:
    """Return which values lie far from all others, and also from those of the eight nearest points but two.

    Far is more than five robust standard deviations (1.4826 times the median absolute deviation) of all values, and
    four of their differences from the neighbours' median. The second condition keeps what a second phase or a hard
    grain has: there, even in its corner, three neighbours have the same. Outliers may come in pairs.

    Parameters
    ----------
    points : ndarray, shape (n, 2)
    values : ndarray, shape (n,)
        NaN is no outlier.
    """
    from scipy.spatial import cKDTree

    marks = np.zeros(len(values), dtype=bool)
    there = np.flatnonzero(np.isfinite(values) & np.isfinite(points).all(axis=1))
    if len(there) <= _NEIGHBOURS:
        return marks
    known = values[there]
    nearest = cKDTree(points[there]).query(points[there], k=_NEIGHBOURS + 1)[1][:, 1:]
    differences = known - np.median(known[nearest], axis=1)
    far = np.abs(known - np.median(known)) > _FAR * _deviation(known)
    third = np.sort(np.abs(known[:, np.newaxis] - known[nearest]), axis=1)[:, 2]
    marks[there] = far & (third > _FAR_NEAR * _deviation(differences))
    return marks


def stripes(points: Floats, values: Floats) -> list[Stripe]:
    """Find parts of rows and columns that differ from those on both sides, over fifteen indents or more.

    A boundary between grains that runs along a row differs from one side only. What the structure explains should have
    been subtracted before, so that thin grains are not taken for stripes.

    Parameters
    ----------
    points : ndarray, shape (n, 2)
        On a grid, in any order; else nothing is found.
    values : ndarray, shape (n,)
        NaN is left out.
    """
    grid = _Grid.of(points)
    if grid is None:
        return []
    table = np.full(grid.shape, np.nan)
    table[grid.rows, grid.columns] = values
    numbers = np.full(grid.shape, -1)
    numbers[grid.rows, grid.columns] = np.arange(len(values))
    found = []
    for along, lines, indents, across, places in (
        ("x", table, numbers, grid.y, grid.x),
        ("y", table.T, numbers.T, grid.x, grid.y),
    ):
        differences = _differences(lines)
        spread = _deviation(differences[differences != 0])
        for line, start, end in _runs(differences, spread):
            row = indents[line, start:end]
            members = row[(row >= 0) & np.isfinite(lines[line, start:end])]
            found.append(
                Stripe(
                    indents=tuple(int(k) for k in members),
                    along=along,
                    at=float(across[line]),
                    start=float(places[start]),
                    end=float(places[end - 1]),
                    lower=bool(differences[line, start] < 0),
                )
            )
    return found


@dataclass(frozen=True, kw_only=True, eq=False)
class _Grid:
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    x: Floats
    y: Floats

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.y), len(self.x)

    @classmethod
    def of(cls, points: Floats) -> _Grid | None:
        """Return the grid on which points lie; None if they fill none, or are few."""
        if len(points) < _ALONG:
            return None
        (x, columns), (y, rows) = (_lines(points[:, axis]) for axis in (0, 1))
        enough = len(points) >= _FILLED * len(x) * len(y) and len(np.unique(rows * len(x) + columns)) == len(points)
        return cls(rows=rows, columns=columns, x=x, y=y) if enough else None


def _lines(along: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """Return where the lines of a grid lie, and each point's line; what is nearer than a micrometre's tenth is one."""
    order = np.sort(along)
    starts = np.concatenate([[True], np.diff(order) > 0.1])
    lines = order[starts]
    return lines, np.searchsorted(lines, along, side="right").astype(np.int64) - 1


def _differences(table: Floats) -> Floats:
    """Return for each cell how much its row differs from both sides there, taken over fifteen cells of the row.

    The rows compared with are the second and third on each side; those next to it may belong to the stripe. Of both
    sides the smaller difference counts, and none where their signs differ, or where there is one side only.
    """
    from scipy.ndimage import median_filter

    padded = np.pad(table, ((3, 3), (0, 0)), constant_values=np.nan)
    count = len(table)
    smooth = []
    for pair in ((padded[1 : count + 1], padded[:count]), (padded[5 : count + 5], padded[6 : count + 6])):
        known = np.isfinite(pair)
        total = np.where(known, pair, 0).sum(axis=0)
        with np.errstate(invalid="ignore"):
            difference = table - total / known.sum(axis=0)
        smooth.append(median_filter(np.nan_to_num(difference), size=(1, _ALONG), mode="reflect"))
    above, below = smooth
    smaller = np.where(np.abs(above) < np.abs(below), above, below)
    return np.where(np.sign(above) == np.sign(below), smaller, 0.0)


def _runs(differences: Floats, spread: float) -> list[tuple[int, int, int]]:
    """Return line, start and end of runs that differ all along, in one direction, and much somewhere."""
    runs = []
    for line, row in enumerate(differences):
        for sign in (1, -1):
            changes = np.diff(np.concatenate([[False], sign * row > _GROWN * spread, [False]]).astype(np.int8))
            starts, ends = np.flatnonzero(changes == 1), np.flatnonzero(changes == -1)
            runs += [
                (line, int(start), int(end))
                for start, end in zip(starts, ends, strict=True)
                if end - start >= _ALONG and (sign * row[start:end]).max() > _SEED * spread
            ]
    return runs


def _deviation(values: Floats) -> float:
    """Return the standard deviation of values of which few are outliers."""
    known = values[np.isfinite(values)]
    if not len(known):
        return np.inf
    return float(1.4826 * np.median(np.abs(known - np.median(known))))
