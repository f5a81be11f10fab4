"""Weighted means around every pixel, with nothing said about pixels that are not known."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Singles = NDArray[np.float32]

_TRUNCATED = 3.0  # standard deviations at which a Gaussian ends
_DIRECT = 5.0  # pixels of standard deviation up to which its weights are applied one by one


def reach_of(scale: float) -> int:
    """Return how many pixels away the mean of :func:`local_means` still looks."""
    return sum(_radii(scale)) if scale > _DIRECT else max(1, round(_TRUNCATED * scale))


def local_means(values: Singles, known: NDArray[np.bool_], scale: float) -> Singles:
    """Return means around every pixel with Gaussian weights, over known pixels alone (normalised convolution).

    Wide Gaussians are three running means one after the other, which cost the same for any width (Wells 1986).

    Parameters
    ----------
    values : ndarray, shape (height, width, channels)
        Whatever they are where nothing is known.
    known : ndarray, shape (height, width)
    scale
        Standard deviation of the weights in pixels.

    Returns
    -------
    means : ndarray, shape (height, width, channels)
        NaN where nothing within :func:`reach_of` is known.

    References
    ----------
    H. Knutsson and C.-F. Westin, Normalized and differential convolution, Proc. CVPR 1993, 515.
    W. M. Wells, Efficient synthesis of Gaussian filters by cascaded uniform filters, IEEE PAMI 8, 234 (1986).
    """
    weights = _spread(known.astype(np.float32), scale)
    means = np.empty_like(values)
    with np.errstate(invalid="ignore", divide="ignore"):
        for channel in range(values.shape[2]):
            total = _spread(np.where(known, values[..., channel], np.float32(0)), scale)
            np.divide(total, weights, out=means[..., channel])
    means[weights < np.finfo(np.float32).eps] = np.nan  # running means leave rounding errors there
    return means


def _spread(values: Singles, scale: float) -> Singles:
    """Convolve with a normalised kernel; outside of the picture there is nothing."""
    from scipy.ndimage import correlate1d, uniform_filter1d

    if scale > _DIRECT:
        edge = reach_of(scale)
        values = np.pad(values, edge)  # what the first mean brings over the edge, the next brings back
        for axis in (0, 1):
            for radius in _radii(scale):
                values = uniform_filter1d(values, 2 * radius + 1, axis=axis, mode="constant")
        return values[edge:-edge, edge:-edge]
    radius = reach_of(scale)
    kernel = np.exp(-0.5 * (np.arange(-radius, radius + 1) / scale) ** 2)
    for axis in (0, 1):
        values = correlate1d(values, kernel / kernel.sum(), axis=axis, mode="constant")
    return values


def _radii(scale: float) -> tuple[int, int, int]:
    """Return the radii of three running means whose variances, ((2r + 1)² − 1)/12 each, come nearest to a Gaussian's.

    All three are alike or differ by one.
    """
    ideal = (np.sqrt(4 * scale**2 + 1) - 1) / 2
    low = int(ideal)
    steps = min(
        range(4),
        key=lambda many: abs(((3 - many) * low * (low + 1) + many * (low + 1) * (low + 2)) / 3 - scale**2),
    )
    first, second, third = (low + (place < steps) for place in range(3))
    return first, second, third
