"""Conditions of a query on one column, as SQL and in words.

One function for each type of column. ``!=`` is not among their operators: it is the complement of ``=``, which
:mod:`spectra.registry.query.clauses` makes.
"""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from spectra.core.basics.units import split_quantity
from spectra.core.errors import UsageError
from spectra.registry.database.tables import ModelAliasRow
from spectra.registry.identifiers import prefix_range
from spectra.registry.query.language import Condition, Value

Predicate = ColumnElement[bool]
Comparison = Callable[[Condition, Any, datetime], tuple[Predicate, str]]
"""Returns a condition on a column, at the present moment, as an expression and in words."""

OPERATORS: dict[str, tuple[Callable[[Any, Any], Predicate], str]] = {
    "=": (lambda column, value: column == value, ""),
    "<": (lambda column, value: column < value, "less than "),
    "<=": (lambda column, value: column <= value, "at most "),
    ">": (lambda column, value: column > value, "greater than "),
    ">=": (lambda column, value: column >= value, "at least "),
}
_HOURS = {"h": 1, "d": 24, "w": 7 * 24, "y": 365.25 * 24}
_AGE = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)\s*([hdwy])")
_MOMENT = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?(?:Z|[+-]\d\d:\d\d)?)?)?)?"
)
_INTEGER = re.compile(r"[+-]?\d{1,19}")


def words(condition: Condition, column: Any, now: datetime) -> tuple[Predicate, str]:  # noqa: ARG001
    """Compare text: exactly, or with ``*`` for anything, and then whatever the case of ASCII letters."""
    _only_equal(condition, "text")
    patterns = [value.text for value in condition.values if _is_pattern(value)]
    exact = [value.text for value in condition.values if not _is_pattern(value)]
    expressions = [column.ilike(_like(pattern), escape="\\") for pattern in patterns]
    if exact:
        expressions.append(column.in_(exact))
    return or_(*expressions), " or ".join([repr(t) for t in exact] + [f"like {pattern!r}" for pattern in patterns])


def identifier(condition: Condition, column: Any, now: datetime) -> tuple[Predicate, str]:  # noqa: ARG001
    """Compare an identifier by its beginning."""
    _only_equal(condition, "an identifier")
    expressions = []
    for value in condition.values:
        bounds = prefix_range(value.text.lower())
        if bounds is None:
            raise UsageError(f"In {str(condition)!r}, {value.text!r} is no beginning of an identifier.")
        expressions.append(column.between(*bounds))
    return or_(*expressions), " or ".join([f"one that begins with {value.text!r}" for value in condition.values])


def model(condition: Condition, column: Any, now: datetime) -> tuple[Predicate, str]:
    """Compare the identifier of a model by its beginning, or by an alias like ``steel@production``."""
    _only_equal(condition, "an identifier")
    aliases = [value for value in condition.values if "@" in value.text]
    expressions, said = [], []
    for value in aliases:
        sample, _, alias = value.text.rpartition("@")
        named = select(ModelAliasRow.model_id).where(ModelAliasRow.sample_name == sample, ModelAliasRow.alias == alias)
        expressions.append(column.in_(named))
        said.append(f"{value.text!r} at present")
    if rest := tuple(value for value in condition.values if value not in aliases):
        expression, words = identifier(dataclasses.replace(condition, values=rest), column, now)
        expressions.append(expression)
        said.append(words)
    return or_(*expressions), " or ".join(said)


def integer(condition: Condition, column: Any, now: datetime) -> tuple[Predicate, str]:  # noqa: ARG001
    """Compare a whole number of at most 64 bits."""
    numbers = []
    for value in compared(condition):
        number = int(value.text) if _INTEGER.fullmatch(value.text) else 2**63
        if not -(2**63) <= number < 2**63:
            raise UsageError(f"In {str(condition)!r}, {value.text!r} is no whole number of at most 64 bits.")
        numbers.append(number)
    compare, words = OPERATORS[condition.operator]
    return or_(*(compare(column, number) for number in numbers)), words + " or ".join(map(str, numbers))


