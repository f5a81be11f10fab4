"""Checks and metadata keys that the readers of diffraction profiles share."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from spectra.core.errors import InputError
from spectra.core.signals import Profile
from spectra.plugins.profiles.checks import check_points, refuse_first
from spectra.plugins.xrd.physics.scattering import ANGLE

Floats = NDArray[np.float64]

WAVELENGTH_KEY = "wavelength [Å]"
"""Key of the wavelength in a measurement's details; absent if it is not in the file."""


def checked_profile(two_theta: Floats, counts: Floats, where: Callable[[int], str]) -> Profile:
    """Check a scan and return its profile.

    Parameters
    ----------
    two_theta, counts : ndarray, shape (k,)
    where
        Place of a point in the file, for messages.

    Returns
    -------
    Profile
        A stack of one; x in degrees 2θ, y in counts.

    Raises
    ------
    InputError
        If there are too few points or no counts at all, or if a point is not finite, its angle is not above that of
        the point before or not between 0° and 180°, or its counts are negative.
    """
    check_points(two_theta, counts, where)
    refuse_first(
        (two_theta < 0) | (two_theta >= 180),
        lambda i: f"{where(i)}: 2θ = {two_theta[i]:g}° does not lie between 0° and 180°.",
        hint="Give 2θ in degrees first, then counts.",
    )
    refuse_first(
        np.diff(two_theta, prepend=-1.0) <= 0,
        lambda i: f"{where(i)}: 2θ = {two_theta[i]:g}° does not rise above the {two_theta[i - 1]:g}° before it.",
        hint="Give one scan with rising 2θ per file.",
    )
    refuse_first(
        counts < 0,
        lambda i: f"{where(i)}: {counts[i]:g} counts are negative.",
        hint="Give counts as measured, background included.",
    )
    if not counts.any():
        raise InputError(f"{where(0)}: all counts of this scan are zero.", hint="Was the shutter open?")
    return Profile(x=two_theta, y=counts[np.newaxis], x_unit=ANGLE, y_unit="counts")
