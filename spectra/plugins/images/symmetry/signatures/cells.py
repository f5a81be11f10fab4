"""Which cell is the primitive one: what repeats within a cell, and what only two or three cells together repeat."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spectra.plugins.images.symmetry.signatures.harmonics import MeanCell, Window

Floats = NDArray[np.float64]

_PRIMES = (2, 3, 5, 7)
_SAME = 0.965  # correlation with a translated cell from which that translation belongs to the lattice
_TIMES = 4.0  # what harmonics of a larger cell hold of the rest, compared with what noise would put there
_WORTH = 0.018  # share of the pattern's power that makes a larger cell: a correlation of 0.964 or less
_HALF_PLANE = np.array([1.0, 0.1234])
# Indices that a cell two or three times as large has between those of the cell, and its edges, as columns.
_LARGER = (
    ((1 / 2, 0), ((2, 0), (0, 1))),
    ((0, 1 / 2), ((1, 0), (0, 2))),
    ((1 / 2, 1 / 2), ((1, 1), (1, -1))),
    ((1 / 3, 0), ((3, 0), (0, 1))),
    ((0, 1 / 3), ((1, 0), (0, 3))),
    ((1 / 3, 1 / 3), ((1, 0), (-1, 3))),
    ((1 / 3, 2 / 3), ((1, 0), (1, 3))),
)


def smaller_cell(cell: MeanCell) -> Floats | None:
    """Return the edges of a cell that repeats within this one, in its units; ``None`` where there is none."""
    power = np.abs(cell.coefficients) ** 2
    for prime in _PRIMES:
        steps = np.array([(1, k) for k in range(prime)] + [(0, 1)])
        alike = np.cos(2 * np.pi / prime * steps @ cell.indices.T) @ power / cell.power
        place = int(np.argmax(alike))
        if alike[place] > _SAME:
            first, second = steps[place]
            return np.array([[1 / prime, 0], [second / prime, 1]]) if first else np.array([[1, 0], [0, 1 / prime]])
    return None


def larger_cell(window: Window, cell: MeanCell) -> NDArray[np.int64] | None:
    """Return the edges of a cell that explains clearly more, in units of this one; ``None`` where there is none."""
    rest = np.where(window.known, window.values - cell.values(window), 0.0)
    variance = float((rest**2).sum()) / window.pixels
    if variance < _WORTH * cell.power:
        return None
    inverse, finest = np.linalg.inv(cell.edges), np.linalg.norm(cell.waves, axis=1).max()
    with_mean = np.vstack([cell.indices, [[0, 0]]])
    best, found = 0.0, None
    for between, larger in _LARGER:
        waves = (with_mean + np.array(between)) @ inverse
        waves = waves[np.linalg.norm(waves, axis=1) <= finest]
        if 1 / 3 not in between:  # of thirds, the opposites are others
            waves = waves[waves @ _HALF_PLANE > 0]
        power = 2 * float((np.abs(window.sums(rest, window.turns(waves)) / window.pixels) ** 2).sum())
        by_noise = 2 * len(waves) * variance / window.pixels
        gain = power - by_noise
        if power > _TIMES * by_noise and gain > max(best, _WORTH * cell.power):
            best, found = gain, np.array(larger)
    return found
