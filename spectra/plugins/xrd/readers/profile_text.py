"""Reader of diffraction profiles as text: ``.xy``, ``.xye``, ``.dat``, ``.txt``, ``.csv``, or without extension."""

from __future__ import annotations

import re
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from spectra.core.measurements import Measurement, RawFile
from spectra.plugins.profiles.columns import read_columns
from spectra.plugins.xrd.readers.scan import WAVELENGTH_KEY, checked_profile

_WAVELENGTH_IN_HEADER = re.compile(r"(?:wave\s?length|lambda|λ).{0,30}?([0-9][.,][0-9]{2,})", re.IGNORECASE)
_HINT = "Give 2θ in degrees and counts, optionally their uncertainty, on each line; comments begin with #."


class ProfileTextParameters(BaseModel):
    """Parameters of the reader 'profile-text'."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    wavelength: float | None = Field(
        default=None, gt=0.1, lt=10, description="wavelength in Å; default: the one in the header, if any"
    )


class ProfileTextReader:
    """Reads 2θ in degrees and counts, optionally with their uncertainty, one point per line."""

    def __init__(self, parameters: ProfileTextParameters) -> None:
        self.parameters = parameters

    def read(self, file: RawFile) -> Measurement:
        """Read a profile.

        Raises
        ------
        InputError
            If the file is too large, no text or no profile; with the line at fault.
        """
        columns = read_columns(file, what="2θ and counts", hint=_HINT)
        profile = checked_profile(columns.x, columns.y, columns.where)
        details: dict[str, Any] = {"points": len(columns.x)}
        if columns.header:
            details["header"] = columns.header
        wavelength = self.parameters.wavelength or _wavelength(columns.header)
        if wavelength:
            details[WAVELENGTH_KEY] = wavelength
        notes = columns.notes
        if columns.has_third:
            notes += ("The third column, the uncertainty of the counts, is not used.",)
        return Measurement(signal=profile, file=file, reader="profile-text", details=details, notes=notes)


def _wavelength(header: str) -> float | None:
    match = _WAVELENGTH_IN_HEADER.search(header)
    return float(match[1].replace(",", ".")) if match else None
