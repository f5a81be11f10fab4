"""Where a series was measured: the condition of each file, from its name, from a table, or from the file itself."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from spectra.core.basics.units import absolute_quantity, is_unit
from spectra.core.errors import InputError
from spectra.core.formats.metadata import found_for, read_metadata
from spectra.core.measurements import Condition, RawFile

WAY = "way"
"""What tells runs of one series apart, such as cooling and warming: a field of a pattern, or a column of a table."""
_TABLES = (".csv", ".tsv", ".json")
_FIELD = re.compile(r"\{([^{}]*)\}|(\*)")
_NUMBER = r"[-+]?\d+(?:[.,]\d+)?(?:[eE][-+]?\d+)?"
_NAME = re.compile(r"[A-Za-z][\w.-]{0,59}")
_HEAD = re.compile(r"(?P<name>.*?)\s*(?:[(\[](?P<unit>[^()\[\]]*)[)\]])?")
_SHOWN = 5
_MOST_ROWS = 10_000


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One measured file of a series.

    Parameters
    ----------
    condition
        ``None`` until the file has been read, if it is to say so itself.
    way
        The run that it belongs to; empty if there is only one.
    """

    file: RawFile
    condition: Condition | None
    way: str = ""


def entries_of(paths: Sequence[Path], at: str) -> tuple[str, list[Entry]]:
    """Return what varies, and the files of a series with their conditions.

    Parameters
    ----------
    at
        The name of the condition, then where it stands: ``temperature=sto-{K}.dat``, a pattern of the files' names in
        which braces hold the unit of a number, ``*`` is any text and ``{way}`` the name of a run;
        ``temperature=log.csv``, a table with a line for each file; or ``temperature`` alone where the files say so
        themselves, or one table holds the lines of all spectra, a row for each.

    Raises
    ------
    InputError
        If a file has no condition, or two have different units; the sentence names them.
    """
    name, equals, source = (part.strip() for part in at.partition("="))
    if not _NAME.fullmatch(name) or bool(equals) != bool(source):
        raise InputError(
            f"'--at {at}' says not what varies in the series.",
            hint="Write NAME=PATTERN as in 'temperature=run-{K}.dat', NAME=TABLE.csv, or NAME alone if the files say "
            "it themselves.",
        )
    if not source:
        entries = [entry for path in paths for entry in _said_by(RawFile.read(path), name)]
    elif Path(source).suffix.lower() in _TABLES and not _FIELD.search(source):
        entries = _in_table(paths, name, Path(source))
    else:
        entries = _in_names(paths, name, source)
    _refuse_doubles(entries)
    return name, entries


def of_one_unit(name: str, conditions: Iterable[Condition]) -> str:
    """Return the unit that all conditions have.

    Raises
    ------
    InputError
        If there are several.
    """
    units = sorted({condition.unit for condition in conditions})
    if len(units) > 1:
        raise InputError(
            f"The {name} of the files is given in different units: {', '.join(unit or 'none' for unit in units)}.",
            hint="Give all in one.",
        )
    return units[0]


def value_in(entries: Sequence[Entry], name: str, text: str) -> float:
    """Return the number in a condition that a user writes with its unit, in the unit of the entries.

    Raises
    ------
    InputError
        If it cannot be read, or has another unit.
    """
    try:
        value, unit = absolute_quantity(text)
    except ValueError as error:
        raise InputError(f"The reference {text!r} cannot be read: {error}.") from error
    known = [entry.condition.unit for entry in entries if entry.condition is not None]
    if known and unit != known[0]:
        raise InputError(
            f"The reference is given in {unit or 'no unit'}, the {name} of the files in {known[0] or 'no unit'}.",
            hint=f"Write --reference '{f'{value:g} {known[0]}'.strip()}'.",
        )
    return value


def _in_names(paths: Sequence[Path], name: str, pattern: str) -> list[Entry]:
    """Read conditions out of file names."""
    fields = [match[1].strip() for match in _FIELD.finditer(pattern) if match[2] is None]
    units = [field for field in fields if field != WAY]
    if len(units) != 1 or not is_unit(units[0]):
        raise InputError(
            f"The pattern {pattern!r} has not one field for a number: {', '.join(map(repr, fields)) or 'none'}.",
            hint=f"Put braces with the unit where the {name} stands: 'run-{{K}}.dat'; '*' stands for any text.",
        )
    expression = re.compile(_expression(pattern))
    entries, missing = [], []
    for path in paths:
        match = expression.fullmatch(path.name)
        if match is None:
            missing.append(path.name)
            continue
        value, unit = absolute_quantity(f"{match['number'].replace(',', '.')} {units[0]}")
        way = match.groupdict().get(WAY) or ""
        entries.append(Entry(file=RawFile.read(path), condition=Condition(name=name, value=value, unit=unit), way=way))
    if missing:
        raise InputError(
            f"The names of {len(missing)} of {len(paths)} files do not follow the pattern {pattern!r}: "
            f"{_listed(missing)}.",
            hint="Leave them out, or give the conditions in a table: --at "
            f"'{name}=TABLE.csv' with the columns 'file' and '{name} ({units[0] or 'unit'})'.",
        )
    return entries


