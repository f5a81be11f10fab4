"""Tables of numbers in text files whose first line names columns and units, such as ``x_um`` or ``hardness [GPa]``."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spectra.core.basics.units import conversion_factor, is_unit
from spectra.core.errors import InputError
from spectra.core.measurements import RawFile

Floats = NDArray[np.float64]

_BRACKETED = re.compile(r"(.*\S)\s*[(\[]\s*(\S.*?)\s*[)\]]")
_DEGREES = ("deg", "°", "degree", "degrees")
_RADIANS = ("rad", "radian", "radians")
_MISSING = ("", "nan", "NaN", "NAN", "NA", "N/A", "n/a", "null", "-", "--")
_COMMON = ("um", "µm", "mm", "nm", "GPa", "MPa", "mN", *_DEGREES, *_RADIANS)  # which need no pint
_FEWEST = 2  # columns: with fewer it is no table


@dataclass(frozen=True, kw_only=True, eq=False)
class ColumnTable:
    """Columns of a text file by their names; a cell that is empty, or says so, is NaN.

    Parameters
    ----------
    names
        As the file writes them, with units.
    first_line
        On which line of the file the first row stands; the others follow it.
    frame
        The cells, a pandas data frame.
    """

    file_name: str
    names: tuple[str, ...]
    first_line: int
    frame: Any

    def __len__(self) -> int:
        return len(self.frame)

    def numbers(self, name: str) -> Floats:
        """Return a column, shape (n,).

        Raises
        ------
        InputError
            If a cell is no number; with its line.
        """
        column = self.frame.iloc[:, self.names.index(name)]
        if column.dtype.kind in "fiu":
            return column.to_numpy(dtype=np.float64)
        numbers = as_numbers(column)
        wrong = np.isnan(numbers) & column.notna().to_numpy()
        if wrong.any():
            row = int(np.argmax(wrong))
            raise InputError(f"{self.where(row)}, column {name!r}: {str(column.iloc[row])[:40]!r} is no number.")
        return numbers

    def where(self, row: int) -> str:
        """Say where in the file a row stands."""
        return f"{self.file_name}, line {self.first_line + row}"


def as_numbers(column: Any) -> Floats:
    """Return a column of a data frame, shape (n,), NaN for what is no number."""
    import pandas as pd

    try:
        return pd.to_numeric(column, errors="coerce").to_numpy(dtype=np.float64)
    except OverflowError:  # whole numbers of hundreds of digits
        return np.array([_finite(str(cell)) for cell in column])


def _finite(text: str) -> float:
    try:
        return number if math.isfinite(number := float(text)) else math.nan
    except ValueError:
        return math.nan


def read_table(file: RawFile, *, hint: str) -> ColumnTable:
    """Read a table with semicolons, tabs or commas between the columns; with the first two, commas may be decimal.

    Lines above the table that begin with ``#`` or ``%`` are comments.

    Raises
    ------
    InputError
        If it is no text, no table, or a line has another number of cells.
    """
    text = decoded(file, hint)
    lines = text.splitlines()
    head = next((k for k, line in enumerate(lines) if line.strip() and line.strip()[0] not in "#%"), None)
    if head is None:
        raise InputError(f"{file.name} is empty.", hint=hint)
    separator = next((mark for mark in ";\t," if mark in lines[head]), None)
    names = tuple(name.strip().strip("\"'") for name in lines[head].split(separator)) if separator else ()
    if len(names) < _FEWEST:
        raise InputError(f"{file.name}, line {head + 1}: this does not name the columns of a table.", hint=hint)
    if all(_is_number(name) for name in names):
        raise InputError(
            f"{file.name}, line {head + 1}: the first line holds numbers, not the names of the columns.", hint=hint
        )
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise InputError(f"{file.name}, line {head + 1}: the column {twice!r} is there twice.")
    return ColumnTable(
        file_name=file.name,
        names=names,
        first_line=head + 2,
        frame=cells(lines[head + 1 :], separator, len(names), name=file.name, first_line=head + 2),
    )


def cells(lines: Sequence[str], separator: str | None, width: int, *, name: str, first_line: int) -> Any:
    """Return the cells of lines as a pandas data frame of ``width`` columns; ``separator`` None stands for blanks.

    Raises
    ------
    InputError
        If there are none, or a line has another number of cells.
    """
    import pandas as pd

    last = len(lines)
    while last and not lines[last - 1].strip():
        last -= 1
    lines = lines[:last]
    if not lines:
        raise InputError(f"{name} has no rows below the names of its columns.")
    for number, line in enumerate(lines, start=first_line):
        count = len(line.split()) if separator is None else line.count(separator) + 1
        if count != width and '"' not in line:
            raise InputError(
                f"{name}, line {number}: the number of cells is {count}, not {width}.", hint="Is the file whole?"
            )
    decimal = "," if separator != "," and any("," in line for line in lines) else "."
    try:
        return pd.read_csv(
            io.StringIO("\n".join(lines)),
            sep=r"\s+" if separator is None else separator,
            header=None,
            names=range(width),
            decimal=decimal,
            skip_blank_lines=False,
            skipinitialspace=True,
            keep_default_na=False,
            na_values=list(_MISSING),
            low_memory=False,
        )
    except (ValueError, pd.errors.ParserError) as error:
        raise InputError(f"{name} cannot be read as a table: {error}.") from error


def decoded(file: RawFile, hint: str) -> str:
    """Return the text of a file; one that is not UTF-8 is taken for Latin-1, as older instruments write.

    Raises
    ------
    InputError
        If it is no text.
    """
    if b"\0" in file.content[:100_000]:
        raise InputError(f"{file.name} is no text file.", hint=hint)
    try:
        return file.content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return file.content.decode("latin-1")


def name_and_unit(column: str) -> tuple[str, str | None]:
    """Divide the name of a column into the name proper and its unit, None where there is none.

    Examples
    --------
    >>> name_and_unit("hardness_GPa"), name_and_unit("x [µm]"), name_and_unit("indent_number")
    (('hardness', 'GPa'), ('x', 'µm'), ('indent_number', None))
    """
    if match := _BRACKETED.fullmatch(column):
        return match[1].rstrip("_"), match[2]
    for mark in ("_", "/", " "):
        name, found, unit = (part.strip() for part in column.rpartition(mark))
        if found and name and (unit in _COMMON or (unit and is_unit(unit))):
            return name, unit
    return column, None


def in_degrees(written: str | None) -> float | None:
    """Return what one of a unit of angles is in degrees; None for what is no such unit."""
    return 1.0 if written in _DEGREES else float(np.degrees(1.0)) if written in _RADIANS else None


def lengths(table: ColumnTable, column: str, *, hint: str) -> Floats:
    """Return a column of lengths in µm.

    Raises
    ------
    InputError
        If its name says no unit of length.
    """
    _, unit = name_and_unit(column)
    try:
        factor = conversion_factor((unit or "").replace("μ", "µ"), "µm") if unit not in ("um", "µm", "μm") else 1.0
    except ValueError as error:
        says = f"its unit {unit!r} is no length" if unit else "its name says no unit"
        raise InputError(f"{table.file_name}, column {column!r}: {says}.", hint=hint) from error
    return table.numbers(column) * factor


def find_column(names: Sequence[str], wanted: Sequence[str]) -> str | None:
    """Return the first column that is called, apart from its unit and of any case, one of ``wanted``; else None."""
    bare: Mapping[str, str] = {name_and_unit(name)[0]: name for name in reversed(names)}
    for want in wanted:
        if want in bare:
            return bare[want]
    lower = {name.lower(): column for name, column in bare.items()}
    return next((lower[want.lower()] for want in wanted if want.lower() in lower), None)


def _is_number(text: str) -> bool:
    try:
        float(text.replace(",", "."))
    except ValueError:
        return False
    return True
