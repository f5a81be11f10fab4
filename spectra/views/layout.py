"""What a view consists of: blocks that a terminal, a notebook and a page each show in their own way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from spectra.core.tables import Column, Table

Block = Mapping[str, Any] | Table | str
"""Facts by their names (those that are None are not shown), a table, or a sentence."""


def table(header: Sequence[str], rows: Iterable[Sequence[Any]], *, title: str = "", name: str = "") -> Table:
    """Return the table of these rows."""
    cells = list(rows)
    return Table(
        name=name,
        title=title,
        columns=tuple(Column(name=head, values=[row[place] for row in cells]) for place, head in enumerate(header)),
    )
