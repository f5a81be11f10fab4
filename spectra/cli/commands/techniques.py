"""``spectra techniques``: what the installed plugins can solve."""

from __future__ import annotations

from typing import Annotated

import typer

from spectra.cli import completion, options

techniques = typer.Typer(no_args_is_help=True, help="Techniques that the installed plugins provide.")


@techniques.command("list")
def list_techniques(json: options.Json = False) -> None:
    """List the techniques."""
    from spectra.cli.printing.blocks import print_rows
    from spectra.cli.printing.data import print_json
    from spectra.cli.session import load

    entries = list(load().catalogue.entries("technique"))
    if json:
        content = [{"name": e.component.name, "summary": e.component.summary, "plugin": e.plugin} for e in entries]
        print_json("techniques", content)
    else:
        rows = [(e.component.name, e.component.summary, e.plugin) for e in entries]
        print_rows(("technique", "what it does", "plugin"), rows)


@techniques.command("show")
def show_technique(
    name: Annotated[
        str, typer.Argument(help="Name of the technique.", autocompletion=completion.component("technique"))
    ],
    json: options.Json = False,
) -> None:
    """Show a technique: the keys of its sample file, its components and their parameters."""
    from spectra.cli.printing.blocks import print_blocks
    from spectra.cli.printing.data import print_json
    from spectra.cli.session import load
    from spectra.views.plugins import technique_blocks, technique_document

    catalogue = load().catalogue
    if json:
        print_json("technique", technique_document(catalogue, name))
    else:
        print_blocks(technique_blocks(catalogue, name))
