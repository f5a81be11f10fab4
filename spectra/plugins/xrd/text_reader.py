"""Diffraction profiles as text: ``.xy``, ``.xye``, ``.dat``, ``.txt``, ``.csv``, or a name without an ending."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any, NamedTuple

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from spectra.core.errors import InputError
from spectra.core.measurements import Measurement, RawFile
from spectra.plugins.xrd.scan import MOST_POINTS, WAVELENGTH, checked_profile, text_of

_COMMENT = re.compile(r"[#%!]|//|^\s*[;'*]")
_NUMBER = re.compile(r"[+-]?([0-9]+[.,]?[0-9]*|[.,][0-9]+)([eE][+-]?[0-9]+)?")
_FIRST_OF_TWO = re.compile(r"\s*[0-9.]+(?=\s+\S)")
_WAVELENGTH_IN_HEADER = re.compile(r"(?:wave\s?length|lambda|λ).{0,30}?([0-9][.,][0-9]{2,})", re.IGNORECASE)
_KEPT_HEADER = 1000  # characters
_LONGEST_LINE = 1000  # characters
_HINT = "Give 2θ in degrees and counts, optionally their uncertainty, on each line; comments begin with #."


class ProfileTextParameters(BaseModel):
    """What a text file does not say about itself."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    wavelength: float | None = Field(
        default=None, gt=0.1, lt=10, description="wavelength in Å; without it, the one that the header names, if any"
    )


class ProfileTextReader:
    """Reads 2θ in degrees and counts, optionally with their uncertainty, one point per line.

    Columns are separated by blanks, tabs, semicolons or commas; a comma between digits is decimal where something
    else separates the columns. Lines without numbers above the data are a header. Columns of fixed width that have
    run together, because a count took all its width, are told apart by where the first one ends on all other lines.
    """

    def __init__(self, parameters: ProfileTextParameters) -> None:
        self.parameters = parameters

    def read(self, file: RawFile) -> Measurement:
        """Read a profile.

        Raises
        ------
        InputError
            If the file is too large, no text or no profile; with the line at fault.
        """
        lines = text_of(file).splitlines()
        if len(lines) > MOST_POINTS:
            raise InputError(f"{file.name}: {len(lines):,} lines are too many for a profile.", hint=_HINT)
        start = _first_point(lines, file.name)
        rows, notes = _rows(lines, start, file.name)
        columns = np.array([row.values[:2] for row in rows])  # (k, 2)
        profile = checked_profile(columns[:, 0], columns[:, 1], lambda i: f"{file.name}, line {rows[i].line}")
        details: dict[str, Any] = {"points": len(rows)}
        header = "; ".join(line.strip() for line in lines[:start] if line.strip())[:_KEPT_HEADER]
        if header:
            details["header"] = header
        wavelength = self.parameters.wavelength or _wavelength(header)
        if wavelength:
            details[WAVELENGTH] = wavelength
        return Measurement(signal=profile, file=file, reader="profile-text", details=details, notes=tuple(notes))


class _Row(NamedTuple):
    line: int
    values: list[float]


def _first_point(lines: list[str], name: str) -> int:
    """Return the index of the first line with two numbers; what stands above is a header."""
    one_column = None
    for index, line in enumerate(lines):
        values = _numbers(_COMMENT.split(line, maxsplit=1)[0])
        if values and len(values) > 1:
            return index
        if values and one_column is None:
            one_column = index + 1
    fault = f", line {one_column}: this is one column" if one_column else ": there is no line with 2θ and counts"
    raise InputError(f"{name}{fault}, not a profile.", hint=_HINT)


def _rows(lines: list[str], start: int, name: str) -> tuple[list[_Row], list[str]]:
    """Return the points from line ``start`` on, and what is to be said about them."""
    width = _width_of_first_column(lines[start:])
    rows: list[_Row] = []
    run_together = 0
    for number, line in enumerate(lines[start:], start=start + 1):
        text = _COMMENT.split(line, maxsplit=1)[0]
        if not text.strip():
            continue
        where = f"{name}, line {number}"
        values = _numbers(text)
        if values and len(values) == 1 and width:
            values = _numbers(f"{text[:width]} {text[width:]}")
            run_together += 1
        if values is None:
            raise InputError(f"{where}: {line.strip()[:60]!r} is not a point of a profile.", hint=_HINT)
        columns = len(rows[0].values) if rows else min(len(values), 3)
        if len(values) != columns:
            raise InputError(f"{where}: the number of columns is {len(values)}, not {columns}.", hint=_HINT)
        rows.append(_Row(number, values))
    notes = []
    if run_together:
        notes.append(f"On {run_together} line(s) the columns run together; they were split after {width} characters.")
    if len(rows[0].values) == 3:
        notes.append("The third column, the uncertainty of the counts, is not used.")
    return rows, notes


def _numbers(text: str) -> list[float] | None:
    """Return the numbers of one line, or nothing if it holds anything else or is too long for a point."""
    if len(text) > _LONGEST_LINE:
        return None
    words = re.sub('[;"]', " ", text).split()
    if len(words) == 1 or any(word.startswith(",") or word.endswith(",") for word in words):
        words = [part for word in words for part in word.split(",") if part]
    if not all(_NUMBER.fullmatch(word) for word in words):
        return None
    return [float(word.replace(",", ".")) for word in words]


def _width_of_first_column(lines: list[str]) -> int | None:
    """Return the width at which the first column ends on all lines but a few, if there is one."""
    ends = Counter(match.end() for match in map(_FIRST_OF_TWO.match, lines) if match)
    width, lines_of_width = ends.most_common(1)[0] if ends else (None, 0)
    return width if lines_of_width > 0.95 * ends.total() else None


def _wavelength(header: str) -> float | None:
    match = _WAVELENGTH_IN_HEADER.search(header)
    return float(match[1].replace(",", ".")) if match else None
