"""What brings a measured vibrational spectrum to the axis of a model."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from spectra.core.errors import InputError
from spectra.core.measurements import Measurement
from spectra.core.signals import Profile
from spectra.plugins.profiles.rebinning import cell_edges, rebin

Floats = NDArray[np.float64]

_ENDED = 0.03  # of the highest value; a spectrum that falls below it has passed its last band
_LOWEST = 0.25  # of the highest wavenumber; a spectrum that begins above has lost its acoustic modes


def on_wavenumbers(measurement: Measurement, *, axis: Floats) -> Measurement:
    """Bring a measured density of states to the bins of a model, with area 1.

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
    try:
        binned = rebin(contents, axis)
    except InputError as error:
        raise InputError(f"{name}: {error.message}", hint=error.hint) from error
    densities = binned.y[0] / np.diff(bins)
    densities /= np.trapezoid(densities, axis)
    return replace(measurement, signal=replace(binned, y=densities[np.newaxis], y_unit="cm"), notes=tuple(notes))
