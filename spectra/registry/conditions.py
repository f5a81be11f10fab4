"""Conditions of a measurement on record: each name once, with a finite value."""

from __future__ import annotations

import math
from collections.abc import Iterable

from spectra.core.errors import InputError
from spectra.core.measurements import Condition
from spectra.registry.database.tables import MeasurementConditionRow, MeasurementRow


def condition_of(row: MeasurementConditionRow) -> Condition:
    """Return a row as a condition."""
    return Condition(name=row.name, value=row.value, unit=row.unit)


def add_conditions(row: MeasurementRow, conditions: Iterable[Condition]) -> None:
    """Add conditions to a measurement.

    Raises
    ------
    InputError
        If it has one of them with another value, or a value is not finite.
    """
    known = {condition.name: condition_of(condition) for condition in row.conditions}
    for condition in conditions:
        _check(condition)
        before = known.setdefault(condition.name, condition)
        if before != condition:
            raise InputError(
                f"The {condition.name} of the measurement {row.id} is on record as {before.amount}, not "
                f"{condition.amount}.",
                hint=f"To correct the record: 'spectra condition {row.id} \"{condition.name}={condition.amount}\"'.",
            )
    replace_conditions(row, known.values())


def replace_conditions(row: MeasurementRow, conditions: Iterable[Condition]) -> None:
    """Set conditions of a measurement, whatever their values were before.

    Raises
    ------
    InputError
        If a value is not finite.
    """
    known = {condition.name: condition for condition in row.conditions}
    for condition in conditions:
        _check(condition)
        if condition.name in known:
            known[condition.name].value, known[condition.name].unit = condition.value, condition.unit
        else:
            known[condition.name] = MeasurementConditionRow(
                name=condition.name, value=float(condition.value), unit=condition.unit
            )
            row.conditions.append(known[condition.name])


def _check(condition: Condition) -> None:
    if not math.isfinite(condition.value):
        raise InputError(f"The condition {condition.name} is {condition.value}, which cannot go on record.")
