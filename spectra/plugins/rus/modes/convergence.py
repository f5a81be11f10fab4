"""Convergence of the expansion: the truncation error of an order, and the lowest order that is accurate enough.

Every eigenvalue falls as the order rises and never below the true one (Rayleigh 1873; Ritz 1909), so that the step to
the next higher order of the same parity tells what is missing: the remaining steps are ever smaller.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from spectra.plugins.rus.bodies.basis import Basis
from spectra.plugins.rus.crystals.elasticity import Symmetry, multiples_of
from spectra.plugins.rus.modes.rayleigh_ritz import RayleighRitz, block_frequencies

Floats = NDArray[np.float64]

_LOWEST = 6
_STAGES = (14, 18, 24)  # one assembly serves all orders up to each


def truncation_error(
    make_basis: Callable[[int], Basis], order: int, symmetry: Symmetry, moduli: Floats, density: float, highest: float
) -> float:
    """Return the largest relative change of a frequency up to ``highest`` when the order rises by two.

    Parameters
    ----------
    make_basis
        Function from an order to the basis of the body.
    moduli : ndarray, shape (k,)
        In Pa; softer solids have more modes below a frequency and need a higher order.
    highest
        In Hz.
    """
    model = RayleighRitz(make_basis(order + 2), multiples_of(symmetry.stiffness(moduli)), density)
    return _step(model, order, highest)


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
    tried = _LOWEST
    for last in _STAGES:
        model = RayleighRitz(make_basis(last + 2), multiples_of(symmetry.stiffness(moduli)), density)
        for order in range(tried, last + 1, 2):
            error = _step(model, order, highest)
            if error <= accuracy:
                return order, error
        tried = last + 2
    raise ValueError(f"at order {last} the frequencies up to {highest:g} Hz still change by {error:.1g}")


def _step(model: RayleighRitz, order: int, highest: float) -> float:
    """Return the largest relative change from ``order`` to the next; all where its spectrum ends below ``highest``."""
    coarse, fine = (block_frequencies(model.truncated_blocks(n), np.ones((1, 1)))[0] for n in (order, order + 2))
    wanted = int((fine <= highest).sum())
    if wanted > len(coarse):
        return 1.0
    return float(np.max(np.abs(coarse[:wanted] / fine[:wanted] - 1), initial=0.0))
