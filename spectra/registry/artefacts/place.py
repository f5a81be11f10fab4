"""The place of a registry's artefacts: what a folder and a URL have in common."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from spectra.core.errors import RegistryError
from spectra.core.files import digest_bytes

REMEDY = (
    "Import a backup again, which puts back what is missing, or make it again: a model or training set with 'spectra "
    "train --again', a measured file with 'spectra analyze'."
)


@dataclass(frozen=True, kw_only=True)
class StoredFile:
    """A file among the artefacts."""

    name: str
    """Where it lies, below the place of the artefacts."""
    digest: str | None
    """What its name says that it holds; ``None`` for the unfinished file of a process that writes or was killed."""
    size: int
    modified: datetime
    """When it was last put."""


class Artefacts(Protocol):
    """Where a registry keeps its artefacts: a folder or a URL."""

    @property
    def place(self) -> str:
        """What the place is called in a sentence."""

    def put(self, content: bytes) -> str:
        """Store ``content``, durably once this returns, and return its digest; a damaged copy is replaced.

        Its file counts as modified now, also if it was there before: see :meth:`discard`.

        Raises
        ------
        RegistryError
            If it cannot be written.
        """

    def read(self, digest: str) -> bytes:
        """Return the content of the artefact ``digest``.

        Raises
        ------
        RegistryError
            If it is missing, unreadable or does not hold what ``digest`` says.
        """

    def files(self) -> Iterator[StoredFile]:
        """Yield every file there is, in no order.

        Raises
        ------
        RegistryError
            If the place cannot be read.
        """

    def discard(self, file: StoredFile, *, before: datetime) -> bool:
        """Remove a file, unless it is gone or was modified at or after ``before``; return whether this removed it.

        Who puts a record's artefact modifies its file before the record exists. So what is old and had no record after
        it became old is not about to get one.

        Raises
        ------
        RegistryError
            If it cannot be removed.
        """

    def claim(self, registry: str, database: str) -> None:
        """Note that the registry of this name, in this database, has artefacts here.

        Raises
        ------
        RegistryError
            If the note cannot be written.
        """

    def claims(self) -> Mapping[str, str]:
        """Return the database of each registry that has artefacts here.

        Raises
        ------
        RegistryError
            If the notes cannot be read.
        """


def missing(where: str) -> RegistryError:
    """Return the error for an artefact that is not there."""
    return RegistryError(
        f"The artefact {where} is missing.",
        hint=f"If the artefacts lie elsewhere, name the place with SPECTRA_ARTEFACTS. {REMEDY}",
    )


def checked(content: bytes, digest: str, where: str) -> bytes:
    """Return ``content`` if it is what ``digest`` says.

    Raises
    ------
    RegistryError
        If it is not.
    """
    if digest_bytes(content) != digest:
        raise RegistryError(f"The artefact {where} is damaged: its content has another digest.", hint=REMEDY)
    return content
