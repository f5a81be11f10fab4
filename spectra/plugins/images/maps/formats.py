"""The formats of orientation maps: channel text files of Oxford Instruments, ANG files of EDAX, and CSV."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spectra.core.basics.number_text import whole_number
from spectra.core.errors import InputError
from spectra.core.measurements import RawFile
from spectra.plugins.images.maps.columns import (
    as_numbers,
    cells,
    decoded,
    find_column,
    in_degrees,
    lengths,
    name_and_unit,
    read_table,
)
from spectra.plugins.images.maps.scan import Phase, Scan

HINT = "Orientation maps are .ctf (Oxford Instruments), .ang (EDAX), or CSV with columns like x_um, y_um, phi1_deg, "
HINT += "Phi_deg, phi2_deg and perhaps phase."

_CTF_COLUMNS = ("Phase", "X", "Y", "Euler1", "Euler2", "Euler3")
_ANGLE_COLUMNS = (("phi1", "φ1", "φ₁", "Euler1"), ("Phi", "Φ", "Euler2"), ("phi2", "φ2", "φ₂", "Euler3"))
# Laue groups as the Channel programs number them; the point groups of EDAX, by the rotations they hold.
_CTF_SYSTEMS = {1: "triclinic", 2: "monoclinic", 3: "orthorhombic", 4: "tetragonal", 5: "tetragonal", 6: "trigonal"}
_CTF_SYSTEMS |= {7: "trigonal", 8: "hexagonal", 9: "hexagonal", 10: "cubic", 11: "cubic"}
_ANG_SYSTEMS = {"1": "triclinic", "2": "monoclinic", "20": "monoclinic", "22": "orthorhombic", "4": "tetragonal"}
_ANG_SYSTEMS |= {"42": "tetragonal", "3": "trigonal", "32": "trigonal", "6": "hexagonal", "62": "hexagonal"}
_ANG_SYSTEMS |= {"23": "cubic", "43": "cubic"}
_NOT_INDEXED = 4 * np.pi  # radians: what EDAX writes for all three angles
_MOST_PHASES = 1_000_000
_ANG_WIDTH = 8  # columns at least: φ1, Φ, φ2, x, y, image quality, confidence index, phase


def read_scan(file: RawFile) -> Scan:
    """Read a file of an orientation map, in the format that its name or content says.

    Raises
    ------
    InputError
        If it is in no known format, damaged, or lacks something; with file, line and column.
    """
    start = file.content[:200].lstrip().lower()
    name = file.name.lower()
    if name.endswith(".ctf") or start.startswith(b"channel text file"):
        return read_ctf(file)
    if name.endswith(".ang") or (start.startswith(b"#") and b"tem_pix" in start):
        return read_ang(file)
    return read_csv(file)


def read_ctf(file: RawFile) -> Scan:
    """Read a channel text file: a header, the phases, the names of columns, and a point on each line.

    Angles are in degrees, lengths in µm. Phase 0 means not indexed.
    """
    lines = decoded(file, HINT).splitlines()
    head = next((k for k, line in enumerate(lines) if line.split("\t")[0].strip() == "Phase"), None)
    if head is None:
        raise InputError(f"{file.name}: there is no line 'Phase, X, Y, …' above the points of a .ctf file.", hint=HINT)
    names = [name.strip() for name in lines[head].split("\t")]
    if missing := [name for name in _CTF_COLUMNS if name not in names]:
        raise InputError(f"{file.name}, line {head + 1}: there is no column {missing[0]}.", hint=HINT)
    frame = cells(lines[head + 1 :], "\t", len(names), name=file.name, first_line=head + 2)
    read = {name: _column(frame[names.index(name)], file.name, name, head + 2) for name in _CTF_COLUMNS}
    angles = np.stack([read["Euler1"], read["Euler2"], read["Euler3"]], axis=1)
    numbers = _phase_numbers(read["Phase"])
    _check_angles(angles, numbers > 0, lambda row: f"{file.name}, line {head + 2 + row}")
    return Scan(
        file_name=file.name,
        x=read["X"],
        y=read["Y"],
        angles=_blanked(angles, numbers > 0),
        numbers=numbers,
        phases=_ctf_phases(lines[:head]),
    )


def read_ang(file: RawFile) -> Scan:
    """Read an ANG file: a header of lines with ``#``, and below it φ1, Φ, φ2 in radians, x and y in µm, and more.

    Points with a negative confidence index, or with angles of 4π, are not indexed. In files of one phase its number is
    0 in all points.
    """
    lines = decoded(file, HINT).splitlines()
    head = next((k for k, line in enumerate(lines) if line.strip() and not line.startswith("#")), None)
    if head is None:
        raise InputError(f"{file.name}: there are no points below the header of the .ang file.", hint=HINT)
    header = [line.lstrip("# \t") for line in lines[:head]]
    width = len(lines[head].split())
    if width < _ANG_WIDTH:
        raise InputError(
            f"{file.name}, line {head + 1}: there are {width} columns; an .ang file has 8 or more.", hint=HINT
        )
    frame = cells(lines[head:], None, width, name=file.name, first_line=head + 1)
    titles = ("φ1", "Φ", "φ2", "x", "y", "image quality", "confidence index", "phase")
    columns = [_column(frame[k], file.name, title, head + 1) for k, title in enumerate(titles)]
    angles = np.stack(columns[:3], axis=1)
    beyond = np.abs(angles).max(axis=1) > _NOT_INDEXED * 1.001
    if beyond.any():
        row = int(np.argmax(beyond))
        raise InputError(
            f"{file.name}, line {head + 1 + row}: an angle of {np.abs(angles[row]).max():g} is beyond 4π; angles "
            "of an .ang file are in radians."
        )
    indexed = (columns[6] >= 0) & (angles.max(axis=1) < _NOT_INDEXED * 0.99)
    settings = {name.upper(): value.strip() for name, _, value in (line.partition(":") for line in header)}
    return Scan(
        file_name=file.name,
        x=columns[3],
        y=columns[4],
        angles=_blanked(np.degrees(angles), indexed),
        numbers=_phase_numbers(columns[7]),
        phases=_ang_phases(header),
        hexagonal=_hexagonal(settings, file.name),
        notes=("Angles are those of the file, whose axes are EDAX's: X down the map, Y to the right.",),
    )


def read_csv(file: RawFile) -> Scan:
    """Read a table with columns for x, y, the three angles with their unit, and perhaps the phase (0: not indexed)."""
    table = read_table(file, hint=HINT)
    found = {name: find_column(table.names, names) for name, names in zip("123", _ANGLE_COLUMNS, strict=True)}
    found |= {"x": find_column(table.names, ("x",)), "y": find_column(table.names, ("y",))}
    if missing := [name for name, column in found.items() if column is None]:
        wanted = {"1": "φ1 (phi1_deg)", "2": "Φ (Phi_deg)", "3": "φ2 (phi2_deg)"}.get(missing[0], f"{missing[0]}_um")
        raise InputError(
            f"{file.name}: there is no column for {wanted} among {', '.join(table.names[:12])}.", hint=HINT
        )
    given: Mapping[str, str] = {name: column for name, column in found.items() if column is not None}
    factors = {name: in_degrees(name_and_unit(given[name])[1]) for name in "123"}
    if unsaid := next((given[name] for name in "123" if factors[name] is None), None):
        raise InputError(
            f"{file.name}, column {unsaid!r}: its name does not say whether angles are in degrees or radians.",
            hint="Call it 'phi1_deg' or 'phi1_rad'.",
        )
    angles = np.stack([table.numbers(given[name]) * (factors[name] or 0.0) for name in "123"], axis=1)
    phase = find_column(table.names, ("phase", "phases", "phase_id"))
    numbers, indexed = np.ones(len(table), dtype=np.int64), np.asarray(np.isfinite(angles).all(axis=1))
    if phase is not None:
        values = table.numbers(phase)
        indexed &= values > 0
        numbers = _phase_numbers(values)
    _check_angles(angles, indexed, table.where)
    x, y = (_all_there(lengths(table, given[name], hint=HINT), given[name], table.where) for name in "xy")
    return Scan(file_name=file.name, x=x, y=y, angles=_blanked(angles, indexed), numbers=numbers)


def _phase_numbers(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the numbers of phases; 0, which is none, for what is no number or none that a file counts to."""
    return np.where(np.abs(values) < _MOST_PHASES, values, 0).astype(np.int64)


