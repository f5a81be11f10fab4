"""One axis for profiles of many instruments: a feature space compares ordinates at equal places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from spectra.core.components import Floats
from spectra.core.errors import InputError
from spectra.core.signals import Bundle, Peaks, Profile, Signal

SHORTEST_OVERLAP = 0.5
"""Share of the space's axis that a profile must cover; what it does not cover counts as its nearest ordinate."""


def unit_of(signal: Signal) -> str:
    """Return the unit of a signal's axis, by which what cannot be compared is kept apart."""
    if isinstance(signal, Bundle):
        return " ".join(f"{name}:{unit_of(part)}" for name, part in sorted(signal.parts.items()))
    if isinstance(signal, Peaks):
        return signal.unit
    return signal.x_unit if isinstance(signal, Profile) else ""


def common_axis(profiles: Sequence[Profile]) -> Floats:
    """Return an even axis (k,) with the middle start, end and step of several profiles."""
    low, high = (float(np.median([profile.x[end] for profile in profiles])) for end in (0, -1))
    step = float(np.median([np.median(np.diff(profile.x)) for profile in profiles]))
    return np.linspace(low, high, max(round((high - low) / step) + 1, 2))


def on_axis(profile: Profile, axis: Floats) -> Profile:
    """Return profiles interpolated on an axis.

    Raises
    ------
    InputError
        If they cover less than half of it.
    """
    if np.array_equal(profile.x, axis):
        return profile
    shared = min(profile.x[-1], axis[-1]) - max(profile.x[0], axis[0])
    if shared < SHORTEST_OVERLAP * (axis[-1] - axis[0]):
        raise InputError(
            f"It runs from {profile.x[0]:g} to {profile.x[-1]:g} {profile.x_unit}, which is less than half of the "
            f"axis that is compared, {axis[0]:g} to {axis[-1]:g} {profile.x_unit}."
        )
    y = np.array([np.interp(axis, profile.x, row) for row in profile.y])
    return replace(profile, x=axis, y=y)
