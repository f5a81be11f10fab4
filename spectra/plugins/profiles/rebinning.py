"""Rebinning of profiles: counts are conserved, and nothing is interpolated to finer steps than were measured."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from spectra.core.errors import InputError
from spectra.core.signals import Profile

Floats = NDArray[np.float64]

_ROUNDED = 1e-3  # relative; what an axis written with four digits may be off


def cell_edges(axis: Floats) -> Floats:
    """Return the edges, shape (k + 1,), between the points of ``axis``, shape (k,): half-way, and as far outside."""
    middle = (axis[1:] + axis[:-1]) / 2
    return np.concatenate([[2 * axis[0] - middle[0]], middle, [2 * axis[-1] - middle[-1]]])


def rebin(profile: Profile, axis: Floats) -> Profile:
    """Sum counts into the bins whose centres are ``axis``, shape (k,).

    The counts of a point are spread evenly over the cell that reaches half-way to its neighbours, and each bin takes
    the share of every cell that lies in it: no count is lost or doubled, whatever the two steps, and a bin does not
    flicker with the number of points that happen to fall into it.

    Raises
    ------
    InputError
        If the profile does not cover all bins, or one of its steps there is wider than a bin.
    """
    cells, bins, unit = cell_edges(profile.x), cell_edges(axis), profile.x_unit
    rounding = 1e-6
    if cells[0] > bins[0] + rounding or cells[-1] < bins[-1] - rounding:
        raise InputError(
            f"The profile covers {cells[0]:.2f} to {cells[-1]:.2f} {unit}, the model needs {bins[0]:.2f} to "
            f"{bins[-1]:.2f} {unit}.",
            hint="Measure the whole range, or train a model of the range that was measured.",
        )
    inside = (cells[1:] > bins[0] + rounding) & (cells[:-1] < bins[-1] - rounding)
    widest, narrowest = np.diff(cells)[inside].max(), np.diff(bins).min()
    if widest > narrowest * (1 + _ROUNDED):
        raise InputError(
            f"The profile has steps of up to {widest:.4g}, the model bins of {narrowest:.4g} {unit}; a profile is not "
            "interpolated to finer steps than were measured.",
            hint="Measure in finer steps, or train a model with wider bins.",
        )
    below = np.pad(np.cumsum(profile.y, axis=1), ((0, 0), (1, 0)))  # counts below each edge of a cell
    cell = np.clip(np.searchsorted(cells, bins, side="right") - 1, 0, len(profile.x) - 1)
    share = np.clip((bins - cells[cell]) / np.diff(cells)[cell], 0, 1)
    return replace(profile, x=axis, y=np.diff(below[:, cell] + share * profile.y[:, cell], axis=1))


def normalised(profile: Profile, by: Literal["maximum", "area"]) -> Profile:
    """Divide each profile of a stack by its own maximum, or by its area over the axis.

    Raises
    ------
    InputError
        If that is not positive for one of them.
    """
    size = profile.y.max(axis=1) if by == "maximum" else profile.y @ np.diff(cell_edges(profile.x))
    if not (size > 0).all():
        raise InputError(f"A profile whose {by} is {size.min():g} cannot be normalised by it.")
    return replace(profile, y=profile.y / size[:, np.newaxis], y_unit=f"{profile.y_unit} per {by}")
