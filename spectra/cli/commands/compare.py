"""``spectra compare``: two predictions, two models or two samples side by side."""

from __future__ import annotations

from spectra.cli import options


def compare(
    first: options.AnyId,
    second: options.AnyId,
    db: options.Database = None,
    json: options.Json = False,
) -> None:
    """Compare two predictions, two models or two samples: what is the same, what differs, and by how much."""
    from spectra.cli.printing.blocks import print_blocks
    from spectra.cli.printing.data import print_json
    from spectra.cli.session import open_registry
    from spectra.registry.comparison import compare as run
    from spectra.views.tasks.comparison import comparison_blocks, comparison_document

    comparison = run(open_registry(db), first, second)
    if json:
        print_json("comparison", comparison_document(comparison))
    else:
        print_blocks(comparison_blocks(comparison))
