"""The commands below ``spectra indenter``; what they need is imported when one is called."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import typer

from spectra.plugins.indenter.curation.command import curate
from spectra.plugins.indenter.explanation.command import add_explain
from spectra.plugins.indenter.registration.command import register
from spectra.plugins.indenter.sliding.command import add_window

if TYPE_CHECKING:
    from spectra.core.session import Session


def group(session: Callable[..., Session]) -> typer.Typer:
    """Return the group of commands."""
    commands = typer.Typer(
        help="From pictures to hardness: register indents, and ask a model what it sees.", no_args_is_help=True
    )
    commands.command()(register)
    commands.command()(curate)
    add_window(commands, session)
    add_explain(commands, session)
    return commands
