"""Parametrizations: the sets of moduli that users may search, and their conversion to the independent moduli."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spectra.plugins.rus.crystals.elasticity import SYMMETRIES

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Parametrization:
    """A set of searched quantities that determines the independent moduli of one symmetry.

    Parameters
    ----------
    names
        The searched quantities.
    to_moduli
        Maps values (n, p) in GPa (nu and A without unit) to independent moduli (n, k) in GPa.
    jacobian
        Maps values (p,) to the derivatives of the moduli, shape (k, p).
    """

    names: tuple[str, ...]
    to_moduli: Callable[[Floats], Floats]
    jacobian: Callable[[Floats], Floats]


def _linear(names: tuple[str, ...], matrix: Floats) -> Parametrization:
    return Parametrization(names, lambda values: values @ matrix.T, lambda _: matrix)


def _from_young_and_poisson(values: Floats) -> Floats:
    young, poisson = values[..., 0], values[..., 1]
    shear = young / (2 * (1 + poisson))
    return np.stack([shear * (2 - 2 * poisson) / (1 - 2 * poisson), shear], axis=-1)


def _young_and_poisson_jacobian(values: Floats) -> Floats:
    young, poisson = values
    c11, c44 = _from_young_and_poisson(values)
    # d ln C11 / d nu of E (1 - nu) / ((1 + nu)(1 - 2 nu))
    slope = -1 / (1 - poisson) - 1 / (1 + poisson) + 2 / (1 - 2 * poisson)
    return np.array([[c11 / young, c11 * slope], [c44 / young, -c44 / (1 + poisson)]])


def _from_zener_ratio(values: Floats) -> Floats:
    c11, ratio, c44 = values[..., 0], values[..., 1], values[..., 2]
    return np.stack([c11, c11 - 2 * c44 / ratio, c44], axis=-1)


def _zener_ratio_jacobian(values: Floats) -> Floats:
    _, ratio, c44 = values
    return np.array([[1.0, 0.0, 0.0], [1.0, 2 * c44 / ratio**2, -2 / ratio], [0.0, 0.0, 1.0]])


PARAMETRIZATIONS: dict[str, tuple[Parametrization, ...]] = {
    name: (_linear(symmetry.moduli, np.eye(len(symmetry.moduli))),) for name, symmetry in SYMMETRIES.items()
}
PARAMETRIZATIONS["isotropic"] += (
    _linear(("C11", "C12"), np.array([[1.0, 0.0], [0.5, -0.5]])),
    _linear(("K", "G"), np.array([[1.0, 4 / 3], [0.0, 1.0]])),
    Parametrization(("E", "nu"), _from_young_and_poisson, _young_and_poisson_jacobian),
)
# Zener's anisotropy A = 2 C44 / (C11 - C12): ranges of C11 and C12 would hold all that is soft, and what is no solid
PARAMETRIZATIONS["cubic"] += (Parametrization(("C11", "A", "C44"), _from_zener_ratio, _zener_ratio_jacobian),)
