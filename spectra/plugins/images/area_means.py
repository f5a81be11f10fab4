"""Fewer pixels: means over equal areas, of which a pixel on a border belongs to both sides by its share."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Singles = NDArray[np.float32]


def area_means(pixels: Singles, height: int, width: int) -> Singles:
    """Return the means over ``height`` by ``width`` equal areas of pictures (n, rows, columns, channels)."""
    count, rows, columns, channels = pixels.shape
    if rows != height:
        pixels = (_shares(rows, height) @ pixels.reshape(count, rows, -1)).reshape(count, height, columns, channels)
    return pixels if columns == width else _shares(columns, width) @ pixels


def _shares(pixels: int, areas: int) -> Singles:
    """Return which share of an area each of ``pixels`` in a line makes up, shape (areas, pixels)."""
    edges = np.linspace(0, pixels, areas + 1)[:, np.newaxis]
    left = np.arange(pixels)
    covered = np.minimum(edges[1:], left + 1) - np.maximum(edges[:-1], left)
    return (np.maximum(covered, 0.0) * (areas / pixels)).astype(np.float32)
