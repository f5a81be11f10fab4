"""Choosing records, with all that they were made from, and reading them as entries."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from spectra.registry.archive.entries import ENTRIES, RecordEntry
from spectra.registry.database.tables import PredictionRow
from spectra.registry.lookup import ROWS, find
from spectra.registry.query.keys import KINDS
from spectra.registry.query.listing import NEWEST_FIRST, find_ids
from spectra.registry.registry import Registry

_COMPARISON = frozenset("=<>")
BATCH = 500
"""Number of records that are read, sent and written at once."""
Selection = Mapping[str, Collection[str]]
"""Identifiers, by table."""


def choose(registry: Registry, wanted: Collection[str]) -> dict[str, set[str]]:
    """Return the records that ``wanted`` names, by table.

    Parameters
    ----------
    wanted
        Beginnings of identifiers of records of any kind, names of models like ``steel@production``, and queries, which
        select predictions.

    Raises
    ------
    NotFoundError
        If nothing, or more than one record, has such an identifier.
    UsageError
        If a query cannot be understood.
    """
    chosen: dict[str, set[str]] = {kind.table: set() for kind in ENTRIES}
    with registry.storage.database.reading() as session:
        for text in wanted:
            if _COMPARISON.intersection(text):
                selected = find_ids(session, KINDS["predictions"], text, NEWEST_FIRST, limit=None)
                chosen[PredictionRow.__tablename__].update(selected)
            else:
                row = find(session, ROWS, text)
                chosen[row.__tablename__].add(row.id)
    return chosen


def with_origins(session: Session, chosen: Selection) -> dict[str, set[str]]:
    """Return the chosen records and all that they were made from: a prediction's model and measurement, and so on."""
    found = {kind.table: set(chosen.get(kind.table, ())) for kind in ENTRIES}
    for kind in reversed(ENTRIES):
        columns = [getattr(kind.row_type, name) for name in kind.refers]
        for some in _in_batches(found[kind.table]) if columns else ():
            for row in session.execute(select(*columns).where(kind.row_type.id.in_(some))):
                for table, identifier in zip(kind.refers.values(), row, strict=True):
                    found[table].add(identifier)
    return found


def count(session: Session, kind: type[RecordEntry], chosen: Selection | None = None) -> int:
    """Return the number of chosen records of a kind, or of all of them."""
    if chosen is not None:
        return len(chosen[kind.table])
    return session.scalar(select(func.count()).select_from(kind.row_type)) or 0


def read_entries(
    session: Session, kind: type[RecordEntry], chosen: Selection | None = None
) -> Iterator[list[RecordEntry]]:
    """Yield the chosen records of a kind, or all of them, in batches and ordered by identifier."""
    query = select(kind.row_type).order_by(kind.row_type.id)
    for some in _in_batches(chosen[kind.table]) if chosen is not None else _all_in_batches(session, kind):
        rows = session.scalars(query.where(kind.row_type.id.in_(some)))
        yield [kind.model_validate(row) for row in rows]
        session.expunge_all()


def _in_batches(identifiers: Collection[str]) -> Iterator[list[str]]:
    ordered = sorted(identifiers)
    for start in range(0, len(ordered), BATCH):
        yield ordered[start : start + BATCH]


def _all_in_batches(session: Session, kind: type[RecordEntry]) -> Iterator[list[str]]:
    last = ""
    query = select(kind.row_type.id).order_by(kind.row_type.id).limit(BATCH)
    while some := list(session.scalars(query.where(kind.row_type.id > last))):
        yield some
        last = some[-1]
