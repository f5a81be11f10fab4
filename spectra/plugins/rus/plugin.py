"""Components of RUS. Descriptions only: their code is imported when a component is made."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from spectra.core.components import Component
from spectra.core.hookspecs import hookimpl

if TYPE_CHECKING:
    import typer
SPECTRA_API_VERSION = 2

_HERE = "spectra.plugins.rus"
Register = Callable[[Component[Any]], None]


@hookimpl
def spectra_register_forward_models(register: Register) -> None:
    """Register the Rayleigh-Ritz forward model, in two variants that differ in their training sets."""
    register(
        Component(
            name="rayleigh-ritz",
            summary="Resonance frequencies of a free elastic body, by orthonormal polynomials",
            factory=f"{_HERE}.forward:RusForwardModel",
            gives=("peaks",),
            version=2,
        )
    )
    register(
        Component(
            name="rayleigh-ritz-sampled",
            summary="The same with a small training set: solids drawn from the searched ranges, not their grid",
            factory=f"{_HERE}.forward:SampledRusForwardModel",
            gives=("peaks",),
        )
    )


@hookimpl
def spectra_register_techniques(register: Register) -> None:
    """Register the technique itself."""
    register(
        Component(
            name="rus",
            summary="Resonant ultrasound spectroscopy: resonance frequencies to elastic moduli",
            factory=f"{_HERE}.technique:Rus",
            takes=("peaks",),
        )
    )


@hookimpl
def spectra_register_commands(cli: typer.Typer) -> None:
    """Add ``spectra plan``."""
    from spectra.plugins.rus.planning.command import add_plan

    add_plan(cli)
