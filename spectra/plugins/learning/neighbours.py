"""The nearest of known features, by Euclidean distance."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spectra.core.components import Features

_BATCH = 256


def nearest_rows(features: Features, known: Features, count: int) -> NDArray[np.int64]:
    """Return the rows of ``known`` (m, d) that are nearest to each of ``features`` (n, d), the nearest first.

    Distances are compared in single precision, so that two which differ by less may change places.

    Returns
    -------
    rows : ndarray, shape (n, k)
        With k = ``count``, or m if that is less.
    """
    count = min(count, len(known))
    lengths = np.einsum("md,md->m", known, known)
    found = [np.empty((0, count), dtype=np.int64)]
    for start in range(0, len(features), _BATCH):
        part = features[start : start + _BATCH]
        distances = lengths - 2 * part @ known.T  # squared, less what all have in common
        near = np.argpartition(distances, count - 1, axis=1)[:, :count]
        found.append(np.take_along_axis(near, np.take_along_axis(distances, near, axis=1).argsort(axis=1), axis=1))
    return np.concatenate(found)


def distances_to(features: Features, known: Features, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the distances from each of ``features`` (n, d) to its ``rows`` (n, k) of ``known``, shape (n, k)."""
    differences = known[rows].astype(np.float64) - features[:, np.newaxis]
    return np.linalg.norm(differences, axis=2)


def nearest_distances(features: Features, known: Features) -> NDArray[np.float64]:
    """Return the distance from each of ``features`` (n, d) to the nearest of ``known`` (m, d), shape (n,).

    In single precision, whose rounding a distance much smaller than the features themselves does not survive.
    """
    lengths, found = np.einsum("md,md->m", known, known), np.empty(len(features))
    for start in range(0, len(features), _BATCH):
        part = features[start : start + _BATCH]
        squared = (lengths - 2 * part @ known.T).min(axis=1) + np.einsum("nd,nd->n", part, part)
        found[start : start + _BATCH] = np.sqrt(np.maximum(squared, 0))
    return found
