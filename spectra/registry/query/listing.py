"""Lists of records: a query is understood, what it selects is found, and then read a few records at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer, joinedload
from sqlalchemy.orm.interfaces import ORMOption

from spectra.core.errors import UsageError
from spectra.registry.database.tables import Entry, EstimatedQuantityRow, MeasurementRow, PredictionRow, SampleRow
from spectra.registry.query.clauses import Clause, understand
from spectra.registry.query.columns import COLUMNS, Column, all_columns, quantity_column
from spectra.registry.query.keys import FINAL, KINDS, Kind, distinct, find_key
from spectra.registry.query.language import parse_query
from spectra.registry.query.search import Order, batches, select_ids, understand_order

Row = TypeVar("Row", bound=Entry)

NEWEST_FIRST = "-created"
WITHOUT_DOCUMENTS: Sequence[ORMOption] = (
    defer(PredictionRow.report),
    defer(PredictionRow.environment),
    joinedload(PredictionRow.measurement)
    .load_only(MeasurementRow.file_name)
    .joinedload(MeasurementRow.sample)
    .load_only(SampleRow.name, SampleRow.technique),
)
"""Leave unread what a list does not show of predictions, and may be large."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """The records of one kind that a query selected, by their identifiers and in order."""

    kind: str
    ids: Sequence[str]

    def first(self, count: int) -> Found:
        """Return the first ``count`` of them."""
        return replace(self, ids=self.ids[:count])


def find(session: Session, kind: str, query: str, sort: str, limit: int | None) -> Sequence[str]:
    """Return the identifiers of what a query selects, in order.

    Raises
    ------
    UsageError
        If query or order cannot be understood.
    """
    clauses, order = _understand(session, kind, query, sort)
    return select_ids(session, KINDS[kind], clauses, order, limit)


def explain(session: Session, kind: str, query: str, sort: str) -> Sequence[str]:
    """Return how query and order are understood, a sentence for each condition; raises like :func:`find`."""
    clauses, order = _understand(session, kind, query, sort)
    return [*(clause.sentence for clause in clauses), order.sentence]


def read(session: Session, row: type[Row], ids: Sequence[str], options: Sequence[ORMOption] = ()) -> list[Row]:
    """Return the rows of a batch of identifiers in their order, without those that were deleted meanwhile."""
    rows = {found.id: found for found in session.scalars(select(row).where(row.id.in_(ids)).options(*options))}
    return [rows[identifier] for identifier in ids if identifier in rows]


def columns(session: Session, found: Found, names: Sequence[str]) -> Sequence[Column]:
    """Return the columns of these names for what was found, or all that it has if none are named.

    Raises
    ------
    UsageError
        If there is no such column.
    """
    kind = KINDS[found.kind]
    if not names:
        quantities = _final_quantities(session, found.ids) if kind.has_quantities else ()
        return all_columns(found.kind, quantities)
    chosen: list[Column] = []
    for name in names:
        ordinary = [column for column in COLUMNS[found.kind] if column.name == name]
        chosen += ordinary or _quantity_columns(session, kind, name)
    return chosen


def _quantity_columns(session: Session, kind: Kind, name: str) -> Sequence[Column]:
    key = find_key(session, kind, name)
    if key.quantity is None or key.unit is None:
        raise UsageError(
            f"{name!r} is no column of {kind.name}.",
            hint=f"Columns: {', '.join(column.name for column in COLUMNS[kind.name])}.",
        )
    quantity, part = key.quantity
    return [quantity_column(quantity, unit, part) for unit in distinct(session, key.unit, *key.where)]


def _final_quantities(session: Session, ids: Sequence[str]) -> Sequence[tuple[str, str]]:
    """Return name and unit of all quantities that these predictions stand for, in the order in which they have them."""
    row = EstimatedQuantityRow
    positions: dict[tuple[str, str], int] = {}
    for batch in batches(ids):
        query = (
            select(row.name, row.unit, func.min(row.position))
            .where(row.prediction_id.in_(batch), FINAL)
            .group_by(row.name, row.unit)
        )
        for name, unit, position in session.execute(query):
            positions[name, unit] = min(position, positions.get((name, unit), position))
    return sorted(positions, key=lambda quantity: (positions[quantity], quantity))


def _understand(session: Session, kind: str, query: str, sort: str) -> tuple[Sequence[Clause], Order]:
    now = datetime.now(UTC)
    clauses = [understand(session, KINDS[kind], condition, now) for condition in parse_query(query)]
    return clauses, understand_order(session, KINDS[kind], sort)
