"""Columns of a sweep file: text of any instrument, ``.npy``, or the samples of a ``.wav``."""

from __future__ import annotations

import io
import re
from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spectra.core.basics.number_text import meaning_of_commas, split_words
from spectra.core.errors import InputError
from spectra.core.measurements import RawFile
from spectra.plugins.peaks.sweeps.reading.recording import read_wav

Floats = NDArray[np.float64]

_COMMENT = re.compile(r"[#%!]|//|^\s*;")
_NUMBER = re.compile(r"[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eEdD][+-]?[0-9]+)?")
_COUNTED_LINES = 2  # above them
_MOST_LINES = 2_000_000
_FEWEST = 48
_HINT = "Give frequency and amplitude, or frequency, real and imaginary part, on each line; comments begin with #."
_COUNTED = re.compile(r"\s*X\b.*\bStart\b.*\bIncrement\b", re.IGNORECASE)  # some oscilloscopes number their samples


@dataclass(frozen=True, kw_only=True, eq=False)
class Columns:
    """The numbers of a file.

    Parameters
    ----------
    values : ndarray, shape (n, k)
    lines
        On which line each row stands; empty where a file has no lines.
    header
        Text above and beside them, on one line.
    sampling
        Samples in a second, of a recording.
    """

    name: str
    values: Floats
    lines: tuple[int, ...] = ()
    header: str = ""
    sampling: float | None = None

    def where(self, row: int) -> str:
        """Say where in the file a row stands."""
        return f"{self.name}, line {self.lines[row]}" if self.lines else f"{self.name}, row {row + 1}"


def read_columns(file: RawFile) -> Columns:
    """Read the numbers of a file.

    Raises
    ------
    InputError
        If it is no text, array or recording, or a line differs from the others; with the line at fault.
    """
    if file.content.startswith(b"RIFF") and file.content[8:12] == b"WAVE":
        columns = _recording(file)
    elif file.content.startswith(b"\x93NUMPY"):
        columns = _array(file)
    else:
        columns = _text(file)
    if len(columns.values) < _FEWEST:
        raise InputError(
            f"{file.name}: {len(columns.values)} points are too few for a sweep.",
            hint=f"Give {_FEWEST} or more; a list of resonances is read by the reader 'peak-list'.",
        )
    bad = ~np.isfinite(columns.values).all(axis=1)
    if bad.any():
        raise InputError(
            f"{columns.where(int(np.argmax(bad)))}: this is not a finite number.", hint="Correct or remove the point."
        )
    return columns


def _text(file: RawFile) -> Columns:
    try:
        text = file.content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = file.content.decode("latin-1")
    if "\0" in text:
        raise InputError(f"{file.name}: this is not a text file.", hint=_HINT)
    lines = text.splitlines()
    if len(lines) > _MOST_LINES:
        raise InputError(f"{file.name}: {len(lines):,} lines are too many for a sweep.")
    counted = _increment(lines)
    bare = [(number, _COMMENT.split(line, maxsplit=1)[0]) for number, line in enumerate(lines, start=1)]
    bare = [(number, line) for number, line in bare if line.strip(" \t,;")]
    if counted:
        bare = [(number, line) for number, line in bare if number > _COUNTED_LINES]
    commas = meaning_of_commas(bare, name=file.name, fewest_columns=2)
    rows = [(number, line, _last_numbers(split_words(line, commas))) for number, line in bare]
    count = Counter(len(row) for _, _, row in rows if row).most_common(1)
    if not count:
        raise InputError(f"{file.name}: there are no numbers in this file.", hint=_HINT)
    width = count[0][0]
    # facts about the recording may stand in front of its first samples: a name, a number, and then time and voltage
    rows = [
        (n, line, row[-width:] if len(row) > width and not _begins_with_number(line) else row) for n, line, row in rows
    ]
    first = next(k for k, (_, _, row) in enumerate(rows) if len(row) == width)
    for number, line, row in rows[first:]:
        if len(row) != width:
            what = f"{line.strip()[:60]!r} is not a point" if not row else f"the number of columns is {len(row)}"
            raise InputError(f"{file.name}, line {number}: {what}; other lines have {width} numbers.", hint=_HINT)
    header = [line.strip() for line in lines[: rows[first][0] - 1]] + _words(rows[first:][:5])
    values = np.array([row for _, _, row in rows[first:]])
    if counted and width > 1:
        values[:, 0] = counted[0] + counted[1] * values[:, 0]
        header.append("time (s)")
    return Columns(
        name=file.name,
        values=values,
        lines=tuple(number for number, _, _ in rows[first:]),
        header="; ".join(part for part in header if part)[:1000],
    )


def _increment(lines: list[str]) -> tuple[float, float] | None:
    """Return the time of the first sample and of a step where these stand above numbered samples."""
    if len(lines) <= _COUNTED_LINES or not _COUNTED.match(lines[0]):
        return None
    numbers = _last_numbers([word for word in re.split(r"[,;\s]+", lines[1]) if word])
    return (numbers[-2], numbers[-1]) if len(numbers) >= 2 and numbers[-1] > 0 else None


def _begins_with_number(line: str) -> bool:
    return _NUMBER.match(line.strip(" \t,;")) is not None


def _last_numbers(words: list[str]) -> list[float]:
    """Return the numbers at the end of a line; some programs write a legend or empty columns in front of them."""
    row: list[float] = []
    for word in reversed(words):
        if not _NUMBER.fullmatch(word):
            break
        row.append(float(word.replace("d", "e").replace("D", "e")))
    return row[::-1]


def _words(rows: list[tuple[int, str, list[float]]]) -> list[str]:
    return [re.sub(r"[\s,;]*[\d.,;eE+\-\s]*$", "", line).strip() for _, line, _ in rows]


def _array(file: RawFile) -> Columns:
    try:
        array = np.load(io.BytesIO(file.content), allow_pickle=False)
    except Exception as error:  # NumPy parses the header as Python, and has many ways to fail on it
        raise InputError(
            f"{file.name}: this array cannot be read: {error}.", hint="Save it with numpy.save."
        ) from error
    if array.dtype.names:
        array = np.column_stack([array[name] for name in array.dtype.names])
    if array.dtype.kind not in "iufc" or array.ndim not in (1, 2):
        raise InputError(f"{file.name}: an array of {array.dtype} with {array.ndim} axes is no sweep.", hint=_HINT)
    if array.ndim == 2 and array.shape[0] < array.shape[1]:
        array = array.T
    columns = array[:, None] if array.ndim == 1 else array
    if columns.dtype.kind == "c":
        parts = [p for c in columns.T for p in ((c.real,) if not c.imag.any() else (c.real, c.imag))]
        columns = np.column_stack(parts)
    return Columns(name=file.name, values=columns.astype(np.float64))


def _recording(file: RawFile) -> Columns:
    recording = read_wav(file.content, file.name)
    spreads = recording.samples.std(axis=0) if len(recording.samples) else np.zeros(1)
    loudest, channels = int(np.argmax(spreads)), recording.samples.shape[1]
    return Columns(
        name=file.name,
        values=recording.samples[:, [loudest]],
        header=f"channel {loudest + 1} of {channels}" if channels > 1 else "",
        sampling=recording.sampling,
    )
