"""Intervals that hold for a group never seen: conformal prediction, calibrated on whole groups."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Groups = NDArray[np.int64]

LEVEL = 0.9
"""Which share of measurements the intervals are to hold."""
DEVIATIONS = 1.6448536269514722
"""Half the width of a Gaussian's interval of that level, in standard deviations."""


def half_widths(scores: Floats, groups: Groups, level: float = LEVEL) -> Floats:
    """Return what the absolute error of a member of a new group does not exceed with probability ``level``.

    It is a quantile of the scores, of which every one has the same weight, but for a share that lies at infinity: that
    of one more group, as large as those in which members are found on average (the pooled form of Dunn, Wasserman &
    Ramdas, J. Am. Stat. Assoc. 118, 2491 (2023); for one member a group it is the usual rank (n + 1) ``level``). No
    distribution is assumed, and members of a group may err together; groups must be drawn like those that there are.

    Parameters
    ----------
    scores : ndarray, shape (n, p)
        Absolute errors of answers to members of groups that were not learned from, or multiples of a spread.
    groups : ndarray, shape (n,)

    Returns
    -------
    half_widths : ndarray, shape (p,)
        Infinite where there are fewer groups than the level needs: 9 for 0.9.
    """
    sizes = np.unique(groups, return_counts=True)[1]
    count = len(groups)
    new = count / len(sizes)
    rank = int(np.ceil(level * (count + new) - 1e-9))
    if rank > count:
        return np.full(scores.shape[1], np.inf)
    found: Floats = np.partition(scores, rank - 1, axis=0)[rank - 1]
    return found


def calibration(scores: Floats, groups: Groups) -> Floats:
    """Return what spreads are multiplied by, so that 1.645 of them hold the level for a group never seen: shape (p,).

    Too few groups for that give what makes the rms error one spread.

    Parameters
    ----------
    scores : ndarray, shape (n, p)
        Absolute errors in spreads.
    """
    found: Floats = half_widths(scores, groups) / DEVIATIONS
    return np.where(np.isfinite(found), found, np.sqrt(np.mean(scores**2, axis=0)))
