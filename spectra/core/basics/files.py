"""Reading and writing files: bounded, without pickle, and never half."""

from __future__ import annotations

import errno
import hashlib
import io
import json
import os
import shutil
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from spectra.core.errors import InputError, RegistryError, SpectraError

_LAST_CHARACTER = 0x10FFFF
_OF_THE_SYSTEM = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EACCES, errno.EPERM, errno.EFBIG)
_PAUSES = (0.01, 0.03, 0.1, 0.3, 1.0) if os.name == "nt" else ()  # seconds


def digest_bytes(content: bytes) -> str:
    """Return the content address of ``content``, with the algorithm's name in it."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def digest_file(stream: IO[bytes]) -> str:
    """Return the content address of what is left in a file, which need not fit into memory."""
    return f"sha256:{hashlib.file_digest(stream, 'sha256').hexdigest()}"  # type: ignore[arg-type]


def digest_document(document: Any) -> str:
    """Return the content address of a JSON document, whatever the order of its keys."""
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return digest_bytes(canonical.encode())


def read_bounded(path: Path, *, limit: int, what: str) -> bytes:
    """Read a file of at most ``limit`` bytes.

    Raises
    ------
    InputError
        If the file is missing, not a file, not readable or too large; ``what`` names it in the sentence.
    """
    try:
        with path.open("rb") as stream:
            content = stream.read(limit + 1)
    except FileNotFoundError as error:
        raise InputError(f"There is no {what} {path}.", hint="Check the path.") from error
    except OSError as error:
        raise InputError(f"The {what} {path} cannot be read: {error.strerror}.") from error
    if len(content) > limit:
        raise InputError(f"The {what} {path} is larger than {limit // 1000:,} kB.", hint="Is it the right file?")
    return content


def write_atomically(path: Path, content: bytes) -> None:
    """Write ``content`` so that ``path`` holds either all of it or what it held before, also after a power cut."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with written_atomically(path) as stream:
        stream.write(content)


@contextmanager
def written_atomically(path: Path) -> Iterator[IO[bytes]]:
    """Open a file that takes the place of ``path``, durably, when the block ends without an error."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "w+b") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).chmod(0o666 & ~_umask())  # mkstemp's files are closed to a shared registry's other users
        put_in_place(Path(temporary), path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def keep_part(path: Path, content: bytes) -> None:
    """Write a finished part of long work, from which a later run goes on.

    Raises
    ------
    RegistryError
        If the system does not take it.
    """
    try:
        write_atomically(path, content)
    except OSError as error:
        raise RegistryError(
            f"A finished part of the work, {path}, cannot be written: {error.strerror}.",
            hint="The parts before it are kept. Make room, and give the same command again.",
        ) from error


def refused_by_system(error: OSError) -> SpectraError | None:
    """Return what to tell a user whose disk is full, damaged or closed; nothing for an error of another sort."""
    if error.errno not in _OF_THE_SYSTEM:
        return None
    where = "" if error.filename is None else f" ({error.filename})"
    return SpectraError(
        f"The system does not let spectra read or write a file{where}: {error.strerror}.",
        hint="What is on record and finished parts of long work are kept. Check the free space and the permissions, "
        "and give the same command again.",
    )


def move_durably(file: Path, path: Path) -> None:
    """Give a file another place, also on another file system; it counts as modified now."""
    path.parent.mkdir(parents=True, exist_ok=True)
    os.utime(file)
    try:
        os.replace(file, path)
    except OSError:  # another file system; on Windows also while it is mapped
        with file.open("rb") as stream, written_atomically(path) as copy:
            shutil.copyfileobj(stream, copy)
        file.unlink(missing_ok=True)
    _sync_folder(path.parent)


def put_in_place(source: Path, target: Path) -> None:
    """Give ``source`` the name ``target``, at once.

    Windows refuses while any process has the target open, be it a virus scanner; that is waited for.
    """
    for pause in _PAUSES:
        try:
            os.replace(source, target)
        except PermissionError:
            time.sleep(pause)
        else:
            return
    os.replace(source, target)


def pack_arrays(arrays: Mapping[str, NDArray[Any]], *, compressed: bool = False) -> bytes:
    """Serialise named arrays; equal arrays give equal bytes.

    Raises
    ------
    TypeError
        If an array holds Python objects, which only pickle could store.
    """
    for name, array in arrays.items():
        if array.dtype.hasobject:
            raise TypeError(f"array {name!r} holds Python objects")
    buffer = io.BytesIO()
    save = np.savez_compressed if compressed else np.savez
    save(buffer, allow_pickle=False, **{name: arrays[name] for name in sorted(arrays)})
    return buffer.getvalue()


def unpack_arrays(content: bytes, *, what: str, limit: int | None = None) -> dict[str, NDArray[Any]]:
    """Read what :func:`pack_arrays` wrote.

    Parameters
    ----------
    what
        What the sentences call it.
    limit
        To how many bytes it may unpack; by default to its own size, as what is not compressed does.

    Raises
    ------
    InputError
        If ``content`` is no such archive, holds pickled objects or would unpack to more than ``limit``.
    """
    return read_arrays(io.BytesIO(content), what=what, limit=limit)


def read_arrays(
    stream: IO[bytes],
    *,
    what: str,
    limit: int | None = None,
    mapped: Callable[[zipfile.ZipInfo], NDArray[Any] | None] = lambda _: None,
) -> dict[str, NDArray[Any]]:
    """Read the same from a file; raises alike.

    Parameters
    ----------
    mapped
        Returns the array of a member if that is not to be read into memory.
    """
    try:
        size = stream.seek(0, os.SEEK_END)
        with zipfile.ZipFile(stream) as archive:
            members = archive.infolist()
        if sum(member.file_size for member in members) > (limit or size):
            allowed = "it holds" if limit is None else f"{limit / 1e6:,.0f} MB"
            raise InputError(f"The {what} would unpack to more than {allowed}; it was not written by spectra.")
        found = ((member.filename.removesuffix(".npy"), mapped(member)) for member in members)
        arrays = {name: array for name, array in found if array is not None}
        stream.seek(0)
        with np.load(stream, allow_pickle=False) as archive:
            return {
                name: arrays[name] if name in arrays else _plain(name, archive[name], what) for name in archive.files
            }
    except InputError:
        raise
    except Exception as error:  # zipfile, zlib and NumPy have many ways to fail on bytes that somebody made up
        raise InputError(f"The {what} is not an array archive of spectra: {error!s:.300}.") from error


def _plain(name: str, array: Any, what: str) -> NDArray[Any]:
    """Return one of the arrays of an archive, whose text can be read."""
    if not isinstance(array, np.ndarray):
        raise InputError(f"The {what} is not an array archive of spectra: {name!r:.100} is no array.")
    if array.dtype.kind == "U" and array.dtype.itemsize:
        # NumPy makes text of any numbers, on which Python's functions and pydantic's fail in ways of their own
        codes = array.astype(array.dtype.newbyteorder("="), order="C").reshape(-1).view(np.uint32)
        if np.any((codes > _LAST_CHARACTER) | ((codes >= 0xD800) & (codes < 0xE000))):
            raise InputError(f"The {what} is not an array archive of spectra: {name!r:.100} is no text.")
    return array


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


def _sync_folder(folder: Path) -> None:
    """Make a rename durable; only POSIX can."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
