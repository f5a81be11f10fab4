"""Records of a kind side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from spectra.core.store import AnyRecord, PredictionSummary, kind_of
from spectra.registry.comparison import Comparison, Overview, Row
from spectra.views.charts.errorbars import comparison_svg
from spectra.views.layout import Block, table
from spectra.views.numbers import PAIR_HEADER, pair_cells, shown


def comparison_blocks(comparison: Comparison) -> Iterator[Block]:
    """Yield the numbers, then the facts that differ, then what is the same."""
    first, second = comparison.first, comparison.second
    if comparison.numbers:
        rows = [(pair.name, pair.unit, *pair_cells(pair)) for pair in comparison.numbers]
        yield table(("quantity", "unit", first.id, second.id, *PAIR_HEADER), rows)
    if comparison.differences:
        facts = [(d.key, d.first, d.second) for d in comparison.differences]
        yield table(("what differs", first.id, second.id), facts)
    yield _alike(comparison.same)
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


def overview_blocks(overview: Overview) -> Iterator[Block]:
    """Yield the numbers of several records, then the facts that are not the same in all, then what is."""
    ids = [record.id for record in overview.records]
    if overview.numbers:
        rows = [(row.name, row.unit, *map(shown, row.values)) for row in overview.numbers]
        yield table(("quantity", "unit", *ids), rows)
    if overview.differences:
        yield table(("what differs", *ids), [(row.name, *row.values) for row in overview.differences])
    yield _alike(overview.same)


def overview_document(overview: Overview) -> dict[str, Any]:
    """Return several records side by side for a program."""
    return {
        "kind": kind_of(overview.records[0]),
        "ids": [record.id for record in overview.records],
        "same": overview.same,
        "differences": [{"key": row.name, "values": row.values} for row in overview.differences],
        "numbers": overview.numbers,
    }


def comparison_chart(
    records: Sequence[AnyRecord], rows: Sequence[Row], address: Callable[[str], str] | None = None
) -> str:
    """Draw the numbers of several records above each other, as SVG; nothing where no two have one in common."""
    common = [row for row in rows if sum(value is not None for value in row.values) > 1]
    labelled = [(f"{row.name} ({row.unit})" if row.unit else row.name, row.values) for row in common]
    doubtful = [isinstance(record, PredictionSummary) and record.doubtful for record in records]
    ids = [record.id for record in records]
    return comparison_svg(labelled, ids, doubtful=doubtful, address=address) if labelled else ""


def pair_rows(comparison: Comparison) -> Sequence[Row]:
    """Return the numbers of two records as those of several; those of other units do not stand on one axis."""
    return [
        Row(
            name=pair.name,
            unit=pair.unit,
            values=tuple(
                value if value is None or value.unit == pair.unit else None for value in (pair.first, pair.second)
            ),
        )
        for pair in comparison.numbers
    ]


def _alike(same: Mapping[str, Any]) -> str:
    counts = Counter(key.partition(".")[0] for key in same)
    alike = ", ".join(f"{subject} ({count})" if count > 1 else subject for subject, count in counts.items())
    return f"The same: {alike or 'nothing'}."
