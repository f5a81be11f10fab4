"""Errors of ln f, of a size and shape that are to be found: densities exp(-|r/a|^p), the generalised normal ones."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

POWERS = 2.0 ** np.arange(6)  # p of each shape: Laplace's, Gauss's, and nearly uniform ones
GAUSSIAN = 1
LOG_SCALE = 0.5 * (gammaln(1 / POWERS) - gammaln(3 / POWERS))  # of a, where the standard deviation is 1
LOG_NORM = np.log(POWERS / 2) - gammaln(1 / POWERS)
INFORMATION = POWERS**2 * np.exp(gammaln(2 - 1 / POWERS) - gammaln(1 / POWERS) - 2 * LOG_SCALE)
"""Fisher's, of one error about its place, where the standard deviation is 1."""
LOG_SPREADS = (np.log(1e-8), np.log(0.1))
"""Of the standard deviation; its logarithm is uniform in between, beforehand."""


def raise_to_power(ratios: Floats, shape: Integers) -> None:
    """Replace ratios (…, c) by ratio ** (2 ** shape), by squaring, of shapes (c,); what overflows is impossible."""
    with np.errstate(over="ignore"):
        for level in range(1, int(shape.max(initial=0)) + 1):
            np.multiply(ratios, ratios, out=ratios, where=shape >= level)


def draw_errors(residuals: Floats, weights: Floats, rng: np.random.Generator) -> tuple[Floats, Integers]:
    """Draw shape, and then size, from their conditional distributions, with a uniform one of ln size beforehand.

    Of the shape p, a^-p has a gamma distribution; the integral over it gives the probability of p.

    Parameters
    ----------
    residuals : ndarray, shape (c, m)
        Absolute errors.
    weights : ndarray, shape (c, m)
        What share of an independent measurement each is.

    Returns
    -------
    log_spread : ndarray, shape (c,)
        ln of the standard deviation.
    shape : ndarray of int, shape (c,)
    """
    largest = np.maximum(residuals.max(axis=1, keepdims=True), 1e-300)
    ratios = residuals / largest
    sums = np.empty((len(residuals), len(POWERS)))
    for k in range(len(POWERS)):
        sums[:, k] = np.sum(weights * ratios, axis=1)
        ratios = ratios * ratios
    count = np.sum(weights, axis=1, keepdims=True)
    degrees = np.maximum(count, 1e-9) / POWERS
    log_sums = np.log(np.maximum(sums, 1e-300)) + POWERS * (np.log(largest) - LOG_SCALE)
    odds = count * (LOG_NORM - LOG_SCALE) - np.log(POWERS) + gammaln(degrees) - degrees * log_sums
    shape = np.argmax(odds + rng.gumbel(size=odds.shape), axis=1)
    chain = np.arange(len(shape))
    drawn = np.log(np.maximum(rng.gamma(degrees[chain, shape]), 1e-300))
    log_spread: Floats = (log_sums[chain, shape] - drawn) / POWERS[shape]
    return log_spread, shape
