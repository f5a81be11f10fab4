"""Slopes of profiles as features: of a smooth background under the lines, nearly nothing is left."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, field_validator
from scipy.signal import savgol_filter

from spectra.core.errors import InputError
from spectra.core.signals import Profile
from spectra.plugins.profiles.binned import Binned, BinnedParameters, Part

Floats = NDArray[np.float64]


class SlopesParameters(BinnedParameters):
    """Parameters of the encoder 'slopes'."""

    window: int = Field(
        default=7, ge=3, description="bins of which each slope is taken, an odd number; about the width of a line"
    )

    @field_validator("window")
    @classmethod
    def _odd(cls, window: int) -> int:
        if window % 2 == 0:
            raise ValueError("a window has a bin in its middle; give an odd number")
        return window


class Slopes(Binned):
    """First derivatives of binned profiles, per bin, from parabolas through a few bins (Savitzky & Golay 1964)."""

    name: ClassVar[str] = "slopes"

    def __init__(self, parameters: SlopesParameters) -> None:
        super().__init__(parameters)
        self.window = parameters.window

    def _encoded(self, profile: Profile, part: Part, name: str) -> Floats:
        if len(part.edges) - 1 < self.window:
            raise InputError(
                f"The {name} has {len(part.edges) - 1} bins; slopes are taken of {self.window}.",
                hint="Ask for more bins, or for a smaller window.",
            )
        bins = super()._encoded(profile, part, name)
        return np.asarray(savgol_filter(bins, self.window, 2, deriv=1, axis=1))
