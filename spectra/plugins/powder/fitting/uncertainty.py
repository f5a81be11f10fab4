"""How much larger than by independent noise the uncertainties of a whole-pattern fit are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Of independent residuals: E[(Σ|r|)²] of a run of one sign, whose lengths are geometric (E[l] = 2, E[l(l-1)] = 4), is
# 2 + 4 · 2/π for every 2 points
_OF_INDEPENDENT = 1 + 4 / np.pi


def inflation(residuals: Floats) -> float:
    """Return the factor on standard deviations for misfit and for residuals that follow each other.

    Bérar & Lelann, J. Appl. Cryst. 24, 1 (1991): residuals of one sign in a row say one thing and count as one, so
    that the sum of squares is taken over the sums of runs. It is divided here by what it is for independent residuals,
    so that noise alone gives 1.

    Parameters
    ----------
    residuals : ndarray, shape (k,)
        Measured minus computed counts in standard deviations of the noise.
    """
    if len(residuals) < 2:
        return 1.0
    starts = np.flatnonzero(np.diff(np.signbit(residuals), prepend=not np.signbit(residuals[0])))
    runs = np.add.reduceat(residuals, starts)
    together = float(np.sum(runs**2)) / len(residuals) / _OF_INDEPENDENT
    alone = float(np.mean(residuals**2))
    return float(np.sqrt(max(together, alone, 1.0)))
