"""What commands print for programs: JSON and CSV, with the same numbers as the tables for people."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from spectra.cli.printing.text import printable
from spectra.views.documents import as_text, to_json, to_json_list

if TYPE_CHECKING:
    from spectra.registry.query.columns import Column


def print_json(kind: str, content: Any) -> None:
    """Print ``{"schema": …, kind: content}``."""
    print(to_json(kind, content))


def print_json_list(kind: str, records: Iterable[Any]) -> None:
    """Print what :func:`print_json` would, one record after the other."""
    for piece in to_json_list(kind, records):
        print(piece, end="")
    print()


def print_csv(columns: Sequence[Column], records: Iterable[Any]) -> None:
    """Print records as RFC 4180 has it, with all digits; only on a terminal, control characters become escapes."""
    shown = printable if sys.stdout.isatty() else str
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(newline="")  # lines end with CR LF as they are, on Windows too
    writer = csv.writer(sys.stdout)
    writer.writerow([shown(column.heading) for column in columns])
    for record in records:
        writer.writerow([shown(as_text(column.value(record))) for column in columns])
