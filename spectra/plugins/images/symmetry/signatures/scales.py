"""At which scale to look at a picture: what is periodic over many pixels is none of a small window's business."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spectra.core.errors import InputError
from spectra.plugins.images.symmetry.signatures.shades import LEAST_SIDE, Shades, flattened
from spectra.plugins.images.symmetry.signatures.signature import Periodic, periodic

Floats = NDArray[np.float64]

WINDOW = 128
"""Pixels along the edges of what is looked at: of a larger picture its middle, or the whole with fewer pixels."""

_SURE = 0.8  # periodicity above which no coarser scale is tried, with
_ENOUGH = 12.0  # cells in the window


@dataclass(frozen=True, kw_only=True, eq=False)
class View:
    """What was looked at, and what is periodic in it.

    Parameters
    ----------
    found
        In the view's own pixels; ``None`` where nothing is periodic.
    step
        Picture's pixels per pixel of the view.
    middle
        Column and row of its middle, in the picture's pixels, from the centre of the first.
    """

    found: Periodic | None
    step: int
    middle: tuple[float, float]

    @property
    def edges(self) -> Floats:
        """Edges of the reduced cell as columns, in the picture's pixels: x to the right, y down."""
        assert self.found is not None  # noqa: S101
        return self.found.cell.edges * self.step


def best_view(values: Shades, name: str = "The picture") -> View:
    """Look at the middle of a picture at full resolution, then at more of it with fewer pixels, and return the best.

    Parameters
    ----------
    values : ndarray, shape (height, width)
        Shades; NaN where nothing is known.

    Raises
    ------
    InputError
        If the picture is too small, of one shade, or has hardly any values.
    """
    best, fault = None, None
    for step, window, middle in _windows(values):
        try:
            found = periodic(*flattened(window, name))
        except InputError as error:  # the middle may be empty where the whole is not
            fault = error
            continue
        if best is None or _worth(found) > _worth(best.found):
            best = View(found=found, step=step, middle=middle)
        if found is not None and found.periodicity > _SURE and found.repeats > _ENOUGH:
            break
    if best is None:
        assert fault is not None  # noqa: S101 - there is one window at least
        raise fault
    return best


def _windows(values: Shades) -> Iterator[tuple[int, Floats, tuple[float, float]]]:
    """Yield the step, the window and its middle (column, row), from the finest to the whole picture."""
    height, width = values.shape
    step = 1
    while True:
        rows, columns = (min(WINDOW, n // step) for n in (height, width))
        top, left = (height - rows * step) // 2, (width - columns * step) // 2
        part = values[top : top + rows * step, left : left + columns * step]
        with np.errstate(invalid="ignore"):  # of opposite infinities, which no picture file holds
            window = part.reshape(rows, step, columns, step).mean(axis=(1, 3), dtype=np.float64)
        yield step, window, (left + (columns * step - 1) / 2, top + (rows * step - 1) / 2)
        if max(height, width) <= WINDOW * step:
            return
        step *= 2
        if min(height, width) // step < LEAST_SIDE:
            return


def _worth(found: Periodic | None) -> float:
    if found is None:
        return 0.0
    return found.periodicity * found.cell.explained + found.convincing
