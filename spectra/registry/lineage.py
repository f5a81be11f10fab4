"""Lineage: the records that a record was made from, and those that were made from it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from spectra.core.store import AnyRecord
from spectra.registry.database.tables import DataSetRow, Entry, MeasurementRow, ModelRow, PredictionRow, SampleRow
from spectra.registry.records import any_record

_NEWEST = 5


@dataclass(frozen=True, kw_only=True)
class Descendants:
    """Records of one kind that were made from a record: their number, and the newest."""

    kind: str
    count: int
    newest: tuple[AnyRecord, ...]


@dataclass(frozen=True, kw_only=True)
class Lineage:
    """A record with its ancestors, nearest first, and its descendants."""

    record: AnyRecord
    ancestors: tuple[AnyRecord, ...]
    descendants: tuple[Descendants, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Reference:
    """Rows of one kind that refer to another row."""

    kind: str
    table: type[Entry]
    condition: ColumnElement[bool]


def lineage(session: Session, row: Entry) -> Lineage:
    """Return the lineage of a row."""
    return Lineage(
        record=any_record(row),
        ancestors=tuple(any_record(ancestor) for ancestor in _ancestors(session, row)),
        descendants=tuple(
            Descendants(
                kind=below.kind,
                count=session.scalar(select(func.count()).select_from(below.table).where(below.condition)) or 0,
                newest=tuple(any_record(newest) for newest in session.scalars(_newest(below))),
            )
            for below in (*references(row), *_indirect(row))
        ),
    )


def references(row: Entry) -> tuple[Reference, ...]:
    """Return the references to a row, which forbid deleting it; aliases excepted."""
    match row:
        case SampleRow():
            return (
                Reference(kind="data set", table=DataSetRow, condition=DataSetRow.sample_id == row.id),
                Reference(kind="model", table=ModelRow, condition=ModelRow.sample_id == row.id),
                Reference(kind="measurement", table=MeasurementRow, condition=MeasurementRow.sample_id == row.id),
            )
        case DataSetRow():
            return (Reference(kind="model", table=ModelRow, condition=ModelRow.data_set_id == row.id),)
        case ModelRow():
            return (Reference(kind="prediction", table=PredictionRow, condition=PredictionRow.model_id == row.id),)
        case MeasurementRow():
            condition = PredictionRow.measurement_id == row.id
            return (Reference(kind="prediction", table=PredictionRow, condition=condition),)
    return ()


def _indirect(row: Entry) -> tuple[Reference, ...]:
    """Return the predictions from a sample's measurements."""
    if not isinstance(row, SampleRow):
        return ()
    measurements = select(MeasurementRow.id).where(MeasurementRow.sample_id == row.id)
    condition = PredictionRow.measurement_id.in_(measurements)
    return (Reference(kind="prediction", table=PredictionRow, condition=condition),)


def _newest(below: Reference) -> Select[Entry]:
    return (
        select(below.table).where(below.condition).order_by(below.table.created.desc(), below.table.id).limit(_NEWEST)
    )


def _ancestors(session: Session, row: Entry) -> list[Entry]:
    found: list[Entry] = []
    match row:
        case PredictionRow():
            model = session.get_one(ModelRow, row.model_id)
            data_set = session.get_one(DataSetRow, model.data_set_id)
            found = [row.measurement, model, data_set, row.measurement.sample, model.sample, data_set.sample]
        case ModelRow():
            data_set = session.get_one(DataSetRow, row.data_set_id)
            found = [data_set, row.sample, data_set.sample]
        case MeasurementRow() | DataSetRow():
            found = [row.sample]
    return list(dict.fromkeys(found))
