"""How good a search is: mean average precision and precision of the first answers, with chance beside them.

Each item is searched for among all others that are not of its own group, such as the specimen that it shows. An answer
is right if it has the query's label.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spectra.core.components import Features
from spectra.core.errors import InputError
from spectra.core.similarity.groups import numbered
from spectra.core.similarity.metrics import Metric, between, prepared

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Bools = NDArray[np.bool_]

_NUMBERS = 2_000_000  # distances that stand in memory
FIRST = 10
"""Answers that a person looks at: what P@10 counts."""


@dataclass(frozen=True, kw_only=True)
class Precision:
    """A mean over queries, and what a search in random order would give on average.

    Parameters
    ----------
    low, high
        95 % interval by the bootstrap (Efron 1979) over whole groups; ``None`` where all queries are of one group.
    """

    value: float
    low: float | None
    high: float | None
    chance: float


@dataclass(frozen=True, kw_only=True)
class Retrieved:
    """How well the items of one class are found, or those of all.

    Parameters
    ----------
    queries, groups
        Number of items that were searched for, and of groups that they are of.
    mean_average_precision
        Of each query, the mean of the shares of right answers down to each right one; mean over the queries.
    first
        Share of queries whose first answer is right: P@1.
    first_ten
        Share of the first ten answers that is right: P@10. Fewer than ten can be right where the class is small; chance
        says what that makes of it.
    """

    queries: int
    groups: int
    mean_average_precision: Precision
    first: Precision
    first_ten: Precision


@dataclass(frozen=True, kw_only=True)
class Retrieval:
    """How good a search is.

    Parameters
    ----------
    overall
        Mean over all queries.
    classes
        By label, in the order of the labels.
    left_out
        Number of items, by label, that were not searched for since none of the same label is of another group; they
        are wrong answers for others.
    """

    overall: Retrieved
    classes: Mapping[str, Retrieved]
    left_out: Mapping[str, int]


def retrieval(
    features: Features,
    labels: Sequence[str],
    *,
    metric: Metric = "cosine",
    not_same: Sequence[Hashable] | None = None,
    rng: np.random.Generator,
    resamples: int = 1000,
) -> Retrieval:
    """Search for each item and count the right answers.

    Parameters
    ----------
    features : ndarray, shape (n, d)
    labels : sequence of n
        Classes.
    not_same : sequence of n, optional
        Groups: an item of the query's own group is no answer. Default: each item is its own.
    rng
        Puts answers at the same distance in random order, and draws the bootstrap.

    Raises
    ------
    InputError
        If the lengths differ, or no label is shared by two groups.
    """
    rows = prepared(features, metric)
    return retrieval_by(
        lambda part: between(rows[part], rows, metric), labels, not_same=not_same, rng=rng, resamples=resamples
    )


def retrieval_by(
    distances: Callable[[slice], NDArray[np.floating[Any]]],
    labels: Sequence[str],
    *,
    not_same: Sequence[Hashable] | None = None,
    rng: np.random.Generator,
    resamples: int = 1000,
) -> Retrieval:
    """Do what :func:`retrieval` does by any distances; ``distances(part)`` returns those of some items, (m, n)."""
    names, classes = np.unique(np.asarray(labels, dtype=str), return_inverse=True)
    count = len(classes)
    groups = np.arange(count) if not_same is None else numbered(not_same)
    if len(groups) != count:
        raise InputError(f"There are labels of {count} items, and groups of {len(groups)}.")
    right, others = _answers(classes, groups)
    asked = np.flatnonzero(right > 0)
    if not len(asked):
        raise InputError(
            "No two items of different groups have the same label; no search has a right answer.",
            hint="Choose a label that several specimens share, or leave out '--not-same'.",
        )
    found = np.full((count, 3), np.nan)
    order = rng.permutation(count)  # so that answers at the same distance come in random order
    size = max(1, _NUMBERS // count)
    for start in range(0, count, size):
        part = slice(start, start + size)
        for query, row in zip(range(start, count), distances(part), strict=False):
            if right[query]:
                candidates = order[groups[order] != groups[query]]
                ranked = candidates[np.argsort(row[candidates], kind="stable")]
                found[query] = _scores(classes[ranked] == classes[query])
    chance = np.full((count, 3), np.nan)
    chance[asked, 0] = expected_average_precision(right[asked], others[asked])
    chance[asked, 1:] = (right[asked] / others[asked])[:, np.newaxis]
    summed = {
        str(name): _retrieved(found[members], chance[members], groups[members], rng, resamples)
        for number, name in enumerate(names)
        if len(members := asked[classes[asked] == number])
    }
    lost = np.bincount(classes[right == 0], minlength=len(names))
    return Retrieval(
        overall=_retrieved(found[asked], chance[asked], groups[asked], rng, resamples),
        classes=summed,
        left_out={str(name): int(items) for name, items in zip(names, lost, strict=True) if items},
    )


def average_precision(right: Bools) -> float:
    """Return the mean, over the right ones of ranked answers (n,), of the share that is right down to each."""
    return float((np.cumsum(right) / np.arange(1, len(right) + 1))[right].mean())


def expected_average_precision(right: Integers, others: Integers) -> Floats:
    """Return the average precision of ``right`` right ones among ``others`` answers in random order, on average.

    The right one of n places that comes at rank i has a precision of (1 + (i − 1) (r − 1)/(n − 1))/i on average, and
    comes at each rank with the same probability (Bestgen 2015, Comput. Linguist. 41, eq. 6).
    """
    harmonic = np.cumsum(1 / np.arange(1, max(int(others.max(initial=1)), 1) + 1))[others - 1]
    share = (right - 1) / np.maximum(others - 1, 1)
    return share + (1 - share) * harmonic / others


def _scores(right: Bools) -> tuple[float, float, float]:
    return average_precision(right), float(right[0]), float(right[:FIRST].mean())


def _answers(classes: Integers, groups: Integers) -> tuple[Integers, Integers]:
    """Return how many right answers, and how many answers at all, there are for each item, shape (n,)."""
    _, both, together = np.unique(np.column_stack([classes, groups]), axis=0, return_inverse=True, return_counts=True)
    right = np.bincount(classes)[classes] - together[both.ravel()]
    return right, len(groups) - np.bincount(groups)[groups]


def _retrieved(found: Floats, chance: Floats, groups: Integers, rng: np.random.Generator, resamples: int) -> Retrieved:
    """Sum up the scores of queries, shape (m, 3)."""
    drawn, members = np.unique(groups, return_inverse=True)
    intervals: list[tuple[float, float] | tuple[None, None]] = [(None, None)] * 3
    if len(drawn) > 1 and resamples:
        intervals = list(_bootstrapped(found, members, rng, resamples))
    precisions = [
        Precision(value=float(value), low=low, high=high, chance=float(expected))
        for value, (low, high), expected in zip(found.mean(axis=0), intervals, chance.mean(axis=0), strict=True)
    ]
    return Retrieved(
        queries=len(found),
        groups=len(drawn),
        mean_average_precision=precisions[0],
        first=precisions[1],
        first_ten=precisions[2],
    )


def _bootstrapped(
    found: Floats, members: Integers, rng: np.random.Generator, resamples: int
) -> Iterator[tuple[float, float]]:
    """Yield the 2.5 and 97.5 % quantiles of the means over queries, whole groups drawn with replacement."""
    counts = np.bincount(members)
    share = np.full(len(counts), 1 / len(counts))
    sums = np.column_stack([np.bincount(members, weights=column) for column in found.T])
    size = max(1, _NUMBERS // len(counts))
    means = np.vstack(
        [
            (drawn @ sums) / (drawn @ counts)[:, np.newaxis]
            for start in range(0, resamples, size)
            for drawn in [rng.multinomial(len(counts), share, size=min(size, resamples - start))]
        ]
    )
    for bottom, top in np.quantile(means, [0.025, 0.975], axis=0).T:
        yield float(bottom), float(top)
