"""The four designs of Vizoso & Dingreville, J. Appl. Phys. 137, 131101 (2025), section IV, for any profile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Generic, Self, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, NonNegativeFloat, PositiveFloat, PositiveInt

from spectra.core.components import Features, State, TrainingData
from spectra.core.errors import InputError
from spectra.core.progress import Progress
from spectra.core.quantities import Estimate
from spectra.core.signals import below, within
from spectra.plugins.learning.calibration import Calibration, limited
from spectra.plugins.learning.keras_loading import load_keras
from spectra.plugins.learning.networks.autoencoders import Design, Networks, suggested_latent
from spectra.plugins.learning.networks.epochs import Examples, fresh_epochs, in_memory
from spectra.plugins.learning.networks.evaluation import evaluate, latent, reconstruct
from spectra.plugins.learning.networks.layers import Singles
from spectra.plugins.learning.networks.training import Objective, Schedule, gaussian, squared, train

Floats = NDArray[np.float64]

_POWERS = np.linspace(0.0, 1.0, 11)
_OF_SPREADS = Schedule(epochs=60, patience=10, batch=32, learning_rate=1e-2, decay="none")  # a single layer


class RegressionParameters(Design):
    """Sizes and training of encoder and regressor."""

    batch: PositiveInt = Field(default=32, description="examples per step")
    epochs: PositiveInt = Field(default=300, description="passes over the training set, at most (the paper: 10,000)")
    patience: PositiveInt = Field(default=40, description="epochs without progress on validation before it stops")
    learning_rate: PositiveFloat = Field(default=1e-4, description="AdamW's")
    weight_decay: NonNegativeFloat = Field(default=1e-4, description="AdamW's")
    decay: bool = Field(
        default=True, description="whether learning rates fall to zero along a cosine; the paper's are constant"
    )


class ReconstructionParameters(RegressionParameters):
    """Sizes, and training of first the autoencoder and then the regressor."""

    autoencoder_epochs: PositiveInt = Field(default=300, description="the autoencoder's, at most (the paper: 500)")
    autoencoder_learning_rate: PositiveFloat = Field(default=1e-3, description="AdamW's, for the autoencoder")
    autoencoder_weight_decay: NonNegativeFloat = Field(default=1e-3, description="AdamW's, for the autoencoder")


class HybridParameters(RegressionParameters):
    """Sizes and training of all at once."""

    scale: NonNegativeFloat = Field(default=3.0, description="weight of the reconstruction in the loss (eq. 7)")


class MultimodalParameters(RegressionParameters):
    """Sizes and training of all at once, for a bundle."""

    scales: tuple[NonNegativeFloat, ...] = Field(
        default=(3.0, 3.0), description="weight of each part's reconstruction in the loss (eq. 8)"
    )


P = TypeVar("P", bound=RegressionParameters)


class _Convolutional(Generic[P]):
    """What the designs share: encoders, a regressor with spreads, evaluation by NumPy, calibration on validation.

    Values are trained on the mean squared error, as in the paper. After that, one layer is trained on the Gaussian
    likelihood of the errors that are left (Nix and Weigend 1994) to give the logarithms of their spreads. In the end
    the spreads of each quantity are raised to a power and scaled so that they match the errors on the validation set:
    a power of 0, where the network does not know which of its answers are good, gives all the same spread.
    """

    _keeps_decoders: ClassVar[bool] = False

    def __init__(self, parameters: P) -> None:
        self.parameters = parameters
        self.sizes_: tuple[int, ...] = ()
        self.weights_: dict[str, Singles] = {}
        self.calibration_ = Calibration(np.ones(0), np.ones(0))
        self.history_: dict[str, Floats] = {}

    def fit(self, data: TrainingData, *, rng: np.random.Generator, progress: Progress) -> Self:
        """Train on fresh distortions in every epoch.

        Raises
        ------
        InputError
            If the profiles are too short for the convolutions, or their number does not suit the design.
        """
        features, targets = data.validation
        self.sizes_ = self._sizes(data.sizes)
        progress.say("Loading TensorFlow …")
        keras = load_keras(int(rng.integers(2**31)))
        networks = Networks(
            keras, self.parameters, sizes=self.sizes_, latents=self._latents(data), outputs=targets.shape[1]
        )
        run = _Run(keras, rng, progress)
        self._train(networks, data, run)
        run.train(
            _likelihood(networks), networks.spreads.trainable_variables, data, _OF_SPREADS, "Training the spreads"
        )
        self.weights_ = networks.weights(decoders=self._keeps_decoders)
        self.calibration_ = Calibration.matching(*self._evaluated(features), targets, powers=_POWERS)
        return self

    def predict(self, features: Features) -> Estimate:
        """Evaluate the network with NumPy: arrays (n, p), as shares of the ranges."""
        return self.calibration_.applied(*self._evaluated(features))

    def get_state(self) -> State:
        """Return weights, calibration, the sizes of the parts and the losses of each epoch."""
        state = {"sizes": np.array(self.sizes_)} | self.calibration_.get_state()
        return state | below("weights", self.weights_) | below("history", self.history_)

    def set_state(self, state: State) -> Self:
        """Take over the weights of another network."""
        self.sizes_ = tuple(int(size) for size in state["sizes"])
        self.calibration_ = Calibration.of_state(state)
        self.weights_, self.history_ = within(state, "weights"), within(state, "history")
        return self

    def _sizes(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """Return how the features are divided among autoencoders: not at all."""
        return (sum(sizes),)

    def _train(self, networks: Networks, data: TrainingData, run: _Run) -> None:
        raise NotImplementedError

    def _evaluated(self, features: Features) -> tuple[Floats, Floats]:
        """Return values and logarithms of the spreads as the network has them, shape (n, p) each."""
        values, log_spreads = evaluate(features, self.weights_, self.sizes_, self.parameters.activation)
        return values.astype(np.float64), limited(log_spreads)

    def _latents(self, data: TrainingData) -> list[int]:
        if self.parameters.latent is not None:
            return [self.parameters.latent] * len(self.sizes_)
        features, _ = data.ideal()
        return [suggested_latent(part) for part in np.split(features, np.cumsum(self.sizes_)[:-1], axis=1)]

    @property
    def _schedule(self) -> Schedule:
        parameters = self.parameters
        return Schedule(
            epochs=parameters.epochs,
            patience=parameters.patience,
            batch=parameters.batch,
            learning_rate=parameters.learning_rate,
            weight_decay=parameters.weight_decay,
            decay="epochs" if parameters.decay else "none",
        )


@dataclass(frozen=True)
class _Run:
    """What one call of ``fit`` hands to each of its trainings."""

    keras: Any
    rng: np.random.Generator
    progress: Progress

    def train(
        self,
        objective: Objective,
        variables: Sequence[Any],
        examples: Examples,
        schedule: Schedule,
        title: str = "Training the network",
    ) -> dict[str, Floats]:
        """Train on fresh examples in every epoch."""
        with fresh_epochs(examples, self.rng) as epochs:
            return train(
                objective,
                variables,
                epochs,
                in_memory(examples.validation),
                keras=self.keras,
                schedule=schedule,
                progress=self.progress,
                title=title,
            )


class _WithDecoders(_Convolutional[P]):
    """A design whose decoders are trained, too, and kept."""

    _keeps_decoders = True

    def reconstruct(self, features: Features) -> Features:
        """Return what the autoencoders make of ``features``, shape (n, d), by NumPy.

        They are features as they are handed to :meth:`predict`, of the same parts. What training has shown comes back
        much as it is; what it has not, changed.

        Raises
        ------
        InputError
            If the model was trained before decoders were kept.
        """
        if "decoder0/0/kernel" not in self.weights_:
            raise InputError(
                "This model was trained when decoders were not kept; it cannot reconstruct anything.",
                hint="Train it again with 'spectra train'.",
            )
        return reconstruct(features, self.weights_, self.sizes_, self.parameters.activation)


class ReconstructionFocused(_WithDecoders[ReconstructionParameters]):
    """An autoencoder is trained to reconstruct; then a perceptron on its latent vectors (section IV A)."""

    def _train(self, networks: Networks, data: TrainingData, run: _Run) -> None:
        parameters = self.parameters
        schedule = replace(
            self._schedule,
            epochs=parameters.autoencoder_epochs,
            learning_rate=parameters.autoencoder_learning_rate,
            weight_decay=parameters.autoencoder_weight_decay,
        )

        def reconstruction(features: Any, _targets: Any, _training: bool) -> dict[str, Any]:
            (loss,) = networks.reconstruction_losses(features, networks.latent(features))
            return {"reconstruction": loss}

        def regression(vectors: Any, targets: Any, training: bool) -> dict[str, Any]:
            return {"loss": _error(networks, vectors, targets, training)}

        self.history_ = run.train(reconstruction, networks.of_autoencoders, data, schedule, "Training the autoencoder")
        encoded = _Encoded(data, networks.weights(decoders=False), self.sizes_, parameters)
        self.history_ |= run.train(regression, networks.of_regressor, encoded, self._schedule)


class RegressionFocused(_Convolutional[RegressionParameters]):
    """Encoder and perceptron are trained together to predict, and nothing is reconstructed (section IV B)."""

    def _train(self, networks: Networks, data: TrainingData, run: _Run) -> None:
        def objective(features: Any, targets: Any, training: bool) -> dict[str, Any]:
            return {"loss": _error(networks, _joined(networks.latent(features)), targets, training)}

        self.history_ = run.train(objective, networks.of_encoders + networks.of_regressor, data, self._schedule)


class Hybrid(_WithDecoders[HybridParameters]):
    """Autoencoder and perceptron are trained together on both losses (section IV C, eq. 7)."""

    def _train(self, networks: Networks, data: TrainingData, run: _Run) -> None:
        objective = _joint(networks, (self.parameters.scale,))
        variables = networks.of_autoencoders + networks.of_regressor
        self.history_ = run.train(objective, variables, data, self._schedule)


class Multimodal(_WithDecoders[MultimodalParameters]):
    """Autoencoders of two parts and one perceptron on both latent vectors, trained together (section IV D, eq. 8)."""

    def _sizes(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        if len(sizes) != len(self.parameters.scales):
            raise InputError(
                f"The regressor 'multimodal' has scales for {len(self.parameters.scales)} parts; the encoder gives "
                f"features of {len(sizes)}.",
                hint="Give it a bundle with an encoder that keeps the parts apart, such as 'binned', and one scale for "
                "each; for a single profile use 'hybrid'.",
            )
        return sizes

    def _train(self, networks: Networks, data: TrainingData, run: _Run) -> None:
        objective = _joint(networks, self.parameters.scales)
        variables = networks.of_autoencoders + networks.of_regressor
        self.history_ = run.train(objective, variables, data, self._schedule)


class _Encoded:
    """Training data seen through a trained encoder."""

    def __init__(self, data: TrainingData, weights: State, sizes: tuple[int, ...], design: Design) -> None:
        self._data, self._weights, self._sizes, self._activation = data, weights, sizes, design.activation
        features, targets = data.validation
        self.validation = (self._latent(features), targets)

    def draw(self, rng: np.random.Generator) -> tuple[Features, Floats]:
        features, targets = self._data.draw(rng)
        return self._latent(features), targets

    def _latent(self, features: Features) -> Features:
        return latent(features, self._weights, self._sizes, self._activation)


def _joint(networks: Networks, scales: Sequence[float]) -> Objective:
    """Return the regression loss and the scaled sum of the reconstruction losses (eqs. 7 and 8)."""

    def objective(features: Any, targets: Any, training: bool) -> dict[str, Any]:
        vectors = networks.latent(features)
        losses = networks.reconstruction_losses(features, vectors)
        scaled = sum(scale * loss for scale, loss in zip(scales, losses, strict=True))
        return {"loss": _error(networks, _joined(vectors), targets, training), "weighted_reconstruction": scaled}

    return objective


def _error(networks: Networks, latent: Any, targets: Any, training: bool) -> Any:
    """Return the mean squared error of the values (eq. 6)."""
    values, _ = networks.regress(latent, training=training)
    return squared(values, targets)


def _likelihood(networks: Networks) -> Objective:
    def objective(features: Any, targets: Any, _training: bool) -> dict[str, Any]:
        values, log_spreads = networks.regress(_joined(networks.latent(features)), training=False)
        return {"loss": gaussian(values, log_spreads, targets)}

    return objective


def _joined(vectors: Sequence[Any]) -> Any:
    import tensorflow as tf

    return tf.concat(vectors, axis=1)
