"""Features of several encoders as one: each block at unit length, times the root of what it counts for.

The squared distance of two rows is then the sum of the blocks' own, so that each block's share of it says why two items
are alike or are not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from spectra.core.components import Features
from spectra.core.errors import InputError

Floats = NDArray[np.float64]

_CONSTANT = 1e-6  # standard deviation, as a share of the largest value, of a feature that says nothing


@dataclass(frozen=True, kw_only=True, eq=False)
class Standard:
    """What features of one encoder are measured by, so that a large number does not outweigh all others.

    Parameters
    ----------
    centre, scale : ndarray, shape (d,)
        Mean and standard deviation of each feature over the archive; a feature that is the same everywhere has scale 1.
    """

    centre: Floats
    scale: Floats

    @classmethod
    def of(cls, features: Features) -> Self:
        """Learn from the features of an archive, shape (n, d)."""
        if not len(features):
            return cls(centre=np.zeros(features.shape[1]), scale=np.ones(features.shape[1]))
        centre = features.mean(axis=0, dtype=np.float64)
        scale = features.std(axis=0, dtype=np.float64)
        varies = scale > _CONSTANT * np.abs(features).max(axis=0)
        return cls(centre=centre, scale=np.where(varies, scale, 1.0))

    def applied(self, features: Features) -> Features:
        """Return features less the centre, over the scale, shape (n, d)."""
        return ((features - self.centre) / self.scale).astype(np.float32)


def combined(blocks: Sequence[Features], weights: Sequence[NDArray[np.floating[Any]] | None]) -> Features:
    """Put the blocks of each item into one row.

    Parameters
    ----------
    blocks : sequence of ndarray, shape (n, d of the block)
        Features of the encoders.
    weights : sequence of ndarray, shape (n,), or None
        How much each block counts for each item, from 0 to 1, or ``None`` where its encoder does not say; those that do
        not say share what is left of 1. Where all say, or those that do say more than 1, weights are scaled to a sum of
        1 (all alike where all are 0).

    Returns
    -------
    features : ndarray, shape (n, sum of d)

    Raises
    ------
    InputError
        If blocks have different numbers of items, or a weight is not between 0 and 1.
    """
    if len({len(block) for block in blocks}) > 1:
        raise InputError(f"The blocks have features of {' and '.join(str(len(block)) for block in blocks)} items.")
    shares = _shares(len(blocks[0]), weights)
    rows = [_unit(block) * np.sqrt(share)[:, np.newaxis] for block, share in zip(blocks, shares, strict=True)]
    return np.hstack(rows).astype(np.float32)


def contributions(query: Features, items: Features, slices: Mapping[str, slice]) -> Mapping[str, Floats]:
    """Return each block's share of the squared distances between a query and items, shape (n,) each.

    Parameters
    ----------
    query, items : ndarray, shape (d,), (n, d)
        As :func:`combined` returns them.
    slices
        Where the features of each block stand.

    Returns
    -------
    shares
        By block; they add up to 1 for each item, and are all 0 for one that is the same as the query.
    """
    squares = np.square(items.astype(np.float64) - query)
    parts = {name: squares[:, part].sum(axis=1) for name, part in slices.items()}
    whole = sum(parts.values(), start=np.zeros(len(items)))
    return {name: part / np.where(whole > 0, whole, 1.0) for name, part in parts.items()}


def _shares(count: int, weights: Sequence[NDArray[np.floating[Any]] | None]) -> Floats:
    """Return what each block counts for, shape (blocks, n), with a sum of 1 over the blocks."""
    said = [weight for weight in weights if weight is not None]
    for weight in said:
        if weight.shape != (count,) or not np.all((weight >= 0) & (weight <= 1)):
            raise InputError(f"Weights of a block must be {count} numbers from 0 to 1.")
    total = np.sum(said, axis=0, dtype=np.float64) if said else np.zeros(count)
    silent = len(weights) - len(said)
    rest = np.maximum(1 - total, 0.0) / max(silent, 1)
    shares = np.array([rest if weight is None else weight for weight in weights], dtype=np.float64)
    whole = shares.sum(axis=0)
    return np.where(whole > 0, shares / np.where(whole > 0, whole, 1.0), 1 / len(weights))


def _unit(block: Features) -> Floats:
    """Scale rows to unit length; rows of zeros stay."""
    lengths = np.linalg.norm(block.astype(np.float64), axis=1, keepdims=True)
    return block / np.where(lengths > 0, lengths, 1.0)
