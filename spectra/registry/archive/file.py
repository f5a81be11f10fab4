"""Archives: records and artefacts in one zip file, with a manifest of their digests.

=========================  ============================================================================================
``manifest.json``          format, version, schema, and size and digest of everything else
``records/<table>.jsonl``  one entry a line, as :mod:`spectra.registry.archive.entries` describes them
``artefacts/<digits>``     artefacts by the digits of their SHA-256
=========================  ============================================================================================

An archive may come from anyone. Nothing in it becomes a path: members are read one by one, those that the manifest
names and no further than the size that it gives. Nothing is compressed: what it holds is no larger than it is.
"""

from __future__ import annotations

import hashlib
import json
import math
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Annotated, Any, Literal, NoReturn, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from spectra.core.basics.documents import describe_validation_error
from spectra.core.basics.files import digest_bytes, written_atomically
from spectra.core.errors import InputError
from spectra.registry.archive.entries import ENTRIES, Digest, Name, RecordEntry, Size
from spectra.registry.artefacts.addresses import digest_name
from spectra.registry.database.schema import HEAD
from spectra.version import __version__

FORMAT = "spectra-archive"
VERSION = 1
_MANIFEST = "manifest.json"
_LONGEST_MANIFEST = 256_000_000
_LONGEST_LINE = 64_000_000


