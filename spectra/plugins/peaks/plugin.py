"""Components for lists of lines. Descriptions only: their code is imported when a component is made."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from spectra.core.components import Component
from spectra.core.hookspecs import hookimpl
from spectra.plugins.peaks.sweeps.components import PROCESSOR, READER

if TYPE_CHECKING:
    import typer

SPECTRA_API_VERSION = 2

_HERE = "spectra.plugins.peaks"
Register = Callable[[Component[Any]], None]


@hookimpl
def spectra_register_distortions(register: Register) -> None:
    """Register the distortions of lists of lines."""
    register(
        Component(
            name="shift",
            summary="Random relative shift of every line",
            factory=f"{_HERE}.distortions:Shift",
            parameters=f"{_HERE}.distortions:ShiftParameters",
            takes=("peaks",),
        )
    )
    register(
        Component(
            name="missing",
            summary="Random share of missing lines",
            factory=f"{_HERE}.distortions:Missing",
            parameters=f"{_HERE}.distortions:MissingParameters",
            takes=("peaks",),
        )
    )


@hookimpl
def spectra_register_encoders(register: Register) -> None:
    """Register the three encoders of Liu et al. (2023), and a smooth one."""
    register(
        Component(
            name="fingerprint",
            summary="Modulated fingerprint: number of lines in each of B equal bins",
            factory=f"{_HERE}.encoders:Fingerprint",
            parameters=f"{_HERE}.encoders:FingerprintParameters",
            takes=("peaks",),
        )
    )
    register(
        Component(
            name="broadened",
            summary="Spectrum with every line drawn as a Gaussian of a relative width",
            factory=f"{_HERE}.encoders:Broadened",
            parameters=f"{_HERE}.encoders:BroadenedParameters",
            takes=("peaks",),
        )
    )
    register(
        Component(
            name="direct",
            summary="Positions of the first lines, rescaled",
            factory=f"{_HERE}.encoders:Direct",
            parameters=f"{_HERE}.encoders:SequenceParameters",
            takes=("peaks",),
        )
    )
    register(
        Component(
            name="derivative",
            summary="Differences of the first neighbouring positions, rescaled",
            factory=f"{_HERE}.encoders:Derivative",
            parameters=f"{_HERE}.encoders:SequenceParameters",
            takes=("peaks",),
        )
    )


@hookimpl
def spectra_register_refiners(register: Register) -> None:
    """Register the refiner of unlabelled peaks."""
    register(
        Component(
            name="posterior",
            summary="Posterior of the quantities, averaged over the assignments of peaks to modes",
            factory=f"{_HERE}.posterior:Posterior",
            parameters=f"{_HERE}.posterior:PosteriorParameters",
            takes=("peaks",),
        )
    )


@hookimpl
def spectra_register_readers(register: Register) -> None:
    """Register the readers of peak lists and of sweeps."""
    register(
        Component(
            name="peak-list",
            summary="Text with one peak position per line, optionally with a weight and a standard deviation",
            factory=f"{_HERE}.peak_list:PeakListReader",
            parameters=f"{_HERE}.peak_list:PeakListParameters",
            gives=("peaks",),
        )
    )
    register(READER)


@hookimpl
def spectra_register_processors(register: Register) -> None:
    """Register what finds the resonances in a sweep."""
    register(PROCESSOR)


@hookimpl
def spectra_register_commands(cli: typer.Typer) -> None:
    """Add ``spectra peaks``."""
    from spectra.plugins.peaks.sweeps.command import add_command

    add_command(cli)
