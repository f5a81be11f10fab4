"""The plainest regressor to stand beside the networks: ridge on the bins."""

from __future__ import annotations

from typing import Self

import numpy as np
from numpy.typing import NDArray

from spectra.core.components import Features, NoParameters, State, TrainingData
from spectra.core.progress import Progress
from spectra.core.quantities import Estimate

Floats = NDArray[np.float64]

_PENALTIES = np.logspace(-12, 2, 57)  # as shares of the features' largest squared singular value


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