class _Document(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Member(_Document):
    """The records of one table."""

    count: Size
    size: Size
    digest: Digest


class Manifest(_Document):
    """The table of contents of an archive."""

    format: Literal["spectra-archive"]
    version: int
    revision: Annotated[str, Field(pattern="^[0-9]{4}$")]
    """Revision of the schema that the records have."""
    spectra: Name
    created: AwareDatetime
    registry: Name
    """Name of the registry that it was made from."""
    records: dict[str, Member]
    artefacts: dict[Digest, Size]


class ArchiveWriter:
    """An archive opened for writing; see :func:`writing_archive`."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._zip = archive
        self._records: dict[str, Member] = {}
        self._artefacts: dict[str, int] = {}

    def add_records(self, kind: type[RecordEntry], entries: Iterable[RecordEntry]) -> None:
        """Write all records of a kind."""
        digest, size, count = hashlib.sha256(), 0, 0
        with self._zip.open(_member(_records_name(kind)), "w", force_zip64=True) as stream:
            for entry in entries:
                line = json.dumps(entry.model_dump(mode="json"), allow_nan=False).encode() + b"\n"
                stream.write(line)
                digest.update(line)
                size, count = size + len(line), count + 1
        self._records[kind.table] = Member(count=count, size=size, digest=f"sha256:{digest.hexdigest()}")

    def add_artefact(self, digest: str, content: bytes) -> None:
        """Write an artefact."""
        self._zip.writestr(_member(_artefact_name(digest)), content)
        self._artefacts[digest] = len(content)

    def finish(self, registry: str) -> None:
        """Write the manifest, by which a reader knows that the archive is complete."""
        manifest = Manifest(
            format=FORMAT,
            version=VERSION,
            revision=HEAD,
            spectra=__version__,
            created=datetime.now(UTC),
            registry=registry,
            records=self._records,
            artefacts=self._artefacts,
        )
        self._zip.writestr(_member(_MANIFEST), manifest.model_dump_json(indent=2))


@contextmanager
def writing_archive(path: Path) -> Iterator[ArchiveWriter]:
    """Open an archive that takes the place of ``path`` when the block ends without an error.

    Raises
    ------
    InputError
        If it cannot be written.
    """
    try:
        with written_atomically(path) as stream, zipfile.ZipFile(stream, "w") as archive:
            yield ArchiveWriter(archive)
    except OSError as error:
        raise InputError(
            f"The archive {path} cannot be written: {error.strerror}.", hint="Choose another path."
        ) from error


class Archive:
    """An archive opened for reading; its manifest is checked on opening, everything else when it is read.

    Raises
    ------
    InputError
        If it is no archive, of a newer version, or does not match its manifest.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._explained():
            self._zip = zipfile.ZipFile(path)
        try:
            self._members = self._harmless_members()
            self.manifest = self._read_manifest()
            self._compare_members()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the file."""
        self._zip.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def entries(self, kind: type[RecordEntry]) -> Iterator[RecordEntry]:
        """Yield the records of a kind, validated.

        Raises
        ------
        InputError
            If they do not match the manifest or the schema; the message gives the line.
        """
        name, expected = _records_name(kind), self.manifest.records[kind.table]
        digest, number = hashlib.sha256(), 0
        with self._explained(), self._zip.open(name) as stream:
            while line := stream.readline(_LONGEST_LINE):
                number += 1
                digest.update(line)
                yield self._entry(kind, line, f"{name}, line {number}")
        if f"sha256:{digest.hexdigest()}" != expected.digest or number != expected.count:
            raise self.unusable(f"{name} is not what the manifest says")

    def artefact(self, digest: str) -> bytes:
        """Return an artefact, checked.

        Raises
        ------
        InputError
            If it is damaged.
        """
        with self._explained():
            content = self._zip.read(_artefact_name(digest))
        if digest_bytes(content) != digest:
            raise self.unusable(f"the artefact {digest} is damaged: its content has another digest")
        return content

    def unusable(self, why: str) -> InputError:
        """Return the error for an invalid archive."""
        return InputError(f"The archive {self.path} cannot be used: {why}.", hint="Nothing was imported.")

    def _harmless_members(self) -> dict[str, zipfile.ZipInfo]:
        members = {member.filename: member for member in self._zip.infolist()}
        if len(members) < len(self._zip.infolist()):
            raise self.unusable("a name in it stands twice")
        if any(member.compress_type != zipfile.ZIP_STORED for member in members.values()):
            raise self.unusable("something in it is compressed, which spectra does not do")
        if sum(member.file_size for member in members.values()) > self.path.stat().st_size:
            raise self.unusable("it says that it holds more than its own size")
        return members

    def _read_manifest(self) -> Manifest:
        if _MANIFEST not in self._members:
            raise self.unusable(f"it has no {_MANIFEST}")
        if self._members[_MANIFEST].file_size > _LONGEST_MANIFEST:
            raise self.unusable(f"its {_MANIFEST} is too long")
        with self._explained():
            document = self._parsed(self._zip.read(_MANIFEST), _MANIFEST)
        if not isinstance(document, dict) or document.get("format") != FORMAT:
            raise self.unusable(f"its {_MANIFEST} is another program's")
        version, revision = document.get("version"), document.get("revision")
        if version != VERSION or (isinstance(revision, str) and revision > HEAD):
            raise InputError(
                f"The archive {self.path} was written by a newer version of spectra (version {version!r}, schema "
                f"{revision!r}; this one knows {VERSION} and {HEAD}).",
                hint="Upgrade spectra with 'pip install --upgrade spectra-platform'.",
            )
        try:
            return Manifest.model_validate(document)
        except ValidationError as error:
            raise self.unusable(f"{_MANIFEST}: {describe_validation_error(error, Manifest)}") from error

    def _compare_members(self) -> None:
        """Refuse an archive that lacks something, or holds something that the manifest does not name."""
        if self.manifest.records.keys() != {kind.table for kind in ENTRIES}:
            raise self.unusable("its records are not those of a registry")
        sizes = {_records_name(kind): self.manifest.records[kind.table].size for kind in ENTRIES}
        sizes |= {_artefact_name(digest): size for digest, size in self.manifest.artefacts.items()}
        for name in self._members.keys() - {_MANIFEST} - sizes.keys():
            raise self.unusable(f"its manifest does not name {name!r}")
        for name, size in sizes.items():
            if name not in self._members or self._members[name].file_size != size:
                raise self.unusable(f"{name} is missing or not as long as its manifest says")

    def _entry(self, kind: type[RecordEntry], line: bytes, where: str) -> RecordEntry:
        document = self._parsed(line, where)
        if isinstance(document, dict):
            document = kind.upgraded(document, self.manifest.revision)
        try:
            return kind.model_validate(document)
        except ValidationError as error:
            raise self.unusable(f"{where}: {describe_validation_error(error, kind)}") from error

    def _parsed(self, content: bytes, where: str) -> Any:
        try:
            return json.loads(content, parse_constant=_refuse, parse_float=_finite)
        except (ValueError, RecursionError) as error:
            raise self.unusable(f"{where} is not JSON: {error}") from error

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError as error:
            raise InputError(f"There is no archive {self.path}.", hint="Check the path.") from error
        except OSError as error:
            raise InputError(f"The archive {self.path} cannot be read: {error.strerror}.") from error
        # zipfile: damaged, encrypted, of a kind that it does not know, cut off
        except (zipfile.BadZipFile, RuntimeError, EOFError, ValueError) as error:
            raise self.unusable(f"it is no zip file or damaged ({error})") from error


def _records_name(kind: type[RecordEntry]) -> str:
    return f"records/{kind.table}.jsonl"


def _artefact_name(digest: str) -> str:
    return f"artefacts/{digest_name(digest)}"


def _member(name: str) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(name, datetime.now(UTC).timetuple()[:6])


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")


def _finite(number: str) -> float:
    value = float(number)
    if not math.isfinite(value):
        _refuse(number)
    return value
