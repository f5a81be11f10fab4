"""Parser of two-column text files, in the formats that instruments and programs write."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spectra.core.basics.number_text import Commas, meaning_of_commas, split_words
from spectra.core.errors import InputError
from spectra.core.measurements import RawFile
from spectra.plugins.profiles.checks import MOST_POINTS, refuse_large

Floats = NDArray[np.float64]

_COMMENT = re.compile(r"[#%!]|//|^\s*[;'*]")
_NUMBER = re.compile(r"[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?")
_FIRST_OF_TWO = re.compile(r"\s*[0-9.]+(?=\s+\S)")
_KEPT_HEADER = 1000  # characters
_LONGEST_LINE = 1000  # characters


@dataclass(frozen=True, kw_only=True, eq=False)
class Columns:
    """The points of a text file.

    Parameters
    ----------
    x, y : ndarray, shape (k,)
        First and second column.
    lines
        On which line of the file each point stands.
    has_third
        Whether there is a third column, which is not kept.
    header
        Text above the points, on one line.
    notes
        Remarks for the user on how the file was parsed.
    """

    file_name: str
    x: Floats
    y: Floats
    lines: tuple[int, ...]
    has_third: bool
    header: str
    notes: tuple[str, ...]

    def where(self, point: int) -> str:
        """Say where in the file a point stands."""
        return f"{self.file_name}, line {self.lines[point]}"


def read_columns(file: RawFile, *, what: str, hint: str) -> Columns:
    """Read two columns, one point per line; a third one is accepted.

    Columns are separated by blanks, tabs, semicolons or commas; whether a comma is decimal is decided by
    :func:`~spectra.core.basics.number_text.meaning_of_commas`. Lines without numbers above the data are a header.
    Columns of fixed width that have run together, because a number took all its width, are told apart by where the
    first one ends on all other lines.

    Parameters
    ----------
    what
        Names of the two columns, for messages.
    hint
        Expected format of the file, for messages.

    Raises
    ------
    InputError
        If the file is too large, no text or holds anything else than columns; with the line at fault.
    """
    lines = _text(file, hint).splitlines()
    if len(lines) > MOST_POINTS:
        raise InputError(f"{file.name}: {len(lines):,} lines are too many for a profile.", hint=hint)
    bare = [_COMMENT.split(line, maxsplit=1)[0] for line in lines]
    commas = meaning_of_commas(enumerate(bare, start=1), name=file.name, fewest_columns=2)
    start = _first_point(bare, commas, file.name, what, hint)
    rows, notes = _rows(lines, bare, start, commas, file.name, hint)
    columns = np.array([row.values[:2] for row in rows])  # (k, 2)
    return Columns(
        file_name=file.name,
        x=columns[:, 0],
        y=columns[:, 1],
        lines=tuple(row.line for row in rows),
        has_third=len(rows[0].values) == 3,
        header="; ".join(line.strip() for line in lines[:start] if line.strip())[:_KEPT_HEADER],
        notes=notes,
    )


class _Row(NamedTuple):
    line: int
    values: list[float]


def _text(file: RawFile, hint: str) -> str:
    """Return the text of a file; one that is not UTF-8 is taken for Latin-1, as older instruments write."""
    refuse_large(file)
    try:
        text = file.content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = file.content.decode("latin-1")
    if "\0" in text:
        raise InputError(f"{file.name}: this is not a text file.", hint=hint)
    return text


def _first_point(bare: list[str], commas: Commas, name: str, what: str, hint: str) -> int:
    """Return the index of the first line with two numbers; what stands above is a header."""
    one_column = None
    for index, text in enumerate(bare):
        values = _numbers(text, commas)
        if values and len(values) > 1:
            return index
        if values and one_column is None:
            one_column = index + 1
    if one_column:
        raise InputError(f"{name}, line {one_column}: this is one column, not a profile.", hint=hint)
    raise InputError(f"{name}: there is no line with {what}.", hint=hint)


def _rows(
    lines: list[str], bare: list[str], start: int, commas: Commas, name: str, hint: str
) -> tuple[list[_Row], tuple[str, ...]]:
    """Return the points from line ``start`` on, and remarks on them."""
    width = _width_of_first_column(lines[start:])
    rows: list[_Row] = []
    run_together = 0
    for number, (line, text) in enumerate(zip(lines[start:], bare[start:], strict=True), start=start + 1):
        if not text.strip():
            continue
        where = f"{name}, line {number}"
        values = _numbers(text, commas)
        if values and len(values) == 1 and width:
            values = _numbers(f"{text[:width]} {text[width:]}", commas)
            run_together += 1
        if values is None:
            raise InputError(f"{where}: {line.strip()[:60]!r} is not a point of a profile.", hint=hint)
        columns = len(rows[0].values) if rows else min(len(values), 3)
        if len(values) != columns:
            raise InputError(f"{where}: the number of columns is {len(values)}, not {columns}.", hint=hint)
        rows.append(_Row(number, values))
    if not run_together:
        return rows, ()
    return rows, (f"On {run_together} line(s) the columns run together; they were split after {width} characters.",)


def _numbers(text: str, commas: Commas) -> list[float] | None:
    """Return the numbers of one line, or nothing if it holds anything else or is too long for a point."""
    if len(text) > _LONGEST_LINE:
        return None
    words = split_words(text, commas)
    return [float(word) for word in words] if all(map(_NUMBER.fullmatch, words)) else None


def _width_of_first_column(lines: list[str]) -> int | None:
    """Return the width at which the first column ends on all lines but a few, if there is one."""
    ends = Counter(match.end() for match in map(_FIRST_OF_TWO.match, lines) if match)
    width, lines_of_width = ends.most_common(1)[0] if ends else (None, 0)
    return width if lines_of_width > 0.95 * ends.total() else None
