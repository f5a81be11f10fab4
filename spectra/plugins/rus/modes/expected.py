"""Where the modes of a body are expected: its lowest one, and how many lie below a frequency.

The lowest modes come from a small expansion. Beyond them, the number grows as Weyl's law says (Dupuis, Mazo and
Onsager, J. Chem. Phys. 33, 1452 (1960)): N(f) = (4π/3) V f³ ⟨Σ 1/v³⟩ + b f², with the mean over directions of the
three sound velocities; b, which the surface determines, is taken from the lowest modes.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from spectra.plugins.rus.bodies.basis import Basis
from spectra.plugins.rus.crystals.elasticity import multiples_of
from spectra.plugins.rus.modes.rayleigh_ritz import RayleighRitz

Floats = NDArray[np.float64]

_ORDER = 8
_TRUSTED = 40  # modes that this order has to a few percent
_VOIGT = np.array([[0, 5, 4], [5, 1, 3], [4, 3, 2]])
_POLAR, _AZIMUTHAL = 12, 24  # directions


class ExpectedModes:
    """Modes of one solid body.

    Parameters
    ----------
    make_basis
        Function from an order to the basis of the body.
    stiffness : ndarray, shape (6, 6)
        In Pa.
    density
        In kg/m³.
    volume
        In m³.
    """

    def __init__(self, make_basis: Callable[[int], Basis], stiffness: Floats, density: float, volume: float) -> None:
        model = RayleighRitz(make_basis(_ORDER), multiples_of(stiffness), density)
        self.lowest = model.frequencies(np.ones((1, 1)), workers=1)[0, :_TRUSTED]
        self._cubic = 4 * np.pi / 3 * volume * _mean_inverse_cube(stiffness, density)
        upper = len(self.lowest) // 2  # half of them, for degenerate modes come in steps
        number, modes = np.arange(len(self.lowest))[upper:] + 0.5, self.lowest[upper:]
        self._square = float(np.mean((number - self._cubic * modes**3) / modes**2))

    @property
    def first(self) -> float:
        """The lowest mode, in Hz."""
        return float(self.lowest[0])

    def count(self, low: float, high: float) -> float:
        """Return how many modes are expected from ``low`` to ``high``, in Hz; a whole number among the lowest."""
        return max(self._below(high) - self._below(low), 0.0)

    def _below(self, frequency: float) -> float:
        if frequency <= self.lowest[-1]:
            return float((self.lowest <= frequency).sum())
        return max(float(self._cubic * frequency**3 + self._square * frequency**2), float(len(self.lowest)))


def _mean_inverse_cube(stiffness: Floats, density: float) -> float:
    """Return the mean over directions of the sum of 1/v³ of the three waves (Christoffel's equation), in s³/m³."""
    cosines, weights = np.polynomial.legendre.leggauss(_POLAR)
    angles = 2 * np.pi * np.arange(_AZIMUTHAL) / _AZIMUTHAL
    sines = np.sqrt(1 - cosines**2)[:, None]
    directions = np.stack(
        [sines * np.cos(angles), sines * np.sin(angles), np.broadcast_to(cosines[:, None], (_POLAR, _AZIMUTHAL))],
        axis=-1,
    )
    tensor = stiffness[_VOIGT][:, :, _VOIGT]
    matrices = np.einsum("ijkl,pqj,pql->pqik", tensor, directions, directions)
    velocities = np.sqrt(np.linalg.eigvalsh(matrices) / density)
    return float(weights @ (velocities**-3).sum(axis=-1).mean(axis=1) / 2)
