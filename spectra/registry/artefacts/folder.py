"""Artefacts in a folder, written whole and verified on every read."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from spectra.core.basics.files import digest_bytes, digest_file, move_durably, put_in_place, write_atomically
from spectra.core.errors import RegistryError
from spectra.registry.artefacts.addresses import artefact_name, digest_of_name
from spectra.registry.artefacts.place import REMEDY, StoredFile, checked, checked_file, missing


class ArtefactFolder:
    """Files named by the SHA-256 of their content; see :class:`~spectra.registry.artefacts.place.Artefacts`."""

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
        with _written(path):
            if not (_touched(path) and _holds(path, content)):
                write_atomically(path, content)
        return digest

    def put_file(self, file: Path) -> str:
        """Store the content of a file by moving it here."""
        with file.open("rb") as stream:
            digest = digest_file(stream)
        path = self.path(digest)
        with _written(path):
            move_durably(file, path)
        return digest

    def open(self, digest: str) -> IO[bytes]:
        """Open the file of the artefact ``digest``, checked."""
        path = self.path(digest)
        with _read(path):
            return checked_file(path.open("rb"), digest, str(path))

    def read(self, digest: str) -> bytes:
        """Return the content of the artefact ``digest``, checked."""
        path = self.path(digest)
        with _read(path):
            content = path.read_bytes()
        return checked(content, digest, str(path))

    def files(self) -> Iterator[StoredFile]:
        """Yield every file."""
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
        """Remove a file that was last put before ``before``."""
        path = self.folder / file.name
        aside = path.with_name(f".{path.name}.discarded.part")
        try:
            # Under its own name it could be put between the look at it and its removal.
            put_in_place(path, aside)
            if aside.stat().st_mtime >= before.timestamp():
                put_in_place(aside, path)
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
        return {path.name: path.read_text(encoding="utf-8", errors="replace") for path in paths}


@contextmanager
def _written(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise RegistryError(
            f"The artefact {path} cannot be written: {error.strerror}.",
            hint="Check the free space and the permissions of that folder.",
        ) from error


@contextmanager
def _read(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise missing(str(path)) from error
    except OSError as error:
        raise RegistryError(f"The artefact {path} cannot be read: {error.strerror}.", hint=REMEDY) from error


def _touched(path: Path) -> bool:
    """Mark a file as modified now; return false if there is none, or another user owns it and it must be replaced."""
    try:
        os.utime(path)
    except (FileNotFoundError, PermissionError):
        return False
    return True


def _holds(path: Path, content: bytes) -> bool:
    return path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content
