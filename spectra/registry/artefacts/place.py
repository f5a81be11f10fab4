"""The place of a registry's artefacts: what a folder and a URL have in common."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Protocol

from spectra.core.basics.files import digest_bytes, digest_file
from spectra.core.errors import RegistryError

REMEDY = (
    "Import a backup again, which puts back what is missing, or make it again: a model or training set with 'spectra "
    "train --again', a measured file with 'spectra analyze'."
)


@dataclass(frozen=True, kw_only=True)
class StoredFile:
    """A file among the artefacts."""

    name: str
    """Path below the place of the artefacts."""
    digest: str | None
    """Digest in its name; ``None`` for the partial file of a process that is writing or was killed."""
    size: int
    modified: datetime
    """Time of the last :meth:`Artefacts.put`."""


class Artefacts(Protocol):
    """The artefacts of a registry, in a folder or behind a URL."""

    @property
    def place(self) -> str:
        """Name of the place for messages."""

    def put(self, content: bytes) -> str:
        """Store ``content``, durably once this returns, and return its digest; a damaged copy is replaced.

        Its file counts as modified now, also if it was there before: see :meth:`discard`.

        Raises
        ------
        RegistryError
            If it cannot be written.
        """

    def put_file(self, file: Path) -> str:
        """Store the content of a file, which is moved away, and return its digest; otherwise like :meth:`put`."""

    def open(self, digest: str) -> IO[bytes]:
        """Open a file that holds the artefact ``digest``; raises like :meth:`read`."""

    def read(self, digest: str) -> bytes:
        """Return the content of the artefact ``digest``.

        Raises
        ------
        RegistryError
            If it is missing, unreadable or does not hold what ``digest`` says.
        """

    def files(self) -> Iterator[StoredFile]:
        """Yield every file, in no particular order.

        Raises
        ------
        RegistryError
            If the place cannot be read.
        """

    def discard(self, file: StoredFile, *, before: datetime) -> bool:
        """Remove a file, unless it is gone or was modified at or after ``before``; return whether this removed it.

        An artefact is put, which marks its file as modified, before its record is written. A file that is older than
        ``before`` and has no record is therefore not about to get one.

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
        raise _damaged(where)
    return content


def checked_file(stream: IO[bytes], digest: str, where: str) -> IO[bytes]:
    """Return a file, at its begin, if it holds what ``digest`` says; otherwise close it and raise the same."""
    try:
        if digest_file(stream) != digest:
            raise _damaged(where)
        stream.seek(0)
    except BaseException:
        stream.close()
        raise
    return stream


def _damaged(where: str) -> RegistryError:
    return RegistryError(f"The artefact {where} is damaged: its content has another digest.", hint=REMEDY)
