"""Lists of records: a query is understood, its records are found, and then read a batch at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar, overload

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer, joinedload, lazyload, load_only
from sqlalchemy.orm.interfaces import ORMOption

from spectra.core.errors import NotFoundError, UsageError
from spectra.core.store import DataSetRecord, MeasurementRecord, ModelRecord, PredictionSummary, SampleRecord
from spectra.registry.database.connection import Database
from spectra.registry.database.tables import (
    EstimatedQuantityRow,
    MeasurementConditionRow,
    MeasurementRow,
    PredictionRow,
    SampleRow,
)
from spectra.registry.query.clauses import Clause, understand
from spectra.registry.query.columns import COLUMNS, Column, all_columns, condition_column, label_column, quantity_column
from spectra.registry.query.keys import FINAL, KINDS, Kind, distinct, find_key
from spectra.registry.query.language import parse_query
from spectra.registry.query.order import Order, continued, understand_order
from spectra.registry.query.search import batches, select_ids
from spectra.registry.records import (
    data_set_record,
    measurement_record,
    model_record,
    prediction_summary,
    sample_record,
)

Record = TypeVar("Record", covariant=True)

NEWEST_FIRST = "-created"


@dataclass(frozen=True, kw_only=True, eq=False)
class Source(Generic[Record]):
    """A kind of record and how it is read.

    Parameters
    ----------
    to_record
        Makes a record of a row.
    options
        What is left unread of a row.
    """

    kind: Kind
    to_record: Callable[[Any], Record]
    options: Sequence[ORMOption] = ()


SAMPLES: Source[SampleRecord] = Source(kind=KINDS["samples"], to_record=sample_record)
DATA_SETS: Source[DataSetRecord] = Source(kind=KINDS["data sets"], to_record=data_set_record)
MODELS: Source[ModelRecord] = Source(kind=KINDS["models"], to_record=model_record)
MEASUREMENTS: Source[MeasurementRecord] = Source(kind=KINDS["measurements"], to_record=measurement_record)
PREDICTIONS: Source[PredictionSummary] = Source(
    kind=KINDS["predictions"],
    to_record=prediction_summary,
    options=(
        defer(PredictionRow.report),  # documents may be large
        defer(PredictionRow.environment),
        lazyload(PredictionRow.files),
        joinedload(PredictionRow.measurement).options(
            load_only(MeasurementRow.file_name),
            lazyload(MeasurementRow.tags),
            joinedload(MeasurementRow.sample).options(
                load_only(SampleRow.name, SampleRow.technique), lazyload(SampleRow.tags)
            ),
        ),
    ),
)


class Listing(Sequence[Record]):
    """The records of one kind that a query selected, in order.

    Only their identifiers are held. The records are read whenever they are asked for, a batch at a time; one that was
    deleted in the meantime is skipped.

    Examples
    --------
    ::

        found = registry.list_predictions("sample=steel, C11>260", sort="-C11")
        len(found)
        [record.file_name for record in found[:10]]
    """

    def __init__(self, database: Database, source: Source[Record], ids: Sequence[str]) -> None:
        self._database = database
        self._source = source
        self.ids = ids

    def __repr__(self) -> str:
        return f"<{len(self.ids):,} {self._source.kind.name}>"

    def __len__(self) -> int:
        return len(self.ids)

    def __iter__(self) -> Iterator[Record]:
        for batch in batches(self.ids):
            yield from self._read(batch)

    @overload
    def __getitem__(self, index: int) -> Record: ...

    @overload
    def __getitem__(self, index: slice) -> Listing[Record]: ...

    def __getitem__(self, index: int | slice) -> Record | Listing[Record]:
        if isinstance(index, slice):
            return Listing(self._database, self._source, self.ids[index])
        for record in self._read([self.ids[index]]):
            return record
        raise NotFoundError(f"{self.ids[index]} was deleted in the meantime.")

    def columns(self, names: Sequence[str] = ()) -> Sequence[Column]:
        """Return the columns of these names for a table of the records; by default all that they have.

        Raises
        ------
        UsageError
            If there is no such column.
        """
        kind = self._source.kind
        with self._database.reading() as session:
            if not names:
                quantities = _final_quantities(session, self.ids) if kind.has_quantities else ()
                return all_columns(kind.name, _conditions(session, kind, self.ids), quantities)
            chosen: list[Column] = []
            for name in names:
                ordinary = [column for column in COLUMNS[kind.name] if column.name == name]
                chosen += ordinary or _columns_with_units(session, kind, name)
            return chosen

    def _read(self, ids: Sequence[str]) -> list[Record]:
        row = self._source.kind.row
        with self._database.reading() as session:
            query = select(row).where(row.id.in_(ids)).options(*self._source.options)
            records = {found.id: self._source.to_record(found) for found in session.scalars(query)}
        return [records[identifier] for identifier in ids if identifier in records]


def list_records(
    database: Database, source: Source[Record], query: str, sort: str, limit: int | None, after: str | None = None
) -> Listing[Record]:
    """Return the records of a kind that a query selects, or those that come ``after`` one of them.

    Raises
    ------
    UsageError
        If query or order is invalid.
    NotFoundError
        If the record ``after`` which to go on is not there any more.
    """
    with database.reading() as session:
        return Listing(database, source, find_ids(session, source.kind, query, sort, limit, after))


def find_ids(
    session: Session, kind: Kind, query: str, sort: str, limit: int | None, after: str | None = None
) -> Sequence[str]:
    """Return the identifiers of the records that a query selects, in order; raises like :func:`list_records`."""
    clauses, order = _understand(session, kind, query, sort)
    if after is not None:
        order, clause = continued(session, kind, order, after)
        clauses = [*clauses, clause]
    return select_ids(session, kind, clauses, order, limit)


def explain(session: Session, kind: str, query: str, sort: str) -> Sequence[str]:
    """Return how query and order are understood, one sentence a condition; raises like :func:`list_records`."""
    clauses, order = _understand(session, KINDS[kind], query, sort)
    return [*(clause.sentence for clause in clauses), order.sentence]


def _columns_with_units(session: Session, kind: Kind, name: str) -> Sequence[Column]:
    """Return the columns of a quantity or condition, one for each unit on record, under the name that was given."""
    key = find_key(session, kind, name)
    if key.label and kind.row is MeasurementRow:
        return [label_column(name)]
    if key.unit is None or not (key.quantity or key.condition):
        raise UsageError(
            f"{name!r} is no column of {kind.name}.",
            hint=f"Columns: {', '.join(column.name for column in COLUMNS[kind.name])}.",
        )
    units = distinct(session, key.unit, *key.where)
    if key.quantity is None:
        found = [condition_column(key.condition, unit) for unit in units]
    else:
        quantity, part = key.quantity
        found = [quantity_column(quantity, unit, part) for unit in units]
    return [replace(column, name=name) for column in found]


def _conditions(session: Session, kind: Kind, ids: Sequence[str]) -> Sequence[tuple[str, str]]:
    """Return name and unit of each condition of the measurements of these records."""
    row = MeasurementConditionRow
    found: set[tuple[str, str]] = set()
    if kind.measurement is not None:
        for batch in batches(ids):
            query = select(row.name, row.unit).where(row.measurement_id == kind.measurement, kind.row.id.in_(batch))
            found.update((name, unit) for name, unit in session.execute(query.distinct()))
    return sorted(found)


def _final_quantities(session: Session, ids: Sequence[str]) -> Sequence[tuple[str, str]]:
    """Return name and unit of each final quantity of these predictions, in the order in which they have them."""
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


def _understand(session: Session, kind: Kind, query: str, sort: str) -> tuple[Sequence[Clause], Order]:
    now = datetime.now(UTC)
    clauses = [understand(session, kind, condition, now) for condition in parse_query(query)]
    return clauses, understand_order(session, kind, sort)
