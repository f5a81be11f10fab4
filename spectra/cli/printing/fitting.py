"""Tables that fit the terminal: columns drop by priority, text wraps between words, a number never does."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len

# a number, perhaps with its uncertainty, unit or percent sign: all that is never divided
_NUMBERS = re.compile(r"(?<!\S)[-+]?\d[\d.,]*(?:[eE][-+]?\d+)?(?: ± [^\s,;]+)?(?: [^\s,;]{1,5})?(?=[\s,;)]|$)")
_JOINT = "\N{NO-BREAK SPACE}"  # textwrap breaks no line there
_LONGEST_WORD = 32
_GAP = 2


@dataclass(frozen=True, kw_only=True, eq=False)
class TextColumn:
    """A column as text; of two that are too wide for the table, the one with the higher priority number drops first."""

    head: str
    cells: Sequence[str]
    numeric: bool
    priority: int = 0

    @property
    def widest(self) -> int:
        """Width at which nothing wraps."""
        return max(map(cell_len, (self.head, *self.cells)))

    @property
    def narrowest(self) -> int:
        """Width below which a number or word would be divided."""
        words = [cell_len(word) for word in self.head.split()]
        return max([1, *words, *(_longest(cell) for cell in self.cells)])

    def wrapped(self, width: int) -> TextColumn:
        """Return the column with line breaks where its cells are wider than ``width``."""
        head = "\n".join(textwrap.wrap(self.head, width, break_on_hyphens=False)) or self.head
        cells = [cell if cell_len(cell) <= width else _broken(cell, width) for cell in self.cells]
        return TextColumn(head=head, cells=cells, numeric=self.numeric, priority=self.priority)


def fitted(columns: Sequence[TextColumn], width: int, *, lines: bool) -> tuple[list[TextColumn], list[str]]:
    """Return the columns that fit into ``width``, wrapped, and the heads of those that had to be left out.

    Parameters
    ----------
    lines
        Whether the table has lines, which take a character at each side of a column.
    """
    kept, dropped = list(columns), []
    while len(kept) > 1 and sum(column.narrowest for column in kept) > _available(len(kept), width, lines):
        place = max(range(1, len(kept)), key=lambda place: (kept[place].priority, place))
        dropped.append(kept.pop(place).head)
    widths = _widths(kept, _available(len(kept), width, lines))
    return [column.wrapped(given) for column, given in zip(kept, widths, strict=True)], dropped[::-1]


def _available(count: int, width: int, lines: bool) -> int:
    return width - _GAP * (count - 1) - (count + 1 if lines else 0)


def _widths(columns: Sequence[TextColumn], available: int) -> list[int]:
    """Give every column what it needs at least, and what is left to those that would use it, evenly."""
    widths = [column.narrowest for column in columns]
    left = available - sum(widths)
    while left > 0 and (wanting := [k for k, c in enumerate(columns) if widths[k] < c.widest]):
        narrowest = min(wanting, key=lambda place: widths[place])
        widths[narrowest] += 1
        left -= 1
    return widths


def _longest(cell: str) -> int:
    """Return the width of the longest piece that is not divided; a word longer than any name is."""
    return max((min(cell_len(piece), _LONGEST_WORD) for piece in re.split(r"[ \n]", _joined(cell))), default=0)


def _joined(cell: str) -> str:
    """Write what is never divided without spaces."""
    return _NUMBERS.sub(lambda match: match.group().replace(" ", _JOINT), cell)


def _broken(cell: str, width: int) -> str:
    """Wrap a cell, at its commas if its items fit into a line, else between words, but within no number."""
    lines: list[str] = []
    for line in cell.split("\n"):
        items = [item if cell_len(item) > width else item.replace(" ", _JOINT) for item in _joined(line).split(", ")]
        lines += textwrap.wrap(", ".join(items), width, break_on_hyphens=False) or [""]
    return "\n".join(lines).replace(_JOINT, " ")
