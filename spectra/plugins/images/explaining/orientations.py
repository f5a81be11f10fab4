"""Which orientations matter: importance of pixels against the angles φ and θ of their c-axes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spectra.plugins.images.orientations import azimuths, tilts

Floats = NDArray[np.float64]

_FEWEST = 20  # pixels of a bin whose ratio says anything
_BINS = (18, 9)  # of φ and θ: 10° each


@dataclass(frozen=True, kw_only=True, eq=False)
class OrientationHistogram:
    """Figure 3 B–D of Lew et al. (2023): how often orientations occur, and how much they matter.

    Parameters
    ----------
    phi, theta : ndarray, shape (n + 1,), (m + 1,)
        Ends of the bins in degrees: φ within the surface, from −90 to 90, and θ from its normal, from 0 to 90.
    frequency, importance : ndarray, shape (n, m)
        Share of each bin in the pixels, and in the sum of their importances.
    ratio : ndarray, shape (n, m)
        Importance over frequency: 1 on average; NaN where hardly any pixel is.
    """

    phi: Floats
    theta: Floats
    frequency: Floats
    importance: Floats
    ratio: Floats

    @property
    def correlation(self) -> float:
        """Of the logarithms of frequency and ratio; negative if rare orientations matter more than their share."""
        there = np.isfinite(self.ratio) & (self.ratio > 0)
        if there.sum() < 3:
            return float("nan")
        return float(np.corrcoef(np.log(self.frequency[there]), np.log(self.ratio[there]))[0, 1])


def against_orientation(importance: NDArray[Any], axes: NDArray[np.float32]) -> OrientationHistogram:
    """Sum the importance of pixels by the orientation that they show.

    Parameters
    ----------
    importance : ndarray, shape (...)
        Not negative; NaN where it is not known.
    axes : ndarray, shape (..., 3)
        c-axes; NaN where they are not known.
    """
    phi, theta = azimuths(axes).ravel(), tilts(axes).ravel()
    known = np.isfinite(phi) & np.isfinite(theta) & np.isfinite(importance.ravel())
    given = importance.ravel()[known].astype(float)
    ranges = [(-90.0, 90.0), (0.0, 90.0)]
    counts, ends, other = np.histogram2d(phi[known], theta[known], bins=_BINS, range=ranges)
    sums, _, _ = np.histogram2d(phi[known], theta[known], bins=_BINS, range=ranges, weights=given)
    frequency, share = counts / max(counts.sum(), 1), sums / max(sums.sum(), np.finfo(float).tiny)
    ratio = np.full(counts.shape, np.nan)
    np.divide(share, frequency, out=ratio, where=counts >= _FEWEST)
    return OrientationHistogram(phi=ends, theta=other, frequency=frequency, importance=share, ratio=ratio)