def _expression(pattern: str) -> str:
    """Return a pattern of file names as a regular expression with the groups ``number`` and ``way``."""
    parts, end = [], 0
    for match in _FIELD.finditer(pattern):
        parts.append(re.escape(pattern[end : match.start()]))
        end = match.end()
        if match[2]:
            parts.append(".*")
        else:
            field = match[1].strip()
            # the unit may stand behind the number, too
            number = f"(?P<number>{_NUMBER})(?:[ _]?{re.escape(field)})?" if field else f"(?P<number>{_NUMBER})"
            parts.append(f"(?P<{WAY}>.+?)" if field == WAY else number)
    return "".join([*parts, re.escape(pattern[end:])])


def _in_table(paths: Sequence[Path], name: str, table: Path) -> list[Entry]:
    """Read conditions out of a table with a line for each file."""
    known = read_metadata(table)
    entries, missing = [], []
    for path in paths:
        metadata = found_for(known, path)
        condition = next((one for one in metadata.conditions if one.name == name), None) if metadata else None
        if metadata is None or condition is None:
            missing.append(path.name)
            continue
        labels = dict(tag.split("=", 1) for tag in metadata.tags if "=" in tag)
        entries.append(Entry(file=RawFile.read(path), condition=condition, way=labels.get(WAY, "")))
    if missing:
        columns = sorted({one.name for metadata in known.values() for one in metadata.conditions})
        raise InputError(
            f"{table.name} says no {name} of {len(missing)} of {len(paths)} files: {_listed(missing)}.",
            hint=f"Its columns of numbers are {', '.join(columns) or 'none'}; its files {_listed(list(known))}.",
        )
    return entries


def _said_by(file: RawFile, name: str) -> list[Entry]:
    """Return one entry for each row of a table whose header has the condition, or the file as it is."""
    try:
        rows = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig")), delimiter=_separator(file.content)))
    except (UnicodeDecodeError, csv.Error):
        return [Entry(file=file, condition=None)]
    heads = [_HEAD.fullmatch(head.strip()) for head in rows[0]] if rows else []
    place = next((k for k, head in enumerate(heads) if head and head["name"] == name), None)
    if place is None or len(heads) < 2:
        return [Entry(file=file, condition=None)]
    if len(rows) > _MOST_ROWS:
        raise InputError(f"{file.name}: more than {_MOST_ROWS:,} rows.", hint="Split the table.")
    head = heads[place]
    unit = (head and head["unit"]) or ""
    if not is_unit(unit):
        raise InputError(f"{file.name}, line 1: {unit!r} is no unit.", hint=f"Write '{name} (K)'.")
    runs = [k for k, head in enumerate(heads) if head and head["name"] == WAY]
    entries = []
    for number, row in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in row):
            continue
        where = f"{file.name}, line {number}"
        if len(row) != len(heads):
            raise InputError(f"{where}: {len(row)} columns, where the first line has {len(heads)}.")
        try:
            value, known = absolute_quantity(f"{row[place].strip()} {unit}")
        except ValueError as error:
            raise InputError(f"{where}: the {name} {row[place]!r} cannot be read: {error}.") from error
        lines = [cell.strip() for k, cell in enumerate(row) if k != place and k not in runs and cell.strip()]
        content = "".join(f"{line}\n" for line in lines).encode()
        entries.append(
            Entry(
                file=RawFile(name=f"{Path(file.name).stem}-line-{number}.txt", content=content),
                condition=Condition(name=name, value=value, unit=known),
                way=row[runs[0]].strip() if runs else "",
            )
        )
    return entries


def _separator(content: bytes) -> str:
    first = content[:10_000].split(b"\n", 1)[0].decode("utf-8-sig", errors="replace")
    return max(",;\t", key=first.count)


def _refuse_doubles(entries: Sequence[Entry]) -> None:
    """Refuse the same bytes under two conditions: on record they would be one measurement."""
    known: dict[str, Entry] = {}
    for entry in entries:
        other = known.setdefault(entry.file.digest, entry)
        if other is not entry:
            raise InputError(
                f"{other.file.name} and {entry.file.name} hold the same bytes, which cannot have been measured twice.",
                hint="Leave one out.",
            )


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
