"""The dense network: features to quantities, each with its own spread."""

from __future__ import annotations

from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from spectra.core.components import Features, State, TrainingData
from spectra.core.progress import Progress
from spectra.core.quantities import Estimate
from spectra.core.signals import below, within
from spectra.plugins.learning.calibration import Calibration, limited
from spectra.plugins.learning.networks.dense_training import evaluated, gaussian, squared, train_dense
from spectra.plugins.learning.networks.epochs import drawn_epochs, fixed_epochs
from spectra.plugins.learning.networks.layers import Layer, named
from spectra.plugins.learning.networks.training import Schedule

Floats = NDArray[np.float64]


class DenseParameters(BaseModel):
    """Size and training of the network; the defaults are ours, in brackets stands what Liu et al. (2023) used."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    hidden: tuple[int, ...] = Field(
        default=(256, 256, 128), description="nodes of the hidden layers (ReLU; the paper: 64)"
    )
    dropout: float = Field(default=0.0, ge=0, lt=1, description="share of the input bins dropped (the paper: 0.1)")
    loss: Literal["gaussian", "mse"] = Field(
        default="gaussian",
        description="'gaussian' learns a spread for each spectrum; 'mse' (the paper) has the error of the validation "
        "set for all",
    )
    copies: int = Field(
        default=0,
        ge=0,
        description="distorted copies of each spectrum, made once (the paper: 7); 0 for fresh ones always",
    )
    epochs: int = Field(default=120, ge=1, description="passes over the training set, at most")
    batch: int = Field(default=128, ge=1, description="examples per step (the paper: 60)")
    learning_rate: float = Field(default=2e-3, gt=0, description="Adam's, at the start (the paper: 0.001)")
    schedule: Literal["cosine", "plateau"] = Field(
        default="cosine",
        description="the learning rate falls as a cosine to zero, or (the paper) is divided by 5 whenever the "
        "validation loss stands still, and training stops where it would fall below 1e-6",
    )
    patience: int = Field(default=10, ge=1, description="epochs without progress that make a plateau (the paper: 10)")


class DenseNetwork:
    """A multilayer perceptron with two outputs for each quantity: its value and the logarithm of its spread.

    Trained on the negative logarithm of the Gaussian likelihood (Nix and Weigend 1994), so that the network says
    itself where it cannot know; afterwards the spreads are scaled to match the errors on the validation set. With the
    loss 'mse' there are only the values, and the same scaling makes the validation error the spread of all.
    """

    def __init__(self, parameters: DenseParameters) -> None:
        self.parameters = parameters
        self.layers_: list[Layer] = []
        self.calibration_ = Calibration(np.ones(0), np.ones(0))
        self.history_: dict[str, Floats] = {}

    def fit(self, data: TrainingData, *, rng: np.random.Generator, progress: Progress) -> Self:
        """Train on fresh distortions in every epoch, or on a fixed number of distorted copies."""
        features, targets = data.validation
        outputs = {"gaussian": 2 * targets.shape[1], "mse": targets.shape[1]}[self.parameters.loss]
        copies, batch = self.parameters.copies, self.parameters.batch
        own = np.random.default_rng(rng.integers(2**31))
        with fixed_epochs(data, copies, rng, tensors=False) if copies else drawn_epochs(data, batch, rng) as epochs:
            self.layers_, self.history_ = train_dense(
                [features.shape[1], *self.parameters.hidden, outputs],
                gaussian if self.parameters.loss == "gaussian" else squared,
                epochs,
                (features, targets.astype(np.float32)),
                dropout=self.parameters.dropout,
                schedule=_schedule(self.parameters),
                rng=own,
                progress=progress,
            )
        self.calibration_ = Calibration.matching(*self._evaluated(features), targets)
        return self

    def predict(self, features: Features) -> Estimate:
        """Evaluate the network with NumPy: arrays (n, p), as shares of the ranges."""
        return self.calibration_.applied(*self._evaluated(features))

    def get_state(self) -> State:
        """Return weights, calibration and the losses of each epoch."""
        state: dict[str, NDArray[Any]] = {"calibration": self.calibration_.factor}
        for place, (kernel, bias) in enumerate(self.layers_):
            state |= {f"layer{place}/kernel": kernel, f"layer{place}/bias": bias}
        return state | below("history", self.history_)

    def set_state(self, state: State) -> Self:
        """Take over the weights of another network."""
        count = sum(name.endswith("/kernel") for name in state)
        self.layers_ = [named(state, f"layer{place}") for place in range(count)]
        self.calibration_ = Calibration(state["calibration"], np.ones_like(state["calibration"]))
        self.history_ = within(state, "history")
        return self

    def _evaluated(self, features: Features) -> tuple[Floats, Floats]:
        """Return values and logarithms of the spreads as the network has them, shape (n, p) each."""
        outputs = evaluated(features, self.layers_)
        if self.parameters.loss == "mse":
            return outputs.astype(np.float64), np.zeros(outputs.shape)
        values, log_spreads = np.split(outputs, 2, axis=1)
        return values.astype(np.float64), limited(log_spreads)


def _schedule(parameters: DenseParameters) -> Schedule:
    plateaus = parameters.schedule == "plateau"
    return Schedule(
        epochs=parameters.epochs,
        batch=parameters.batch,
        learning_rate=parameters.learning_rate,
        decay="plateaus" if plateaus else "steps",
        patience=parameters.patience if plateaus else None,
    )
