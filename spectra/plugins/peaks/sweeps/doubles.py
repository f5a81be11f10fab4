"""Lines that look double: two lines each, or lines whose shape is not that of the model.

Two modes within half a width of each other are rare. Where they are far more frequent than chance explains, it is the
shape of the lines that is not exact: the specimen is driven too hard, the rate of the sweep varies, the temperature
drifts. Such errors are a share of the response, much the same for all lines. They are noise, then, which is
proportional to the response and alike over a width.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from spectra.plugins.peaks.sweeps.fitting import fit
from spectra.plugins.peaks.sweeps.lines import Lines, Sweep

Floats = NDArray[np.float64]

_DOUBLE = 0.5  # of a width
_NEIGHBOURS = 4  # to either side, that tell how close together lines are
_CHANCE = 1e-4  # of as many doubles, where lines fall independently
# A line has four parameters: if the share of the response that it explains is due to errors, it is distributed as χ²
# with four degrees of freedom, whose median is 3.36; one in 10,000 is larger than 23.5.
_FACTOR = 23.5 / 3.36
_FIRST, _LARGEST = 0.01, 0.2  # of the amplitude: where the search begins; more is no error of the shape
_TIMES = 3
_SMOOTHED = 5  # points


def doubles(sweep: Sweep, lines: Lines) -> NDArray[np.intp]:
    """Return the weaker line of each double, if there are more than chance explains.

    They are counted against a Poisson process of the local density of the lines.
    """
    from scipy.special import gammainc

    narrow = np.flatnonzero(~sweep.is_broad(lines))
    f, widths, heights = lines.poles.real[narrow], lines.widths[narrow], lines.heights[narrow]
    if len(narrow) < 2:
        return narrow[:0]
    reach = _DOUBLE * np.minimum(widths[1:], widths[:-1])
    double = np.flatnonzero(np.diff(f) < reach)
    places = np.arange(len(narrow) - 1)
    first, last = np.maximum(places - _NEIGHBOURS, 0), np.minimum(places + 1 + _NEIGHBOURS, len(narrow) - 1)
    expected = float(np.sum(reach * (last - first) / (f[last] - f[first])))
    if not len(double) or gammainc(len(double), expected) > _CHANCE:  # P(N ≥ count)
        return narrow[:0]
    return np.asarray(narrow[np.where(heights[double] < heights[double + 1], double, double + 1)])


def shape_error(
    sweep: Sweep, lines: Lines, weaker: NDArray[np.intp], quality: float, least: float, before: float
) -> float:
    """Return how large errors of the shape are, as a share of the amplitude, if they make these doubles.

    It is such that of lines that come from the same errors as the doubles one in 10,000 gains ``least``.
    """
    size = max(before, _FIRST)
    for _ in range(_TIMES):
        noisy = with_shape_error(sweep, size, quality)
        typical = float(np.median([loss(noisy, lines, int(k)) for k in weaker]))
        size *= float(np.sqrt(_FACTOR * max(typical, 0.0) / least))
    return float(np.clip(size, max(before, 1e-4), _LARGEST))


def with_shape_error(sweep: Sweep, size: float, quality: float) -> Sweep:
    """Return a sweep with errors of the shape in its noise: alike over a width, they count once in it."""
    smooth = np.convolve(np.pad(np.abs(sweep.y), _SMOOTHED // 2, "edge"), np.ones(_SMOOTHED) / _SMOOTHED, "valid")
    power = 2.0 if not sweep.is_complex else 1.0  # the square has twice the relative error
    points = np.maximum(sweep.x / quality / sweep.step, 1.0)
    return replace(sweep, weights=1 / np.sqrt(1 / sweep.weights**2 + points * (power * size * smooth) ** 2))


def loss(sweep: Sweep, lines: Lines, k: int) -> float:
    """Return by how much the log-likelihood falls without line ``k``, all lines around it fitted again."""
    piece, active = sweep.around(lines, np.array([k]))
    with_it = fit(piece, lines.poles[active], iterations=4)
    without = fit(piece, lines.poles[active[active != k]], iterations=12)
    return sweep.gain(without.cost - with_it.cost)
