"""What is on record and begins with what somebody has typed so far: identifiers, names, aliases, keys."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from spectra.registry.database.connection import Database, connect
from spectra.registry.database.schema import is_current
from spectra.registry.database.tables import (
    Entry,
    EstimatedQuantityRow,
    MeasurementConditionRow,
    MeasurementRow,
    ModelAliasRow,
    SampleRow,
)
from spectra.registry.identifiers import prefix_range
from spectra.registry.locations import locate
from spectra.registry.lookup import ROWS
from spectra.registry.query.keys import FINAL, KINDS, distinct

MOST = 30
"""How many of each are given."""


@contextmanager
def reading_as_it_is(url: str | None) -> Iterator[Session | None]:
    """Open a registry to read; nothing, if it is not there or of another version: none is made or migrated for this."""
    database_place = locate(url=url).database
    if isinstance(database_place, Path) and not database_place.exists():
        yield None
        return
    database = Database(connect(database_place))
    try:
        if not is_current(database.engine):
            yield None
            return
        with database.reading() as session:
            yield session
    finally:
        database.close()


def identifiers(session: Session, begun: str, kinds: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield identifiers, newest first, then names and aliases of records of these kinds, each with what it is."""
    if bounds := prefix_range(begun.lower()):
        for kind in kinds:
            row = ROWS[kind]
            found = select(row.id).where(row.id.between(*bounds)).order_by(row.created.desc()).limit(MOST)
            yield from ((identifier, kind) for identifier in session.scalars(found))
    yield from ((name, "sample") for name in _texts(session, SampleRow, SampleRow.name, begun))
    if {"measurement", "prediction"} & set(kinds):
        files = _texts(session, MeasurementRow, MeasurementRow.file_name, begun)
        yield from ((name, "measured file") for name in files)
    if "model" in kinds:
        aliases = session.execute(select(ModelAliasRow.sample_name, ModelAliasRow.alias).limit(MOST))
        names = [f"{sample}@{alias}" for sample, alias in aliases]
        yield from ((name, "model") for name in names if name.startswith(begun))


def keys(session: Session, kind: str) -> Iterator[tuple[str, str]]:
    """Yield the keys of a kind of records ("predictions") with what each means, those on record included."""
    known = KINDS[kind]
    yield from ((name, key.says) for name, key in known.keys.items())
    if known.has_quantities:
        yield from ((name, "quantity") for name in distinct(session, EstimatedQuantityRow.name, FINAL))
    if known.measurement is not None:
        yield from ((name, "condition") for name in distinct(session, MeasurementConditionRow.name))


def _texts(session: Session, row: type[Entry], column: InstrumentedAttribute[str], begun: str) -> Iterator[str]:
    """Yield different texts of a column that begin so, those of the newest records first."""
    found = (
        select(column).where(column.startswith(begun, autoescape=True)).order_by(row.created.desc()).limit(10 * MOST)
    )
    yield from list(dict.fromkeys(session.scalars(found)))[:MOST]