def _check_angles(angles: NDArray[np.float64], indexed: NDArray[np.bool_], where: Callable[[int], str]) -> None:
    wrong = indexed & (np.abs(angles).max(axis=1, initial=0, where=np.isfinite(angles)) > 360.5)
    if wrong.any():
        row = int(np.argmax(wrong))
        raise InputError(f"{where(row)}: an angle of {np.abs(angles[row]).max():g}° is beyond 360°.")


def _column(column: Any, file_name: str, name: str, first_line: int) -> NDArray[np.float64]:
    """Return a column without gaps."""
    numbers = as_numbers(column)
    wrong = ~np.isfinite(numbers)
    if wrong.any():
        row = int(np.argmax(wrong))
        raise InputError(
            f"{file_name}, line {first_line + row}, column {name}: {str(column.iloc[row])[:40]!r} is no number."
        )
    return numbers


def _all_there(values: NDArray[np.float64], column: str, where: Callable[[int], str]) -> NDArray[np.float64]:
    missing = ~np.isfinite(values)
    if missing.any():
        raise InputError(f"{where(int(np.argmax(missing)))}, column {column!r}: the place of a point is missing.")
    return values


def _blanked(angles: NDArray[np.float64], indexed: NDArray[np.bool_]) -> NDArray[np.float32]:
    return np.where(indexed[:, np.newaxis], angles, np.nan).astype(np.float32)


