"""Reader of vibrational spectra as text: densities of states from neutrons, X-rays or a simulation, in two columns."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from spectra.core.errors import InputError
from spectra.core.measurements import Measurement, RawFile
from spectra.core.signals import Profile
from spectra.plugins.profiles.checks import check_points, refuse_first
from spectra.plugins.profiles.columns import read_columns
from spectra.plugins.xrd.physics.vdos import WAVENUMBER

_HINT = "Give frequency and intensity on each line; comments begin with #."

_HIGHEST = 10_000  # 1/cm; hydrogen, the fastest of all, has 4,400


class VdosTextParameters(BaseModel):
    """Parameters of the reader 'vdos-text'."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    unit: Literal["cm^-1", "THz", "meV"] = Field(default="cm^-1", description="unit of the frequencies in the file")


class VdosTextReader:
    """Reads frequency and intensity, one point per line, in the text formats of diffraction profiles."""

    def __init__(self, parameters: VdosTextParameters) -> None:
        self.parameters = parameters

    def read(self, file: RawFile) -> Measurement:
        """Read a spectrum; its frequencies become wavenumbers in 1/cm.

        Raises
        ------
        InputError
            If the file is too large, no text or no spectrum; with the line at fault.
        """
        columns = read_columns(file, what="frequency and intensity", hint=_HINT)
        frequencies, intensities, where, unit = columns.x, columns.y, columns.where, self.parameters.unit
        check_points(frequencies, intensities, where)
        refuse_first(
            frequencies < 0,
            lambda i: f"{where(i)}: the frequency {frequencies[i]:g} {unit} is negative.",
            hint="Give the side of the spectrum from 0 on; an unstable mode has no place in a density of states.",
        )
        factor = _per_cm(unit)
        refuse_first(
            frequencies > _HIGHEST / factor,
            lambda i: f"{where(i)}: {frequencies[i]:g} {unit} is more than any vibration has.",
            hint="Say with the parameter 'unit' of the reader which unit the file has.",
        )
        wavenumbers = frequencies * factor
        refuse_first(
            np.diff(wavenumbers, prepend=-1.0) <= 0,
            lambda i: (
                f"{where(i)}: {frequencies[i]:g} {unit} does not rise above the {frequencies[i - 1]:g} before it."
            ),
            hint="Give one spectrum with rising frequencies per file.",
        )
        refuse_first(
            intensities < 0,
            lambda i: f"{where(i)}: the intensity {intensities[i]:g} is negative.",
            hint="A density of states is never below zero; was too much background subtracted?",
        )
        if not intensities.any():
            raise InputError(f"{where(0)}: all intensities of this spectrum are zero.", hint="Is it the right column?")
        details: dict[str, Any] = {"points": len(frequencies), "unit in file": unit}
        if columns.header:
            details["header"] = columns.header
        notes = columns.notes + (("The third column is not used.",) if columns.has_third else ())
        profile = Profile(x=wavenumbers, y=intensities[np.newaxis], x_unit=WAVENUMBER, y_unit="arbitrary")
        return Measurement(signal=profile, file=file, reader="vdos-text", details=details, notes=notes)


def _per_cm(unit: str) -> float:
    """Return the wavenumber (1/cm) of one ``unit`` of frequency or energy."""
    from scipy.constants import c, e, h

    in_hertz = {"cm^-1": 100 * c, "THz": 1e12, "meV": 1e-3 * e / h}
    return in_hertz[unit] / in_hertz["cm^-1"]
