"""Components of powder diffraction. Descriptions only: their code is imported when a component is made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from spectra.core.components import Component
from spectra.core.hookspecs import hookimpl

SPECTRA_API_VERSION = 2

_HERE = "spectra.plugins.powder"
Register = Callable[[Component[Any]], None]


@hookimpl
def spectra_register_forward_models(register: Register) -> None:
    """Register patterns of known phases."""
    register(
        Component(
            name="powder-pattern",
            summary="Powder patterns of known phases: cells, sizes, microstrains and shares",
            factory=f"{_HERE}.forward:PowderPattern",
            gives=("profile",),
            packages=("gemmi",),
        )
    )


@hookimpl
def spectra_register_refiners(register: Register) -> None:
    """Register the whole-pattern fit."""
    register(
        Component(
            name="whole-pattern",
            summary="Fit of a whole powder pattern (Pawley; with known atoms, intensities held near theirs)",
            factory=f"{_HERE}.fitting.refiner:WholePatternRefiner",
            parameters=f"{_HERE}.fitting.refiner:WholePatternParameters",
            takes=("profile",),
            packages=("gemmi",),
        )
    )


@hookimpl
def spectra_register_techniques(register: Register) -> None:
    """Register the technique."""
    register(
        Component(
            name="powder",
            summary="Powder scan of known phases to lattice parameters, crystallite size, microstrain and shares",
            factory=f"{_HERE}.technique:Powder",
            takes=("profile",),
        )
    )
