"""What commands print for a person: tables, facts and sentences, on standard output."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table as RichTable

from spectra.cli.printing.text import printable
from spectra.core.tables import Table
from spectra.views.layout import Block

# What is piped is for reading later or for grep: whole lines, whatever the terminal's width.
console = Console(highlight=False, width=None if sys.stdout.isatty() else 240)


def print_blocks(blocks: Iterable[Block]) -> None:
    """Print a view; an empty line stands around everything but sentences that follow each other."""
    before: Block | None = None
    for block in blocks:
        if before is not None and not (isinstance(before, str) and isinstance(block, str)):
            console.print()
        match block:
            case str():
                print_line(block)
            case Table():
                print_table(block)
            case _:
                print_fields(block)
        before = block


def print_rows(header: Sequence[str], rows: Iterable[Sequence[Any]], *, title: str | None = None) -> None:
    """Print a table; without a terminal, without lines and at full width."""
    title = _cell(title) if title else None
    table = RichTable(title=title, title_justify="left", title_style="bold", box=_box(), pad_edge=False)
    rows = [[_cell(value) for value in row] for row in rows]
    for place, name in enumerate(header):
        numeric = all(_is_number(row[place]) for row in rows) and bool(rows)
        table.add_column(_cell(name), justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*row)
    console.print(table)


def print_table(table: Table) -> None:
    """Print a table with the decimals that it asks for."""
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
