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

LOWEST = 6
"""Of the orders that are tried."""

HIGHEST = 24
"""Beyond it, a spectrum takes too long."""

_STAGES = (14, 18, HIGHEST)  # one assembly serves all orders up to each


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
    return largest_step(_spectrum(model, order), _spectrum(model, order + 2), highest)


def converged_order(
    make_basis: Callable[[int], Basis],
    symmetry: Symmetry,
    moduli: Floats,
    density: float,
    *,
    highest: float,
    accuracy: float,
    lowest: int = LOWEST,
) -> tuple[int, float]:
    """Return the lowest even order whose frequencies up to ``highest`` have a relative ``accuracy``, and their error.

    Parameters
    ----------
    lowest
        The first order to try.

    Raises
    ------
    ValueError
        If not even the highest order, 24, is enough.
    """
    tried, coarse = lowest, None
    for last in (stage for stage in _STAGES if stage >= lowest):
        model = RayleighRitz(make_basis(last + 2), multiples_of(symmetry.stiffness(moduli)), density)
        for order in range(tried, last + 1, 2):
            coarse = _spectrum(model, order) if coarse is None else coarse
            fine = _spectrum(model, order + 2)
            error = largest_step(coarse, fine, highest)
            if error <= accuracy:
                return order, error
            coarse = fine
        tried = last + 2
    raise ValueError(f"at order {last} the frequencies up to {highest:g} Hz still change by {error:.1g}")


def largest_step(coarse: Floats, fine: Floats, highest: float) -> float:
    """Return the largest relative change from a spectrum (m,) to a finer one (n,) up to ``highest``.

    It is 1 where the coarse one ends below.
    """
    wanted = int((fine <= highest).sum())
    if wanted > len(coarse):
        return 1.0
    return float(np.max(np.abs(coarse[:wanted] / fine[:wanted] - 1), initial=0.0))


def _spectrum(model: RayleighRitz, order: int) -> Floats:
    frequencies: Floats = block_frequencies(model.truncated_blocks(order), np.ones((1, 1)))[0]
    return frequencies
