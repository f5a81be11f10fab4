"""The pairs and sets of moduli by which users may describe a solid, and their way to the independent ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spectra.plugins.rus.elasticity import SYMMETRIES

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Parametrization:
    """A set of searched quantities that determines the independent moduli of one symmetry.

    Parameters
    ----------
    names
        The searched quantities.
    to_moduli
        Maps values (n, p) in GPa (nu without unit) to independent moduli (n, k) in GPa.
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


PARAMETRIZATIONS: dict[str, tuple[Parametrization, ...]] = {
    name: (_linear(symmetry.moduli, np.eye(len(symmetry.moduli))),) for name, symmetry in SYMMETRIES.items()
}
PARAMETRIZATIONS["isotropic"] += (
    _linear(("C11", "C12"), np.array([[1.0, 0.0], [0.5, -0.5]])),
    _linear(("K", "G"), np.array([[1.0, 4 / 3], [0.0, 1.0]])),
    Parametrization(("E", "nu"), _from_young_and_poisson, _young_and_poisson_jacobian),
)
