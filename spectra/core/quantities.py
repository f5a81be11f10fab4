"""Physical quantities: what a technique predicts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spectra.core.errors import InputError


@dataclass(frozen=True, kw_only=True)
class Quantity:
    """A named target with its unit and the range in which it is searched.

    Numbers travel through the workflows in ``unit``; a forward model converts to SI inside.

    Raises
    ------
    InputError
        If the range is empty or not finite.
    """

    name: str
    unit: str
    description: str
    lower: float
    upper: float

    def __post_init__(self) -> None:
        if not (np.isfinite(self.lower) and np.isfinite(self.upper) and self.lower < self.upper):
            raise InputError(
                f"The range of {self.name}, {self.lower:g} to {self.upper:g} {self.unit}, holds nothing.",
                hint="Give a lower end below the upper end.",
            )

    @property
    def label(self) -> str:
        """Name and unit, for an axis or a column."""
        return f"{self.name} ({self.unit})" if self.unit else self.name


@dataclass(frozen=True)
class Estimate:
    """Values with their spread (one standard deviation), in the units of the quantities.

    Parameters
    ----------
    mean, spread : ndarray, shape (n, p)
    """

    mean: NDArray[np.float64]
    spread: NDArray[np.float64]

    def calibration(self, truth: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return by what factors the spreads must grow to match the errors: the rms error in spreads, shape (p,)."""
        factors: NDArray[np.float64] = np.sqrt(np.mean(((truth - self.mean) / self.spread) ** 2, axis=0))
        return factors


def to_unit_interval(values: NDArray[np.float64], quantities: Sequence[Quantity]) -> NDArray[np.float64]:
    """Rescale ``values`` (n, p) so that each quantity's range becomes 0 to 1 (Liu et al. 2023, eq. 11)."""
    lower, width = _bounds(quantities)
    return (values - lower) / width


def from_unit_interval(estimate: Estimate, quantities: Sequence[Quantity]) -> Estimate:
    """Bring a rescaled estimate back to the units of ``quantities``."""
    lower, width = _bounds(quantities)
    return Estimate(lower + width * estimate.mean, width * estimate.spread)


def _bounds(quantities: Sequence[Quantity]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    lower = np.array([q.lower for q in quantities])
    upper = np.array([q.upper for q in quantities])
    return lower, upper - lower
