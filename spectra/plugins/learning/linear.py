"""Linear least squares that waste no data: what is to be chosen is chosen on groups left out, one after the other."""

from __future__ import annotations

from itertools import combinations_with_replacement
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from spectra.core.components import Features, NoParameters, State, TrainingData
from spectra.core.errors import InputError
from spectra.core.progress import Progress
from spectra.core.quantities import Estimate

Floats = NDArray[np.float64]
Groups = NDArray[np.int64]

PENALTIES = np.logspace(-6, 3, 28)
"""To choose from, for features of variance 1, as shares of the number of examples."""
_SMALLEST = 1e-12  # penalty that keeps equations solvable where features depend on each other
_MOST_PARTS = 100  # groups are left out together, where there are more
_MOST_TERMS = 500


class _Linear:
    """A linear map of standardised terms, its state, and the spread that groups left out have shown."""

    def __init__(self) -> None:
        self.mean_: Floats
        self.scale_: Floats
        self.coefficients_: Floats  # (terms + 1, p); the first are the intercepts
        self.spread_: Floats

    def predict(self, features: Features) -> Estimate:
        """Evaluate the linear map: arrays (n, p), as shares of the ranges."""
        intercepts, slopes = self.coefficients_[0], self.coefficients_[1:]
        mean = (self._terms(features) - self.mean_) / self.scale_ @ slopes + intercepts
        return Estimate(mean, np.broadcast_to(self.spread_, mean.shape))

    def get_state(self) -> State:
        """Return the linear map and the spread."""
        return {
            "mean": self.mean_,
            "scale": self.scale_,
            "coefficients": self.coefficients_,
            "spread": self.spread_,
        }

    def set_state(self, state: State) -> Self:
        """Take over another map."""
        self.mean_, self.scale_ = state["mean"], state["scale"]
        self.coefficients_, self.spread_ = state["coefficients"], state["spread"]
        return self

    def _terms(self, features: Features) -> Floats:
        return features.astype(np.float64)

    def _fitted(self, data: TrainingData, rng: np.random.Generator, penalties: Floats) -> Self:
        features, targets, groups = data.everything(rng)
        terms = self._terms(features)
        self.mean_, scale = terms.mean(axis=0), terms.std(axis=0)
        self.scale_ = np.where(scale > _SMALLEST * np.maximum(np.abs(self.mean_), 1), scale, 1.0)
        standardised = (terms - self.mean_) / self.scale_
        self.coefficients_, errors = least_squares(standardised, targets, parts_of(groups, rng), penalties)
        self.spread_ = np.maximum(np.sqrt(errors), np.finfo(np.float32).tiny)
        return self


class GroupedRidge(_Linear):
    """Ridge regression whose penalty is that with the smallest errors on groups left out, one after the other.

    All examples are learned from, validation included. Every feature is standardised, and its coefficient penalised
    alike; of several quantities each has its own penalty. The spread of all answers is the root mean square of those
    errors: that on a group that was not learned from.
    """

    def __init__(self, parameters: NoParameters) -> None:
        super().__init__()
        self.parameters = parameters

    def fit(self, data: TrainingData, *, rng: np.random.Generator, progress: Progress) -> Self:
        """Solve for every penalty without every group."""
        progress.say(f"Solving for {len(PENALTIES)} penalties, leaving out groups.")
        return self._fitted(data, rng, PENALTIES)


