"""The graph of UMAP: who is a neighbour of whom, to a degree between 0 and 1.

McInnes, Healy & Melville, arXiv:1802.03426v3 (2020), section 3.1 and algorithms 2 and 3.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.float64]

_HALVINGS = 64
_LEAST = 1e-3
"""Smallest scale, as a share of the mean distance: where most neighbours are copies, all others would be strangers."""


def memberships(distances: NDArray[np.float32]) -> Floats:
    """Return to what degree each neighbour is one: exp(−max(0, d − ρ)/σ).

    ρ is the distance of the nearest that is no copy, and σ is such that the degrees of k neighbours sum to log₂ k.

    Parameters
    ----------
    distances : ndarray, shape (n, k)
        Of the k nearest of each point, in ascending order.

    Returns
    -------
    degrees : ndarray, shape (n, k)
    """
    apart = distances.astype(np.float64)
    count = apart.shape[1]
    first = np.min(apart, axis=1, where=apart > 0, initial=np.inf)
    apart = np.maximum(apart - np.where(np.isfinite(first), first, 0.0)[:, np.newaxis], 0.0)
    low = np.zeros(len(apart))
    high = np.full(len(apart), 2.0 * max(apart.max(initial=0.0), np.finfo(np.float64).tiny) * count)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        much = _degrees(apart, middle).sum(axis=1) > np.log2(count)
        high, low = np.where(much, middle, high), np.where(much, low, middle)
    least = _LEAST * np.where(np.isfinite(first), distances.mean(axis=1), distances.mean())
    return _degrees(apart, np.maximum(high, least))


def fuzzy_union(rows: NDArray[np.int64], degrees: Floats) -> sparse.coo_array:
    """Return the graph of who is a neighbour of whom or the other way round: A + Aᵀ − A∘Aᵀ, shape (n, n).

    Parameters
    ----------
    rows, degrees : ndarray, shape (n, k)
        The neighbours of each point, and to what degree they are.
    """
    count, each = rows.shape
    heads = np.repeat(np.arange(count), each)
    directed = sparse.coo_array((degrees.ravel(), (heads, rows.ravel())), shape=(count, count)).tocsr()
    back = directed.T.tocsr()
    return (directed + back - directed * back).tocoo()


def _degrees(apart: Floats, scales: Floats) -> Floats:
    return np.exp(-apart / np.maximum(scales, np.finfo(np.float64).tiny)[:, np.newaxis])
