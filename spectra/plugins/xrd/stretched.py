"""Spectra stretched until strain no longer moves their lines: what is left tells the structure.

A crystal that is compressed evenly scatters as before, only at larger reciprocal lengths, and vibrates as before, only
faster. So a diffraction profile is taken over its reciprocal lengths in units of that of its highest line, and a
vibrational spectrum over its wavenumbers in units of their root mean square.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from spectra.core.components import Features, State
from spectra.core.errors import InputError
from spectra.core.signals import Signal, within
from spectra.plugins.profiles.binned import Binned, BinnedParameters, Part
from spectra.plugins.xrd.physics.scattering import ANGLE
from spectra.plugins.xrd.physics.vdos import WAVENUMBER

Floats = NDArray[np.float64]

_HALF_WIDTH = 2.5  # degrees on both sides of the highest bin: its line with all of its flanks
_WEIGHT = 0.3  # of the unit's logarithm beside the stretched bins, as a standard deviation over the training set


@dataclass(frozen=True)
class _Stretching:
    """State of one part: the common axis (d,), its highest bin, mean and spread of the logarithm of the unit."""

    axis: Floats
    highest: float
    mean: float
    spread: float


class Stretched(Binned):
    """Binned profiles, and beside each the same one stretched to its own unit of length, with that unit.

    The stretched profile is known where all training profiles have it. It is interpolated between bins, which are
    finer than the lines of crystallites of some nanometres.
    """

    name: ClassVar[str] = "stretched"

    def __init__(self, parameters: BinnedParameters) -> None:
        super().__init__(parameters)
        self.stretchings_: dict[str, _Stretching] = {}

    def fit(self, signal: Signal) -> Self:
        """Learn the bins, and the range that all stretched profiles have in common.

        Raises
        ------
        InputError
            If the signal is no diffraction profile, vibrational spectrum or bundle of them, or leaves no common range.
        """
        super().fit(signal)
        self.stretchings_ = {}
        for (name, part), bins in zip(self.parts_.items(), self._binned(signal), strict=True):
            lengths = _lengths(part, name)
            units = _units(bins, part, lengths)
            first, last = lengths[0] / units.min(), lengths[-1] / units.max()
            if not first < last:
                raise InputError(
                    f"The {name} of the training set have no range in common when they are stretched.",
                    hint="Take the encoder 'binned', or a narrower range of strain.",
                )
            axis = np.linspace(first, last, len(lengths))
            highest = _stretched(bins, part, lengths, units, axis).max()
            logarithms = np.log(units)
            spread = max(float(logarithms.std()), np.finfo(float).tiny)
            self.stretchings_[name] = _Stretching(axis, float(highest), float(logarithms.mean()), spread)
        return self

    def encode(self, signal: Signal) -> Features:
        """Return the bins of all parts, then the stretched bins and the unit of each: shape (n, d).

        Raises
        ------
        InputError
            Like :meth:`Binned.encode`.
        """
        binned = super().encode(signal)
        features = [binned]
        for (name, part), bins in zip(self.parts_.items(), self._binned(signal), strict=True):
            known, lengths = self.stretchings_[name], _lengths(part, name)
            units = _units(bins, part, lengths)
            logarithms = _WEIGHT * (np.log(units) - known.mean) / known.spread
            features += [
                (_stretched(bins, part, lengths, units, known.axis) / known.highest).astype(np.float32),
                logarithms[:, np.newaxis].astype(np.float32),
            ]
        return np.concatenate(features, axis=1)

    def sizes(self) -> tuple[int, ...]:
        """Return the number of features of each part, then of each stretched part."""
        return *super().sizes(), *(len(known.axis) + 1 for known in self.stretchings_.values())

    def get_state(self) -> State:
        """Return the state of the bins, and that of the stretched parts."""
        state = dict(super().get_state())
        for name, known in self.stretchings_.items():
            numbers = np.array([known.highest, known.mean, known.spread])
            state |= {f"{name}/stretched axis": known.axis, f"{name}/stretched scale": numbers}
        return state

    def set_state(self, state: State) -> Self:
        """Restore what ``get_state`` returned."""
        super().set_state(state)
        self.stretchings_ = {}
        for name in self.parts_:
            fields = within(state, name)
            self.stretchings_[name] = _Stretching(fields["stretched axis"], *map(float, fields["stretched scale"]))
        return self

    def _binned(self, signal: Signal) -> list[Floats]:
        """Return the bins of each part, normalised, in double precision."""
        profiles = self._profiles(signal)
        return [self._encoded(profiles[name], part, name) for name, part in self.parts_.items()]


def _lengths(part: Part, name: str) -> Floats:
    """Return what strain multiplies, in the middle of each bin: a reciprocal length, or a wavenumber."""
    middles = (part.edges[1:] + part.edges[:-1]) / 2
    if part.unit == ANGLE:
        return np.sin(np.radians(middles / 2))
    if part.unit == WAVENUMBER:
        return middles
    raise InputError(
        f"The {name} is given over {part.unit}; only profiles over {ANGLE} and {WAVENUMBER} can be stretched.",
        hint="Take the encoder 'binned'.",
    )


def _units(bins: Floats, part: Part, lengths: Floats) -> Floats:
    """Return the length in units of which each profile is stretched, shape (n,)."""
    if part.unit == ANGLE:
        middles = (part.edges[1:] + part.edges[:-1]) / 2
        near = np.abs(middles - middles[bins.argmax(axis=1)][:, np.newaxis]) <= _HALF_WIDTH
        weights = np.where(near, np.maximum(bins, 0.0) ** 2, 0.0)  # squares: noise and background weigh little
        return (weights @ lengths) / weights.sum(axis=1)
    weights = np.maximum(bins, 0.0)
    return np.sqrt((weights @ lengths**2) / weights.sum(axis=1))


def _stretched(bins: Floats, part: Part, lengths: Floats, units: Floats, axis: Floats) -> Floats:
    """Return the density of each profile over its lengths in its own unit, at ``axis``: shape (n, d)."""
    from scipy.interpolate import CubicSpline

    densities = bins * np.gradient((part.edges[1:] + part.edges[:-1]) / 2, lengths)
    places = np.clip(axis * units[:, np.newaxis], lengths[0], lengths[-1])
    cells = np.clip(np.searchsorted(lengths, places) - 1, 0, len(lengths) - 2)
    beyond, profiles = places - lengths[cells], np.arange(len(bins))[:, np.newaxis]
    cubes, squares, slopes, starts = CubicSpline(lengths, densities, axis=1).c[:, cells, profiles]
    values: Floats = starts + beyond * (slopes + beyond * (squares + beyond * cubes))
    return units[:, np.newaxis] * values
