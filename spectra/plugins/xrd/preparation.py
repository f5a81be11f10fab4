"""What brings a measured diffraction profile to the axis of a model (Vizoso & Dingreville 2025, sections II B and C).

Nothing here puts points where none were measured: profiles are rebinned, never interpolated up.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from spectra.core.errors import InputError
from spectra.core.measurements import Measurement
from spectra.core.signals import Profile
from spectra.plugins.xrd.scan import WAVELENGTH

Floats = NDArray[np.float64]

# Relative; Kα1 and Kα2 of copper are 2.5e-3 apart, tabulated values of one line below 1e-5.
_SAME_WAVELENGTH = 1e-5
_ROUNDED = 1e-3  # relative; what an axis written with four digits may be off


def on_axis(measurement: Measurement, *, axis: Floats, wavelength: float) -> Measurement:
    """Bring a measured profile to the bins of a model.

    Parameters
    ----------
    measurement
        A profile over degrees 2θ; its details tell the wavelength.
    axis : ndarray, shape (k,)
        Centres of the model's bins in degrees 2θ.
    wavelength
        That of the model in Å.

    Returns
    -------
    Measurement
        The same with counts summed into the bins, and with a note if the angles were converted.

    Raises
    ------
    InputError
        If the wavelength of the measurement is unknown, or the profile does not cover the axis, or is coarser.
    """
    profile, measured = measurement.signal, measurement.details.get(WAVELENGTH)
    assert isinstance(profile, Profile)  # noqa: S101
    name = measurement.file.name
    if measured is None:
        raise InputError(
            f"{name} does not say with which wavelength it was measured; the model needs {wavelength:g} Å.",
            hint="For a text file, give the reader its parameter 'wavelength' in Å (1.5406 for copper's Kα1).",
        )
    notes = measurement.notes
    if abs(measured / wavelength - 1) > _SAME_WAVELENGTH:
        profile = to_wavelength(profile, measured=measured, wanted=wavelength)
        notes += (f"The angles were converted from {measured:g} Å to the model's {wavelength:g} Å.",)
    try:
        binned = rebin(profile, axis)
    except InputError as error:
        raise InputError(f"{name}: {error.message}", hint=error.hint) from error
    return replace(measurement, signal=binned, notes=notes)


def cell_edges(axis: Floats) -> Floats:
    """Return the edges, shape (k + 1,), between the points of ``axis``, shape (k,): half-way, and as far outside."""
    middle = (axis[1:] + axis[:-1]) / 2
    return np.concatenate([[2 * axis[0] - middle[0]], middle, [2 * axis[-1] - middle[-1]]])


def to_wavelength(profile: Profile, *, measured: float, wanted: float) -> Profile:
    """Return the profile over the angles at which its lattice spacings diffract another wavelength.

    Bragg's law, λ = 2 d sin θ, moves each point to 2 asin(sin θ · ``wanted`` / ``measured``) and leaves its counts
    alone; spacings too small for the longer wavelength drop out. The Lorentz-polarisation factor stays that of the
    measurement.

    Raises
    ------
    InputError
        If fewer than two points are left.
    """
    sine = np.sin(np.radians(profile.x / 2)) * wanted / measured
    seen = sine < 1
    if seen.sum() < 2:
        raise InputError(f"Nothing of a profile measured with {measured:g} Å can be seen with {wanted:g} Å.")
    return replace(profile, x=2 * np.degrees(np.arcsin(sine[seen])), y=profile.y[:, seen])


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
    """Divide each profile of a stack by its own maximum, or by its area over 2θ in degrees.

    Raises
    ------
    InputError
        If that is not positive for one of them.
    """
    size = profile.y.max(axis=1) if by == "maximum" else profile.y @ np.diff(cell_edges(profile.x))
    if not (size > 0).all():
        raise InputError(f"A profile whose {by} is {size.min():g} cannot be normalised by it.")
    return replace(profile, y=profile.y / size[:, np.newaxis], y_unit=f"{profile.y_unit} per {by}")
