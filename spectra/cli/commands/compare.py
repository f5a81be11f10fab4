"""``spectra compare``: predictions, models or samples side by side."""

from __future__ import annotations

from typing import Annotated

import typer

from spectra.cli import options


def compare(
    first: options.AnyId,
    second: options.AnyId,
    others: Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="More of the same kind.")] = None,
    db: options.Database = None,
    latex: options.Latex = False,
    json: options.Json = False,
) -> None:
    """Compare predictions, models or samples: what is the same, what differs, and of two, by how much."""
    options.check_one_form(json=json, latex=latex)
    from spectra.cli.printing.blocks import print_blocks
    from spectra.cli.printing.data import print_json
    from spectra.cli.session import open_registry
    from spectra.registry import comparison
    from spectra.views.tasks import comparison as views

    registry = open_registry(db)
    if others:
        overview = comparison.overview(registry, [first, second, *others])
        if json:
            print_json("comparison", views.overview_document(overview))
        else:
            print_blocks(views.overview_blocks(overview), as_latex=latex)
        return
    pair = comparison.compare(registry, first, second)
    if json:
        print_json("comparison", views.comparison_document(pair))
    else:
        print_blocks(views.comparison_blocks(pair), as_latex=latex)
