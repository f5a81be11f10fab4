"""Whether a quantity follows the features: values of an item's nearest neighbours, against its own."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spectra.core.errors import InputError
from spectra.core.similarity.groups import numbered

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_FEWEST = 5  # groups; with fewer, no p below 0.05 is possible or means anything
_NEAREST = 1e-3  # of the k-th distance, that the first is taken for at least


@dataclass(frozen=True, kw_only=True)
class NeighbourMean:
    """What the neighbours say of a quantity.

    Parameters
    ----------
    mean
        Weighted by 1/distance.
    spread
        Standard deviation of one neighbour's value about the mean, with the same weights; ``None`` for one value alone.
    count
        Neighbours whose value is known.
    """

    mean: float
    spread: float | None
    count: int


@dataclass(frozen=True, kw_only=True)
class Following:
    """A permutation test.

    Parameters
    ----------
    correlation
        Of the values with the means over the nearest neighbours' values.
    p
        Share of permutations of the values, over whole groups, that correlate as well or better; the arrangement on
        record counts as one of them.
    items, groups
        Numbers of items whose value is known, and of groups that they are of.
    """

    correlation: float
    p: float
    items: int
    groups: int


def neighbour_mean(values: NDArray[np.floating[Any]], distances: NDArray[np.floating[Any]]) -> NeighbourMean | None:
    """Return the weighted mean of the nearest items' values, shape (k,); nothing where none is known.

    Parameters
    ----------
    values : ndarray, shape (k,)
        NaN where a neighbour has none.
    distances : ndarray, shape (k,)
        In the same order. One at no distance weighs as much as one at a thousandth of the largest.
    """
    known = np.isfinite(values)
    if not known.any():
        return None
    values = values[known].astype(np.float64)
    weights = _weights(distances[known].astype(np.float64))
    mean = float(weights @ values)
    effective = 1 / float(weights @ weights)
    if len(values) == 1 or effective < 1 + 1e-9:
        return NeighbourMean(mean=mean, spread=None, count=len(values))
    variance = float(weights @ (values - mean) ** 2) * effective / (effective - 1)
    return NeighbourMean(mean=mean, spread=float(np.sqrt(variance)), count=len(values))


def follows(
    values: NDArray[np.floating[Any]],
    neighbours: Integers,
    *,
    groups: Sequence[Hashable] | None = None,
    rng: np.random.Generator,
    permutations: int = 999,
) -> Following:
    """Test whether items with similar features have similar values.

    Parameters
    ----------
    values : ndarray, shape (n,)
        NaN where an item has none; it is left out, also as a neighbour.
    neighbours : ndarray, shape (n, k)
        Rows of the nearest items of each, none of its own group; −1 where there are fewer.
    groups : sequence of n, optional
        Items of one group, such as a specimen, have their mean in common: what is permuted are the means of groups.

    Raises
    ------
    InputError
        If fewer than five groups have a value, all values are the same, or no neighbour's value is known.
    """
    known = np.isfinite(values)
    members = np.arange(len(values)) if groups is None else numbered(groups)
    of_group = _means(values, members, known)
    valued = np.flatnonzero(np.isfinite(of_group))
    if len(valued) < _FEWEST:
        raise InputError(
            f"{len(valued)} {'groups have' if groups is not None else 'items have'} a value; whether it follows the "
            f"features cannot be tested with fewer than {_FEWEST}."
        )
    near = (neighbours >= 0) & known[neighbours]
    asked = np.flatnonzero(known & near.any(axis=1))
    if not len(asked):
        raise InputError("No item with a value has a neighbour with one; nothing can be compared.")
    near, neighbours = near[asked], neighbours[asked]
    counts = near.sum(axis=1)

    def correlation(means: Floats) -> float:
        shown = means[members]
        expected = np.where(near, shown[neighbours], 0.0).sum(axis=1) / counts
        return _correlation(expected, shown[asked])

    found = correlation(of_group)
    if not np.isfinite(found):
        raise InputError("All values are the same, or all means over neighbours; nothing can follow the features.")
    reached = 0
    for _ in range(permutations):
        shuffled = of_group.copy()
        shuffled[valued] = of_group[rng.permutation(valued)]
        chance = correlation(shuffled)
        reached += not chance < found - 1e-12  # equal arrangements differ by rounding
    return Following(
        correlation=found, p=(1 + reached) / (1 + permutations), items=int(known.sum()), groups=len(valued)
    )


def _weights(distances: Floats) -> Floats:
    """Return weights ∝ 1/distance that add up to 1."""
    largest = float(distances.max())
    if not largest > 0:
        return np.full(len(distances), 1 / len(distances))
    inverse = 1 / np.maximum(distances, _NEAREST * largest)
    return inverse / inverse.sum()


def _means(values: NDArray[np.floating[Any]], members: Integers, known: NDArray[np.bool_]) -> Floats:
    """Return the mean of the known values of each group; NaN where it has none."""
    groups = int(members.max(initial=-1)) + 1
    sums = np.bincount(members[known], weights=values[known], minlength=groups)
    counts = np.bincount(members[known], minlength=groups)
    return np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)


def _correlation(first: Floats, second: Floats) -> float:
    """Return Pearson's coefficient; NaN where one of them does not vary."""
    first, second = first - first.mean(), second - second.mean()
    scale = float(np.sqrt((first @ first) * (second @ second)))
    return float(first @ second) / scale if scale > 0 else np.nan
