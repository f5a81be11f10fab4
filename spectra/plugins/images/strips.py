"""Information strips that microscopes write below a picture: magnification, voltage, a scale bar."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.float32] | NDArray[np.uint8]

_SMALLEST, _LARGEST = 0.02, 0.25  # of the picture's height
_BACKGROUND = 0.4  # share of a row of the strip, text and all, that is background
_ABOVE = 0.2  # share of a row of the picture proper that may have the same value, on average
_GAP = 0.02  # of the height: lines and large letters within a strip
_COLUMNS = 2000  # that are looked at


def information_strip(pixels: Pixels) -> int:
    """Return how many rows at the bottom of a picture are an information strip; 0 if there is none.

    Its background has one value, which most of its rows have for the most part, and the picture above has seldom.

    Parameters
    ----------
    pixels : ndarray, shape (height, width, channels)
    """
    height, width = pixels.shape[:2]
    smallest = max(4, int(_SMALLEST * height))
    if height < 4 * smallest:
        return 0
    part = pixels[:, :: max(1, width // _COLUMNS)]
    values, counts = np.unique(part[-smallest:].reshape(-1, part.shape[2]), axis=0, return_counts=True)
    same = (part == values[np.argmax(counts)]).all(axis=2).mean(axis=1)  # share of each row
    rows = np.flatnonzero(same >= _BACKGROUND)
    if not len(rows) or height - 1 - rows[-1] > _GAP * height:
        return 0
    gaps = np.flatnonzero(np.diff(rows) > _GAP * height + 1)
    top = int(rows[gaps[-1] + 1] if len(gaps) else rows[0])
    strip = height - top
    if not smallest <= strip <= _LARGEST * height or same[:top].mean() > _ABOVE:
        return 0
    return strip
