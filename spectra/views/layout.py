"""What a view consists of: blocks that a terminal, a notebook and a page each show in their own way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from spectra.core.tables import Column, Table

Block = Mapping[str, Any] | Table | str
"""Facts by their names (those that are None are not shown), a table, or a sentence."""


def table(
    header: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    title: str = "",
    name: str = "",
    priorities: Mapping[str, int] | None = None,
) -> Table:
    """Return the table of these rows.

    Parameters
    ----------
    priorities
        Of the columns that drop first where there is little room, see :class:`~spectra.core.tables.Column`.
    """
    cells = list(rows)
    given = priorities or {}
    return Table(
        name=name,
        title=title,
        columns=tuple(
            Column(name=head, values=[row[place] for row in cells], priority=given.get(head, 0))
            for place, head in enumerate(header)
        ),
    )
