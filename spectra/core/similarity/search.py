"""The task *similar*: what is like a measurement, why, and what was it; near-duplicates and what is like nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from spectra.core.components import Features
from spectra.core.errors import InputError, SpectraError
from spectra.core.signals import Signal
from spectra.core.similarity.archive import Archive
from spectra.core.similarity.blocks import contributions
from spectra.core.similarity.following import Following, NeighbourMean, follows, neighbour_mean
from spectra.core.similarity.groups import numbered
from spectra.core.similarity.items import ARCHIVE, Item, numbers_of
from spectra.core.similarity.looks import likeness
from spectra.core.similarity.metrics import Metric, distances
from spectra.core.similarity.neighbours import nearest, nearest_others

TESTED_ON = 10
"""Neighbours whose mean a quantity is compared with, to test whether it follows the features."""
DUPLICATE = 0.1
"""Distance of near-duplicates at most, in typical distances of two items."""
SAME = 0.9
"""Correlation of near-duplicates' signals at least."""
_PAIRS = 20_000
_TESTED = 2_000  # items, drawn at random, on which it is tested whether a quantity follows the features
_UNLIKE = 3.0  # robust standard deviations of the logarithm of the distance to the tenth neighbour


@dataclass(frozen=True, kw_only=True)
class Neighbour:
    """One item like the query.

    Parameters
    ----------
    shares
        Of each block of features in the squared distance, by name; add up to 1, or are all 0 for the same features.
    """

    item: Item
    distance: float
    shares: Mapping[str, float]


@dataclass(frozen=True, kw_only=True)
class Hint:
    """What the neighbours say of a quantity or condition.

    Parameters
    ----------
    following
        Whether the quantity follows the features at all; ``None`` where that cannot be tested, and ``untested`` says
        why.
    """

    name: str
    unit: str
    of: NeighbourMean
    following: Following | None
    untested: str = ""


