"""The layout of a graph by stochastic gradient descent: who are neighbours attract, random others repel.

McInnes, Healy & Melville, arXiv:1802.03426v3 (2020), section 3.2 and algorithm 5. All edges that are due in an epoch
are evaluated at the same places, and their steps are added up; the original moves points edge by edge.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse

Floats = NDArray[np.float64]
Places = NDArray[np.float32]

_NEGATIVES = 5
_LONGEST = 4.0
"""No single step is longer, in either coordinate, before it is multiplied by the rate."""
_NEAREST = 1e-3
"""Added to a squared distance before it divides."""
_PARTS = 8
"""In how many parts the edges of an epoch are evaluated: in one, all steps of a point together can go much too far."""


def curve(least: float, spread: float) -> tuple[float, float]:
    """Return a and b, for which 1/(1 + a d²ᵇ) is nearest to 1 up to a distance and exp(−(d − least)/spread) beyond."""
    distances = np.linspace(0, 3 * spread, 300)
    wanted = np.where(distances < least, 1.0, np.exp(-(distances - least) / spread))
    (a, b), _ = optimize.curve_fit(lambda d, a, b: 1 / (1 + a * d ** (2 * b)), distances, wanted)
    return float(a), float(b)


def descend(
    places: Places,
    graph: sparse.coo_array,
    *,
    shape: tuple[float, float],
    epochs: int,
    rng: np.random.Generator,
    advance: Callable[[int], None],
    parts: int = _PARTS,
) -> Places:
    """Return places, shape (n, 2), after ``epochs`` epochs, in each of which an edge is due with its weight as chance.

    Parameters
    ----------
    places : ndarray, shape (n, 2)
        Where to begin.
    graph : sparse array, shape (n, n)
        Weights between 0 and 1.
    shape
        a and b of :func:`curve`.
    advance
        Called with the number of epochs just done.
    """
    places = places.copy()
    shares = graph.data / graph.data.max(initial=0.0)
    worth = shares * epochs >= 1
    shares, heads, tails = shares[worth], graph.row[worth], graph.col[worth]
    order = rng.permutation(len(shares))  # edges that are evaluated together are no neighbours
    shares, heads, tails = shares[order], heads[order], tails[order]
    done = rng.random(len(shares))
    for epoch in range(epochs):
        rate = np.float32(1 - epoch / epochs)
        done += shares
        due = np.flatnonzero(done >= 1)
        done[due] -= 1
        for part in np.array_split(due, parts):
            _step(places, heads[part], tails[part], shape, rate, rng)
        advance(1)
    return places


def _step(
    places: Places,
    heads: NDArray[np.int32],
    tails: NDArray[np.int32],
    shape: tuple[float, float],
    rate: np.float32,
    rng: np.random.Generator,
) -> None:
    """Move the ends of some edges towards each other, and their heads away from random points."""
    a, b = np.float32(shape[0]), np.float32(shape[1])
    apart = places[heads] - places[tails]  # (m, 2)
    squared = np.einsum("mi,mi->m", apart, apart)
    power = squared**b
    pull = -2 * a * b * power / np.maximum(squared, np.finfo(np.float32).tiny) / (1 + a * power)
    towards = np.clip(pull[:, np.newaxis] * apart, -_LONGEST, _LONGEST)
    others = rng.integers(len(places), size=(len(heads), _NEGATIVES), dtype=np.int32)
    apart = places[heads][:, np.newaxis] - places[others]  # (m, negatives, 2)
    squared = np.einsum("mki,mki->mk", apart, apart)
    push = 2 * b / ((_NEAREST + squared) * (1 + a * squared**b))
    away = np.clip(push[..., np.newaxis] * apart, -_LONGEST, _LONGEST).sum(axis=1)
    for axis in range(2):
        column = places[:, axis].copy()
        np.add.at(column, heads, rate * (towards[:, axis] + away[:, axis]))
        np.add.at(column, tails, -rate * towards[:, axis])
        places[:, axis] = column
