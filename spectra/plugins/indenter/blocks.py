"""Blocks of columns: parts of pictures without grains, and how to hold them out with all that sees them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spectra.core.signals import Places

Rows = NDArray[np.int64]


def blocks_of_columns(places: Places, count: int) -> Rows:
    """Return the block of each place, shape (n,): ``count`` blocks in all pictures together, numbered side by side."""
    pictures, _, width, _ = places.pictures.shape
    across = max(1, count // pictures)
    blocks: Rows = (
        places.places[:, 0].astype(np.int64) * across + places.places[:, 2].astype(np.int64) * across // width
    )
    return blocks


def folds_of_blocks(places: Places, blocks: Rows, count: int, *, gap: int) -> list[tuple[Rows, Rows]]:
    """Return rows to learn from and rows held out: neighbouring blocks together, with a gap on both sides.

    Parameters
    ----------
    gap
        Columns on each side of what is held out that are not learned from.
    """
    _, block_of, sizes = np.unique(blocks, return_inverse=True, return_counts=True)
    middle = np.cumsum(sizes) - 0.5 * sizes
    fold_of = np.minimum((middle * min(count, len(sizes)) / sizes.sum()).astype(np.int64), len(sizes) - 1)[block_of]
    pictures, columns = places.places[:, 0], places.places[:, 2]
    folds = []
    for fold in np.unique(fold_of):
        held_out = fold_of == fold
        learned = ~held_out
        for picture in np.unique(pictures[held_out]):
            here = columns[held_out & (pictures == picture)]
            learned &= (pictures != picture) | (columns < here.min() - gap) | (columns > here.max() + gap)
        folds.append((np.flatnonzero(learned), np.flatnonzero(held_out)))
    return folds