@dataclass(frozen=True, kw_only=True)
class Similar:
    """What is like a query.

    Parameters
    ----------
    compared
        Number of items that were ranked.
    typical
        Median distance of two items of the archive, drawn at random; a neighbour at that distance is like any other.
    """

    neighbours: tuple[Neighbour, ...]
    hints: tuple[Hint, ...]
    compared: int
    typical: float

    @property
    def unlike(self) -> bool:
        """Whether even the nearest is no nearer than two items drawn at random are."""
        return bool(self.neighbours) and self.neighbours[0].distance >= self.typical


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two items that are nearly the same.

    Parameters
    ----------
    likeness
        Correlation of their signals, point by point.
    """

    one: Item
    other: Item
    distance: float
    likeness: float


@dataclass(frozen=True, kw_only=True)
class Outlier:
    """An item that is like nothing else.

    Parameters
    ----------
    distance
        To its tenth neighbour, or one nearer in a small archive.
    times
        That distance in the median one of the archive.
    nearest
        What is nevertheless nearest.
    """

    item: Item
    distance: float
    times: float
    nearest: Item


def similar(
    archive: Archive,
    query: Features,
    *,
    top: int,
    metric: Metric,
    left_out: Sequence[str] = (),
    not_same: tuple[str, str] | None = None,
) -> Similar:
    """Rank an archive by the distance from a query, exactly.

    Parameters
    ----------
    query : ndarray, shape (1, d)
        From :meth:`.Archive.encode`.
    left_out
        Identifiers of items that are no answers, such as the query itself.
    not_same
        A column and a text: what has this text there is no answer, such as other pictures of the specimen.

    Raises
    ------
    InputError
        If nothing is left to compare.
    """
    kept = [
        row
        for row, item in enumerate(archive.items)
        if item.id not in left_out and (not_same is None or item.text(not_same[0]) != not_same[1])
    ]
    if not kept:
        raise InputError("Nothing is left to compare with but the query itself.", hint="Select more with --where.")
    archive = archive.rows(kept)
    found = nearest(query, archive.features, top, metric=metric)
    rows, far = found.rows[0], found.distances[0]
    shares = contributions(query[0], archive.features[rows], archive.slices) if len(archive.slices) > 1 else {}
    return Similar(
        neighbours=tuple(
            Neighbour(
                item=archive.items[row],
                distance=float(distance),
                shares={name: float(share[place]) for name, share in shares.items()},
            )
            for place, (row, distance) in enumerate(zip(rows, far, strict=True))
        ),
        hints=tuple(_hints(archive, rows, far, metric, not_same[0] if not_same else None)),
        compared=len(archive.items),
        typical=typical_distance(archive.features, metric),
    )


def duplicates(
    archive: Archive, signal: Callable[[Item], Signal], *, metric: Metric, within: float = DUPLICATE
) -> list[Pair]:
    """Return pairs of items that are nearly the same, the nearest first, of each item with at most five others.

    Features say which may be; two pictures of one microstructure have the same features, so their signals are compared
    point by point besides.

    Parameters
    ----------
    signal
        Returns the signal of an item, a stack of one; a pair whose signals can no longer be read is left out.
    within
        Distance at most, in typical distances of two items.
    """
    typical = typical_distance(archive.features, metric)
    found = nearest_others(archive.features, 5, metric=metric)
    near: dict[tuple[int, int], float] = {}
    for row, (others, far) in enumerate(zip(found.rows, found.distances, strict=True)):
        for other, distance in zip(others, far, strict=True):
            if distance <= within * typical:
                near[min(row, int(other)), max(row, int(other))] = float(distance)
    pairs = []
    for (first, second), distance in sorted(near.items(), key=lambda pair: (pair[1], pair[0])):
        one, other = archive.items[first], archive.items[second]
        try:
            alike = likeness(signal(one), signal(other))
        except SpectraError:
            continue
        if alike is not None and alike >= SAME:
            pairs.append(Pair(one=one, other=other, distance=distance, likeness=alike))
    return pairs


def outliers(archive: Archive, *, metric: Metric) -> list[Outlier]:
    """Return what is like nothing else, the strangest first.

    That is what lies further from its tenth neighbour (of small archives, an eighth of the items away) than all others
    do: by more than three robust standard deviations of the logarithm of that distance.

    Raises
    ------
    InputError
        If there are fewer than five items.
    """
    if len(archive.items) < 5:
        raise InputError(f"Among {len(archive.items)} items nothing can be told to be unlike the others.")
    count = min(TESTED_ON, max(1, len(archive.items) // 8))
    found = nearest_others(archive.features, count, metric=metric)
    far = found.distances[:, -1].astype(np.float64)
    if not far.any():
        return []
    middle = float(np.median(far)) or float(far[far > 0].min())
    logarithms = np.log(np.maximum(far, 1e-3 * middle) / middle)
    deviation = 1.4826 * float(np.median(np.abs(logarithms - np.median(logarithms))))
    unlike = np.flatnonzero(logarithms - np.median(logarithms) > _UNLIKE * max(deviation, 1e-6))
    return [
        Outlier(
            item=archive.items[row],
            distance=float(far[row]),
            times=float(far[row] / middle),
            nearest=archive.items[int(found.rows[row, 0])],
        )
        for row in unlike[np.argsort(-far[unlike], kind="stable")]
    ]


def typical_distance(features: Features, metric: Metric) -> float:
    """Return the median distance of two rows, of a sample of them."""
    rng = np.random.default_rng(0)
    some = features[rng.permutation(len(features))[: int(np.sqrt(_PAIRS))]]
    if len(some) < 2:
        return float("nan")
    pairs = distances(some, some, metric)
    return float(np.median(pairs[np.triu_indices(len(some), 1)]))


def _hints(archive: Archive, rows: np.ndarray, far: np.ndarray, metric: Metric, groups: str | None) -> list[Hint]:
    """Return what the neighbours say of each quantity and condition that two of them have."""
    near = [archive.items[row] for row in rows]
    units = {c.name: c.unit for item in near for c in item.conditions}
    units |= {q.name: q.unit for item in near for q in item.quantities if q.method != "derived"}
    hints: list[Hint] = []
    others = None
    if len(archive.items) > _TESTED:
        archive = archive.rows(np.random.default_rng(0).permutation(len(archive.items))[:_TESTED].tolist())
    for name, unit in units.items():
        mean = neighbour_mean(numbers_of(near, name), far)
        if mean is None or mean.count < 2:
            continue
        if others is None:
            others = _other_groups(archive, metric, groups)
        members = [_group(item, groups) for item in archive.items]
        try:
            following = follows(
                numbers_of(archive.items, name), others, groups=members, rng=np.random.default_rng(0), permutations=499
            )
            hints.append(Hint(name=name, unit=unit, of=mean, following=following))
        except InputError as error:
            hints.append(Hint(name=name, unit=unit, of=mean, following=None, untested=error.message))
    return hints


def _other_groups(archive: Archive, metric: Metric, groups: str | None) -> np.ndarray:
    """Return the nearest rows of each item that are not of its own group, shape (n, 10); −1 where there are fewer."""
    members = numbered([_group(item, groups) for item in archive.items])
    largest = int(np.bincount(members).max())
    found = nearest_others(archive.features, TESTED_ON + min(largest - 1, 200), metric=metric)
    rows = np.full((len(members), TESTED_ON), -1, dtype=np.int64)
    for row, near in enumerate(found.rows):
        foreign = near[members[near] != members[row]][:TESTED_ON]
        rows[row, : len(foreign)] = foreign
    return rows


def _group(item: Item, column: str | None) -> str:
    """Return what belongs together with an item: measurements of one sample do.

    Specimens of a data set do not, nor files that are only kept, but for those of the same label ``specimen``.
    """
    if column is not None:
        return item.text(column) or ""
    if item.technique == ARCHIVE:
        return item.labels.get("specimen", item.id)
    return item.id if ":" in item.id else item.sample
