"""Two records of a kind side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from spectra.core.store import kind_of
from spectra.views.layout import Block, table
from spectra.views.numbers import PAIR_HEADER, pair_cells

if TYPE_CHECKING:
    from spectra.registry.comparison import Comparison


def comparison_blocks(comparison: Comparison) -> Iterator[Block]:
    """Yield the numbers, then the facts that differ, then what is the same."""
    first, second = comparison.first, comparison.second
    if comparison.numbers:
        rows = [(pair.name, pair.unit, *pair_cells(pair)) for pair in comparison.numbers]
        yield table(("quantity", "unit", first.id, second.id, *PAIR_HEADER), rows)
    if comparison.differences:
        facts = [(d.key, d.first, d.second) for d in comparison.differences]
        yield table(("what differs", first.id, second.id), facts)
    counts = Counter(key.partition(".")[0] for key in comparison.same)
    alike = ", ".join(f"{subject} ({count})" if count > 1 else subject for subject, count in counts.items())
    yield f"The same: {alike or 'nothing'}."
    for note in comparison.notes:
        yield f"Note: {note}"


def comparison_document(comparison: Comparison) -> dict[str, Any]:
    """Return a comparison for a program."""
    return {
        "kind": kind_of(comparison.first),
        "ids": [comparison.first.id, comparison.second.id],
        "same": comparison.same,
        "differences": comparison.differences,
        "numbers": comparison.numbers,
        "notes": comparison.notes,
    }
