"""Gaussian processes stacked: each part of a bundle answers for itself, and the answers are weighed."""

from __future__ import annotations

from typing import Self

import numpy as np
from numpy.typing import NDArray

from spectra.core.components import Features, State, TrainingData
from spectra.core.progress import Progress
from spectra.core.quantities import Estimate
from spectra.core.signals import below, within
from spectra.plugins.learning.gaussian_process import GaussianProcess, GaussianProcessParameters

Floats = NDArray[np.float64]

_SUM_COUNTS = 1e3  # how much more the sum of the weights counts than any error
_LARGE = ("weights", "factors")  # of a Gaussian process, which computes them again


class StackedGaussianProcesses:
    """A Gaussian process for each part of the features; for each quantity a weighted mean of what they answer.

    Weights are not negative, add up to 1, and have the smallest errors on the validation set (Wolpert, Neural Networks
    5, 241 (1992); Breiman, Machine Learning 24, 49 (1996)). A spread is the weighted mean of the parts' spreads, as if
    they erred together, scaled to match the errors on the validation set.
    """

    def __init__(self, parameters: GaussianProcessParameters) -> None:
        self.parameters = parameters
        self.members_: list[GaussianProcess]
        self.ends_: NDArray[np.int64]  # of the features of each part but the last
        self.shares_: Floats  # (parts, p)
        self.calibration_: Floats  # (p,)

    def fit(self, data: TrainingData, *, rng: np.random.Generator, progress: Progress) -> Self:
        """Let each part learn by itself, then weigh their answers to the validation set."""
        (features, targets), (held_out, truth) = data.draw(rng), data.validation
        self.ends_ = np.cumsum(data.sizes)[:-1]
        parts = zip(np.split(features, self.ends_, axis=1), np.split(held_out, self.ends_, axis=1), strict=True)
        self.members_ = [
            GaussianProcess(self.parameters).learn(
                (part, targets), (unseen, truth), sizes=(part.shape[1],), rng=rng, progress=progress
            )
            for part, unseen in parts
        ]
        answers = np.stack([answer.mean for answer in self._answers(held_out)])
        self.shares_ = np.stack([_shares(answers[:, :, p], truth[:, p]) for p in range(truth.shape[1])], axis=1)
        self.calibration_ = np.ones(truth.shape[1])
        self.calibration_ = self.predict(held_out).calibration(truth)
        return self

    def predict(self, features: Features) -> Estimate:
        """Weigh the answers of the parts: arrays (n, p), as shares of the ranges."""
        answers = self._answers(features)
        mean = np.einsum("knp,kp->np", [answer.mean for answer in answers], self.shares_)
        spread = np.einsum("knp,kp->np", [answer.spread for answer in answers], self.shares_)
        return Estimate(mean, self.calibration_ * spread)

    def _answers(self, features: Features) -> list[Estimate]:
        parts = np.split(features, self.ends_, axis=1)
        return [member.predict(part) for member, part in zip(self.members_, parts, strict=True)]

    def get_state(self) -> State:
        """Return what each part learned, and their weights."""
        state = {"ends": self.ends_, "shares": self.shares_, "calibration": self.calibration_}
        for place, member in enumerate(self.members_):
            known = {name: array for name, array in member.get_state().items() if name not in _LARGE}
            state |= below(str(place), known)
        return state

    def set_state(self, state: State) -> Self:
        """Take over what another instance learned."""
        self.ends_, self.shares_, self.calibration_ = state["ends"], state["shares"], state["calibration"]
        self.members_ = [
            GaussianProcess(self.parameters).set_state(within(state, str(place))) for place in range(len(self.shares_))
        ]
        return self


def _shares(answers: Floats, truth: Floats) -> Floats:
    """Return the weights (k,) of k answers to n questions, shape (k, n), that come nearest to the truth (n,)."""
    from scipy.optimize import nnls

    level = truth.mean()
    weights: Floats = nnls(
        np.vstack([answers.T - level, np.full(len(answers), _SUM_COUNTS)]), np.append(truth - level, _SUM_COUNTS)
    )[0]
    return weights / weights.sum()
