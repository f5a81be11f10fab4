"""Quantities of predictions on record over a condition, a date, another quantity or words, such as tags."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from spectra.core.basics.verdict import REFUSED
from spectra.core.errors import InputError, UsageError
from spectra.core.quantities import with_uncertainty
from spectra.core.tables import Table
from spectra.views.charts.errorbars import SERIES, Point, errorbar_svg
from spectra.views.html import IDENTIFIER
from spectra.views.layout import table
from spectra.views.numbers import local_time

if TYPE_CHECKING:
    import pandas as pd

    from spectra.core.store import PredictionSummary
    from spectra.registry.query.columns import Column
    from spectra.registry.query.listing import Listing

OTHERS = "other samples"
_DRAWN = ("number", "integer")


@dataclass(frozen=True, kw_only=True)
class Course:
    """One quantity of some predictions: values with their standard deviations, where they are known."""

    name: str
    heading: str
    records: Sequence[PredictionSummary]
    x: Sequence[float | datetime | str]
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

    Where ``x`` is words, and a prediction has several of them, its values stand at each.

    Raises
    ------
    UsageError
        If there is no such key, or it has no numbers.
    InputError
        If no prediction has both.
    """
    given = list(found)
    across = _one(found, given, x)
    placed = sorted(
        ((at, record) for record in given if record.verdict != REFUSED for at in _places(across, record)),
        key=lambda pair: pair[0],
    )
    courses = []
    for name in y:
        for column in found.columns([name]):
            _check(column, name)
            own = [(at, record) for at, record in placed if column.value(record) is not None]
            if own:
                spread = _std(found, column)
                courses.append(
                    Course(
                        name=column.name,
                        heading=column.heading,
                        records=[record for _, record in own],
                        x=[at for at, _ in own],
                        values=[column.value(record) for _, record in own],
                        stds=[None if spread is None else spread.value(record) for _, record in own],
                    )
                )
    if not courses:
        raise InputError(
            f"None of the {len(found):,} predictions has both {x} and {' or '.join(y)}.",
            hint="'spectra predictions list QUERY --columns id,KEY' shows what they have.",
        )
    seen = {record.id for course in courses for record in course.records}
    return Trend(x_heading=across.heading, courses=courses, count=len(seen))


def series_of(trend: Trend) -> Sequence[str]:
    """Return the names of the samples, the most frequent first; those without a sign of their own become one."""
    owners = Counter(record.sample_name for course in trend.courses for record in course.records)
    names = [name for name, _ in owners.most_common()]
    return names if len(names) <= SERIES else [*names[: SERIES - 1], OTHERS]


def course_svg(trend: Trend, course: Course, address: Callable[[str], str] | None = None) -> str:
    """Draw one quantity as SVG: samples have colours and shapes, doubtful values are open.

    Parameters
    ----------
    address
        Returns where the point of a prediction leads.
    """
    series = series_of(trend)
    words = sorted({at for at in course.x if isinstance(at, str)})
    points = [
        Point(
            x=words.index(at) if isinstance(at, str) else at.timestamp() if isinstance(at, datetime) else float(at),
            y=value,
            std=std,
            id=record.id,
            text=f"{record.id}: {course.name} {with_uncertainty(value, std)}, {_written(at)}, {record.file_name}",
            series=series.index(record.sample_name if record.sample_name in series else OTHERS),
            open=record.doubtful,
        )
        for record, at, value, std in zip(course.records, course.x, course.values, course.stds, strict=True)
    ]
    kind = "text" if words else "moment" if isinstance(course.x[0], datetime) else "number"
    return errorbar_svg(
        points, x_label=trend.x_heading, y_label=course.heading, kind=kind, categories=words, address=address
    )


def trend_table(trend: Trend) -> Table:
    """Return a trend as a table: a row for each prediction and place, a column for each quantity."""
    rows: dict[tuple[str, Any], tuple[PredictionSummary, dict[int, str]]] = {}
    for number, course in enumerate(trend.courses):
        for record, at, value, std in zip(course.records, course.x, course.values, course.stds, strict=True):
            rows.setdefault((record.id, at), (record, {}))[1][number] = with_uncertainty(value, std)
    numbers = range(len(trend.courses))
    heads = (IDENTIFIER, trend.x_heading, *(course.heading for course in trend.courses), "sample's name", "file's name")
    cells = [
        (record.id, _written(at), *(texts.get(number) for number in numbers), record.sample_name, record.file_name)
        for (_, at), (record, texts) in rows.items()
    ]
    return table(heads, cells, title=f"{trend.count:,} prediction{'s' if trend.count > 1 else ''}", name="trend")


def _written(at: float | datetime | str) -> str:
    if isinstance(at, str):
        return at
    return local_time(at) if isinstance(at, datetime) else f"{at:.6g}"


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


def _places(column: Column, record: PredictionSummary) -> Iterator[Any]:
    """Yield where a prediction stands: nowhere, once, or at each of its words."""
    value = column.value(record)
    if column.holds == "texts":
        yield from value
    elif value not in (None, ""):
        yield value


def _one(found: Listing[PredictionSummary], given: Sequence[PredictionSummary], name: str) -> Column:
    """Return the column of a key, which must have one unit."""
    columns = found.columns([name])
    with_values = [column for column in columns if any(column.value(record) is not None for record in given)]
    if len(with_values) > 1:
        raise UsageError(
            f"{name} is on record in several units: {', '.join(column.unit or 'none' for column in with_values)}.",
            hint=f"Select one: '{name}>0 {with_values[0].unit}'.",
        )
    return (with_values or columns)[0]


def _check(column: Column, name: str) -> None:
    if column.holds not in _DRAWN:
        raise UsageError(f"{name} has no numbers to draw.", hint="Name a quantity, a condition or misfit.")


def _std(found: Listing[PredictionSummary], column: Column) -> Column | None:
    """Return the column of the standard deviations of a quantity; None of what has none."""
    try:
        return next((one for one in found.columns([f"{column.name}.std"]) if one.unit == column.unit), None)
    except UsageError:
        return None
