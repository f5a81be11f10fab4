"""Gaussian processes on principal components: few parameters, no training to watch, hard to beat on small data sets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field
from scipy.linalg import block_diag, cho_factor, cho_solve, cholesky, lapack
from threadpoolctl import threadpool_limits

from spectra.core.components import Features, State, TrainingData
from spectra.core.progress import Progress
from spectra.core.quantities import Estimate

Floats = NDArray[np.float64]

_MOST_EXAMPLES = 1500  # memory and time grow with their square and cube
_MOST_FOR_LIKELIHOOD = 400
_ITERATIONS = 60
_SMALLEST_NOISE = 1e-6  # as a share of the variance; keeps the covariance invertible
# Logarithms, at first and at the ends: length and slope of each part, standard deviations of curved part and noise.
_START, _BOUNDS = np.log([2.0, 0.3, 1.0, 0.2]), [(-3.0, 8.0), (-8.0, 5.0), (-5.0, 5.0), (-7.0, 2.0)]
_SILENT = (5.0, -5.0)  # length and slope of a part that says nothing


class GaussianProcessParameters(BaseModel):
    """How many principal components are used."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    components: int = Field(
        default=40, ge=1, le=200, description="principal components of each part that are regressed on"
    )


class GaussianProcess:
    """One Gaussian process for each quantity, on the principal components of the features.

    A linear term, a squared exponential, and noise, all from the marginal likelihood (Rasmussen and Williams 2006,
    eqs. 5.8 and 5.9) of at most 400 spectra; the predictions come from at most 1,500. Each part of a bundle has its own
    components, slope and length, so that one that says nothing about a quantity is left out of it. Components count
    with the root of their share in the features: as they are, the last ones would be lost, and all made equal, they
    would drown the first ones in noise. Spreads are the posterior's, scaled for each quantity to match the errors on
    the validation set.
    """

    def __init__(self, parameters: GaussianProcessParameters) -> None:
        self.parameters = parameters
        self.origin_: Floats
        self.axes_: Floats  # (components, d)
        self.counts_: NDArray[np.int64]  # components of each part
        self.scores_: Floats  # (n, components)
        self.targets_: Floats  # (n, p), standardised
        self.level_: Floats  # (2, p): mean and standard deviation of the targets
        self.logarithms_: Floats  # (p, 2 parts + 2): lengths, slopes, standard deviations of curved part and noise
        self.weights_: Floats | None = None  # (p, n): (K + σ² 1)⁻¹ targets
        self.factors_: Floats | None = None  # (p, n (n + 1) / 2): Cholesky factors of K + σ² 1, rectangular full packed
        self.calibration_: Floats

    def fit(self, data: TrainingData, *, rng: np.random.Generator, progress: Progress) -> Self:
        """Reduce to principal components, and learn the hyperparameters of each quantity."""
        return self.learn(data.draw(rng), data.validation, sizes=data.sizes, rng=rng, progress=progress)

    def learn(
        self,
        training: tuple[Features, Floats],
        validation: tuple[Features, Floats],
        *,
        sizes: Sequence[int],
        rng: np.random.Generator,
        progress: Progress,
    ) -> Self:
        """Learn from features (n, d) and targets (n, p) themselves; otherwise like :meth:`fit`."""
        features, targets = training
        kept = rng.permutation(len(features))[:_MOST_EXAMPLES]
        features, targets = features[kept].astype(np.float64), targets[kept]
        self.origin_ = features.mean(axis=0)
        parts = np.split(features - self.origin_, np.cumsum(sizes)[:-1], axis=1)
        axes = [_axes(part, self.parameters.components) for part in parts]
        self.axes_, self.counts_ = block_diag(*axes), np.array([len(part) for part in axes])
        self.scores_ = (features - self.origin_) @ self.axes_.T
        self.level_ = np.stack([targets.mean(axis=0), np.maximum(targets.std(axis=0), np.finfo(float).tiny)])
        self.targets_ = (targets - self.level_[0]) / self.level_[1]
        scores, shown = self._divided(self.scores_[:_MOST_FOR_LIKELIHOOD]), self.targets_[:_MOST_FOR_LIKELIHOOD].T
        learned = []
        # several threads hinder each other on matrices of this size
        with threadpool_limits(1), progress.task("Fitting Gaussian processes", len(shown)) as advance:
            for values in shown:
                learned.append(_most_likely(scores, values))
                advance(1)
        self.logarithms_ = np.array(learned)
        self.weights_ = self.factors_ = None
        held_out, truth = validation
        self.calibration_ = np.ones(targets.shape[1])
        self.calibration_ = self.predict(held_out).calibration(truth)
        return self

    def predict(self, features: Features) -> Estimate:
        """Condition on the training set: arrays (n, p), as shares of the ranges (ibid., eqs. 2.25 and 2.26)."""
        scores, known = self._divided((features - self.origin_) @ self.axes_.T), self._divided(self.scores_)
        means, variances = [], []
        with threadpool_limits(1):
            for logarithms, weights, factor in zip(self.logarithms_, *self._factored(), strict=True):
                across = _covariance(scores, known, logarithms)
                means.append(across.signal @ weights)
                explained = (_solved(factor, across.signal.T) ** 2).sum(axis=0)
                variances.append(np.maximum(_prior(scores, logarithms) - explained, 0.0) + across.noise)
        level, width = self.level_
        return Estimate(level + width * np.stack(means, 1), self.calibration_ * width * np.sqrt(np.stack(variances, 1)))

    def _factored(self) -> tuple[Floats, Floats]:
        """Return weights and factors, computed once for all predictions (ibid., Alg. 2.1, lines 2 and 3)."""
        if self.weights_ is None or self.factors_ is None:
            known, weights, factors = self._divided(self.scores_), [], []
            with threadpool_limits(1):
                for logarithms, values in zip(self.logarithms_, self.targets_.T, strict=True):
                    factor = cholesky(_covariance(known, known, logarithms).total, lower=True)
                    weights.append(cho_solve((factor, True), values))
                    factors.append(lapack.dtrttf(factor, uplo="L")[0])
            self.weights_, self.factors_ = np.array(weights), np.array(factors)
        return self.weights_, self.factors_

    def _divided(self, scores: Floats) -> list[Floats]:
        return np.split(scores, np.cumsum(self.counts_)[:-1], axis=1)

    def get_state(self) -> State:
        """Return components, training set, hyperparameters and factored covariances."""
        weights, factors = self._factored()
        return {name: getattr(self, f"{name}_") for name in _STATE} | {"weights": weights, "factors": factors}

    def set_state(self, state: State) -> Self:
        """Take over what another instance learned; models of before hold no factors, and get them when they predict."""
        for name in _STATE:
            setattr(self, f"{name}_", state[name])
        self.weights_, self.factors_ = state.get("weights"), state.get("factors")
        return self


