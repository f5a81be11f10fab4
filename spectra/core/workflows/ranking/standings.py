"""How recipes did on groups that they have not seen: the numbers that stand in a ranking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spectra.core.workflows.ranking.folds import Fold

Floats = NDArray[np.float64]
Groups = NDArray[np.int64]

_BEYOND = 1.1  # times the errors of the best recipe; that both are one is possible up to there, by chance


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How one recipe answers for one quantity; numbers in its unit, ``None`` where one has no meaning.

    Parameters
    ----------
    r2, r2_of_folds
        Coefficient of determination over everything held out, and that within each fold.
    mean_error, deviation
        Of the errors: their mean and their standard deviation around it (Lew et al. 2023, figure 2B).
    r2_of_groups
        That of the means of the groups, weighted by their members.
    half_width
        Half the width of the intervals that hold nine of ten members of a group never seen, where all answers have the
        same spread; else the mean of it.
    covered
        Share of measurements in the interval, each calibrated on the other folds.
    r2_leaking
        Coefficient of determination on folds at random, where members of a group stand on both sides.
    """

    r2: float
    r2_of_folds: tuple[float | None, ...]
    mean_error: float
    deviation: float
    r2_of_groups: float | None
    half_width: float | None
    covered: float | None
    r2_leaking: float | None = None


@dataclass(frozen=True, kw_only=True)
class Ranked:
    """One recipe of a ranking.

    Parameters
    ----------
    recipe
        Encoder and regressor in one line.
    seconds
        Of processor time, for all folds.
    """

    name: str
    recipe: str
    seconds: float
    quantities: Mapping[str, Standing]

    @property
    def r2(self) -> float:
        """What is ranked by: the mean over the quantities."""
        return float(np.mean([standing.r2 for standing in self.quantities.values()]))


@dataclass(frozen=True, kw_only=True)
class Ceiling:
    """What the measurements of one quantity allow.

    Parameters
    ----------
    deviation
        Standard deviation of all measurements.
    repeatability
        That of measurements of the same, from neighbours within a group; ``None`` where there are none, or where they
        differ by more than the best recipe errs: then what they were measured on differs, too.
    r2
        What a model reaches whose errors are those of repetition alone.
    r2_of_group_means
        What one reaches that knows the mean of every group, and no more.
    """

    deviation: float
    repeatability: float | None
    r2: float | None
    r2_of_group_means: float | None


@dataclass(frozen=True, kw_only=True)
class Ranking:
    """Recipes on the same folds, the best first.

    Parameters
    ----------
    examples, groups, folds
        How many.
    level
        Of the intervals.
    """

    best: str
    examples: int
    groups: int
    folds: int
    level: float
    ceilings: Mapping[str, Ceiling]
    recipes: tuple[Ranked, ...]


def determination(answers: Floats, truth: Floats) -> Floats:
    """Return the coefficient of determination of answers (n, p): shape (p,), NaN where truths do not differ."""
    with np.errstate(invalid="ignore", divide="ignore"):
        explained: Floats = 1 - ((answers - truth) ** 2).sum(axis=0) / ((truth - truth.mean(axis=0)) ** 2).sum(axis=0)
    return np.where(np.isfinite(explained), explained, np.nan)


def of_groups(answers: Floats, truth: Floats, groups: Groups) -> Floats:
    """Return the same for the means of groups, weighted by their members; NaN where each is a group of its own."""
    _, group_of, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    if len(sizes) in (1, len(groups)):
        return np.full(truth.shape[1], np.nan)
    means = [_means(values, group_of, sizes)[group_of] for values in (answers, truth)]
    return determination(*means)


def ceilings(truth: Floats, groups: Groups, noise: Floats | None, best: Mapping[str, Standing]) -> dict[str, Ceiling]:
    """Return what measurements allow, by quantity.

    Parameters
    ----------
    noise : ndarray, shape (p,)
        Repeatability of neighbours within a group.
    best
        How the best recipe did.
    """
    _, group_of, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    single = len(sizes) == len(groups)
    known = determination(_means(truth, group_of, sizes)[group_of], truth)
    found = {}
    for place, (name, standing) in enumerate(best.items()):
        deviation = float(truth[:, place].std())
        repeats = None if noise is None or noise[place] > _BEYOND * standing.deviation else float(noise[place])
        found[name] = Ceiling(
            deviation=deviation,
            repeatability=repeats,
            r2=None if repeats is None else 1 - (repeats / deviation) ** 2,
            r2_of_group_means=None if single else number(known[place]),
        )
    return found


def standings(
    answers: Floats,
    truth: Floats,
    groups: Groups,
    folds: Sequence[Fold],
    *,
    spreads: Floats,
    deviations: float,
    calibrated: bool,
    leaking: Floats | None,
    names: Sequence[str],
) -> dict[str, Standing]:
    """Return how a recipe did, by quantity.

    Parameters
    ----------
    answers, truth, spreads : ndarray, shape (n, p)
        Out of folds; spreads calibrated on the other folds.
    deviations
        Spreads to half the width of an interval.
    calibrated
        Whether there were groups enough to calibrate intervals.
    leaking : ndarray, shape (n, p)
        Answers on folds at random.
    """
    errors = answers - truth
    r2, grouped = determination(answers, truth), of_groups(answers, truth, groups)
    of_folds = np.array([determination(answers[fold.held_out], truth[fold.held_out]) for fold in folds])
    beyond = None if leaking is None else determination(leaking, truth)
    covered = np.mean(np.abs(errors) <= deviations * spreads, axis=0)
    return {
        name: Standing(
            r2=float(r2[place]),
            r2_of_folds=tuple(number(value) for value in of_folds[:, place]),
            mean_error=float(errors[:, place].mean()),
            deviation=float(errors[:, place].std()),
            r2_of_groups=number(grouped[place]),
            half_width=float(deviations * spreads[:, place].mean()) if calibrated else None,
            covered=float(covered[place]) if calibrated else None,
            r2_leaking=None if beyond is None else float(beyond[place]),
        )
        for place, name in enumerate(names)
    }


def number(value: np.float64) -> float | None:
    """Return a number for a record; ``None`` where it has no meaning."""
    return float(value) if np.isfinite(value) else None


def _means(values: Floats, group_of: Groups, sizes: Groups) -> Floats:
    """Return the means over the members of each group, shape (k, p)."""
    sums = np.zeros((len(sizes), values.shape[1]))
    np.add.at(sums, group_of, values)
    return sums / sizes[:, np.newaxis]
