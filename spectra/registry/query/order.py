"""The order of a list of records, and its continuation after one of them: pages without counting what came before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, ColumnExpressionArgument, and_, case, false, func, or_, select
from sqlalchemy.orm import Session

from spectra.core.errors import NotFoundError, UsageError
from spectra.registry.query.clauses import Clause
from spectra.registry.query.keys import Key, Kind, distinct, find_key
from spectra.registry.query.operators import Predicate, age


@dataclass(frozen=True, kw_only=True, eq=False)
class Term:
    """What records are sorted by, in either direction; if it is ``optional``, what has none comes last."""

    column: Any
    descending: bool = False
    optional: bool = False

    @property
    def sorting(self) -> Any:
        """The term of ``ORDER BY``."""
        directed = self.column.desc() if self.descending else self.column.asc()
        return directed.nulls_last() if self.optional else directed  # no index of PostgreSQL has nulls last

    def beyond(self, value: Any) -> Predicate:
        """Return whether a record comes after those that have ``value``."""
        if value is None:
            return false()
        further = self.column < value if self.descending else self.column > value
        return or_(further, self.column.is_(None)) if self.optional else further

    def equal(self, value: Any) -> Predicate:
        """Return whether a record has ``value``, too."""
        return self.column.is_(None) if value is None else self.column == value


@dataclass(frozen=True, kw_only=True, eq=False)
class Order:
    """An order of records.

    Parameters
    ----------
    sentence
        Explanation of the order.
    by
        What records are sorted by, the identifier last, so that no two are equal.
    indexed
        Column whose index has that order, if there is one.
    descending
        Whether that index is read from its end.
    links, where
        Join of its table with that of the records, and further conditions in it.
    """

    sentence: str
    by: tuple[Term, ...]
    indexed: Any = None
    descending: bool = True
    links: tuple[Predicate, ...] = ()
    where: tuple[ColumnExpressionArgument[bool], ...] = ()

    @property
    def terms(self) -> tuple[Any, ...]:
        """The terms of ``ORDER BY``."""
        return tuple(term.sorting for term in self.by)


def understand_order(session: Session, kind: Kind, text: str) -> Order:
    """Return the order that a key stands for: ascending, or descending after a minus sign.

    Raises
    ------
    UsageError
        If there is no such key, or a record can have several of it.
    """
    row, name, descending = kind.row, text.removeprefix("-"), text.startswith("-")
    key = find_key(session, kind, name)
    newest_first = (Term(column=row.created, descending=True), Term(column=row.id))
    if key.column is row.created:
        descending ^= key.compare is age
        if descending:
            return Order(sentence="Newest first.", by=newest_first, indexed=row.created)
        oldest_first = (Term(column=row.created), Term(column=row.id))
        return Order(sentence="Oldest first.", by=oldest_first, indexed=row.created, descending=False)
    if key.many and key.unit is None:
        raise UsageError(f"{kind.name.capitalize()} cannot be sorted by {name!r}: there can be several.")
    by = (Term(column=_of_each(row, key, key.column), descending=descending, optional=True), *newest_first)
    sentence = f"Sorted by {key.says}, {'descending' if descending else 'ascending'}; what has none comes last."
    if key.unit is None:
        return Order(sentence=sentence, by=by)
    on_record = distinct(session, key.unit, *key.where)
    if len(on_record) > 1:
        unit = _of_each(row, key, case((key.column.is_not(None), key.unit)))
        sentence = f"{sentence} One unit after the other: {', '.join(on_record)}."
        return Order(sentence=sentence, by=(Term(column=unit, optional=True), *by))
    return Order(
        sentence=sentence,
        by=by,
        indexed=key.column,
        descending=descending,
        links=tuple(one == other for one, other in key.via),
        where=(*key.where, key.column.is_not(None), *(key.unit == unit for unit in on_record)),
    )


def continued(session: Session, kind: Kind, order: Order, last: str) -> tuple[Order, Clause]:
    """Return how to go on after the record with the identifier ``last``: the order and a clause.

    Raises
    ------
    NotFoundError
        If that record is not there any more.
    """
    values = session.execute(select(*(term.column for term in order.by)).where(kind.row.id == last)).one_or_none()
    if values is None:
        raise NotFoundError(f"{last!r}, after which the list was to go on, is not on record.", hint="Begin again.")
    clause = Clause(sentence=f"Only what comes after {last}.", test=_beyond(order.by, values), steps=len(order.by))
    if order.indexed is None:
        return order, clause
    value = values[0]
    if value is None:  # what has no value stands in no index
        return replace(order, indexed=None), clause
    begun = order.indexed <= value if order.descending else order.indexed >= value
    return replace(order, where=(*order.where, begun)), clause


def _beyond(terms: Sequence[Term], values: Sequence[Any]) -> ColumnElement[bool]:
    """Return whether a record comes after the one with these values, in lexicographic order."""
    alternatives = [
        and_(*(before.equal(value) for before, value in zip(terms[:place], values[:place], strict=True)), beyond)
        for place, beyond in enumerate(term.beyond(value) for term, value in zip(terms, values, strict=True))
    ]
    return or_(*alternatives)


def _of_each(row: Any, key: Key, column: Any) -> Any:
    """Return the value of a record in a column, in whichever table."""
    if not key.via:
        return column
    links = (one == other for one, other in key.via)
    return select(func.max(column)).where(*links, *key.where).correlate(row).scalar_subquery()
