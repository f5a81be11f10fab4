"""Two of a kind side by side: facts by their place in a document, numbers with the difference in their errors."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from spectra.core.basics.units import conversion_factor
from spectra.core.quantities import EstimatedQuantity


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A fact that differs; ``None`` where one side does not have it."""

    key: str
    first: Any
    second: Any


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A quantity and what it is on the other side; ``None`` where a side does not have it.

    Parameters
    ----------
    difference
        Second less first, in the unit of the first; ``None`` if one is missing or the units do not convert.
    deviations
        The difference in standard deviations, those of both added in quadrature as for independent errors; ``None``
        if one is unknown.
    """

    name: str
    unit: str
    first: EstimatedQuantity | None
    second: EstimatedQuantity | None
    difference: float | None
    deviations: float | None


def leaves(document: Any, path: str = "") -> dict[str, Any]:
    """Return what a document holds by its place in it; a list counts as one fact.

    Examples
    --------
    >>> leaves({"name": "pin", "shape": {"cylinder": {"height": "3 mm"}}})
    {'name': 'pin', 'shape.cylinder.height': '3 mm'}
    """
    if not isinstance(document, Mapping):
        return {path: document}
    found: dict[str, Any] = {}
    for key, value in document.items():
        found |= leaves(value, f"{path}.{key}" if path else str(key))
    return found


def differences(first: Mapping[str, Any], second: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Return where two documents differ, in the order of the first."""
    left, right = leaves(first), leaves(second)
    return tuple(
        Difference(key=key, first=left.get(key), second=right.get(key))
        for key in left | right
        if left.get(key) != right.get(key)
    )


def pairs(first: Sequence[EstimatedQuantity], second: Sequence[EstimatedQuantity]) -> tuple[Pair, ...]:
    """Return the quantities of two answers side by side, by name, in the order of the first."""
    left, right = ({quantity.name: quantity for quantity in side} for side in (first, second))
    found = []
    for name in left | right:
        one, other = left.get(name), right.get(name)
        difference, deviations = _difference(one, other) if one and other else (None, None)
        unit = one.unit if one else right[name].unit
        found.append(Pair(name=name, unit=unit, first=one, second=other, difference=difference, deviations=deviations))
    return tuple(found)


def _difference(first: EstimatedQuantity, second: EstimatedQuantity) -> tuple[float | None, float | None]:
    try:
        factor = conversion_factor(second.unit, first.unit)
    except ValueError:
        return None, None
    difference = factor * second.value - first.value
    if first.std is None or second.std is None:
        return difference, None
    combined = math.hypot(first.std, factor * second.std)
    return difference, difference / combined if combined > 0 else None
