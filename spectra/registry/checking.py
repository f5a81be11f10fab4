"""Integrity checks: every row and every artefact on record is present and intact."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ForeignKeyConstraint, Select, Table, and_, select, text
from sqlalchemy.orm import Session

from spectra.core.errors import RegistryError
from spectra.core.progress import Progress
from spectra.registry.artefacts.place import StoredFile
from spectra.registry.artefacts.usage import Usage, usages
from spectra.registry.database.tables import Base
from spectra.registry.registry import Registry


@dataclass(frozen=True, kw_only=True)
class Findings:
    """Result of :func:`check`."""

    faults: tuple[str, ...]
    """A sentence for each fault; empty if nothing is missing or damaged."""
    artefacts: int
    """Number of artefacts that were read and compared with their digests."""
    orphans: tuple[StoredFile, ...]
    """Files that no record refers to: no fault, :func:`spectra.registry.garbage.collect` removes them in time."""


def check(registry: Registry, progress: Progress) -> Findings:
    """Check every row and every artefact.

    Raises
    ------
    RegistryError
        If the database or the place of the artefacts cannot be read at all.
    """
    # First the files, then the records: an artefact that is put in between is no orphan.
    files = tuple(registry.storage.artefacts.files())
    with registry.storage.database.reading() as session:
        faults = [*_structure_faults(session), *_foreign_key_faults(session)]
        needed: dict[str, list[Usage]] = {}
        for usage in usages(session):
            needed.setdefault(usage.digest, []).append(usage)
    with progress.task("Checking artefacts", len(needed)) as advance:
        for digest, its_usages in needed.items():
            faults += _artefact_faults(registry, digest, its_usages)
            advance(1)
    orphans = tuple(file for file in files if file.digest not in needed)
    return Findings(faults=tuple(faults), artefacts=len(needed), orphans=orphans)


def _structure_faults(session: Session) -> Iterator[str]:
    """Yield what SQLite's own check of its file reports; a server checks its files itself."""
    if session.get_bind().dialect.name == "sqlite":
        for said in session.scalars(text("PRAGMA integrity_check")):
            if said != "ok":
                yield f"The database is damaged: {said}."


def _foreign_key_faults(session: Session) -> Iterator[str]:
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_key_constraints:
            for row in session.execute(_dangling(table, key)):
                entry, target = ", ".join(map(repr, row)), key.referred_table.name
                yield f"In the table {table.name}, {entry} refers to something in {target} that is not on record."


def _dangling(table: Table, key: ForeignKeyConstraint) -> Select[tuple[object, ...]]:
    target = key.referred_table
    refers = and_(*(element.parent == element.column for element in key.elements))
    return select(*table.primary_key.columns).where(~select(target).where(refers).exists())


def _artefact_faults(registry: Registry, digest: str, used_by: list[Usage]) -> Iterator[str]:
    records = ", ".join(usage.record for usage in used_by[:3]) + (", …" if len(used_by) > 3 else "")
    try:
        with registry.open_artefact(digest) as stream:
            size = stream.seek(0, os.SEEK_END)
    except RegistryError as error:
        yield f"{error.message} It belongs to {records}."
        return
    for usage in used_by:
        if usage.size not in (None, size):
            yield f"The artefact {digest} has {size} bytes, not the {usage.size} that {usage.record} says."