class PolynomialParameters(BaseModel):
    """Which polynomial."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    degree: int = Field(default=2, ge=0, le=8, description="of the polynomial in all features; 0 is the mean")


class Polynomial(_Linear):
    """A law in a few numbers: the polynomial in the features that fits best, without penalty.

    The spread of all answers is the root mean square error on groups left out, one after the other.
    """

    def __init__(self, parameters: PolynomialParameters) -> None:
        super().__init__()
        self.parameters = parameters

    def fit(self, data: TrainingData, *, rng: np.random.Generator, progress: Progress) -> Self:  # noqa: ARG002
        """Solve the normal equations.

        Raises
        ------
        InputError
            If so many features have more terms of this degree than a law has.
        """
        return self._fitted(data, rng, np.array([_SMALLEST]))

    def _terms(self, features: Features) -> Floats:
        numbers = features.astype(np.float64)
        products = [
            members
            for degree in range(1, self.parameters.degree + 1)
            for members in combinations_with_replacement(range(numbers.shape[1]), degree)
        ]
        if len(products) > _MOST_TERMS:
            raise InputError(
                f"A polynomial of degree {self.parameters.degree} in {numbers.shape[1]} features has {len(products):,} "
                "terms.",
                hint="Choose a few features with 'only', a lower degree, or the regressor 'grouped-ridge'.",
            )
        if not products:
            return np.empty((len(numbers), 0))
        return np.stack([numbers[:, members].prod(axis=1) for members in products], axis=1)


def least_squares(terms: Floats, targets: Floats, parts: Groups, penalties: Floats) -> tuple[Floats, Floats]:
    """Solve for the penalty with the smallest errors on parts left out.

    Sums over what is left are the sums over everything less those over the part, and with their eigenvectors all
    penalties cost hardly more than one.

    Parameters
    ----------
    terms : ndarray, shape (n, d)
    targets : ndarray, shape (n, p)
    parts : ndarray, shape (n,)
        From 0 without gaps. If there is one alone, its own errors count.
    penalties
        Of coefficients, as shares of the number of rows; the intercept has none.

    Returns
    -------
    coefficients : ndarray, shape (d + 1, p)
        From all rows, the intercepts first.
    errors : ndarray, shape (p,)
        Mean squares on parts left out.
    """
    rows = [np.flatnonzero(parts == part) for part in range(parts.max() + 1)]
    sums = [_Sums.over(terms[part], targets[part]) for part in rows]
    total = _Sums(*(np.sum([getattr(one, name) for one in sums], axis=0) for name in _Sums._fields))
    errors = np.zeros((len(penalties), targets.shape[1]))
    for part, one in zip(rows, sums, strict=True):
        left = total.less(one) if len(rows) > 1 else total
        solved = left.solved()
        shown = (terms[part] - solved.origin) @ solved.axes
        for place, penalty in enumerate(penalties):
            answers = solved.level + shown @ solved.weights(penalty)
            errors[place] += ((answers - targets[part]) ** 2).sum(axis=0) / len(terms)
    best, solved = penalties[errors.argmin(axis=0)], total.solved()
    slopes = np.stack(
        [solved.axes @ solved.weights(penalty)[:, quantity] for quantity, penalty in enumerate(best)], axis=1
    )
    return np.concatenate([(solved.level - solved.origin @ slopes)[np.newaxis], slopes]), errors.min(axis=0)


class _Solved(NamedTuple):
    """Centred normal equations in the axes of their eigenvectors."""

    rows: float
    origin: Floats  # (d,)
    level: Floats  # (p,)
    axes: Floats  # (d, d)
    lengths: Floats  # (d,)
    projected: Floats  # (d, p)

    def weights(self, penalty: float) -> Floats:
        """Return the coefficients along the axes, shape (d, p)."""
        weights: Floats = self.projected / (np.maximum(self.lengths, 0) + self.rows * penalty)[:, np.newaxis]
        return weights


class _Sums(NamedTuple):
    """What least squares need to know of some rows."""

    rows: Any
    terms: Floats  # (d,)
    targets: Floats  # (p,)
    squares: Floats  # (d, d)
    products: Floats  # (d, p)

    @classmethod
    def over(cls, terms: Floats, targets: Floats) -> _Sums:
        return cls(len(terms), terms.sum(axis=0), targets.sum(axis=0), terms.T @ terms, terms.T @ targets)

    def less(self, other: _Sums) -> _Sums:
        return _Sums(*(one - part for one, part in zip(self, other, strict=True)))

    def solved(self) -> _Solved:
        origin, level = self.terms / self.rows, self.targets / self.rows
        lengths, axes = np.linalg.eigh(self.squares - self.rows * np.outer(origin, origin))
        projected = axes.T @ (self.products - self.rows * np.outer(origin, level))
        return _Solved(float(self.rows), origin, level, axes, lengths, projected)


def parts_of(groups: Groups, rng: np.random.Generator) -> Groups:
    """Return numbers of groups from 0 without gaps; of many, several at random make one part."""
    names, part = np.unique(groups, return_inverse=True)
    if len(names) > _MOST_PARTS:
        part = (rng.permutation(len(names)) % _MOST_PARTS)[part]
    return part.astype(np.int64)
