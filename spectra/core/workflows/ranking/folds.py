"""Folds: which examples are learned from while others are held out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spectra.core.errors import InputError

Rows = NDArray[np.int64]

_OF_LEARNED = 0.1  # share of what is learned from that is set aside for validation, in whole groups


@dataclass(frozen=True, eq=False)
class Fold:
    """Rows of a data set: what is learned from, and what is held out meanwhile."""

    learned: Rows
    held_out: Rows


def whole_groups(groups: Rows, count: int, rng: np.random.Generator) -> list[Fold]:
    """Divide examples into folds of whole groups, as equal as these allow: the largest first, to the emptiest fold.

    Parameters
    ----------
    groups : ndarray, shape (n,)
    count
        Of the folds; fewer if there are fewer groups.

    Raises
    ------
    InputError
        If there is one group alone.
    """
    names, group_of, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    if len(names) < 2:
        raise InputError(
            "All examples belong to one group: nothing can be held out that a model has not seen.",
            hint="Add another specimen, grain or micrograph, or divide by blocks.",
        )
    order = rng.permutation(len(names))
    order = order[np.argsort(-sizes[order], kind="stable")]
    held, fold_of = np.zeros(min(count, len(names)), dtype=np.int64), np.empty(len(names), dtype=np.int64)
    for group in order:
        fold_of[group] = held.argmin()
        held[fold_of[group]] += sizes[group]
    return folds_of(fold_of[group_of])


def at_random(count: int, folds: int, rng: np.random.Generator) -> list[Fold]:
    """Divide ``count`` examples into folds whatever they belong to: members of a group stand on both sides."""
    return folds_of(rng.permutation(count) % folds)


def folds_of(numbers: Rows) -> list[Fold]:
    """Return the folds of which the numbers of each example are given, shape (n,)."""
    return [Fold(np.flatnonzero(numbers != fold), np.flatnonzero(numbers == fold)) for fold in np.unique(numbers)]


def checked(folds: Sequence[tuple[Rows, Rows]], groups: Rows) -> list[Fold]:
    """Return the folds of a technique.

    Raises
    ------
    InputError
        If a row is not held out exactly once, nothing is left to learn from, or a group stands on both sides.
    """
    made = [Fold(np.asarray(learned), np.asarray(held_out)) for learned, held_out in folds]
    if not np.array_equal(np.sort(np.concatenate([fold.held_out for fold in made])), np.arange(len(groups))):
        raise InputError("The technique's folds do not hold out every example once.")
    for fold in made:
        if not len(fold.learned):
            raise InputError(
                "Nothing is left to learn from where a part of the examples is held out with all that sees it.",
                hint="Give larger pictures, or divide by grains.",
            )
        if np.intersect1d(groups[fold.learned], groups[fold.held_out]).size:
            raise InputError("A group of the technique's folds is learned from and held out at once.")
    return made


def validation_of(groups: Rows, rng: np.random.Generator) -> tuple[Rows, Rows]:
    """Divide what is learned from into training and validation, a tenth in whole groups or at least one group.

    Of a single group, some members validate.
    """
    names, group_of = np.unique(groups, return_inverse=True)
    if len(names) < 2:
        group_of = np.arange(len(groups))
        names = group_of
    order, sizes = rng.permutation(len(names)), np.bincount(group_of)
    reached = np.cumsum(sizes[order]) - 0.5 * sizes[order]
    chosen = order[reached <= max(_OF_LEARNED * len(groups), reached[0])]
    inside = np.isin(group_of, chosen[: len(names) - 1])
    return np.flatnonzero(~inside), np.flatnonzero(inside)
