"""Fewer pixels: means over equal areas, of which a pixel on a border belongs to both sides by its share."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

Singles = NDArray[np.float32]


def area_means(pixels: Singles, height: int, width: int) -> Singles:
    """Return the means over ``height`` by ``width`` equal areas of pictures (n, rows, columns, channels)."""
    return _means(_means(pixels, height, axis=1), width, axis=2)


def _means(pixels: Singles, count: int, *, axis: int) -> Singles:
    length = pixels.shape[axis]
    if length == count:
        return pixels
    means = np.empty((*pixels.shape[:axis], count, *pixels.shape[axis + 1 :]), dtype=np.float32)
    before: tuple[Any, ...] = (slice(None),) * axis
    for place, (start, end) in enumerate(pairwise(np.linspace(0, length, count + 1))):
        covered = np.arange(math.floor(start), math.ceil(end))
        shares = np.minimum(covered + 1, end) - np.maximum(covered, start)
        part = pixels[(*before, slice(covered[0], covered[-1] + 1))]
        weights = (shares / shares.sum()).astype(np.float32).reshape(-1, *(1,) * (pixels.ndim - axis - 1))
        means[(*before, place)] = (part * weights).sum(axis=axis)
    return means
