"""Occlusion: how an answer changes if a piece of the picture showed something else, for any model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from spectra.core.signals import Places

Floats = NDArray[np.float64]
Pixels = NDArray[np.float32] | NDArray[np.uint8]
Predict = Callable[[Places], Floats]
"""Places to answers, shape (n,)."""

_AT_ONCE = 2_000_000  # pixels of changed pictures in memory


def occluded(predict: Predict, places: Places, labels: NDArray[np.int32], others: Pixels) -> Floats:
    """Return how much the answer for one place changes if a piece of its picture changes: one number a piece.

    A grain that is painted over with grey, or left out, is something that no model has learned from. Here a piece takes
    on, all over, what other pixels of the material show: another orientation, another shade.

    Parameters
    ----------
    places
        One place, in a picture of its surroundings.
    labels : ndarray, shape (height, width)
        Number of each pixel's piece from 0, such as its grain; negative where there is none.
    others : ndarray, shape (k, channels)
        What a piece takes on, one after the other: pixels from anywhere in the pictures.

    Returns
    -------
    ndarray, shape (labels.max() + 1,)
        Root mean square changes, in the unit of the answers; NaN for numbers that no pixel has.
    """
    picture, draws = places.pictures[int(places.places[0, 0])], len(others)
    answer, changes = float(predict(places)[0]), np.full(int(labels.max()) + 1, np.nan)
    pieces = [piece for piece in np.unique(labels) if piece >= 0]
    size = max(1, _AT_ONCE // (draws * labels.size))
    for start in range(0, len(pieces), size):
        part = pieces[start : start + size]
        pictures = np.repeat(picture[np.newaxis], len(part) * draws, axis=0)
        for number, piece in enumerate(part):
            pictures[number * draws : (number + 1) * draws][:, labels == piece] = others[:, np.newaxis]
        where = np.repeat(places.places[:1], len(pictures), axis=0)
        where[:, 0] = np.arange(len(pictures))
        answers = predict(replace(places, pictures=pictures, places=where)).reshape(len(part), draws)
        changes[part] = np.sqrt(np.mean((answers - answer) ** 2, axis=1))
    return changes


def spread_over(changes: Floats, labels: NDArray[np.int32]) -> Floats:
    """Return the change of each pixel's piece, shape (height, width); NaN where there is no piece."""
    return np.where(labels >= 0, changes[np.maximum(labels, 0)], np.nan)
