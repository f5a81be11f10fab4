"""Distances between features, exact: cosine, correlation, Euclidean, spectral angle, Wasserstein along the axis.

The first four are functions of the distance between *prepared* rows, which are shifted and scaled once for a whole
archive; what a query costs is then one matrix product.
"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from spectra.core.components import Features
from spectra.core.errors import InputError, UsageError

Metric = Literal["cosine", "correlation", "euclidean", "spectral-angle", "wasserstein"]
METRICS: tuple[str, ...] = get_args(Metric)

_NUMBERS = 4_000_000  # in a block of intermediate results: 16 MB in single precision, 32 in double
_CACHED = 128_000  # numbers that a processor's cache holds
_CANCELLED = 1e-3  # of the squared lengths: below, a squared distance out of a matrix product has lost its digits
_FLAT = 1e-6  # of a row's length: a constant row less its mean, in single precision


def distances(queries: Features, archive: Features, metric: Metric = "cosine") -> NDArray[np.float32]:
    """Return the distance of each query from each row of an archive.

    Parameters
    ----------
    queries, archive : ndarray, shape (m, d), (n, d)
        Features. For ``wasserstein`` they are the ordinates of a profile over evenly spaced points, none negative.
    metric
        ``cosine``: 1 − cos φ, φ being the angle between two rows. ``correlation``: 1 − r, r being Pearson's
        coefficient. ``euclidean``. ``spectral-angle``: φ in radians. ``wasserstein``: ∫|F − G|, F and G being the
        rows' cumulative sums, each row scaled to a sum of 1, in shares of the axis: 0.01 is a pattern shifted by a
        hundredth of it.

    Returns
    -------
    distances : ndarray, shape (m, n)
        A row without direction (zero, for ``correlation`` constant) is as far from all others as perpendicular rows
        are, and at 0 from its like. For ``wasserstein``, a row of zeros is at 1 from all others.

    Raises
    ------
    InputError
        If the rows have different lengths, hold values that are not finite, or negative ones for ``wasserstein``.
    UsageError
        If there is no such metric.
    """
    return between(prepared(queries, metric), prepared(archive, metric), metric)


def prepared(features: Features, metric: Metric) -> Features:
    """Return rows as :func:`between` compares them, shape (n, d), in single precision.

    Raises
    ------
    InputError, UsageError
        As :func:`distances` does.
    """
    if metric not in METRICS:
        raise UsageError(f"There is no metric {metric!r}.", hint=f"Metrics: {', '.join(METRICS)}.")
    if features.ndim != 2:
        raise InputError(f"Features must form an array (n, d), not one of shape {features.shape}.")
    if not np.isfinite(features).all():
        row = int(np.flatnonzero(~np.isfinite(features).all(axis=1))[0])
        raise InputError(f"The features of item {row} hold values that are not finite numbers.")
    rows = np.empty(features.shape, dtype=np.float32)
    size = max(1, _NUMBERS // max(1, features.shape[1]))
    for start in range(0, len(features), size):
        part = features[start : start + size].astype(np.float64)
        rows[start : start + size] = _cumulated(part, start) if metric == "wasserstein" else _directed(part, metric)
    return rows


def between(queries: Features, archive: Features, metric: Metric) -> NDArray[np.float32]:
    """Return the distances between rows that :func:`prepared` has prepared for ``metric``, shape (m, n).

    Raises
    ------
    InputError
        If queries and archive have different numbers of features.
    """
    if queries.shape[1] != archive.shape[1]:
        raise InputError(f"The query has {queries.shape[1]} features, the archive {archive.shape[1]}.")
    found = np.empty((len(queries), len(archive)), dtype=np.float32)
    if metric == "wasserstein":
        _taxicab(queries, archive, found)
        return found
    lengths = np.einsum("nd,nd->n", archive, archive, dtype=np.float64)
    size = max(1, _NUMBERS // max(1, len(archive)))
    for start in range(0, len(queries), size):
        part = queries[start : start + size]
        own = np.einsum("md,md->m", part, part, dtype=np.float64)
        squares = _squares(part, archive, own, lengths)
        if metric == "euclidean":
            found[start : start + size] = np.sqrt(squares)
            continue
        # of unit rows |a − b|² = 2 (1 − cos φ) = 4 sin² φ/2; without direction, cos φ counts as 0
        lacking = (own[:, np.newaxis] < 0.5) != (lengths < 0.5)
        cosine = np.where(lacking, 1.0, squares / 2)
        if metric == "spectral-angle":
            cosine = 2 * np.arcsin(np.sqrt(np.minimum(cosine / 2, 1.0)))
        found[start : start + size] = cosine
    return found


def _squares(
    queries: Features, archive: Features, own: NDArray[np.float64], lengths: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return squared distances (m, n) of rows with squared lengths ``own`` (m,) and ``lengths`` (n,)."""
    scale = own[:, np.newaxis] + lengths
    squares = scale - 2 * (queries @ archive.T)
    row, column = np.nonzero(squares < _CANCELLED * scale)
    size = max(1, _NUMBERS // max(1, queries.shape[1]))
    for start in range(0, len(row), size):
        i, j = row[start : start + size], column[start : start + size]
        difference = queries[i].astype(np.float64) - archive[j]
        squares[i, j] = np.einsum("kd,kd->k", difference, difference)
    return np.maximum(squares, 0.0)


def _directed(rows: NDArray[np.float64], metric: Metric) -> NDArray[np.float64]:
    """Scale rows to unit length, for ``correlation`` less their means; rows without direction to zero."""
    if metric == "euclidean":
        return rows
    scale = np.abs(rows).max(axis=1, keepdims=True, initial=0.0)  # squares of large numbers would overflow
    rows = rows / np.where(scale > 0, scale, 1.0)
    before = np.linalg.norm(rows, axis=1, keepdims=True)
    if metric == "correlation":
        rows = rows - rows.mean(axis=1, keepdims=True)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    directed = lengths > _FLAT * before
    return np.where(directed, rows / np.where(directed, lengths, 1.0), 0.0)


def _cumulated(rows: NDArray[np.float64], first: int) -> NDArray[np.float64]:
    """Return cumulative sums of rows scaled to a sum of 1, times the step of the axis; the last says which are zero."""
    if (negative := np.flatnonzero((rows < 0).any(axis=1))).size:
        raise InputError(
            f"The features of item {first + negative[0]} hold negative values; the metric 'wasserstein' compares "
            "ordinates, which are not.",
            hint="Use the metric 'correlation', or an encoder whose features are intensities, such as 'binned'.",
        )
    sums = rows.sum(axis=1, keepdims=True)
    return np.cumsum(rows / np.where(sums > 0, sums, 1.0), axis=1) / max(1, rows.shape[1] - 1)


def _taxicab(queries: Features, archive: Features, found: NDArray[np.float32]) -> None:
    """Write sums of absolute differences to ``found`` (m, n), and 1 where one row of two is zero."""
    size = max(1, _CACHED // max(1, archive.shape[1]))
    for start in range(0, len(archive), size):
        part = archive[start : start + size]
        for row, query in enumerate(queries):
            found[row, start : start + size] = np.abs(part - query).sum(axis=1)
    found[(queries[:, -1:] == 0) != (archive[:, -1] == 0)] = 1.0
