"""What brings a measured diffraction profile to the axis of a model (Vizoso & Dingreville 2025, sections II B and C).

Nothing here puts points where none were measured: profiles are rebinned, never interpolated up.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from spectra.core.errors import InputError
from spectra.core.measurements import Measurement
from spectra.core.signals import Profile
from spectra.plugins.profiles.rebinning import rebin
from spectra.plugins.xrd.readers.scan import WAVELENGTH

Floats = NDArray[np.float64]

# Relative; Kα1 and Kα2 of copper are 2.5e-3 apart, tabulated values of one line below 1e-5.
_SAME_WAVELENGTH = 1e-5


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
