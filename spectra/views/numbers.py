"""How quantities, dates and sizes are written for people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from spectra.core.quantities import EstimatedQuantity, with_uncertainty
from spectra.core.workflows.comparison import Pair

PAIR_HEADER = ("difference", "in σ")


def shown(quantity: EstimatedQuantity | None) -> str:
    """Write the value of a quantity; nothing if there is none."""
    if quantity is None:
        return ""
    if quantity.std is None and not quantity.note:  # a number that has no uncertainty, such as a misfit
        return f"{quantity.value:.6g}"
    return with_uncertainty(quantity.value, quantity.std)


def pair_cells(pair: Pair) -> tuple[str, str, str, str]:
    """Write both values, and by how much they differ: the columns before and in :data:`PAIR_HEADER`."""
    second = shown(pair.second)
    if pair.second is not None and pair.second.unit != pair.unit:
        second = f"{second} {pair.second.unit}"
    return (
        shown(pair.first),
        second,
        "" if pair.difference is None else f"{pair.difference:+.3g}",
        "" if pair.deviations is None else f"{pair.deviations:+.2f}",
    )


def test_error(quantity: Mapping[str, Any], metric: Mapping[str, float]) -> str:
    """Write how far a model was off in its test: on average, or as rms where a percentage would mean nothing."""
    if "mape_percent" in metric:
        return f"{metric['mape_percent']:.2f} %"
    return f"{100 * metric['rmse'] / (quantity['upper'] - quantity['lower']):.2f} % of range"


def local_time(moment: datetime) -> str:
    """Write a date as people read it, in local time."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M")


def size(count: int) -> str:
    """Write a number of bytes as people read it.

    Examples
    --------
    >>> size(1_234_567)
    '1.2 MB'
    """
    value, units = float(count), ["B", "kB", "MB", "GB", "TB"]
    while value >= 999.95 and len(units) > 1:
        value /= 1000
        del units[0]
    return f"{value:.1f} {units[0]}" if units[0] != "B" else f"{count} B"
