"""Components of plane groups and the command. Descriptions only: their code is imported when a component is made."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from spectra.core.components import Component
from spectra.core.hookspecs import hookimpl

if TYPE_CHECKING:
    import typer

SPECTRA_API_VERSION = 2

_HERE = "spectra.plugins.images.symmetry"
Register = Callable[[Component[Any]], None]


@hookimpl
def spectra_register_techniques(register: Register) -> None:
    """Register the technique."""
    register(
        Component(
            name="symmetry",
            summary="Periodic pictures to one of the 17 plane groups",
            factory=f"{_HERE}.technique:SymmetryTechnique",
            takes=("image",),
        )
    )


@hookimpl
def spectra_register_forward_models(register: Register) -> None:
    """Register the generator."""
    register(
        Component(
            name="plane-groups",
            summary="Random pictures of the 17 plane groups, exact at every pixel, of no higher symmetry",
            factory=f"{_HERE}.generator.forward:PlaneGroupPictures",
            gives=("image",),
        )
    )


@hookimpl
def spectra_register_encoders(register: Register) -> None:
    """Register the encoder."""
    register(
        Component(
            name="symmetry",
            summary="Symmetry of a picture: 39 numbers on operations and lattice, or probabilities of plane groups",
            factory=f"{_HERE}.encoder:Symmetry",
            parameters=f"{_HERE}.encoder:SymmetryParameters",
            takes=("image",),
        )
    )


@hookimpl
def spectra_register_commands(cli: typer.Typer) -> None:
    """Add ``spectra symmetry``."""
    from spectra.plugins.images.symmetry.commands import add_command

    add_command(cli)
