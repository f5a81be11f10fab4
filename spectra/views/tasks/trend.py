"""Quantities of predictions on record over a condition, a date or another quantity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from spectra.core.basics.verdict import REFUSED
from spectra.core.errors import InputError, UsageError

if TYPE_CHECKING:
    import pandas as pd

    from spectra.core.store import PredictionSummary
    from spectra.registry.query.columns import Column
    from spectra.registry.query.listing import Listing

_DRAWN = ("number", "integer", "moment")


@dataclass(frozen=True, kw_only=True)
class Course:
    """One quantity of some predictions: values with their standard deviations, where they are known."""

    name: str
    heading: str
    records: Sequence[PredictionSummary]
    x: Sequence[float | datetime]
    values: Sequence[float]
    stds: Sequence[float | None]


@dataclass(frozen=True, kw_only=True)
class Trend:
    """Quantities over something that all the predictions have.

    Parameters
    ----------
    count
        Number of predictions of which something is drawn.
    """

    x_heading: str
    courses: Sequence[Course]
    count: int


def trend_of(found: Listing[PredictionSummary], *, x: str, y: Sequence[str]) -> Trend:
    """Return the quantities ``y`` of predictions over ``x``; refused answers are left out.

    Raises
    ------
    UsageError
        If there is no such key, or it has no numbers.
    InputError
        If no prediction has both.
    """
    across = _one(found, x)
    records = sorted(
        (record for record in found if record.verdict != REFUSED and across.value(record) is not None),
        key=across.value,
    )
    courses = []
    for name in y:
        for column in found.columns([name]):
            _check(column, name)
            own = [record for record in records if column.value(record) is not None]
            if own:
                spread = _std(found, column)
                courses.append(
                    Course(
                        name=column.name,
                        heading=column.heading,
                        records=own,
                        x=[across.value(record) for record in own],
                        values=[column.value(record) for record in own],
                        stds=[None if spread is None else spread.value(record) for record in own],
                    )
                )
    if not courses:
        raise InputError(
            f"None of the {len(found):,} predictions has both {x} and {' or '.join(y)}.",
            hint="'spectra predictions list QUERY --columns id,KEY' shows what they have.",
        )
    seen = {record.id for course in courses for record in course.records}
    return Trend(x_heading=across.heading, courses=courses, count=len(seen))


def trend_document(trend: Trend) -> dict[str, Any]:
    """Return a trend for a program."""
    return {
        "x": trend.x_heading,
        "courses": [
            {
                "y": course.heading,
                "points": [
                    {"prediction_id": record.id, "sample": record.sample_name, "x": x, "value": value, "std": std}
                    for record, x, value, std in zip(course.records, course.x, course.values, course.stds, strict=True)
                ],
            }
            for course in trend.courses
        ],
    }


def trend_frame(trend: Trend) -> pd.DataFrame:
    """Return a trend as a data frame with a row for each value."""
    import pandas as pd

    rows = [
        (record.id, record.sample_name, record.verdict, x, course.heading, value, std)
        for course in trend.courses
        for record, x, value, std in zip(course.records, course.x, course.values, course.stds, strict=True)
    ]
    return pd.DataFrame(rows, columns=["prediction", "sample", "verdict", trend.x_heading, "quantity", "value", "std"])


def _one(found: Listing[PredictionSummary], name: str) -> Column:
    """Return the column of a key, which must have one unit."""
    columns = found.columns([name])
    with_values = [column for column in columns if any(column.value(record) is not None for record in found)]
    if len(with_values) > 1:
        raise UsageError(
            f"{name} is on record in several units: {', '.join(column.unit or 'none' for column in with_values)}.",
            hint=f"Select one: '{name}>0 {with_values[0].unit}'.",
        )
    column = (with_values or columns)[0]
    _check(column, name)
    return column


def _check(column: Column, name: str) -> None:
    if column.holds not in _DRAWN:
        raise UsageError(f"{name} has no numbers to draw.", hint="Name a condition, a quantity, misfit or created.")


def _std(found: Listing[PredictionSummary], column: Column) -> Column | None:
    """Return the column of the standard deviations of a quantity; None of what has none."""
    try:
        return next((one for one in found.columns([f"{column.name}.std"]) if one.unit == column.unit), None)
    except UsageError:
        return None
