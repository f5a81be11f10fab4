"""Indents: places where hardness, or anything else, was measured, from CSV files and MATLAB's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from spectra.core.basics.number_text import whole_number
from spectra.core.basics.units import conversion_factor, is_unit
from spectra.core.errors import InputError
from spectra.core.measurements import RawFile
from spectra.plugins.images.maps.columns import ColumnTable, find_column, lengths, name_and_unit, read_table
from spectra.plugins.indenter.registration.mat_file import UNITS, read_mat

Floats = NDArray[np.float64]

HINT = "Indents are a CSV file with columns like x_um, y_um and hardness_GPa, or a .mat file with X, Y and H."
MOST_INDENTS = 1_000_000

_HARDNESS = ("hardness", "H", "HIT", "H_IT", "HV")
_NAMES = ("indent", "name", "id", "test", "number", "no")
_ABSURD = 1e30  # what instruments write where they have no value, such as 1e100
_FARTHEST = 1e9  # µm: no specimen has a kilometre


@dataclass(frozen=True, kw_only=True, eq=False)
class Indents:
    """Where something was measured, and what.

    Parameters
    ----------
    names
        What the file calls each, else its number from 1.
    points : ndarray, shape (n, 2)
        x and y in µm.
    values : ndarray, shape (n,)
        In ``unit``; NaN where the instrument gave none.
    """

    names: Sequence[str]
    points: Floats
    values: Floats
    quantity: str
    unit: str
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.names)

    @property
    def spacing(self) -> float:
        """Median distance of an indent from the nearest other one, in µm."""
        from scipy.spatial import cKDTree

        points = np.unique(self.points[np.isfinite(self.points).all(axis=1)], axis=0)
        return float(np.median(cKDTree(points).query(points, k=2)[0][:, 1])) if len(points) > 1 else 0.0


def read_indents(file: RawFile, *, quantity: str | None = None, unit: str | None = None) -> Indents:
    """Read indents.

    Parameters
    ----------
    quantity
        The column to take, without its unit; default: hardness.
    unit
        In which the values are wanted; needed where the file does not say it.

    Raises
    ------
    InputError
        If the file is damaged, too large, or lacks a column, a unit or all values.
    """
    if unit is not None and not is_unit(unit):
        raise InputError(f"{unit!r} is not a known unit.", hint="Write it like GPa.")
    mat = file.name.lower().endswith(".mat") or file.content.startswith(b"MATLAB")
    indents = _from_mat(file, quantity, unit) if mat else _from_table(read_table(file, hint=HINT), quantity, unit)
    if len(indents) > MOST_INDENTS:
        raise InputError(f"{file.name} holds {len(indents):,} indents; at most {MOST_INDENTS:,} are read.")
    indents = replace(indents, points=np.where(np.abs(indents.points) < _FARTHEST, indents.points, np.nan))
    if not np.isfinite(indents.values).any():
        raise InputError(f"{file.name} holds no value of {indents.quantity}.")
    return indents


def _from_table(table: ColumnTable, quantity: str | None, unit: str | None) -> Indents:
    wanted = _HARDNESS if quantity is None else (quantity,)
    column = find_column(table.names, wanted) or (quantity if quantity in table.names else None)
    if column is None:
        others = ", ".join(name_and_unit(name)[0] for name in table.names[:12])
        raise InputError(
            f"{table.file_name} has no column {wanted[0]!r}; it has {others}.",
            hint="Choose one with --quantity." if quantity is None else HINT,
        )
    points = np.stack([_places(table, axis) for axis in ("x", "y")], axis=1)
    name, written = name_and_unit(column)
    values = table.numbers(column) * _factor(written, unit, f"{table.file_name}, column {column!r}")
    named = find_column(table.names, _NAMES)
    names = [str(k) for k in range(1, len(table) + 1)]
    if named is not None:
        names = [str(cell) for cell in table.frame.iloc[:, table.names.index(named)]]
    return Indents(
        names=names,
        points=points,
        values=_without_absurd(values),
        quantity="hardness" if quantity is None else name,
        unit=unit or written or "",
    )


def _places(table: ColumnTable, axis: str) -> Floats:
    column = find_column(table.names, (axis, f"pos_{axis}", f"position_{axis}", f"{axis}_position"))
    if column is None:
        raise InputError(f"{table.file_name} has no column {axis!r} with the places of the indents.", hint=HINT)
    return lengths(table, column, hint=f"Call it like {axis}_um.")


def _from_mat(file: RawFile, quantity: str | None, unit: str | None) -> Indents:
    arrays = read_mat(file, quantity or "hardness")
    if unit is None and arrays.quantity not in UNITS:
        raise InputError(f"{file.name} does not say the unit of {arrays.quantity}.", hint="Give it with --unit.")
    shown = unit or UNITS[arrays.quantity]
    return Indents(
        names=[str(k) for k in range(1, len(arrays.values) + 1)],
        points=np.stack([arrays.x, arrays.y], axis=1),
        values=_without_absurd(arrays.values),
        quantity=arrays.quantity,
        unit=shown,
        notes=(f"A .mat file names no units: places were taken as µm, {arrays.quantity} as {shown}.",),
    )


def _factor(written: str | None, unit: str | None, where: str) -> float:
    if written is None and unit is None:
        raise InputError(f"{where}: its name says no unit.", hint="Call it like hardness_GPa, or give --unit.")
    if written is None or unit is None:
        return 1.0
    try:
        return conversion_factor(written, unit)
    except ValueError as error:
        raise InputError(f"{where}: {error}.") from error


def _without_absurd(values: Floats) -> Floats:
    return np.where(np.abs(values) < _ABSURD, values, np.nan)


def chosen(names: Sequence[str], indents: Indents, *, where: str) -> NDArray[np.bool_]:
    """Return which indents the user names: by their names, or as ranges of numbers like ``20-25``.

    Raises
    ------
    InputError
        If there is no indent of a name.
    """
    known: dict[str, list[int]] = {}
    for index, name in enumerate(indents.names):
        known.setdefault(name, []).append(index)
    marked = np.zeros(len(indents), dtype=bool)
    for given in (part.strip() for name in names for part in name.split(",")):
        wanted = [given] if given in known else _range(given)
        missing = next((name for name in wanted if name not in known), None)
        if missing is not None:
            raise InputError(f"{where}: there is no indent {missing!r}; the last one is {indents.names[-1]!r}.")
        for name in wanted:
            marked[known[name]] = True
    return marked


def _range(given: str) -> list[str]:
    """Return the names that ``20-25`` stands for; anything else is a name."""
    first, last = (whole_number(end) for end in given.partition("-")[::2])
    if first is not None and last is not None and first <= last < first + MOST_INDENTS:
        return [str(number) for number in range(first, last + 1)]
    return [given]
