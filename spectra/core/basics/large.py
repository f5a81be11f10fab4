"""Arrays that are too large for memory: read where they lie in a file, copied and made in pieces.

An array of at most :data:`LARGE` bytes is in memory as usual. A larger one is read-only and mapped from a file: that of
an artefact, or a temporary one that is gone with the array. The system keeps of it in memory what fits. The numbers are
the same either way.
"""

from __future__ import annotations

import io
import math
import mmap
import struct
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import DTypeLike, NDArray

from spectra.core.basics.files import read_arrays
from spectra.core.errors import SpectraError

LARGE = 256_000_000
"""Bytes above which an array lies in a file."""

_PIECE = 4_000_000  # bytes that are copied at a time; of each row the system maps a good deal around it, too
_LOCAL_HEADER = struct.Struct("<26xHH")  # of a member of a zip archive: lengths of its name and its extra field


@dataclass(frozen=True, kw_only=True, eq=False)
class Streamed:
    """An array that comes in pieces along its leading axis, which together have this shape.

    Parameters
    ----------
    pieces
        Gone through once.
    """

    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    pieces: Iterable[NDArray[Any]]


def write_arrays(stream: IO[bytes], arrays: Mapping[str, NDArray[Any] | Streamed]) -> None:
    """Write named arrays into a file; in the order of their names, the same bytes as :func:`.pack_arrays`.

    Only the numbers of a large array begin at a multiple of 64 bytes, as processors and libraries like it.
    """
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, given in arrays.items():
            array = given
            if isinstance(array, np.ndarray):
                array = Streamed(dtype=array.dtype, shape=array.shape, pieces=[array])
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                member.write(_header(array, stream.tell()))
                for piece in array.pieces:
                    member.write(piece.astype(array.dtype, copy=False).tobytes())


def open_arrays(stream: IO[bytes], *, what: str) -> dict[str, NDArray[Any]]:
    """Read the same from a file, which may be closed afterwards; large ones stay in it.

    Parameters
    ----------
    what
        What the sentences call it.

    Raises
    ------
    InputError
        If it holds no arrays.
    """

    def mapped(member: zipfile.ZipInfo) -> NDArray[Any] | None:
        is_large = member.file_size > LARGE and member.compress_type == zipfile.ZIP_STORED
        return _mapped_member(stream, member) if is_large else None

    return read_arrays(stream, what=what, mapped=mapped)


def collected(pieces: Iterable[NDArray[Any]], shape: tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
    """Return an array of what comes in pieces along its leading axis.

    Raises
    ------
    SpectraError
        If it is large, and there is no room for it in the folder for temporary files.
    """
    whole = Streamed(dtype=np.dtype(dtype), shape=shape, pieces=pieces)
    return _in_memory(whole) if _size(whole) <= LARGE else _on_disk(whole)


def rows(array: NDArray[Any], index: slice | NDArray[Any]) -> NDArray[Any]:
    """Return ``array[index]``; of an array in a file a copy, and that in a file again if it is large."""
    memory = _mapping(array)
    if memory is None:
        return array[index]
    numbers = np.arange(len(array))[index]
    return collected(_gathered(array, memory, numbers), (len(numbers), *array.shape[1:]), array.dtype)


def _header(array: Streamed, place: int) -> bytes:
    """Return the header of an array in a file (NEP 1) that is to stand at this place."""
    header = io.BytesIO()
    entries = {"descr": npy.dtype_to_descr(array.dtype), "fortran_order": False, "shape": array.shape}
    npy.write_array_header_1_0(header, entries)
    begin, text = header.getvalue()[:8], header.getvalue()[10:-1]
    blanks = -(place + 10 + len(text) + 1) % 64 if _size(array) > LARGE else 0
    return begin + struct.pack("<H", len(text) + blanks + 1) + text + b" " * blanks + b"\n"


def _gathered(array: NDArray[Any], memory: mmap.mmap, numbers: NDArray[np.int64]) -> Iterator[NDArray[Any]]:
    """Yield the rows of these numbers some at a time, each time read from the file in the order in which they lie."""
    at_once = max(1, _PIECE // max(1, array[:1].nbytes))
    for start in range(0, len(numbers), at_once):
        part = numbers[start : start + at_once]
        order = np.argsort(part, kind="stable")
        piece = np.empty((len(part), *array.shape[1:]), dtype=array.dtype)
        piece[order] = array[part[order]]
        yield piece
        if hasattr(mmap, "MADV_DONTNEED"):
            memory.madvise(mmap.MADV_DONTNEED)  # else its pages count as this process' memory until others need some


def _size(array: Streamed) -> int:
    return math.prod(array.shape) * array.dtype.itemsize


def _in_memory(array: Streamed) -> NDArray[Any]:
    result, start = np.empty(array.shape, dtype=array.dtype), 0
    for piece in array.pieces:
        result[start : start + len(piece)] = piece
        start += len(piece)
    return result


def _on_disk(array: Streamed) -> NDArray[Any]:
    with tempfile.TemporaryFile(prefix="spectra-") as stream:
        for piece in array.pieces:
            content = piece.astype(array.dtype, copy=False).tobytes()
            try:
                stream.write(content)
                stream.flush()
            except OSError as error:
                raise SpectraError(
                    f"{_size(array) / 1e9:.1f} GB cannot be written to {tempfile.gettempdir()}: {error.strerror}.",
                    hint="Name a folder with more room in the environment variable TMPDIR.",
                ) from error
        memory = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
    return np.ndarray(array.shape, dtype=array.dtype, buffer=memory)


def _mapped_member(stream: IO[bytes], member: zipfile.ZipInfo) -> NDArray[Any] | None:
    stream.seek(member.header_offset)
    name, extra = _LOCAL_HEADER.unpack(stream.read(_LOCAL_HEADER.size))
    stream.seek(name + extra, 1)
    npy.read_magic(stream)
    shape, fortran, dtype = npy.read_array_header_1_0(stream)
    if dtype.kind not in "biuf":
        return None  # never objects, whose bytes would be taken for addresses
    memory = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
    array: NDArray[Any] = np.ndarray(
        shape, dtype=dtype, buffer=memory, offset=stream.tell(), order="F" if fortran else "C"
    )
    return array if array.flags.aligned else rows(array, slice(None))  # from a version that wrote them anywhere


def _mapping(array: NDArray[Any]) -> mmap.mmap | None:
    """Return what an array, or what it is a part of, is mapped by; ``None`` for one in memory."""
    base: Any = array
    while isinstance(base, np.ndarray):
        base = base.base
    return base if isinstance(base, mmap.mmap) else None
