"""The nearest of an archive, exactly: every distance is computed, and only a part of them stands in memory at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spectra.core.components import Features
from spectra.core.errors import InputError
from spectra.core.similarity.metrics import Metric, between, prepared

_BYTES = 64 * 2**20  # of a block of distances with the numbers of their rows
_SPARE = 8  # more candidates than are asked for, of which single precision may have changed the order


@dataclass(frozen=True, kw_only=True, eq=False)
class Neighbours:
    """The k nearest of each query, the nearest first; of two at the same distance, that with the lower number.

    Parameters
    ----------
    rows : ndarray, shape (m, k)
        Their numbers in the archive.
    distances : ndarray, shape (m, k)
        How far they are, in the metric's unit.
    """

    rows: NDArray[np.int64]
    distances: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.rows)


def nearest(queries: Features, archive: Features, count: int, *, metric: Metric = "cosine") -> Neighbours:
    """Return the ``count`` rows of an archive that are nearest to each query, or all if there are fewer.

    Parameters
    ----------
    queries, archive : ndarray, shape (m, d), (n, d)
    metric
        See :func:`spectra.core.similarity.metrics.distances`.

    Raises
    ------
    InputError
        If features are not finite, or have different lengths.
    UsageError
        If there is no such metric.
    """
    return Index(archive, metric=metric).nearest(queries, count)


def nearest_others(archive: Features, count: int, *, metric: Metric = "cosine") -> Neighbours:
    """Return the ``count`` rows of an archive that are nearest to each of its rows, itself left out.

    Parameters and errors are those of :func:`nearest`.
    """
    return Index(archive, metric=metric).nearest_others(count)


class Index:
    """An archive that is prepared once, for many queries; parameters and errors are those of :func:`nearest`."""

    def __init__(self, archive: Features, *, metric: Metric = "cosine") -> None:
        self.metric: Metric = metric
        self._rows = prepared(archive, metric)
        self._order = _Order(self._rows, metric)

    def nearest(self, queries: Features, count: int) -> Neighbours:
        """Return the ``count`` rows that are nearest to each query, or all if there are fewer."""
        if queries.ndim == 2 and queries.shape[1] != self._rows.shape[1]:
            raise InputError(f"The query has {queries.shape[1]} features, the archive {self._rows.shape[1]}.")
        return self._searched(prepared(queries, self.metric), count, others=False)

    def nearest_others(self, count: int) -> Neighbours:
        """Return the ``count`` rows that are nearest to each row, itself left out."""
        return self._searched(self._rows, count, others=True)

    def _searched(self, queries: Features, count: int, *, others: bool) -> Neighbours:
        """Search among prepared rows, block by block."""
        archive = self._rows
        count = max(0, min(count, len(archive) - others))
        rows = np.empty((len(queries), count), dtype=np.int64)
        distances = np.empty((len(queries), count), dtype=np.float32)
        kept = min(count + _SPARE, len(archive) - others)
        size = max(1, _BYTES // (12 * max(1, len(archive))))
        for start in range(0, len(queries) if count else 0, size):
            part = queries[start : start + size]
            keys = self._order.keys(part)
            if others:
                own = np.arange(len(part))
                keys[own, start + own] = np.inf
            found = np.sort(np.argpartition(keys, kept - 1, axis=1)[:, :kept], axis=1)
            for place, candidates in enumerate(found):
                exact = between(part[place : place + 1], archive[candidates], self.metric)[0]
                best = np.argsort(exact, kind="stable")[:count]
                rows[start + place], distances[start + place] = candidates[best], exact[best]
        return Neighbours(rows=rows, distances=distances)


class _Order:
    """Gives numbers in the order of the distances from a query, in single precision, for all but one metric cheaply.

    |a − b|² less what all b have in common is |b|² − 2 a·b; of unit rows, all metrics are functions of it.
    """

    def __init__(self, archive: Features, metric: Metric) -> None:
        self.archive, self.metric = archive, metric
        self.centre = archive.mean(axis=0, dtype=np.float64).astype(np.float32) if metric == "euclidean" else None
        if self.centre is not None:  # a common offset would use up the digits
            self.archive = archive - self.centre
        self.lengths = np.einsum("nd,nd->n", self.archive, self.archive)

    def keys(self, queries: Features) -> NDArray[np.float32]:
        """Return them, shape (m, n)."""
        if self.metric == "wasserstein":
            return between(queries, self.archive, self.metric)
        if self.centre is not None:
            queries = queries - self.centre
        keys = (-2 * queries) @ self.archive.T
        keys += self.lengths
        if self.centre is None:  # a row without direction is as far from others as a perpendicular one
            directed = np.einsum("md,md->m", queries, queries) > 0.5
            keys[np.ix_(directed, self.lengths < 0.5)] = 1.0
        return keys
