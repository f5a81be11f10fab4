"""Record counts and sizes of a registry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import text

from spectra.registry.archive.choosing import count
from spectra.registry.archive.entries import ENTRIES
from spectra.registry.database.schema import HEAD
from spectra.registry.registry import Registry
from spectra.registry.work import WorkFolder


@dataclass(frozen=True, kw_only=True)
class Status:
    """Record counts of a registry, and sizes in bytes."""

    database: str
    revision: str
    """Revision of the schema."""
    records: Mapping[str, int]
    """Number of records, by table."""
    database_size: int
    artefacts: str
    """Their place."""
    artefact_count: int
    artefact_size: int
    work: Sequence[WorkFolder]
    """Unfinished work."""


def status(registry: Registry) -> Status:
    """Count the records and measure the files.

    Raises
    ------
    RegistryError
        If the database or the artefacts cannot be read.
    """
    storage = registry.storage
    sizes = [file.size for file in storage.artefacts.files()]
    with storage.database.reading() as session:
        records = {kind.table: count(session, kind) for kind in ENTRIES}
        if session.get_bind().dialect.name == "sqlite":
            size = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
        else:
            size = "SELECT pg_database_size(current_database())"
        database_size = session.scalars(text(size)).one()
    return Status(
        database=storage.database.name,
        revision=HEAD,
        records=records,
        database_size=database_size,
        artefacts=storage.artefacts.place,
        artefact_count=len(sizes),
        artefact_size=sum(sizes),
        work=storage.work.folders(),
    )
