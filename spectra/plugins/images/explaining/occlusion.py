"""Occlusion: how an answer changes if a piece of the picture showed something else, for any model."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spectra.core.signals import Places

Floats = NDArray[np.float64]
Predict = Callable[[Places], Floats]
"""Places to answers, shape (n,)."""

_AT_ONCE = 2_000_000  # pixels of changed pictures in memory


def occluded(
    predict: Predict,
    places: Places,
    labels: NDArray[np.int32],
    *,
    rng: np.random.Generator,
    draws: int = 6,
) -> Floats:
    """Return how much the answer for one place changes if a piece of its picture changes: one number a piece.

    A grain that is painted over with grey, or left out, is something that no model has learned from. Here a piece takes
    on what another pixel of the picture shows, all over: another orientation, another shade.

    Parameters
    ----------
    places
        One place, in a picture of its surroundings.
    labels : ndarray, shape (height, width)
        Number of each pixel's piece from 0, such as its grain; negative where there is none.
    draws
        How many other pixels each piece takes on, one after the other.

    Returns
    -------
    ndarray, shape (labels.max() + 1,)
        Root mean square changes, in the unit of the answers; NaN for numbers that no pixel has.
    """
    picture = places.pictures[int(places.places[0, 0])]
    known = np.ones(labels.shape, dtype=bool)
    if picture.dtype != np.uint8:
        known = np.isfinite(picture).all(axis=-1)
    answer, changes = float(predict(places)[0]), np.full(int(labels.max()) + 1, np.nan)
    pieces = [piece for piece in np.unique(labels) if piece >= 0]
    size = max(1, _AT_ONCE // (draws * labels.size))
    for start in range(0, len(pieces), size):
        part = pieces[start : start + size]
        changed = _changed(places, picture, part, labels, known, draws, rng)
        answers = predict(changed).reshape(len(part), draws)
        changes[part] = np.sqrt(np.mean((answers - answer) ** 2, axis=1))
    return changes


def spread_over(changes: Floats, labels: NDArray[np.int32]) -> Floats:
    """Return the change of each pixel's piece, shape (height, width); NaN where there is no piece."""
    return np.where(labels >= 0, changes[np.maximum(labels, 0)], np.nan)


def _changed(
    places: Places,
    picture: Any,
    pieces: list[Any],
    labels: NDArray[np.int32],
    known: NDArray[np.bool_],
    draws: int,
    rng: np.random.Generator,
) -> Places:
    """Return the place in pictures whose pieces show what is elsewhere, ``draws`` for each piece."""
    pictures = np.repeat(picture[np.newaxis], len(pieces) * draws, axis=0)
    for number, piece in enumerate(pieces):
        inside = labels == piece
        elsewhere = picture[known & ~inside]
        if len(elsewhere):
            shown = elsewhere[rng.integers(len(elsewhere), size=draws)]
            pictures[number * draws : (number + 1) * draws][:, inside] = shown[:, np.newaxis]
    _, row, column = places.places[0].tolist()
    where = [(number, row, column) for number in range(len(pictures))]
    return Places(
        pictures=pictures, places=np.array(where, np.int32), unit=places.unit, um_per_pixel=places.um_per_pixel
    )
