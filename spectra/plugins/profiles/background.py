"""Background subtraction: the smooth background under the lines of a profile."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from spectra.core.signals import Profile

Floats = NDArray[np.float64]

_MOST_ROUNDS = 50
_SETTLED = 1e-3


def subtract_background(profile: Profile, *, width: float = 20.0) -> Profile:
    """Subtract the background, smooth on the scale of ``width``, from each profile of a stack.

    Parameters
    ----------
    width
        Period, in the unit of the axis, of the ripple that counts as half background, half signal: well above the width
        of any line, below that on which the background itself bends.

    Returns
    -------
    Profile
        Its values lie on both sides of zero where there is nothing but background; they are not clipped, which would
        leave half of the noise behind as if it were signal.
    """
    return replace(profile, y=profile.y - np.array([background(profile.x, counts, width) for counts in profile.y]))


def background(x: Floats, y: Floats, width: float) -> Floats:
    """Estimate the background of one profile by asymmetrically reweighted penalised least squares.

    The background z minimises ∫ w (y - z)² dx + (width / 2π)⁴ ∫ z″² dx; a ripple of period ``width`` then passes at
    half its height (Eilers & Boelens 2005, here written for any grid). The weights w are those of Baek et al. (2015):
    a logistic function of how far a point lies above z, measured by mean and spread of the points below it.
    So the background runs through the middle of the noise, and not along its lower edge.

    Parameters
    ----------
    x, y : ndarray, shape (k,)
        Axis and counts.
    width
        In the unit of ``x``.

    References
    ----------
    P. H. C. Eilers & H. F. M. Boelens, Baseline correction with asymmetric least squares smoothing, Leiden University
    Medical Centre report (2005).
    S.-J. Baek, A. Park, Y.-J. Ahn & J. Choo, Baseline correction using asymmetrically reweighted penalized least
    squares smoothing, Analyst 140, 250-257 (2015).
    """
    from scipy.linalg import solveh_banded
    from scipy.special import expit

    cells = np.gradient(x)
    stiffness = _bending(x) * (width / (2 * np.pi)) ** 4
    weights = np.ones_like(y)
    for _ in range(_MOST_ROUNDS):
        matrix = stiffness.copy()
        matrix[0] += weights * cells
        smooth = solveh_banded(matrix, weights * cells * y, lower=True)
        above = y - smooth
        below = above[above < 0]
        if not below.any():  # nothing but background, and no noise
            break
        mean, spread = below.mean(), below.std()
        if spread == 0:
            break
        updated = expit(-2 * (above - (2 * spread - mean)) / spread)
        settled = np.linalg.norm(updated - weights) < _SETTLED * np.linalg.norm(weights)
        weights = updated
        if settled:
            break
    return smooth


def _bending(x: Floats) -> Floats:
    """Return ∫ z″² dx as a matrix in z, its diagonal and the two below it, shape (3, k)."""
    before, after = np.diff(x)[:-1], np.diff(x)[1:]
    cell = (before + after) / 2
    # z″ at each inner point by the divided difference of its three values
    left, right = 1 / (before * cell), 1 / (after * cell)
    weights = (left, -left - right, right)
    bands = np.zeros((3, len(x)))
    for i, first in enumerate(weights):
        for j, second in enumerate(weights[: i + 1]):
            bands[i - j, j : j + len(cell)] += first * second * cell
    return bands
