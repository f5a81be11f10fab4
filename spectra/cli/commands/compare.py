"""``spectra compare``: two predictions, two models or two samples side by side."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from spectra.cli import options

if TYPE_CHECKING:
    from spectra.registry.comparison import Comparison


def compare(
    first: options.AnyId,
    second: options.AnyId,
    db: options.Database = None,
    json: options.Json = False,
) -> None:
    """Compare two predictions, two models or two samples: what is the same, what differs, and by how much."""
    from spectra.cli.printing.output import print_json
    from spectra.cli.session import open_registry
    from spectra.core.store import kind_of
    from spectra.registry.comparison import compare as run

    comparison = run(open_registry(db), first, second)
    if json:
        ids = [comparison.first.id, comparison.second.id]
        print_json(
            "comparison",
            {
                "kind": kind_of(comparison.first),
                "ids": ids,
                "same": comparison.same,
                "differences": comparison.differences,
                "numbers": comparison.numbers,
                "notes": comparison.notes,
            },
        )
    else:
        _print(comparison)


def _print(comparison: Comparison) -> None:
    from spectra.cli.printing.output import console, print_line, print_rows
    from spectra.views.numbers import PAIR_HEADER, pair_cells

    first, second = comparison.first, comparison.second
    if comparison.numbers:
        rows = [(pair.name, pair.unit, *pair_cells(pair)) for pair in comparison.numbers]
        print_rows(("quantity", "unit", first.id, second.id, *PAIR_HEADER), rows)
        console.print()
    if comparison.differences:
        facts = [(d.key, d.first, d.second) for d in comparison.differences]
        print_rows(("what differs", first.id, second.id), facts)
        console.print()
    counts = Counter(key.partition(".")[0] for key in comparison.same)
    alike = ", ".join(f"{subject} ({count})" if count > 1 else subject for subject, count in counts.items())
    print_line(f"The same: {alike or 'nothing'}.")
    for note in comparison.notes:
        print_line(f"Note: {note}")
