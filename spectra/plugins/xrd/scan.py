"""What every reader of diffraction profiles checks, and the names under which they tell what a file says."""

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


def text_of(file: RawFile) -> str:
    """Return the text of a file; one that is not UTF-8 is taken for Latin-1, as older instruments write.

    Raises
    ------
    InputError
        If the file is larger than 20 MB or no text.
    """
    refuse_large(file)
    try:
        text = file.content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = file.content.decode("latin-1")
    if "\0" in text:
        raise InputError(f"{file.name}: this is not a text file.", hint="Give one pair of 2θ and counts per line.")
    return text


def refuse_large(file: RawFile) -> None:
    """Refuse a file that is too large for a profile.

    Raises
    ------
    InputError
        If it is larger than 20 MB.
    """
    if len(file.content) > _LARGEST_FILE:
        size = f"{len(file.content) / 1e6:.0f} MB"
        raise InputError(f"{file.name}: {size} is too much for a diffraction profile.", hint="Is it the right file?")


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

    def refuse(wrong: NDArray[np.bool_], sentence: Callable[[int], str], hint: str) -> None:
        if wrong.any():
            i = int(np.argmax(wrong))
            raise InputError(f"{where(i)}: {sentence(i)}.", hint=hint)

    if len(two_theta) < _FEWEST_POINTS:
        raise InputError(
            f"{where(0)}: a profile of {len(two_theta)} points is none.", hint=f"Give at least {_FEWEST_POINTS}."
        )
    refuse(
        ~(np.isfinite(two_theta) & np.isfinite(counts)),
        lambda i: f"{two_theta[i]:g} and {counts[i]:g} are not two finite numbers",
        "Correct or remove the point.",
    )
    refuse(
        (two_theta < 0) | (two_theta >= 180),
        lambda i: f"2θ = {two_theta[i]:g}° does not lie between 0° and 180°",
        "Give 2θ in degrees first, then counts.",
    )
    refuse(
        np.diff(two_theta, prepend=-1.0) <= 0,
        lambda i: f"2θ = {two_theta[i]:g}° does not rise above the {two_theta[i - 1]:g}° before it",
        "Give one scan with rising 2θ per file.",
    )
    refuse(counts < 0, lambda i: f"{counts[i]:g} counts are negative", "Give counts as measured, background included.")
    if not counts.any():
        raise InputError(f"{where(0)}: all counts of this scan are zero.", hint="Was the shutter open?")
    return Profile(x=two_theta, y=counts[np.newaxis], x_unit=ANGLE, y_unit="counts")
