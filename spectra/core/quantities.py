"""Physical quantities: what a technique predicts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from spectra.core.basics.units import parse_quantity
from spectra.core.errors import InputError, UsageError


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
    candidates : ndarray, shape (n, k, p)
        Answers that are worth a look each, from a regressor whose mean may lie between them.
    """

    mean: NDArray[np.float64]
    spread: NDArray[np.float64]
    candidates: NDArray[np.float64] | None = None

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """Return the estimates of several stacks as those of one."""
        candidates = [part.candidates for part in parts if part.candidates is not None]
        return cls(
            mean=np.concatenate([part.mean for part in parts]),
            spread=np.concatenate([part.spread for part in parts]),
            candidates=np.concatenate(candidates) if candidates else None,
        )

    def starts(self, place: int, quantities: Sequence[Quantity]) -> NDArray[np.float64]:
        """Return where to look for an answer, shape (k, p), within the ranges of ``quantities``.

        The mean of the estimate at ``place`` comes first, then that moved by two spreads either way in each quantity,
        then the candidates.
        """
        mean, moved = self.mean[place], 2 * np.diag(self.spread[place])
        starts = [mean[None], mean + moved, mean - moved]
        if self.candidates is not None:
            starts.append(self.candidates[place])
        return np.clip(np.concatenate(starts), [q.lower for q in quantities], [q.upper for q in quantities])

    def calibration(self, truth: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return by what factors the spreads must grow to match the errors: the rms error in spreads, shape (p,)."""
        factors: NDArray[np.float64] = np.sqrt(np.mean(((truth - self.mean) / self.spread) ** 2, axis=0))
        return factors


@dataclass(frozen=True, kw_only=True)
class EstimatedQuantity:
    """One number with its uncertainty, as it goes on record.

    Parameters
    ----------
    method
        Its origin: "learned" (the regressor's answer), "refined" or "derived".
    std
        One standard deviation; ``None`` if unknown, and ``note`` then says why.
    """

    name: str
    unit: str
    method: str
    value: float
    std: float | None
    note: str = ""

    @property
    def label(self) -> str:
        """Name and unit, for an axis or a column."""
        return f"{self.name} ({self.unit})" if self.unit else self.name


def final(quantities: Sequence[EstimatedQuantity]) -> tuple[EstimatedQuantity, ...]:
    """Return the final ones: the regressor's own answer only for quantities that were not refined."""
    refined = {quantity.name for quantity in quantities if quantity.method == "refined"}
    return tuple(q for q in quantities if q.method != "learned" or q.name not in refined)


def values_of(given: Mapping[str, float], quantities: Sequence[Quantity]) -> NDArray[np.float64]:
    """Return a number for each quantity, in its unit: shape (p,).

    Raises
    ------
    InputError
        If one is missing or unknown.
    """
    names = [quantity.name for quantity in quantities]
    if set(given) != set(names):
        raise InputError(f"Values are given for {', '.join(given) or 'nothing'}; needed are {', '.join(names)}.")
    return np.array([float(given[name]) for name in names])


def read_values(text: str, quantities: Sequence[Quantity]) -> dict[str, float]:
    """Read ``C11=270,C44=80`` (units may be written: ``C11=0.27 TPa``), as the option ``--at`` gives it.

    Raises
    ------
    UsageError
        If a quantity is unknown, given twice or no finite number.

    Examples
    --------
    >>> read_values("C11=0.27 TPa", [Quantity(name="C11", unit="GPa", description="", lower=100, upper=400)])
    {'C11': 270.0}
    """
    units = {quantity.name: quantity.unit for quantity in quantities}
    values: dict[str, float] = {}
    for term in text.split(","):
        name, equals, number = (part.strip() for part in term.partition("="))
        if not equals or name not in units or name in values:
            expected = ",".join(f"{known}=…" for known in units)
            raise UsageError(f"Invalid term '{term.strip()}' in --at.", hint=f"Write --at '{expected}'.")
        try:
            values[name] = float(number)
        except ValueError:
            try:
                values[name] = parse_quantity(number, units[name])
            except ValueError as error:
                raise UsageError(f"Invalid value of {name} in --at: {error}.") from None
        if not math.isfinite(values[name]):
            raise UsageError(f"Invalid value of {name} in --at: {number} is no finite number.")
    return values


def to_unit_interval(values: NDArray[np.float64], quantities: Sequence[Quantity]) -> NDArray[np.float64]:
    """Rescale ``values`` (n, p) so that each quantity's range becomes 0 to 1 (Liu et al. 2023, eq. 11)."""
    lower, width = _bounds(quantities)
    return (values - lower) / width


def from_unit_interval(estimate: Estimate, quantities: Sequence[Quantity]) -> Estimate:
    """Bring a rescaled estimate back to the units of ``quantities``."""
    lower, width = _bounds(quantities)
    candidates = None if estimate.candidates is None else lower + width * estimate.candidates
    return Estimate(lower + width * estimate.mean, width * estimate.spread, candidates)


def _bounds(quantities: Sequence[Quantity]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    lower = np.array([q.lower for q in quantities])
    upper = np.array([q.upper for q in quantities])
    return lower, upper - lower


def with_uncertainty(value: float, std: float | None) -> str:
    """Write a value with as many decimals as its uncertainty has at two digits.

    Examples
    --------
    >>> with_uncertainty(270.0224, 0.4756)
    '270.02 ± 0.48'
    >>> with_uncertainty(270.0224, None)
    '270 (uncertainty unknown)'
    """
    if std is None or not math.isfinite(std):
        return f"{value:.4g} (uncertainty unknown)"
    decimals = max(0, 1 - math.floor(math.log10(std))) if std > 0 else 4
    return f"{value:.{decimals}f} ± {std:.{decimals}f}"