def _ctf_phases(header: list[str]) -> dict[int, Phase]:
    """Return the phases below the line ``Phases``: lengths, angles, name, Laue group and more of each."""
    start = next((k for k, line in enumerate(header) if line.split("\t")[0].strip() == "Phases"), len(header))
    phases = {}
    for number, line in enumerate(header[start + 1 :], start=1):
        parts = [part.strip() for part in line.split("\t")]
        if len(parts) > 3:
            system = _CTF_SYSTEMS.get(whole_number(parts[3]) or 0)
            phases[number] = Phase(name=parts[2] or f"phase {number}", system=system)
    return phases


def _ang_phases(header: list[str]) -> dict[int, Phase]:
    """Return the phases that lines ``Phase``, ``MaterialName`` and ``Symmetry`` describe; a single one is 0, too."""
    phases: dict[int, Phase] = {}
    number, name = 0, ""
    for line in header:
        key, _, value = line.replace("\t", " ").partition(" ")
        key, value = key.strip(" :"), value.strip()
        if key == "Phase" and (found := whole_number(value)) is not None:
            number, name = found, f"phase {found}"
        elif key == "MaterialName" and value:
            name = value
        elif key == "Symmetry":
            phases[number] = Phase(name=name or f"phase {number}", system=_ANG_SYSTEMS.get(value))
    if len(phases) == 1:
        phases[0] = next(iter(phases.values()))
    return phases


def _hexagonal(settings: Mapping[str, str], name: str) -> tuple[float, float] | None:
    """Return the steps of a hexagonal grid; None for a square one."""
    if settings.get("GRID", "SqrGrid").lower() != "hexgrid":
        return None
    try:
        step, row_step = float(settings["XSTEP"]), float(settings["YSTEP"])
    except (KeyError, ValueError):
        raise InputError(f"{name}: the header gives no XSTEP and YSTEP of the hexagonal grid.") from None
    if not (step > 0 and row_step > 0):
        raise InputError(f"{name}: XSTEP and YSTEP of the hexagonal grid are not above 0.")
    return step, row_step
