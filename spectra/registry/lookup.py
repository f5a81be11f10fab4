"""Look-up of records: by the beginning of an identifier, the name of a sample or file, or the alias of a model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from spectra.core.basics.documents import nearest
from spectra.core.errors import NotFoundError
from spectra.registry.database.tables import (
    DataSetRow,
    Entry,
    MeasurementRow,
    ModelAliasRow,
    ModelRow,
    PredictionRow,
    SampleRow,
)
from spectra.registry.identifiers import LENGTH, SHORTEST_PREFIX, prefix_range

Row = TypeVar("Row", bound=Entry)

ROWS: Mapping[str, type[Entry]] = {
    "sample": SampleRow,
    "data set": DataSetRow,
    "model": ModelRow,
    "measurement": MeasurementRow,
    "prediction": PredictionRow,
}
_CANDIDATES = 5


def find(session: Session, kinds: Mapping[str, type[Row]], name: str) -> Row:
    """Return the one row of these kinds whose identifier begins with ``name``, or that has this name.

    The name of a sample means the sample, and a file's name the measurement; where only models, data sets or
    predictions are looked for, those of the sample or the file. Where models are among them, ``name`` may be an alias
    like ``steel@production``.

    Raises
    ------
    NotFoundError
        If there is none, or more than one.
    """
    if "model" in kinds and "@" in name:
        return _aliased(session, kinds["model"], name)
    found = list(_identified(session, kinds, name))
    if not (found and len(name) == LENGTH):  # a name may begin like an identifier
        found += [named for named in _named(session, kinds, name) if named not in found]
    what = next(iter(kinds)) if len(kinds) == 1 else "record"
    match found:
        case [(_, row)]:
            return row
        case [] if len(name) < SHORTEST_PREFIX:
            raise NotFoundError(f"{name!r} is too short for an identifier.", hint="Give 3 characters or more.")
        case []:
            raise NotFoundError(
                f"There is no {what} {name!r}.",
                hint="Give an identifier or the beginning of one, or the name of a sample or of a measured file.",
            )
    listed = [row.id if len(kinds) == 1 else f"{row.id} ({kind})" for kind, row in found[:_CANDIDATES]]
    raise NotFoundError(
        f"More than one {what} is meant by {name!r}: {', '.join(listed)}{', …' if len(found) > _CANDIDATES else ''}.",
        hint="Give the identifier, or more characters of it.",
    )


def _identified(session: Session, kinds: Mapping[str, type[Row]], name: str) -> Iterator[tuple[str, Row]]:
    """Yield the first rows whose identifiers begin with ``name``."""
    bounds = prefix_range(name.lower()) if len(name) >= SHORTEST_PREFIX else None
    if bounds is not None:
        for kind, table in kinds.items():
            query = select(table).where(table.id.between(*bounds)).order_by(table.id).limit(_CANDIDATES + 1)
            yield from ((kind, row) for row in session.scalars(query))


def _named(session: Session, kinds: Mapping[str, type[Row]], name: str) -> Iterator[tuple[str, Row]]:
    """Yield the newest rows of the sample or file that is called so."""
    for kind, table in kinds.items():
        if (condition := _called(table, name, alone=len(kinds) == 1)) is not None:
            query = select(table).where(condition).order_by(table.created.desc(), table.id).limit(_CANDIDATES + 1)
            yield from ((kind, row) for row in session.scalars(query))


def _called(table: type[Entry], name: str, *, alone: bool) -> ColumnElement[bool] | None:
    """Return which rows of a table have a name; ``alone`` says that no other kind is looked for."""

    def of_sample(sample_id: InstrumentedAttribute[str]) -> ColumnElement[bool]:
        return sample_id.in_(select(SampleRow.id).filter_by(name=name))

    if issubclass(table, SampleRow):
        return table.name == name
    if issubclass(table, MeasurementRow):
        return table.file_name == name
    if alone and issubclass(table, PredictionRow):
        measured = select(MeasurementRow.id).where(
            (MeasurementRow.file_name == name) | of_sample(MeasurementRow.sample_id)
        )
        return table.measurement_id.in_(measured)
    if alone and issubclass(table, DataSetRow | ModelRow):
        return of_sample(table.sample_id)
    return None


def _aliased(session: Session, table: type[Row], name: str) -> Row:
    sample_name, _, alias = name.rpartition("@")
    named = select(ModelAliasRow.model_id).filter_by(sample_name=sample_name, alias=alias)
    row = session.scalar(select(table).where(table.id.in_(named)))
    if row is None:
        known = [f"{other.sample_name}@{other.alias}" for other in session.scalars(select(ModelAliasRow))]
        raise NotFoundError(
            f"There is no model {name!r}{nearest(name, known)}.",
            hint="'spectra alias MODEL NAME' gives a model a name.",
        )
    return row