_STATE = ("origin", "axes", "counts", "scores", "targets", "level", "logarithms", "calibration")


def _solved(factor: Floats, right: Floats) -> Floats:
    """Return L⁻¹ ``right`` for a lower triangle L in rectangular full packed format: (n, k)."""
    solved: Floats = lapack.dtfsm(1.0, factor, right, side="L", uplo="L", trans="N", diag="N")
    return solved


def _most_likely(scores: Sequence[Floats], values: Floats) -> Floats:
    """Return the logarithms of the hyperparameters, shape (2 parts + 2,), that are most likely.

    The likelihood has several maxima. It is climbed with all parts from the start, and with each part alone.
    """
    from scipy.optimize import minimize  # a prediction needs none of it

    parts = len(scores)
    kinds = np.repeat([0, 1, 2, 3], [parts, parts, 1, 1])
    starts = [_START[kinds]]
    for part in range(parts) if parts > 1 else ():
        alone = _START[kinds]
        others = np.arange(parts) != part
        alone[:parts][others], alone[parts:-2][others] = _SILENT
        starts.append(alone)
    found = [
        minimize(
            _negative_likelihood,
            start,
            args=(scores, values),
            jac=True,
            method="L-BFGS-B",
            bounds=[_BOUNDS[kind] for kind in kinds],
            options={"maxiter": _ITERATIONS},
        )
        for start in starts
    ]
    logarithms: Floats = min(found, key=lambda result: result.fun).x
    return logarithms


