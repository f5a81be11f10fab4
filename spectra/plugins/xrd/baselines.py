"""Plain regressors to stand beside the networks: ridge on the bins, Gaussian processes on principal components."""

from __future__ import annotations

from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field
from scipy.linalg import cho_factor, cho_solve, lapack
from scipy.optimize import minimize
from threadpoolctl import threadpool_limits

from spectra.core.components import Features, NoParameters, State, TrainingData
from spectra.core.progress import Progress
from spectra.core.quantities import Estimate

Floats = NDArray[np.float64]

_PENALTIES = np.logspace(-12, 2, 57)  # as shares of the features' largest squared singular value

_MOST_EXAMPLES = 1500  # memory and time of a Gaussian process grow with their square and cube
_MOST_FOR_LIKELIHOOD = 300
_ITERATIONS = 60
_SMALLEST_NOISE = 1e-6  # as a share of the variance; keeps the covariance invertible


class Ridge:
    """Linear least squares with a penalty on the coefficients, each quantity with that which validates best.

    With the singular value decomposition X = U S Vᵀ of the centred features, the coefficients for the penalty λ are
    V S (S² + λ)⁻¹ Uᵀ y (Hoerl and Kennard 1970), so that all penalties cost hardly more than one. The spread of all
    predictions is the root mean square error on the validation set.
    """

    def __init__(self, parameters: NoParameters) -> None:
        self.parameters = parameters
        self.coefficients_: Floats
        self.intercepts_: Floats
        self.spread_: Floats

    def fit(self, data: TrainingData, *, rng: np.random.Generator, progress: Progress) -> Self:
        """Solve for all penalties and choose."""
        features, targets = data.draw(rng)
        held_out, truth = data.validation
        progress.say(f"Solving for {len(_PENALTIES)} penalties.")
        origin, level = features.mean(axis=0, dtype=np.float64), targets.mean(axis=0)
        left, singular, right = np.linalg.svd(features - origin, full_matrices=False)
        projected, shown = left.T @ (targets - level), (held_out - origin) @ right.T
        lowest = np.full(targets.shape[1], np.inf)
        self.coefficients_ = np.zeros((features.shape[1], targets.shape[1]))
        for penalty in _PENALTIES * singular[0] ** 2:
            reduced = (singular / (singular**2 + penalty))[:, None] * projected
            errors = np.mean((shown @ reduced + level - truth) ** 2, axis=0)
            better = errors < lowest
            self.coefficients_[:, better] = right.T @ reduced[:, better]
            lowest = np.minimum(errors, lowest)
        self.intercepts_, self.spread_ = level - origin @ self.coefficients_, np.sqrt(lowest)
        return self

    def predict(self, features: Features) -> Estimate:
        """Evaluate the linear map: arrays (n, p), as shares of the ranges."""
        mean = features.astype(np.float64) @ self.coefficients_ + self.intercepts_
        return Estimate(mean, np.broadcast_to(self.spread_, mean.shape))

    def get_state(self) -> State:
        """Return the linear map and the spread."""
        return {"coefficients": self.coefficients_, "intercepts": self.intercepts_, "spread": self.spread_}

    def set_state(self, state: State) -> Self:
        """Take over another map."""
        self.coefficients_, self.intercepts_ = state["coefficients"], state["intercepts"]
        self.spread_ = state["spread"]
        return self


