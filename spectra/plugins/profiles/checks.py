"""Checks of files and points that readers of profiles share."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from spectra.core.errors import InputError
from spectra.core.measurements import RawFile

Floats = NDArray[np.float64]

MOST_POINTS = 500_000
"""Of a profile: far more than any instrument writes, such as 160° in steps of 0.001°."""

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
        raise InputError(f"{file.name}: a file of {size} is too large for a profile.", hint="Is it the right file?")


def check_points(x: Floats, y: Floats, where: Callable[[int], str]) -> None:
    """Refuse a profile of too few points, or with one that is not finite.

    Raises
    ------
    InputError
        With the place of the fault.
    """
    if len(x) < _FEWEST_POINTS:
        raise InputError(
            f"{where(0)}: {len(x)} points are too few for a profile.", hint=f"Give {_FEWEST_POINTS} or more."
        )
    refuse_first(
        ~(np.isfinite(x) & np.isfinite(y)),
        lambda i: f"{where(i)}: {x[i]:g} and {y[i]:g} are not two finite numbers.",
        hint="Correct or remove the point.",
    )


def refuse_first(wrong: NDArray[np.bool_], sentence: Callable[[int], str], *, hint: str) -> None:
    """Refuse a profile if one of its points is ``wrong``, shape (k,), and report the first.

    Raises
    ------
    InputError
        With the sentence for that point.
    """
    if wrong.any():
        raise InputError(sentence(int(np.argmax(wrong))), hint=hint)
