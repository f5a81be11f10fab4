"""Measured files of several instruments as one: a zip file with a folder for each part of the signal.

A bundle that we pack is stored without compression and with fixed dates, so that the same files always have the same
content address. One may also come from anyone: nothing in it becomes a path, and what it unpacks to is bounded.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Collection, Mapping

from spectra.core.errors import InputError
from spectra.core.measurements import LARGEST_FILE, Measurement, RawFile
from spectra.core.signals import Bundle

BUNDLE = "bundle"
"""What stands in a record for the reader of a bundle; its parameters are the readers of the parts."""

_MOST_ENTRIES = 1000  # folders included; each needs a record in the directory of the zip file
_DIRECTORY_RECORD = b"PK\x01\x02"
_LONGEST_NAME = 1000  # a file system allows 255


def pack_files(files: Mapping[str, RawFile]) -> RawFile:
    """Make one file of several, by the names of their parts; equal files give equal bytes.

    Raises
    ------
    InputError
        If they are larger than 100 MB together.
    """
    if sum(len(file.content) for file in files.values()) > LARGEST_FILE:
        raise InputError(f"The measured files are larger than {LARGEST_FILE // 1000:,} kB together.")
    parts = sorted(files)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for part in parts:
            member = zipfile.ZipInfo(f"{part}/{_storable(files[part].name)}")  # dated 1980-01-01
            member.create_system = 3  # whatever the system that packs
            archive.writestr(member, files[part].content)
    return RawFile(name="+".join(_storable(files[part].name) for part in parts), content=buffer.getvalue())


def is_zip(file: RawFile) -> bool:
    """Say whether a file may be a bundle."""
    return zipfile.is_zipfile(io.BytesIO(file.content))


def unpack_files(file: RawFile) -> dict[str, RawFile]:
    """Return the files of a bundle by the names of their parts.

    Raises
    ------
    InputError
        If it is no zip file, is damaged, unpacks to more than 100 MB, or holds anything else than one file in one
        folder for each part.
    """
    if file.content.count(_DIRECTORY_RECORD) > _MOST_ENTRIES:  # before anything is made of them
        raise _unusable(file, "it has too many entries")
    try:
        with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
            members = [member for member in archive.infolist() if not member.filename.endswith("/")]
            if sum(member.file_size for member in members) > LARGEST_FILE:
                raise _unusable(file, f"it unpacks to more than {LARGEST_FILE // 1000:,} kB")
            files: dict[str, RawFile] = {}
            for member in members:
                part, name = _part_and_name(file, member)
                if part in files:
                    raise _unusable(file, f"it holds several files for {part!r}")
                # zipfile reads no further than the size that the member gives
                files[part] = RawFile(name=name, content=archive.read(member))
    # damaged, encrypted, compressed in a way that zipfile does not know, cut off
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, ValueError, OSError) as error:
        raise _unusable(file, f"it is damaged or of a kind that cannot be read ({error})") from error
    if not files:
        raise _unusable(file, "it is empty")
    return files


def require_parts(measurement: Measurement, names: Collection[str]) -> None:
    """Refuse a bundle without all parts that are named; for techniques that cannot do without.

    Raises
    ------
    InputError
        If a part is missing.
    """
    signal = measurement.signal
    there = signal.parts if isinstance(signal, Bundle) else {}
    if missing := [name for name in names if name not in there]:
        raise InputError(
            f"{measurement.file.name}: the measurement lacks {' and '.join(missing)}.",
            hint=f"Give a file for each part, as in '{' '.join(f'{name}=FILE' for name in names)}'.",
        )


def _part_and_name(file: RawFile, member: zipfile.ZipInfo) -> tuple[str, str]:
    part, slash, name = member.filename.partition("/")
    if not (part and slash and name) or "/" in name or len(member.filename) > _LONGEST_NAME:
        raise _unusable(file, f"{member.filename[:_LONGEST_NAME]!r} is no file in the folder of a part")
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _unusable(file, f"{member.filename!r} is compressed in an unusual way")
    return part, name


def _storable(name: str) -> str:
    """Return a file's name as UTF-8 can hold it; the system's own may not be Unicode."""
    return name.encode("utf-8", "replace").decode()


def _unusable(file: RawFile, reason: str) -> InputError:
    return InputError(
        f"{file.name} is no bundle of measured files: {reason}.",
        hint="A bundle is a zip file with a folder for each part of the signal, and in each one file.",
    )
