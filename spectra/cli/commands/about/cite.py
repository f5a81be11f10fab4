"""``spectra cite``: what to cite with a result, as BibTeX."""

from __future__ import annotations

from typing import Annotated

import typer

from spectra.cli import completion, options


def cite(
    id: Annotated[
        str | None,
        typer.Argument(
            metavar="[ID]",
            help="Any record; without one, the platform alone.",
            autocompletion=completion.record(),
        ),
    ] = None,
    db: options.Database = None,
) -> None:
    """Print what to cite with a result, as BibTeX: the platform, and the papers that its technique rests on."""
    from spectra.cli.session import load, open_registry
    from spectra.core.inventory.citation import entries

    technique = None if id is None else open_registry(db).get_any(id).technique
    typer.echo("\n".join(entries(load().catalogue, technique)), nl=False)
