"""A condition of a query as SQL, in the two forms between which :mod:`spectra.registry.query.search` chooses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, case, exists, literal_column, not_, or_, select
from sqlalchemy.orm import Session

from spectra.core.basics.units import absolute_quantity, conversion_factor
from spectra.core.errors import UsageError
from spectra.registry.database.tables import Entry
from spectra.registry.query.keys import Column, Key, Kind, distinct, find_key
from spectra.registry.query.language import Condition, Value
from spectra.registry.query.operators import OPERATORS, Predicate, compared, number

_ANYTHING = literal_column("1", Integer)


@dataclass(frozen=True, kw_only=True, eq=False)
class Clause:
    """A condition of a query, understood.

    Parameters
    ----------
    sentence
        Explanation of the condition.
    test
        Whether a record fulfils it, evaluated one record at a time.
    ids
        Identifiers of all records that fulfil it, found through an index; ``None`` without one.
    counted
        As many rows as ``ids``, found more cheaply.
    dated
        Whether it is about the date, by which records are mostly sorted.
    steps
        Distance of the compared column in tables, and with it the cost of the comparison.
    """

    sentence: str
    test: Predicate
    ids: Select[Any] | None = None
    counted: Select[Any] | None = None
    dated: bool = False
    steps: int = 0


def understand(session: Session, kind: Kind, condition: Condition, now: datetime) -> Clause:
    """Return a condition on the records of a kind as a clause.

    Raises
    ------
    UsageError
        If it has an unknown key, an operator that does not go with it or a value that cannot be read.
    """
    key = find_key(session, kind, condition.key)
    negative = condition.operator == "!="
    asked = replace(condition, operator="=") if negative else condition
    if key.unit is None:
        predicate, words = key.compare(asked, key.column, now)
    else:
        predicate, words = _compare_with_units(key, key.unit, distinct(session, key.unit, *key.where), asked)
    dated = key.column is kind.row.created
    test = _test(kind.row, key, predicate, dated)
    if negative:  # what is not equal is everything else, also what has no value at all
        sentence = f"{condition}: it is not so that {key.says} is {words}."
        return Clause(sentence=sentence, test=not_(test), dated=dated, steps=len(key.via))
    sentence = f"{condition}: {key.says} is {words}."
    ids, counted = _through_index(kind.row, key, predicate)
    return Clause(sentence=sentence, test=test, ids=ids, counted=counted, dated=dated, steps=len(key.via))


def one_by_one(predicate: Predicate) -> Predicate:
    """Return a predicate hidden from the query planner, which without statistics would pick a wrong index."""
    return case((predicate, 1), else_=0) == 1


def _test(row: type[Entry], key: Key, predicate: Predicate, dated: bool) -> Predicate:
    if dated:
        return predicate  # the index that gives the order begins or ends there
    if key.via:
        links = (one == other for one, other in key.via)
        predicate = exists().where(*links, *key.where, one_by_one(predicate)).correlate(row)
    return one_by_one(predicate)


def _through_index(row: type[Entry], key: Key, predicate: Predicate) -> tuple[Select[Any], Select[Any]]:
    if not key.via:
        ids = select(row.id).where(predicate)
    else:
        *links, (outer, inner) = key.via
        found = select(inner).where(*key.where, predicate)
        ids = select(row.id).where(*(one == other for one, other in links), outer.in_(found))
        if outer is row.id:
            return ids, found.with_only_columns(_ANYTHING)
    return ids, ids.with_only_columns(_ANYTHING)


def _compare_with_units(
    key: Key, unit_column: Column, on_record: Sequence[str], condition: Condition
) -> tuple[Predicate, str]:
    compare, words = OPERATORS[condition.operator]
    expressions: list[ColumnElement[bool]] = []
    said = []
    for value in compared(condition):
        amounts = _amounts(value, condition, key, on_record)
        expressions += [and_(unit_column == unit, compare(key.column, amount)) for unit, amount in amounts.items()]
        said.append(" or ".join(f"{amount:.12g} {unit}".strip() for unit, amount in amounts.items()) or value.text)
    return or_(False, *expressions), words + " or ".join(said)


def _amounts(value: Value, condition: Condition, key: Key, on_record: Sequence[str]) -> Mapping[str, float]:
    """Return the number in each unit on record that it can be converted to."""
    amount, written = number(value, condition)
    if key.condition and written and written not in on_record:
        with suppress(ValueError):  # what cannot be converted is reported below
            amount, written = absolute_quantity(value.text)
    if not written:
        if len(on_record) > 1 and "" not in on_record:
            raise UsageError(
                f"{str(condition)!r} has no unit, and {key.says} is on record in {' and in '.join(on_record)}.",
                hint=f"Write it, for example '{condition.key}{condition.operator}{value.text} {on_record[0]}'.",
            )
        return dict.fromkeys(on_record[:1], amount)  # in alphabetical order: no unit comes before any unit
    amounts, refusal = {}, None
    for unit in on_record:
        try:
            amounts[unit] = amount * conversion_factor(written, unit)
        except ValueError as error:
            refusal = error
    if refusal is not None and not amounts:
        raise UsageError(f"In {str(condition)!r} the unit cannot be used: {refusal}.")
    return amounts
