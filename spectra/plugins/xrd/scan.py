"""What the readers of profiles check, and the names under which those of diffraction tell what a file says."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from spectra.core.errors import InputError
from spectra.core.measurements import RawFile
from spectra.core.signals import Profile

Floats = NDArray[np.float64]

WAVELENGTH = "wavelength [Å]"
"""Key of the wavelength in a measurement's details; absent if the file does not tell it."""

ANGLE = "° 2θ"
"""Unit of the axis."""

MOST_POINTS = 500_000
"""Far more than 160° in steps of 0.001°."""

_LARGEST_FILE = 20_000_000  # 500,000 lines of 40 characters
_FEWEST_POINTS = 10


def refuse_large(file: RawFile) -> None:
    """Refuse a file that is too large for a profile.

    Raises
    ------
    InputError
        If it is larger than 20 MB.
    """
    if len(file.content) > _LARGEST_FILE:
        size = f"{len(file.content) / 1e6:.0f} MB"
        raise InputError(f"{file.name}: {size} is too much for a profile.", hint="Is it the right file?")


def checked_profile(two_theta: Floats, counts: Floats, where: Callable[[int], str]) -> Profile:
    """Make the profile of a scan.

    Parameters
    ----------
    two_theta, counts : ndarray, shape (k,)
    where
        Says where in the file a point stands, for the sentences.

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


def check_points(x: Floats, y: Floats, where: Callable[[int], str]) -> None:
    """Refuse a profile of too few points, or with one that is not finite.

    Raises
    ------
    InputError
        With the sentence that says where.
    """
    if len(x) < _FEWEST_POINTS:
        raise InputError(f"{where(0)}: a profile of {len(x)} points is none.", hint=f"Give at least {_FEWEST_POINTS}.")
    refuse_first(
        ~(np.isfinite(x) & np.isfinite(y)),
        lambda i: f"{where(i)}: {x[i]:g} and {y[i]:g} are not two finite numbers.",
        hint="Correct or remove the point.",
    )


def refuse_first(wrong: NDArray[np.bool_], sentence: Callable[[int], str], *, hint: str) -> None:
    """Refuse a profile because of the first of its points that is ``wrong``, shape (k,), if one is.

    Raises
    ------
    InputError
        With the sentence about that point.
    """
    if wrong.any():
        raise InputError(sentence(int(np.argmax(wrong))), hint=hint)
