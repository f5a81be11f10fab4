"""Components of the virtual indenter. Descriptions only: their code is imported when a component is made."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from spectra.core.components import Component
from spectra.core.hookspecs import hookimpl

if TYPE_CHECKING:
    import typer

    from spectra.core.session import Session

SPECTRA_API_VERSION = 2

Register = Callable[[Component[Any]], None]


@hookimpl
def spectra_register_techniques(register: Register) -> None:
    """Register the technique."""
    register(
        Component(
            name="indenter",
            summary="Pictures of a microstructure to hardness, or to what else was measured at places in them",
            factory="spectra.plugins.indenter.technique:Indenter",
            takes=("places",),
        )
    )


@hookimpl
def spectra_register_commands(cli: typer.Typer, session: Callable[..., Session]) -> None:
    """Add ``spectra indenter``."""
    from spectra.plugins.indenter.commands import group

    cli.add_typer(group(session), name="indenter")
