"""What nobody needs: artefacts that no record refers to, and unfinished work that nobody goes on with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from spectra.core.errors import RegistryError
from spectra.registry.artefacts.addresses import digest_of_name
from spectra.registry.artefacts.place import StoredFile
from spectra.registry.artefacts.usage import usages
from spectra.registry.registry import Registry

ARTEFACT_AGE = timedelta(days=1)
"""Between an artefact and the record that refers to it, another process may be importing or copying for hours."""
WORK_AGE = timedelta(days=7)
"""Unfinished work is gone on with by the same command, perhaps after a weekend."""


@dataclass(frozen=True, kw_only=True)
class WorkFolder:
    """The folder of work that is not finished: being done now, or left by a process that was killed."""

    name: str
    """Where it lies, below the home folder."""
    digest: str
    size: int
    modified: datetime
    """When anything in it last changed."""


@dataclass(frozen=True, kw_only=True)
class Garbage:
    """What no record needs."""

    artefacts: tuple[StoredFile, ...]
    work: tuple[WorkFolder, ...]

    def with_dates(self) -> Iterator[tuple[StoredFile | WorkFolder, datetime]]:
        """Yield everything with the moment from which on :func:`collect` removes it."""
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
    # First the files, then the references: what gets its record in between is found to be needed.
    files = tuple(registry._artefacts.files())
    with registry._database.reading() as session:
        needed = {usage.digest for usage in usages(session)}
    orphans = (file for file in files if file.digest not in needed)
    return Garbage(artefacts=tuple(sorted(orphans, key=lambda file: file.modified)), work=tuple(work_folders(registry)))


def collect(registry: Registry, *, now: datetime | None = None) -> Garbage:
    """Remove the garbage that is old enough that no process can still be about to need it, and return what went.

    Raises
    ------
    RegistryError
        If another registry has artefacts in the same place, which would be taken for garbage, or something cannot be
        removed.
    """
    now = now or datetime.now(UTC)
    own = registry.identity()
    artefacts = registry._artefacts
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
        registry.clear_workspace(folder.digest)
    return Garbage(artefacts=tuple(removed), work=tuple(abandoned))


def work_folders(registry: Registry) -> list[WorkFolder]:
    """Return the folders of unfinished work, the oldest first.

    Raises
    ------
    RegistryError
        If they cannot be read.
    """
    folder = registry.locations.work
    found: list[WorkFolder] = []
    try:
        for path in folder.glob("*"):
            if digest := digest_of_name(path.name):
                found += _work_folder(path, digest)
    except OSError as error:
        raise RegistryError(f"The folder {folder} cannot be read: {error.strerror}.") from error
    return sorted(found, key=lambda work: work.modified)


def _work_folder(path: Path, digest: str) -> Iterator[WorkFolder]:
    try:
        statuses = [item.stat() for item in (path, *path.rglob("*"))]
    except FileNotFoundError:
        return  # another process has just finished with it
    newest = max(status.st_mtime for status in statuses)
    yield WorkFolder(
        name=f"{path.parent.name}/{path.name}",
        digest=digest,
        size=sum(status.st_size for status in statuses[1:]),
        modified=datetime.fromtimestamp(newest, UTC),
    )
