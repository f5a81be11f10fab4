"""A measured scan as the fit sees it: counts with their noise, a basis of the background, and where lines stand out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import BSpline
from scipy.ndimage import gaussian_filter1d, minimum_filter1d, uniform_filter1d

Floats = NDArray[np.float64]

_SPACING = 8.0  # degrees between knots of the background
_SMOOTHED = 5  # points
_HALF, _ON_A_LINE = 0.5, 4  # of the correlation, points
_OF_SECOND_DIFFERENCES = 6.0 * 0.4549  # variance of y₁ - 2 y₂ + y₃, and median of squared standard normals


@dataclass(frozen=True, kw_only=True, eq=False)
class Scan:
    """A scan.

    Parameters
    ----------
    x : ndarray, shape (k,)
        2θ in degrees.
    y : ndarray, shape (k,)
    variance : ndarray, shape (k,)
        Of the noise of y, above 0.
    """

    x: Floats
    y: Floats
    variance: Floats

    @property
    def step(self) -> float:
        """Usual distance of neighbours in degrees."""
        return float(np.median(np.diff(self.x)))

    def background_basis(self) -> Floats:
        """Return the columns (k, q) of which a background is made: a cubic spline, and 1/2θ for scatter by air."""
        low, high = self.x[0], self.x[-1]
        intervals = max(2, round((high - low) / _SPACING))
        inner = np.linspace(low, high, intervals + 1)
        knots = np.concatenate([[low] * 3, inner, [high] * 3])
        spline = BSpline.design_matrix(np.clip(self.x, low, high), knots, 3).toarray()
        return np.column_stack([spline, low / self.x])

    def coarser(self) -> Scan:
        """Return the scan with as many neighbours taken together as leave some points on each line."""
        net = self.net() - float(self.net().mean())
        spectrum = np.abs(np.fft.rfft(net, 2 * len(net))) ** 2
        correlation = np.fft.irfft(spectrum)[: len(net)]
        # a little less than the width of lines, whose noise is left out by starting from the neighbour
        width = int(np.argmax(correlation < _HALF * correlation[1]))
        points = max(1, round(width / _ON_A_LINE))
        count = len(net) // points
        x, y, variance = (
            values[: count * points].reshape(count, points).mean(axis=1) for values in (self.x, self.y, self.variance)
        )
        return Scan(x=x, y=y, variance=variance / points)

    def net(self) -> Floats:
        """Return the counts (k,) above a rough background, of no other use than to see where lines are."""
        points = max(3, round(1.0 / self.step))
        smooth = uniform_filter1d(self.y, _SMOOTHED)
        floor = minimum_filter1d(smooth, 4 * points + 1)
        return self.y - gaussian_filter1d(floor, 2 * points)


def scan_of(x: Floats, y: Floats) -> Scan:
    """Take a scan whose noise is that of counts, known up to a factor: it may have been scaled since.

    The factor is found from second differences of neighbours, in which lines and background hardly show.
    """
    second = y[:-2] - 2 * y[1:-1] + y[2:]
    level = np.maximum(uniform_filter1d(y, _SMOOTHED), 1e-12)
    factor = float(np.median(second**2 / level[1:-1])) / _OF_SECOND_DIFFERENCES
    counts = np.all(y == np.round(y))
    if counts and y.mean() < 20:
        factor = 1.0  # too few different numbers for a median
    least = (1e-4 * float(np.max(y))) ** 2 if not counts else 0.5 * factor
    return Scan(x=x, y=y, variance=np.maximum(factor * level, least))
