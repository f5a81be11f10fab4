"""Gaussian processes on principal components: few parameters, no training to watch, hard to beat on small data sets."""

from __future__ import annotations

from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field
from scipy.linalg import cho_factor, cho_solve, lapack
from scipy.optimize import minimize
from threadpoolctl import threadpool_limits

from spectra.core.components import Features, State, TrainingData
from spectra.core.progress import Progress
from spectra.core.quantities import Estimate

Floats = NDArray[np.float64]

_MOST_EXAMPLES = 1500  # memory and time grow with their square and cube
_MOST_FOR_LIKELIHOOD = 500
_ITERATIONS = 60
_SMALLEST_NOISE = 1e-6  # as a share of the variance; keeps the covariance invertible
_START = np.log([2.0, 1.0, 0.3, 0.2])
_BOUNDS = [(-3.0, 8.0), (-5.0, 5.0), (-8.0, 5.0), (-7.0, 2.0)]


class GaussianProcessParameters(BaseModel):
    """How many principal components are used."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    components: int = Field(default=40, ge=1, le=200, description="principal components that are regressed on")


class GaussianProcess:
    """One Gaussian process for each quantity, on the principal components of the features.

    A linear part, a squared exponential of one length, and noise, all from the marginal likelihood (Rasmussen and
    Williams 2006, eqs. 5.8 and 5.9) of at most 500 spectra; the predictions come from at most 1,500. Components count
    with the root of their share in the features: as they are, the last ones would be lost, and all made equal, they
    would drown the first ones in noise. Spreads are the posterior's, scaled for each quantity to match the errors on
    the validation set.
    """

    def __init__(self, parameters: GaussianProcessParameters) -> None:
        self.parameters = parameters
        self.origin_: Floats
        self.axes_: Floats  # (components, d)
        self.scores_: Floats  # (n, components)
        self.targets_: Floats  # (n, p), standardised
        self.level_: Floats  # (2, p): mean and standard deviation of the targets
        self.logarithms_: Floats  # (p, 4): length, standard deviations of the curved part, the linear one, the noise
        self.calibration_: Floats

    def fit(self, data: TrainingData, *, rng: np.random.Generator, progress: Progress) -> Self:
        """Reduce to principal components, and learn the hyperparameters of each quantity."""
        features, targets = data.draw(rng)
        kept = rng.permutation(len(features))[:_MOST_EXAMPLES]
        features, targets = features[kept].astype(np.float64), targets[kept]
        self.origin_ = features.mean(axis=0)
        _, singular, right = np.linalg.svd(features - self.origin_, full_matrices=False)
        count = min(self.parameters.components, int(np.sum(singular > 1e-9 * singular[0])))
        spreads = singular[:count] / np.sqrt(len(features))
        self.axes_ = right[:count] / np.sqrt(spreads * spreads[0])[:, None]
        self.scores_ = (features - self.origin_) @ self.axes_.T
        self.level_ = np.stack([targets.mean(axis=0), np.maximum(targets.std(axis=0), np.finfo(float).tiny)])
        self.targets_ = (targets - self.level_[0]) / self.level_[1]
        scores, shown = self.scores_[:_MOST_FOR_LIKELIHOOD], self.targets_[:_MOST_FOR_LIKELIHOOD].T
        learned = []
        # several threads hinder each other on matrices of this size
        with threadpool_limits(1), progress.task("Fitting Gaussian processes", len(shown)) as advance:
            for values in shown:
                found = minimize(
                    _negative_likelihood,
                    _START,
                    args=(scores, values),
                    jac=True,
                    method="L-BFGS-B",
                    bounds=_BOUNDS,
                    options={"maxiter": _ITERATIONS},
                )
                learned.append(found.x)
                advance(1)
        self.logarithms_ = np.array(learned)
        held_out, truth = data.validation
        self.calibration_ = np.ones(targets.shape[1])
        self.calibration_ = self.predict(held_out).calibration(truth)
        return self

    def predict(self, features: Features) -> Estimate:
        """Condition on the training set: arrays (n, p), as shares of the ranges (ibid., eqs. 2.25 and 2.26)."""
        scores = (features - self.origin_) @ self.axes_.T
        means, variances = [], []
        for logarithms, values in zip(self.logarithms_, self.targets_.T, strict=True):
            among = _covariance(self.scores_, self.scores_, logarithms)
            factor = cho_factor(among.total, lower=True)
            across = _covariance(scores, self.scores_, logarithms).signal
            means.append(across @ cho_solve(factor, values))
            explained = np.einsum("nk,kn->n", across, cho_solve(factor, across.T))
            _, curved, linear, _ = np.exp(2 * logarithms)
            prior = curved + linear * (scores**2).sum(axis=1)
            variances.append(np.maximum(prior - explained, 0.0) + among.noise)
        level, width = self.level_
        return Estimate(level + width * np.stack(means, 1), self.calibration_ * width * np.sqrt(np.stack(variances, 1)))

    def get_state(self) -> State:
        """Return components, training set and hyperparameters."""
        return {name: getattr(self, f"{name}_") for name in _STATE}

    def set_state(self, state: State) -> Self:
        """Take over what another instance learned."""
        for name in _STATE:
            setattr(self, f"{name}_", state[name])
        return self


_STATE = ("origin", "axes", "scores", "targets", "level", "logarithms", "calibration")


class _Covariance(NamedTuple):
    """Of the curved and the linear part, shape (n, k) each, and the variance of the noise."""

    curved: Floats
    linear: Floats
    noise: float

    @property
    def signal(self) -> Floats:
        return self.curved + self.linear

    @property
    def total(self) -> Floats:
        return self.signal + self.noise * np.eye(len(self.curved))


def _covariance(one: Floats, other: Floats, logarithms: Floats) -> _Covariance:
    """Return σ² exp(−½ |x − x'|²/l²) (ibid., eq. 4.9) and τ² x·x' (eq. 4.21) between the rows of both."""
    length, variance, slope, noise = np.exp(2 * logarithms)
    curved = variance * np.exp(-0.5 * _squares(one, other) / length)
    return _Covariance(curved, slope * one @ other.T, noise + _SMALLEST_NOISE * variance)


def _squares(one: Floats, other: Floats) -> Floats:
    """Return the squared distances between the rows of ``one`` and ``other``, shape (n, k)."""
    return np.maximum((one**2).sum(axis=1)[:, None] + (other**2).sum(axis=1) - 2 * one @ other.T, 0.0)


def _negative_likelihood(logarithms: Floats, scores: Floats, values: Floats) -> tuple[float, Floats]:
    """Return minus the logarithm of the marginal likelihood, up to a constant, and its gradient."""
    covariance = _covariance(scores, scores, logarithms)
    factor = cho_factor(covariance.total, lower=True)
    weights = cho_solve(factor, values)
    value = 0.5 * values @ weights + np.log(np.diag(factor[0])).sum()
    lower, _ = lapack.dpotri(factor[0], lower=True)  # the inverse, of which only the lower half is filled
    inverse = np.tril(lower) + np.tril(lower, -1).T
    slope = inverse - np.outer(weights, weights)  # twice the derivative by the covariance
    length, variance, _, noise = np.exp(2 * logarithms)
    by_noise = np.trace(slope)
    by_curved = np.vdot(slope, covariance.curved)
    by_length = 0.5 * np.vdot(slope, covariance.curved * _squares(scores, scores)) / length
    by_linear = np.vdot(slope, covariance.linear)
    gradient = [by_length, by_curved + _SMALLEST_NOISE * variance * by_noise, by_linear, noise * by_noise]
    return value, np.array(gradient)