def moment(condition: Condition, column: Any, now: datetime) -> tuple[Predicate, str]:  # noqa: ARG001
    """Compare a date, in local time unless it says otherwise; ``2026-01`` is the whole month."""
    spans = [_span(value, condition) for value in compared(condition)]
    start, end = spans[0]
    match condition.operator:
        case "<":
            return column < start, f"before {_shown(start)}"
        case ">=":
            return column >= start, f"{_shown(start)} or later"
        case "<=":
            return column < end, f"before {_shown(end)}"
        case ">":
            return column >= end, f"{_shown(end)} or later"
    inside = [(column >= first) & (column < last) for first, last in spans]
    return or_(*inside), " or ".join([f"from {_shown(first)} to before {_shown(last)}" for first, last in spans])


def age(condition: Condition, column: Any, now: datetime) -> tuple[Predicate, str]:
    """Compare the age, in hours, days, weeks or years."""
    value = compared(condition)[0]
    match = _AGE.fullmatch(value.text)
    if match is None or condition.operator == "=":
        raise UsageError(
            f"{str(condition)!r} is no age.",
            hint="Write age<36h, age<30d, age>2w or age>1.5y: hours, days, weeks, years.",
        )
    try:
        then = now - timedelta(hours=float(match[1]) * _HOURS[match[2]])
    except OverflowError:
        then = datetime.min.replace(tzinfo=UTC)
    if condition.operator in ("<", "<="):
        return column >= then, f"{_shown(then)} or later, {value.text} ago"
    return column < then, f"before {_shown(then)}, {value.text} ago"


def present(condition: Condition, column: Any, now: datetime) -> tuple[Predicate, str]:  # noqa: ARG001
    """Compare whether a value is present: yes or no."""
    _only_equal(condition, "yes or no")
    answers = {value.text for value in condition.values}
    if answers == {"yes"}:
        return column.is_not(None), "yes"
    if answers == {"no"}:
        return column.is_(None), "no"
    raise UsageError(f"{str(condition)!r} cannot be read.", hint=f"Write {condition.key}=yes or {condition.key}=no.")


def number(value: Value, condition: Condition) -> tuple[float, str]:
    """Return the number and the unit of a value.

    Raises
    ------
    UsageError
        If it is no number.
    """
    try:
        found, unit = split_quantity(value.text)
    except ValueError:
        found, unit = math.nan, ""
    if not math.isfinite(found):
        raise UsageError(
            f"In {str(condition)!r}, {value.text!r} is no number.", hint="Write one like 260 or 2.6e2 GPa."
        )
    return found, unit


def compared(condition: Condition) -> Sequence[Value]:
    """Return the values of a condition, of which an inequality has only one.

    Raises
    ------
    UsageError
        If it has more.
    """
    if condition.operator != "=" and len(condition.values) > 1:
        raise UsageError(f"{str(condition)!r} has more than one value.", hint="Only = and != can have several.")
    return condition.values


def _only_equal(condition: Condition, what: str) -> None:
    if condition.operator != "=":
        raise UsageError(
            f"{str(condition)!r} cannot be answered: {condition.key} is {what}, which has no order.",
            hint="Use = or !=.",
        )


def _is_pattern(value: Value) -> bool:
    return "*" in value.text and not value.quoted


def _like(pattern: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", pattern).replace("*", "%")


def _span(value: Value, condition: Condition) -> tuple[datetime, datetime]:
    """Return the first moment of a date and the first after it."""
    match = _MOMENT.fullmatch(value.text)
    try:
        if match is None:
            raise ValueError
        precision = sum(part is not None for part in match.groups())
        start = datetime.fromisoformat(value.text + ("-01-01", "-01", "")[min(precision, 3) - 1])
        match precision:
            case 1:
                end = start.replace(year=start.year + 1)
            case 2:
                end = (start + timedelta(days=32)).replace(day=1)
            case 3:
                end = start + timedelta(days=1)
            case 5:
                end = start + timedelta(minutes=1)
            case 6:
                end = start + timedelta(seconds=1)
            case _:
                end = start + timedelta(microseconds=10 ** (6 - len(match[7])))
        return start.astimezone(UTC), end.astimezone(UTC)
    except (ValueError, OverflowError):
        raise UsageError(
            f"In {str(condition)!r}, {value.text!r} is no date.",
            hint="Write one like 2026, 2026-01, 2026-01-31 or 2026-01-31T12:30.",
        ) from None


def _shown(moment: datetime) -> str:
    try:
        return moment.astimezone().strftime("%Y-%m-%d %H:%M %Z")
    except (ValueError, OverflowError):  # at the ends of the calendar
        return moment.strftime("%Y-%m-%d %H:%M %Z")
