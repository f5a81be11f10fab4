"""Artefacts: files under the address of their content, verified on every read."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from spectra.core.errors import RegistryError
from spectra.core.files import digest_bytes, write_atomically

_DIGEST = re.compile(r"sha256:([0-9a-f]{64})")
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


class ArtefactStore:
    """A folder of files named by the SHA-256 of what they hold; see :class:`Artefacts`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def place(self) -> str:
        """The folder."""
        return str(self.folder)

    def path(self, digest: str) -> Path:
        """Return where the artefact ``digest`` lies, or would lie.

        Raises
        ------
        RegistryError
            If ``digest`` is not of the form ``sha256:`` and 64 hexadecimal digits.
        """
        return self.folder / artefact_name(digest)

    def put(self, content: bytes) -> str:
        """Store ``content`` under the digest that is returned."""
        digest = digest_bytes(content)
        path = self.path(digest)
        try:
            if not (_touched(path) and _holds(path, content)):
                write_atomically(path, content)
        except OSError as error:
            raise RegistryError(
                f"The artefact {path} cannot be written: {error.strerror}.",
                hint="Check the free space and the permissions of that folder.",
            ) from error
        return digest

    def read(self, digest: str) -> bytes:
        """Return the content of the artefact ``digest``, checked."""
        path = self.path(digest)
        try:
            content = path.read_bytes()
        except FileNotFoundError as error:
            raise missing(str(path)) from error
        except OSError as error:
            raise RegistryError(f"The artefact {path} cannot be read: {error.strerror}.", hint=REMEDY) from error
        return checked(content, digest, str(path))

    def files(self) -> Iterator[StoredFile]:
        """Yield every file there is."""
        for path in (self.folder / "sha256").rglob("*"):
            try:
                status = path.stat()
            except FileNotFoundError:
                continue  # another process has just finished with it
            if path.is_file():
                yield StoredFile(
                    name=str(path.relative_to(self.folder)),
                    digest=digest_of_name(path.name),
                    size=status.st_size,
                    modified=datetime.fromtimestamp(status.st_mtime, UTC),
                )

    def discard(self, file: StoredFile, *, before: datetime) -> bool:
        """Remove a file that nobody has put since ``before``."""
        path = self.folder / file.name
        aside = path.with_name(f".{path.name}.discarded.part")
        try:
            # Under its own name it could be put between the look at it and its removal.
            os.replace(path, aside)
            if aside.stat().st_mtime >= before.timestamp():
                os.replace(aside, path)
                return False
            aside.unlink()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise RegistryError(f"The artefact {path} cannot be removed: {error.strerror}.") from error
        return True

    def claim(self, registry: str, database: str) -> None:
        """Note that a registry has artefacts here."""
        path = self.folder / "registries" / registry
        try:
            if not path.exists():
                write_atomically(path, database.encode(errors="replace"))
        except OSError as error:
            raise RegistryError(
                f"The file {path} cannot be written: {error.strerror}.",
                hint="Check the free space and the permissions of that folder.",
            ) from error

    def claims(self) -> Mapping[str, str]:
        """Return the database of each registry that has artefacts here."""
        paths = (self.folder / "registries").glob("[!.]*")
        return {path.name: path.read_text(errors="replace") for path in paths}


def open_artefacts(place: Path | str) -> Artefacts:
    """Return the artefacts in a folder or, for a text, at a URL that fsspec understands.

    Raises
    ------
    RegistryError
        If fsspec or what it needs for this URL is not installed.
    """
    if isinstance(place, Path):
        return ArtefactStore(place)
    from spectra.registry.artefacts.remote import RemoteStore

    return RemoteStore(place)


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


def artefact_name(digest: str) -> str:
    """Return where an artefact lies, below the place of the artefacts; raises like :func:`digest_name`."""
    name = digest_name(digest)
    return f"sha256/{name[:2]}/{name}"


def digest_of_name(name: str) -> str | None:
    """Return the digest of which ``name`` is the file name, if it is one."""
    digest = f"sha256:{name}"
    return digest if is_digest(digest) else None


def is_digest(value: object) -> bool:
    """Say whether ``value`` is a content address."""
    return isinstance(value, str) and _DIGEST.fullmatch(value) is not None


def digest_name(digest: str) -> str:
    """Return the 64 digits of ``digest`` as a file name.

    Raises
    ------
    RegistryError
        If ``digest`` is not of the form ``sha256:`` and 64 hexadecimal digits; a path never gets through.
    """
    match = _DIGEST.fullmatch(digest)
    if match is None:
        raise RegistryError(
            f"{digest!r} is no content address of the form sha256:<64 hexadecimal digits>.",
            hint="The registry holds something that spectra did not write; restore it from a backup.",
        )
    return match[1]


def _touched(path: Path) -> bool:
    """Mark a file as modified now; false if there is none, or it is somebody else's and has to be replaced."""
    try:
        os.utime(path)
    except (FileNotFoundError, PermissionError):
        return False
    return True


def _holds(path: Path, content: bytes) -> bool:
    return path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content
