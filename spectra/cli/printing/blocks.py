"""What commands print for a person: tables, facts and sentences, on standard output."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table as RichTable

from spectra.cli.printing.fitting import TextColumn, fitted
from spectra.cli.printing.text import printable
from spectra.core.tables import Column, Table
from spectra.views.layout import Block

# What is piped is for reading later or for grep: whole lines, whatever the terminal's width, unless COLUMNS gives one.
_FOR_A_SCREEN = sys.stdout.isatty() or "COLUMNS" in os.environ
console = Console(highlight=False, emoji=False, width=None if _FOR_A_SCREEN else 240)
_LONG, _FIRST, _LAST = 30, 14, 6  # rows of a table that is abridged on a screen, and those that are left of it


def print_blocks(blocks: Iterable[Block], *, all_columns: bool = False, as_latex: bool = False) -> None:
    """Print a view; an empty line stands around everything but sentences that follow each other.

    Parameters
    ----------
    all_columns
        Print tables whole: with the columns that are shown on request alone, and all rows of an abridged one.
    as_latex
        Print LaTeX instead, for a paper.
    """
    if as_latex:
        from spectra.views.latex import latex

        for line in latex(blocks, all_columns=all_columns):
            print_line(line)
        return
    before: Block | None = None
    for block in blocks:
        if before is not None and not (isinstance(before, str) and isinstance(block, str)):
            console.print()
        match block:
            case str():
                print_line(block)
            case Table():
                print_table(block, all_columns=all_columns)
            case _:
                print_fields(block)
        before = block


def print_rows(header: Sequence[str], rows: Iterable[Sequence[Any]], *, title: str | None = None) -> None:
    """Print a table; without a terminal, without lines and at full width."""
    cells = [[_cell(value) for value in row] for row in rows]
    _print_columns([_text_column(name, [row[place] for row in cells]) for place, name in enumerate(header)], title)


def print_table(table: Table, *, all_columns: bool = False) -> None:
    """Print a table with the decimals that it asks for, and say what is left out of it.

    Parameters
    ----------
    all_columns
        Leave out nothing but what the terminal is too narrow for.
    """
    shown = [column for column in table.columns if all_columns or not column.on_request]
    hidden = [_head(column) for column in table.columns if column not in shown]
    rows: Sequence[int] = range(len(table))
    if table.abridged and _FOR_A_SCREEN and not all_columns and len(rows) > _LONG:
        rows = [*rows[:_FIRST], *rows[-_LAST:]]
    columns = [
        _text_column(
            _head(column),
            [_cell(column.shown(row)) for row in rows],
            priority=column.priority,
        )
        for column in shown
    ]
    _print_columns(columns, table.title, left_out=hidden, rows_left_out=len(table) - len(rows))
    for note in table.notes:
        print_line(f"Note: {note}")


def _print_columns(
    columns: Sequence[TextColumn], title: str | None, *, left_out: Sequence[str] = (), rows_left_out: int = 0
) -> None:
    """Print the columns that fit, an ellipsis where rows are left out, and a line that says what is."""
    lines = _box() is not None
    fitting, narrow = fitted(columns, console.width, lines=lines)
    title = _cell(title) if title else None
    table = RichTable(title=title, title_justify="left", title_style="bold", box=_box(), pad_edge=False)
    for column in fitting:
        table.add_column(column.head, justify="right" if column.numeric else "left", overflow="fold")
    for number, row in enumerate(zip(*(column.cells for column in fitting), strict=True)):
        if rows_left_out and number == _FIRST:
            table.add_row(*("…" for _ in fitting))
        table.add_row(*row)
    console.print(table)
    if rows_left_out:
        print_line(f"{rows_left_out} rows in between are left out; --all-columns prints the whole table.")
    if narrow:
        print_line(f"Columns left out for want of width: {', '.join(narrow)}; --json has them.")
    if left_out:
        print_line(f"More columns with --all-columns: {', '.join(left_out)}.")


def _text_column(head: str, cells: Sequence[str], *, priority: int = 0) -> TextColumn:
    numeric = bool(cells) and all(map(_is_number, cells))
    return TextColumn(head=_cell(head), cells=cells, numeric=numeric, priority=priority)


def _head(column: Column) -> str:
    return f"{column.name} ({column.unit})" if column.unit else column.name


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


def _is_number(text: str) -> bool:
    try:
        float(text or 0)
    except ValueError:
        return False
    return True
