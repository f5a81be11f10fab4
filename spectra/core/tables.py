"""Tables: how components hand over what a person reads and a program parses, one line per mode or point."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column; ``None`` and NaN stand for a value that is not there."""

    name: str
    values: Sequence[Any]
    unit: str = ""
    digits: int = 4
    """Decimals to show a person; a program gets all of them."""
    priority: int = 0
    """Where a table is too wide for a terminal, the columns with the highest number drop first."""
    on_request: bool = False
    """Whether a person sees it only on request; a program always gets it."""

    def shown(self, row: int) -> str:
        """Return a value as a person reads it, with :attr:`digits` decimals; nothing for one that is not there."""
        value = self.values[row]
        if isinstance(value, float):
            return f"{value:.{self.digits}f}" if math.isfinite(value) else ""
        return "" if value is None else str(value)


@dataclass(frozen=True, kw_only=True)
class Table:
    """Columns of equal length under a title; ``name`` is its key for programs, ``notes`` are for people.

    Of a table that is ``abridged`` a screen shows the first and last rows, unless asked for the whole.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    notes: tuple[str, ...] = ()
    abridged: bool = False

    def __len__(self) -> int:
        return len(self.columns[0].values)

    def column(self, name: str) -> Sequence[Any]:
        """Return the values of the column ``name``."""
        return next(column.values for column in self.columns if column.name == name)

    @classmethod
    def from_document(cls, name: str, document: Mapping[str, Any]) -> Self:
        """Return the table that :meth:`document` wrote, as far as it says; earlier ones say less."""
        units, on_request = document["units"], document.get("on_request", ())
        columns = (
            Column(
                name=head,
                unit=units.get(head, ""),
                values=values,
                on_request=head in on_request,
                priority=int(head in on_request),
            )
            for head, values in document["columns"].items()
        )
        return cls(name=name, title=document["title"], columns=tuple(columns), notes=tuple(document.get("notes", ())))

    def document(self) -> dict[str, Any]:
        """Return the table for a JSON file."""
        return {
            "title": self.title,
            "notes": list(self.notes),
            "units": {column.name: column.unit for column in self.columns if column.unit},
            "on_request": [column.name for column in self.columns if column.on_request],
            "columns": {column.name: [_plain(value) for value in column.values] for column in self.columns},
        }


def _plain(value: Any) -> Any:
    """Turn NumPy's scalars into Python's, and what is not finite into None."""
    value = value.item() if hasattr(value, "item") else value
    return None if isinstance(value, float) and not math.isfinite(value) else value
