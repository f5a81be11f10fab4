"""No network at all: the simulated spectra that look most like the measured one."""

from __future__ import annotations

from typing import Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from spectra.core.components import Features, State, TrainingData
from spectra.core.progress import Progress
from spectra.core.quantities import Estimate
from spectra.plugins.learning.neighbours import nearest_rows

Floats = NDArray[np.float64]

_MOST_EXAMPLES = 50_000
_SMALLEST_SPREAD = 1e-3  # of a quantity's range


class NearestParameters(BaseModel):
    """How many spectra have a say, and how many are worth a look."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    neighbours: int = Field(default=8, ge=2, le=1000, description="number of the most similar spectra to average")
    candidates: int = Field(default=24, ge=2, le=1000, description="number of them that a refiner starts from")


class Nearest:
    """Mean and standard deviation of the quantities of the k nearest training spectra, by Euclidean distance.

    They, and some more, are also candidates for a refiner to start from, since the truth need not lie between them.

    Nothing is trained: the training spectra themselves, as computed, are the model, at most 50,000 of them. The spreads
    are scaled to match the errors on the distorted validation set.
    """

    def __init__(self, parameters: NearestParameters) -> None:
        self.parameters = parameters
        self.features_: Features
        self.targets_: Floats
        self.calibration_: Floats

    def fit(self, data: TrainingData, *, rng: np.random.Generator, progress: Progress) -> Self:
        """Keep the training spectra."""
        features, targets = data.ideal()
        kept = rng.permutation(len(features))[:_MOST_EXAMPLES]
        progress.say(f"Keeping {len(kept):,} simulated spectra to compare with.")
        self.features_, self.targets_ = features[kept], targets[kept]
        self.calibration_ = np.ones(targets.shape[1])
        shown, truth = data.validation
        factors = self.predict(shown).calibration(truth)
        self.calibration_ = np.where(factors > 0, factors, 1.0)  # no error at all promises none for ever
        return self

    def predict(self, features: Features) -> Estimate:
        """Average over the nearest spectra."""
        averaged, candidates = self.parameters.neighbours, self.parameters.candidates
        rows = nearest_rows(features, self.features_, max(averaged, candidates))
        neighbours = self.targets_[rows]  # (n, k, p), the nearest first
        spread = np.maximum(neighbours[:, :averaged].std(axis=1), _SMALLEST_SPREAD)
        return Estimate(neighbours[:, :averaged].mean(axis=1), self.calibration_ * spread, neighbours[:, :candidates])

    def get_state(self) -> State:
        """Return the spectra that are compared with, and what they belong to."""
        return {"features": self.features_, "targets": self.targets_, "calibration": self.calibration_}

    def set_state(self, state: State) -> Self:
        """Take over what another instance learned."""
        self.features_ = np.asarray(state["features"], dtype=np.float32)
        self.targets_ = np.asarray(state["targets"], dtype=np.float64)
        self.calibration_ = np.asarray(state["calibration"], dtype=np.float64)
        return self
