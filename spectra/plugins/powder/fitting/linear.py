"""Linear least squares of which some unknowns are not negative, from the normal equations."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import LinAlgError, cho_factor, cho_solve

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]

_MOST_ROUNDS = 12


def solve_bounded(matrix: Floats, right: Floats, bounded: Booleans) -> tuple[Floats, Booleans]:
    """Minimise x·M·x/2 - r·x with x ≥ 0 where ``bounded``.

    Unknowns that come out negative are set to 0 together and come back if the slope is negative there: the block
    principal pivoting of Portugal, Judice & Vicente, Math. Comput. 63, 625 (1994), ended after some rounds.

    Parameters
    ----------
    matrix : ndarray, shape (n, n)
        Symmetric; made positive definite by a ridge of 1e-12 of its diagonal.
    right : ndarray, shape (n,)
    bounded : ndarray of bool, shape (n,)

    Returns
    -------
    solution : ndarray, shape (n,)
    free : ndarray of bool, shape (n,)
        Which unknowns are not held at 0.
    """
    diagonal = np.diag(matrix)
    scale = 1 / np.sqrt(np.where(diagonal > 0, diagonal, 1.0))
    scaled = matrix * scale * scale[:, np.newaxis] + 1e-12 * np.eye(len(matrix))
    target = right * scale
    free = np.ones(len(right), dtype=bool)
    solution = np.zeros(len(right))
    for round_ in range(_MOST_ROUNDS):
        solution = np.zeros(len(right))
        solution[free] = _solved(scaled[np.ix_(free, free)], target[free])
        negative = bounded & (solution < 0)
        slope = scaled @ solution - target
        wanted = bounded & ~free & (slope < -1e-9) & (round_ < _MOST_ROUNDS // 2)
        if not negative.any() and not wanted.any():
            break
        free = (free & ~negative) | wanted
    return np.where(bounded, np.maximum(solution, 0), solution) * scale, free


def _solved(matrix: Floats, right: Floats) -> Floats:
    try:
        return cho_solve(cho_factor(matrix, check_finite=False), right, check_finite=False)
    except LinAlgError:
        return np.asarray(np.linalg.lstsq(matrix, right, rcond=1e-12)[0], dtype=np.float64)
