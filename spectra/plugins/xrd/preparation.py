"""Preparation of measured spectra for the axis of a model (Vizoso & Dingreville 2025, sections II B and C).

Profiles are rebinned, never interpolated to finer steps than were measured.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from spectra.core.errors import InputError
from spectra.core.measurements import Measurement
from spectra.core.signals import Profile
from spectra.plugins.profiles.rebinning import cell_edges, rebin
from spectra.plugins.xrd.readers.scan import WAVELENGTH_KEY

Floats = NDArray[np.float64]

# Relative; Kα1 and Kα2 of copper are 2.5e-3 apart, tabulated values of one line below 1e-5.
_SAME_WAVELENGTH = 1e-5
_SHORTEST, _LONGEST = 0.01, 100.0  # wavelengths in Å of any diffractometer, for X-rays, electrons or neutrons
_ENDED = 0.03  # of the highest value; a spectrum that falls below it has passed its last band
_LOWEST = 0.25  # of the highest wavenumber; a spectrum that begins above has lost its acoustic modes


def on_axis(measurement: Measurement, *, axis: Floats, wavelength: float) -> Measurement:
    """Rebin a measured profile to the bins of a model.

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
    profile, measured = measurement.signal, measurement.details.get(WAVELENGTH_KEY)
    assert isinstance(profile, Profile)  # noqa: S101
    name = measurement.file.name
    if not isinstance(measured, int | float) or not _SHORTEST <= measured <= _LONGEST:
        raise InputError(
            f"{name}: the wavelength of the measurement is unknown; the model needs {wavelength:g} Å.",
            hint="For a text file, give the reader its parameter 'wavelength' in Å (1.5406 for copper's Kα1).",
        )
    notes = measurement.notes
    if abs(measured / wavelength - 1) > _SAME_WAVELENGTH:
        profile = to_wavelength(profile, measured=measured, wanted=wavelength)
        notes += (f"The angles were converted from {measured:g} Å to the model's {wavelength:g} Å.",)
    return replace(measurement, signal=_rebinned(profile, axis, name), notes=notes)


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


def on_wavenumbers(measurement: Measurement, *, axis: Floats) -> Measurement:
    """Rebin a measured density of states to the bins of a model, with area 1.

    Few instruments see the lowest frequencies, and nobody measures where nothing vibrates. Below the first point the
    density is continued as Debye's, with the square of the frequency; beyond the last it is zero if it has ended there.

    Parameters
    ----------
    measurement
        A profile over 1/cm.
    axis : ndarray, shape (k,)
        Centres of the model's bins in 1/cm, evenly spaced.

    Returns
    -------
    Measurement
        With a note on what was continued.

    Raises
    ------
    InputError
        If the spectrum begins too high, breaks off, or has wider steps than the model.
    """
    profile, name = measurement.signal, measurement.file.name
    assert isinstance(profile, Profile)  # noqa: S101
    x, y, bins = profile.x, profile.y[0], cell_edges(axis)
    notes = list(measurement.notes)
    if x[0] > _LOWEST * x[-1]:
        raise InputError(
            f"{name}: the spectrum begins at {x[0]:.4g} 1/cm, above {100 * _LOWEST:.0f} % of its range; a density of "
            "states lacks its acoustic modes then.",
            hint="Measure from lower frequencies on.",
        )
    if cell_edges(x)[-1] < bins[-1] and y[-1] > _ENDED * y.max():
        raise InputError(
            f"{name}: the spectrum breaks off at {x[-1]:.4g} 1/cm, where it is still {100 * y[-1] / y.max():.0f} % of "
            "its highest value.",
            hint="Measure to beyond the last band.",
        )
    step = float(np.diff(x).min())
    below = np.arange(x[0] - step, bins[0] - step, -step)[::-1]
    above = np.arange(x[-1] + step, bins[-1] + step, step)
    if x[0] > 2 * (axis[1] - axis[0]):
        notes.append(f"Below {x[0]:.4g} 1/cm the spectrum is continued with the square of the frequency.")
    if cell_edges(x)[-1] < bins[-1]:
        notes.append(f"Beyond {x[-1]:.4g} 1/cm the spectrum is taken as zero.")
    whole = np.concatenate([below, x, above])
    continued = y[0] * (below / x[0]) ** 2 if x[0] > 0 else np.zeros(len(below))
    density = np.concatenate([continued, y, np.zeros(len(above))])
    contents = replace(profile, x=whole, y=(density * np.diff(cell_edges(whole)))[np.newaxis])
    binned = _rebinned(contents, axis, name)
    densities = binned.y[0] / np.diff(bins)
    densities /= np.trapezoid(densities, axis)
    return replace(measurement, signal=replace(binned, y=densities[np.newaxis], y_unit="cm"), notes=tuple(notes))


def _rebinned(profile: Profile, axis: Floats, name: str) -> Profile:
    """Rebin what was read from the file ``name``."""
    try:
        return rebin(profile, axis)
    except InputError as error:
        raise InputError(f"{name}: {error.message}", hint=error.hint) from error
