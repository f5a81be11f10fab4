"""Artefacts at a URL that fsspec understands: a bucket, a file server, another machine."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from spectra.core.basics.files import digest_bytes, digest_file
from spectra.core.errors import RegistryError
from spectra.registry.artefacts.addresses import artefact_name, digest_of_name
from spectra.registry.artefacts.place import StoredFile, checked, checked_file, missing
from spectra.registry.identifiers import new_identifier


class RemoteArtefacts:
    """Objects named by the SHA-256 of their content; see :class:`~spectra.registry.artefacts.place.Artefacts`.

    Where a file system can rename, as file servers can, an object is written under another name first. Where it cannot,
    as in buckets, writing an object is all or nothing.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.place = parts._replace(netloc=parts.netloc.rpartition("@")[2], query="").geturl()  # without a password
        try:
            from fsspec import AbstractFileSystem
            from fsspec.core import url_to_fs

            self._files, root = url_to_fs(url)
        except ImportError as error:
            raise RegistryError(
                f"The artefacts at {self.place} are out of reach: {error}.",
                hint="Install what is missing; fsspec itself with 'pip install spectra-platform[remote]'.",
            ) from error
        except ValueError as error:
            raise RegistryError(f"The place of the artefacts, {self.place}, cannot be used: {error}.") from error
        self._root = str(root).rstrip("/")
        self._renames = type(self._files).mv is not AbstractFileSystem.mv

    def put(self, content: bytes) -> str:
        """Store ``content`` under the digest that is returned.

        It is always written: no other way to mark it as modified works on all file systems.
        """
        digest = digest_bytes(content)
        self._write(artefact_name(digest), content)
        return digest

    def put_file(self, file: Path) -> str:
        """Store the content of a file, always written as by :meth:`put`."""
        with file.open("rb") as stream:
            digest = digest_file(stream)
        self._made(artefact_name(digest), lambda path: self._files.put_file(str(file), path))
        file.unlink()
        return digest

    def open(self, digest: str) -> IO[bytes]:
        """Copy the artefact ``digest`` into a temporary file, which is gone when it is closed, checked."""
        name = artefact_name(digest)
        copy = tempfile.TemporaryFile(prefix="spectra-")  # noqa: SIM115 - the caller closes it
        try:
            with self._explained(f"read {name}"):
                try:
                    with self._files.open(f"{self._root}/{name}", "rb") as stream:
                        shutil.copyfileobj(stream, copy)
                except FileNotFoundError as error:
                    raise missing(f"{self.place}/{name}") from error
            copy.seek(0)
        except BaseException:
            copy.close()
            raise
        return checked_file(copy, digest, f"{self.place}/{name}")

    def read(self, digest: str) -> bytes:
        """Return the content of the artefact ``digest``, checked."""
        name = artefact_name(digest)
        with self._explained(f"read {name}"):
            try:
                content = self._files.cat_file(f"{self._root}/{name}")
            except FileNotFoundError as error:
                raise missing(f"{self.place}/{name}") from error
        return checked(content, digest, f"{self.place}/{name}")

    def files(self) -> Iterator[StoredFile]:
        """Yield every file."""
        with self._explained("list them"):
            self._files.invalidate_cache()
            found: dict[str, dict[str, Any]] = self._files.find(f"{self._root}/sha256", detail=True)
            for path, details in found.items():
                yield StoredFile(
                    name=path.removeprefix(f"{self._root}/"),
                    digest=digest_of_name(path.rpartition("/")[2]),
                    size=int(details["size"]),
                    modified=self._modified(path),
                )

    def discard(self, file: StoredFile, *, before: datetime) -> bool:
        """Remove a file that was last put before ``before``."""
        path = f"{self._root}/{file.name}"
        with self._explained(f"remove {file.name}"):
            self._files.invalidate_cache()
            try:
                if self._modified(path) >= before:
                    return False
                self._files.rm_file(path)
            except FileNotFoundError:
                return False
        return True

    def claim(self, registry: str, database: str) -> None:
        """Note that a registry has artefacts here."""
        with self._explained("look for its owners"):
            known = self._files.exists(f"{self._root}/registries/{registry}")
        if not known:
            self._write(f"registries/{registry}", database.encode(errors="replace"))

    def claims(self) -> Mapping[str, str]:
        """Return the database of each registry that has artefacts here."""
        with self._explained("look for its owners"):
            paths = self._files.find(f"{self._root}/registries")
            return {path.rpartition("/")[2]: self._files.cat_file(path).decode(errors="replace") for path in paths}

    def _write(self, name: str, content: bytes) -> None:
        self._made(name, lambda path: self._files.pipe_file(path, content))

    def _made(self, name: str, write: Callable[[str], object]) -> None:
        """Let an object be written, under another name first where that can be changed."""
        path = f"{self._root}/{name}"
        with self._explained(f"write {name}"):
            self._files.makedirs(self._files._parent(path), exist_ok=True)
            if not self._renames:
                write(path)
                return
            unfinished = f"{path}.{new_identifier()}.part"
            write(unfinished)
            self._files.mv(unfinished, path)

    def _modified(self, path: str) -> datetime:
        moment: datetime = self._files.modified(path)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

    @contextmanager
    def _explained(self, what: str) -> Iterator[None]:
        try:
            yield
        except RegistryError:
            raise
        except Exception as error:  # each file system has its own
            raise RegistryError(
                f"The artefacts at {self.place} are out of reach: cannot {what} ({type(error).__name__}: {error}).",
                hint="Check the address, your rights there and the network.",
            ) from error
