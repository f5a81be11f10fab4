"""What serves lists of lines. Descriptions only: the code behind them is imported when a component is made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from spectra.core.components import Component
from spectra.core.hookspecs import hookimpl

SPECTRA_API_VERSION = 1

_HERE = "spectra.plugins.peaks"
Register = Callable[[Component[Any]], None]


@hookimpl
def spectra_register_distortions(register: Register) -> None:
    """Register what happens to a list of lines in the laboratory."""
    register(
        Component(
            name="shift",
            summary="Every mode moves by a random fraction of its frequency",
            factory=f"{_HERE}.distortions:Shift",
            parameters=f"{_HERE}.distortions:ShiftParameters",
        )
    )
    register(
        Component(
            name="missing",
            summary="A random share of the modes is not seen",
            factory=f"{_HERE}.distortions:Missing",
            parameters=f"{_HERE}.distortions:MissingParameters",
        )
    )


@hookimpl
def spectra_register_encoders(register: Register) -> None:
    """Register the three encoders of Liu et al. (2023), and a smooth one."""
    register(
        Component(
            name="fingerprint",
            summary="Modulated fingerprint: how many peaks fall into each of B equal bins",
            factory=f"{_HERE}.encoders:Fingerprint",
            parameters=f"{_HERE}.encoders:FingerprintParameters",
        )
    )
    register(
        Component(
            name="broadened",
            summary="The spectrum with every line drawn as a Gaussian of a relative width",
            factory=f"{_HERE}.encoders:Broadened",
            parameters=f"{_HERE}.encoders:BroadenedParameters",
        )
    )
    register(
        Component(
            name="direct",
            summary="The first peak positions themselves, rescaled",
            factory=f"{_HERE}.encoders:Direct",
            parameters=f"{_HERE}.encoders:SequenceParameters",
        )
    )
    register(
        Component(
            name="derivative",
            summary="The first differences of neighbouring peak positions, rescaled",
            factory=f"{_HERE}.encoders:Derivative",
            parameters=f"{_HERE}.encoders:SequenceParameters",
        )
    )


@hookimpl
def spectra_register_refiners(register: Register) -> None:
    """Register the posterior of peaks without labels."""
    register(
        Component(
            name="posterior",
            summary="Posterior of the quantities, averaged over which peak is which mode",
            factory=f"{_HERE}.posterior:Posterior",
            parameters=f"{_HERE}.posterior:PosteriorParameters",
        )
    )


@hookimpl
def spectra_register_readers(register: Register) -> None:
    """Register the peak list."""
    register(
        Component(
            name="peak-list",
            summary="Text with one peak position per line, optionally with a weight",
            factory=f"{_HERE}.peak_list:PeakListReader",
            parameters=f"{_HERE}.peak_list:PeakListParameters",
        )
    )
