"""Components for curves. Descriptions only: their code is imported when a component is made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from spectra.core.components import Component
from spectra.core.hookspecs import hookimpl

SPECTRA_API_VERSION = 2

_HERE = "spectra.plugins.profiles"
Register = Callable[[Component[Any]], None]


@hookimpl
def spectra_register_distortions(register: Register) -> None:
    """Register the distortions of profiles."""
    register(
        Component(
            name="broadening",
            summary="Pseudo-Voigt line broadening of a profile, of random width",
            factory=f"{_HERE}.distortions:Broadening",
            parameters=f"{_HERE}.distortions:BroadeningParameters",
            takes=("profile", "bundle"),
        )
    )
    register(
        Component(
            name="zero-shift",
            summary="Random constant shift of the axis of a profile",
            factory=f"{_HERE}.distortions:ZeroShift",
            parameters=f"{_HERE}.distortions:ZeroShiftParameters",
            takes=("profile", "bundle"),
        )
    )
    register(
        Component(
            name="background",
            summary="Smooth background of random shape and height under a profile",
            factory=f"{_HERE}.distortions:Background",
            parameters=f"{_HERE}.distortions:BackgroundParameters",
            takes=("profile", "bundle"),
        )
    )
    register(
        Component(
            name="counting-noise",
            summary="Poisson noise of a profile with a random number of counts in its tallest bin",
            factory=f"{_HERE}.distortions:CountingNoise",
            parameters=f"{_HERE}.distortions:CountingNoiseParameters",
            takes=("profile", "bundle"),
        )
    )


@hookimpl
def spectra_register_encoders(register: Register) -> None:
    """Register the encoders of profiles."""
    register(
        Component(
            name="binned",
            summary="Profiles averaged over equal bins, normalised per data set or per profile",
            factory=f"{_HERE}.binned:Binned",
            parameters=f"{_HERE}.binned:BinnedParameters",
            takes=("profile", "bundle"),
        )
    )
    register(
        Component(
            name="slopes",
            summary="Slopes of binned profiles, which a smooth background hardly changes",
            factory=f"{_HERE}.slopes:Slopes",
            parameters=f"{_HERE}.slopes:SlopesParameters",
            takes=("profile", "bundle"),
        )
    )
