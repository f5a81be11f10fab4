"""How far an order of the expansion is from convergence, and which one is enough.

Every eigenvalue falls as the order rises and never below the true one (Rayleigh 1873; Ritz 1909), so that the step to
the next higher order of the same parity bounds what has been reached: the remaining steps are ever smaller.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from spectra.plugins.rus.basis import Basis
from spectra.plugins.rus.elasticity import Symmetry
from spectra.plugins.rus.rayleigh_ritz import RayleighRitz

Floats = NDArray[np.float64]

LOWEST_ORDER, HIGHEST_ORDER = 6, 24


def truncation_error(
    make_basis: Callable[[int], Basis], order: int, symmetry: Symmetry, moduli: Floats, density: float, highest: float
) -> float:
    """Return the largest relative change of a frequency up to ``highest`` when the order rises by two.

    Parameters
    ----------
    make_basis
        Makes the basis of the body for an order.
    moduli : ndarray, shape (k,)
        In Pa; softer solids have more modes below a frequency and need a higher order.
    highest
        In Hz.
    """
    coarse, fine = (
        RayleighRitz(make_basis(n), symmetry, density).frequencies(moduli[None])[0] for n in (order, order + 2)
    )
    wanted = fine <= highest
    return float(np.max(np.abs(coarse[: len(fine)][wanted[: len(coarse)]] / fine[wanted] - 1), initial=0.0))


def converged_order(
    make_basis: Callable[[int], Basis],
    symmetry: Symmetry,
    moduli: Floats,
    density: float,
    *,
    highest: float,
    accuracy: float,
) -> tuple[int, float]:
    """Return the lowest even order whose frequencies up to ``highest`` have a relative ``accuracy``, and their error.

    Raises
    ------
    ValueError
        If not even the highest order, 24, is enough.
    """
    for order in range(LOWEST_ORDER, HIGHEST_ORDER + 1, 2):
        error = truncation_error(make_basis, order, symmetry, moduli, density, highest)
        if error <= accuracy:
            return order, error
    raise ValueError(f"at order {HIGHEST_ORDER} the frequencies up to {highest:g} Hz still change by {error:.1g}")
