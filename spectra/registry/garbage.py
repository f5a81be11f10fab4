"""Garbage collection: artefacts that no record refers to, and abandoned work."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from spectra.core.errors import RegistryError
from spectra.registry.artefacts.place import StoredFile
from spectra.registry.artefacts.usage import usages
from spectra.registry.registry import Registry
from spectra.registry.work import WorkFolder

ARTEFACT_AGE = timedelta(days=1)
"""Between an artefact and the record that refers to it, another process may be importing or copying for hours."""
WORK_AGE = timedelta(days=7)
"""Unfinished work is resumed by the same command, perhaps after a weekend."""


@dataclass(frozen=True, kw_only=True)
class Garbage:
    """Artefacts and work folders that no record needs."""

    artefacts: tuple[StoredFile, ...]
    work: tuple[WorkFolder, ...]

    def with_dates(self) -> Iterator[tuple[StoredFile | WorkFolder, datetime]]:
        """Yield each item with the moment from which :func:`collect` removes it."""
        for file in self.artefacts:
            yield file, file.modified + ARTEFACT_AGE
        for folder in self.work:
            yield folder, folder.modified + WORK_AGE


def find_garbage(registry: Registry) -> Garbage:
    """Return every artefact that no record refers to and all unfinished work, of any age.

    Raises
    ------
    RegistryError
        If the database, the artefacts or the work folder cannot be read.
    """
    storage = registry.storage
    # First the files, then the records: an artefact that gets its record in between is found to be needed.
    files = tuple(storage.artefacts.files())
    with storage.database.reading() as session:
        needed = {usage.digest for usage in usages(session)}
    orphans = (file for file in files if file.digest not in needed)
    return Garbage(artefacts=tuple(sorted(orphans, key=lambda file: file.modified)), work=tuple(storage.work.folders()))


def collect(registry: Registry, *, now: datetime | None = None) -> Garbage:
    """Remove the garbage that is too old for any running process to need it, and return what was removed.

    Raises
    ------
    RegistryError
        If another registry has artefacts in the same place, which would be mistaken for garbage, or something cannot
        be removed.
    """
    now = now or datetime.now(UTC)
    storage = registry.storage
    own, artefacts = storage.identity(), storage.artefacts
    if others := {name: database for name, database in artefacts.claims().items() if name != own}:
        name, database = next(iter(others.items()))
        raise RegistryError(
            f"The artefacts in {artefacts.place} are also those of another registry, {database}: nothing was removed.",
            hint=f"If that registry is gone for good, remove the file registries/{name} there.",
        )
    garbage = find_garbage(registry)
    old_artefacts, old_work = now - ARTEFACT_AGE, now - WORK_AGE
    removed = [
        file
        for file in garbage.artefacts
        if file.modified < old_artefacts and artefacts.discard(file, before=old_artefacts)
    ]
    abandoned = [folder for folder in garbage.work if folder.modified < old_work]
    for folder in abandoned:
        storage.work.remove(folder.digest)
    return Garbage(artefacts=tuple(removed), work=tuple(abandoned))
