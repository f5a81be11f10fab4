"""Distortions of lists of lines: shifted and missing lines."""

from __future__ import annotations

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from spectra.core.errors import InputError
from spectra.core.signals import Peaks, Signal
from spectra.plugins.peaks.sampler.lists import DEGENERATE

# Degenerate lines are computed equal up to rounding; the closest different ones are far wider apart.


class ShiftParameters(BaseModel):
    """Parameters of the distortion 'shift'."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    size: float = Field(default=0.015, ge=0, lt=1, description="largest relative shift of a line, either way")
    split: float = Field(
        default=0.5, ge=0, le=1, description="share of spectra in which degenerate lines shift independently"
    )


class Shift:
    """Shifts every line by a random fraction of its position: imperfect shape, texture, temperature."""

    def __init__(self, parameters: ShiftParameters) -> None:
        self.parameters = parameters

    def distort(self, signal: Signal, rng: np.random.Generator) -> Signal:
        """Shift each line uniformly within ±size."""
        peaks = _peaks(signal)
        positions = peaks.positions
        shifts = rng.uniform(-self.parameters.size, self.parameters.size, positions.shape)
        together = rng.random((len(positions), 1)) >= self.parameters.split
        partner = np.zeros(positions.shape, dtype=bool)
        partner[:, 1:] = together & (np.diff(positions, axis=1) <= DEGENERATE * positions[:, 1:])
        # partners are few: each run of them takes the shift of the line before the run
        places = np.flatnonzero(partner)
        starts = np.flatnonzero(np.diff(places, prepend=-2) != 1)
        leaders = np.repeat(places[starts] - 1, np.diff(starts, append=len(places)))
        shifts.ravel()[places] = shifts.ravel()[leaders]
        return peaks.moved(positions * (1 + shifts))


class MissingParameters(BaseModel):
    """Parameters of the distortion 'missing'."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    least: float = Field(default=0.0, ge=0, le=1, description="smallest share of missing lines")
    most: float = Field(default=0.25, ge=0, lt=1, description="largest share of missing lines")


class Missing:
    """Removes lines at random: nodes at the transducers, weak or overlapping lines."""

    def __init__(self, parameters: MissingParameters) -> None:
        self.parameters = parameters

    def distort(self, signal: Signal, rng: np.random.Generator) -> Signal:
        """Draw a share for each spectrum, and remove each of its lines with that probability."""
        peaks = _peaks(signal)
        share = rng.uniform(self.parameters.least, self.parameters.most, (len(peaks), 1))
        seen = rng.random(peaks.positions.shape) >= share
        return peaks.moved(np.where(seen, peaks.positions, np.nan))


def _peaks(signal: Signal) -> Peaks:
    if not isinstance(signal, Peaks):
        raise InputError(f"This distortion takes peaks, not a signal of kind '{signal.kind}'.")
    return signal
