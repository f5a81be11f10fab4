"""What commands print on standard output: tables for people, JSON for programs, with the same numbers."""

from __future__ import annotations

import csv
import dataclasses
import json
import math
import sys
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table as RichTable

from spectra.core.tables import Table

if TYPE_CHECKING:
    from spectra.registry.table import Column

SCHEMA_VERSION = 1
"""Raised when a key of the JSON output changes its meaning or goes."""

# What is piped is for reading later or for grep: whole lines, whatever the terminal's width.
console = Console(highlight=False, width=None if sys.stdout.isatty() else 240)


def print_json(kind: str, content: Any) -> None:
    """Print ``{"schema": …, kind: content}``; what is not finite becomes null."""
    print(_json({"schema": SCHEMA_VERSION, kind: content}))


def print_json_list(kind: str, records: Iterable[Any]) -> None:
    """Print what :func:`print_json` would, one record after the other."""
    print(f'{{\n  "schema": {SCHEMA_VERSION},\n  {json.dumps(kind)}: [', end="")
    for number, record in enumerate(records):
        print("," if number else "", textwrap.indent(_json(record), "    "), sep="\n", end="")
    print("\n  ]\n}")


def print_csv(columns: Sequence[Column], records: Iterable[Any]) -> None:
    """Print records as RFC 4180 has it, with all digits; only on a terminal, control characters become escapes."""
    shown = printable if sys.stdout.isatty() else str
    writer = csv.writer(sys.stdout)
    writer.writerow([shown(column.heading) for column in columns])
    for record in records:
        writer.writerow([shown(as_text(column.value(record))) for column in columns])


def as_text(value: Any) -> str:
    """Write a value of a table for a program; several are separated by ``|``, as in a query."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return "|".join(map(as_text, value))
    return "" if value is None else str(value)


def plain(value: Any) -> Any:
    """Turn records, dates and numbers into what JSON holds."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def print_rows(header: Sequence[str], rows: Iterable[Sequence[Any]], *, title: str | None = None) -> None:
    """Print a table; without a terminal, without lines and at full width."""
    title = None if title is None else _cell(title)
    table = RichTable(title=title, title_justify="left", title_style="bold", box=_box(), pad_edge=False)
    rows = [[_cell(value) for value in row] for row in rows]
    for place, name in enumerate(header):
        numeric = all(_is_number(row[place]) for row in rows) and bool(rows)
        table.add_column(_cell(name), justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*row)
    console.print(table)


def print_table(table: Table) -> None:
    """Print a component's table with the decimals that it asks for."""
    header = [f"{column.name} ({column.unit})" if column.unit else column.name for column in table.columns]
    cells = [[_decimals(value, column.digits) for value in column.values] for column in table.columns]
    print_rows(header, zip(*cells, strict=True), title=table.title)
    for note in table.notes:
        print_line(f"Note: {note}")


def print_fields(fields: Mapping[str, Any]) -> None:
    """Print "name  value" lines, without those that have no value."""
    grid = RichTable.grid(padding=(0, 2))
    for name, value in fields.items():
        if value is not None:
            grid.add_row(_cell(name), _cell(value))
    console.print(grid)


def print_line(text: str) -> None:
    """Print a line, as it is but for control characters."""
    console.print(printable(text), markup=False, soft_wrap=True)


def printable(text: str) -> str:
    """Return ``text`` without what acts on a terminal: such characters are written as escapes."""
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)


def ago(moment: datetime) -> str:
    """Write a date as people read it, in local time."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M")


def size(count: int) -> str:
    """Write a number of bytes as people read it.

    Examples
    --------
    >>> size(1_234_567)
    '1.2 MB'
    """
    value, units = float(count), ["B", "kB", "MB", "GB", "TB"]
    while value >= 999.95 and len(units) > 1:
        value /= 1000
        del units[0]
    return f"{value:.1f} {units[0]}" if units[0] != "B" else f"{count} B"


def _json(content: Any) -> str:
    return json.dumps(plain(content), indent=2, ensure_ascii=False, allow_nan=False)


def _box() -> box.Box | None:
    return box.SIMPLE_HEAD if console.is_terminal else None


def _cell(value: Any) -> str:
    """Write a value so that neither markup nor a control character from a stored text acts on the terminal."""
    return escape(printable("" if value is None else str(value)))


def _decimals(value: Any, digits: int) -> Any:
    if not isinstance(value, float):
        return value
    return f"{value:.{digits}f}" if math.isfinite(value) else None


def _is_number(text: str) -> bool:
    try:
        float(text or 0)
    except ValueError:
        return False
    return True
