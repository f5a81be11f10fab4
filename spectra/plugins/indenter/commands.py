"""The commands below ``spectra indenter``; what they need is imported when one is called."""

from __future__ import annotations

import typer

from spectra.plugins.indenter.registration.command import register


def group() -> typer.Typer:
    """Return the group of commands."""
    commands = typer.Typer(
        help="From pictures to hardness: register indents, and ask a model what it sees.", no_args_is_help=True
    )
    commands.command()(register)
    return commands