class GaussianProcessParameters(BaseModel):
    """How many principal components are used."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    components: int = Field(default=30, ge=1, le=200, description="principal components that are regressed on")


class GaussianProcess:
    """One Gaussian process for each quantity, on the principal components of the features.

    Squared exponential with a length for each component, and noise; both from the marginal likelihood (Rasmussen and
    Williams 2006, eqs. 5.8 and 5.9) of at most 300 spectra, the predictions from at most 1,500. Spreads are the
    posterior's, scaled for each quantity to match the errors on the validation set.
    """

    def __init__(self, parameters: GaussianProcessParameters) -> None:
        self.parameters = parameters
        self.origin_: Floats
        self.axes_: Floats  # (components, d), divided by the spread of the scores
        self.scores_: Floats  # (n, components)
        self.targets_: Floats  # (n, p), standardised
        self.level_: Floats  # (2, p): mean and standard deviation of the targets
        self.logarithms_: Floats  # (p, components + 2): lengths, standard deviation of the signal, that of the noise
        self.calibration_: Floats

    def fit(self, data: TrainingData, *, rng: np.random.Generator, progress: Progress) -> Self:
        """Reduce to principal components, and learn the hyperparameters of each quantity."""
        features, targets = data.draw(rng)
        kept = rng.permutation(len(features))[:_MOST_EXAMPLES]
        features, targets = features[kept].astype(np.float64), targets[kept]
        self.origin_ = features.mean(axis=0)
        left, singular, right = np.linalg.svd(features - self.origin_, full_matrices=False)
        count = min(self.parameters.components, int(np.sum(singular > 1e-9 * singular[0])))
        spreads = singular[:count] / np.sqrt(len(features))
        self.axes_ = right[:count] / spreads[:, None]
        self.scores_ = left[:, :count] * np.sqrt(len(features))
        self.level_ = np.stack([targets.mean(axis=0), np.maximum(targets.std(axis=0), np.finfo(float).tiny)])
        self.targets_ = (targets - self.level_[0]) / self.level_[1]
        scores, shown = self.scores_[:_MOST_FOR_LIKELIHOOD], self.targets_[:_MOST_FOR_LIKELIHOOD].T
        start = np.concatenate([np.full(count, 0.5 * np.log(count) + 1.0), [0.5, -2.0]])
        learned = []
        # several threads hinder each other on matrices of this size
        with threadpool_limits(1), progress.task("Fitting Gaussian processes", len(shown)) as advance:
            for values in shown:
                found = minimize(
                    _negative_likelihood,
                    start,
                    args=(scores, values),
                    jac=True,
                    method="L-BFGS-B",
                    bounds=[(-3.0, 8.0)] * count + [(-3.0, 5.0), (-7.0, 2.0)],
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
            variances.append(np.maximum(np.exp(2 * logarithms[-2]) - explained, 0.0) + among.noise)
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
    """Of the signal, shape (n, k), and the variance of the noise."""

    signal: Floats
    noise: float

    @property
    def total(self) -> Floats:
        return self.signal + self.noise * np.eye(len(self.signal))


def _covariance(one: Floats, other: Floats, logarithms: Floats) -> _Covariance:
    """Return σ² exp(−½ Σ ((x − x')/l)²) between the rows of ``one`` and ``other`` (ibid., eq. 5.1)."""
    lengths, variance, noise = np.exp(logarithms[:-2]), *np.exp(2 * logarithms[-2:])
    one, other = one / lengths, other / lengths
    squares = (one**2).sum(axis=1)[:, None] + (other**2).sum(axis=1) - 2 * one @ other.T
    return _Covariance(variance * np.exp(-0.5 * np.maximum(squares, 0.0)), noise + _SMALLEST_NOISE * variance)


def _negative_likelihood(logarithms: Floats, scores: Floats, values: Floats) -> tuple[float, Floats]:
    """Return minus the logarithm of the marginal likelihood, up to a constant, and its gradient."""
    covariance = _covariance(scores, scores, logarithms)
    factor = cho_factor(covariance.total, lower=True)
    weights = cho_solve(factor, values)
    value = 0.5 * values @ weights + np.log(np.diag(factor[0])).sum()
    lower, _ = lapack.dpotri(factor[0], lower=True)  # the inverse, of which only the lower half is filled
    inverse = np.tril(lower) + np.tril(lower, -1).T
    slope = inverse - np.outer(weights, weights)  # twice the derivative by the covariance
    weighted, variance = slope * covariance.signal, np.exp(2 * logarithms[-2])
    scaled = scores / np.exp(logarithms[:-2])
    # the sum over pairs of weighted times (x - x')², without forming the differences
    pairs = 2 * (weighted.sum(axis=1) @ scaled**2 - np.einsum("nk,nm,mk->k", scaled, weighted, scaled, optimize=True))
    trace = np.trace(slope)
    by_signal = weighted.sum() + _SMALLEST_NOISE * variance * trace
    return value, np.concatenate([0.5 * pairs, [by_signal, np.exp(2 * logarithms[-1]) * trace]])