def _axes(features: Floats, most: int) -> Floats:
    """Return the principal components of centred features, divided by the roots of their spreads: (components, d)."""
    _, singular, right = np.linalg.svd(features, full_matrices=False)
    count = min(most, int(np.sum(singular > 1e-9 * singular[0])))
    spreads = singular[:count] / np.sqrt(len(features))
    return right[:count] / np.sqrt(spreads * spreads[0])[:, None]


class _Covariance(NamedTuple):
    """Of the curved term, of the linear term of each part, shape (n, k) each, and the variance of the noise."""

    curved: Floats
    linear: list[Floats]
    noise: float

    @property
    def signal(self) -> Floats:
        return self.curved + sum(self.linear)

    @property
    def total(self) -> Floats:
        return self.signal + self.noise * np.eye(len(self.curved))


def _covariance(one: Sequence[Floats], other: Sequence[Floats], logarithms: Floats) -> _Covariance:
    """Return σ² exp(−½ Σ |x − x'|²/l²) (ibid., eq. 4.9) and τ² x·x' (eq. 4.21), of each part, between rows."""
    lengths, slopes, variance, noise = _divided_up(logarithms)
    exponent = sum(_squares(a, b) / length for a, b, length in zip(one, other, lengths, strict=True))
    linear = [slope * a @ b.T for a, b, slope in zip(one, other, slopes, strict=True)]
    return _Covariance(variance * np.exp(-0.5 * exponent), linear, noise + _SMALLEST_NOISE * variance)


def _prior(scores: Sequence[Floats], logarithms: Floats) -> Floats:
    """Return the variance of the signal at ``scores`` before anything was seen, shape (n,)."""
    _, slopes, variance, _ = _divided_up(logarithms)
    linear = [slope * (part**2).sum(axis=1) for part, slope in zip(scores, slopes, strict=True)]
    prior: Floats = variance + np.sum(linear, axis=0)
    return prior


def _divided_up(logarithms: Floats) -> tuple[Floats, Floats, float, float]:
    """Return the squares of lengths and slopes of the parts, and the variances of curved term and noise."""
    squares = np.exp(2 * logarithms)
    parts = len(squares) // 2 - 1
    return squares[:parts], squares[parts:-2], float(squares[-2]), float(squares[-1])


def _squares(one: Floats, other: Floats) -> Floats:
    """Return the squared distances between the rows of ``one`` and ``other``, shape (n, k)."""
    return np.maximum((one**2).sum(axis=1)[:, None] + (other**2).sum(axis=1) - 2 * one @ other.T, 0.0)


def _negative_likelihood(logarithms: Floats, scores: Sequence[Floats], values: Floats) -> tuple[float, Floats]:
    """Return minus the logarithm of the marginal likelihood, up to a constant, and its gradient."""
    covariance = _covariance(scores, scores, logarithms)
    factor = cho_factor(covariance.total, lower=True)
    weights = cho_solve(factor, values)
    value = 0.5 * values @ weights + np.log(np.diag(factor[0])).sum()
    lower, _ = lapack.dpotri(factor[0], lower=True)  # the inverse, of which only the lower half is filled
    inverse = np.tril(lower) + np.tril(lower, -1).T
    slope = inverse - np.outer(weights, weights)  # twice the derivative by the covariance
    lengths, _, variance, noise = _divided_up(logarithms)
    curved, by_noise = slope * covariance.curved, np.trace(slope)
    by_lengths = [0.5 * np.vdot(curved, _squares(a, a)) / length for a, length in zip(scores, lengths, strict=True)]
    by_slopes = [np.vdot(slope, linear) for linear in covariance.linear]
    by_curved = curved.sum() + _SMALLEST_NOISE * variance * by_noise
    return value, np.array([*by_lengths, *by_slopes, by_curved, noise * by_noise])
