"""The four designs of Vizoso & Dingreville, J. Appl. Phys. 137, 131101 (2025), section IV, for any profile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, Self, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, NonNegativeFloat, PositiveFloat, PositiveInt

from spectra.core.components import Features, State, TrainingData
from spectra.core.errors import InputError
from spectra.core.keras_loading import load_keras
from spectra.core.progress import Progress
from spectra.core.quantities import Estimate
from spectra.core.signals import within
from spectra.plugins.xrd.evaluation import evaluate, latent
from spectra.plugins.xrd.networks import Design, Networks, suggested_latent
from spectra.plugins.xrd.training import Examples, Objective, Schedule, train

Floats = NDArray[np.float64]

# Logarithms of spreads, as shares of a quantity's range, are kept where exp() is harmless.
_LOG_SPREAD = (-9.0, 2.0)


class RegressionParameters(Design):
    """Sizes and training of encoder and regressor."""

    batch: PositiveInt = Field(default=32, description="examples per step")
    epochs: PositiveInt = Field(default=300, description="passes over the training set, at most (the paper: 10,000)")
    patience: PositiveInt = Field(default=40, description="epochs without progress on validation before it stops")
    learning_rate: PositiveFloat = Field(default=1e-4, description="AdamW's")
    weight_decay: NonNegativeFloat = Field(default=1e-4, description="AdamW's")


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

    Values are trained on the mean squared error alone, as in the paper. The logarithms of the spreads are trained on
    the Gaussian likelihood of those values' errors (Nix and Weigend 1994), and in the end scaled for each quantity so
    that they match the errors on the validation set.
    """

    def __init__(self, parameters: P) -> None:
        self.parameters = parameters
        self.sizes_: tuple[int, ...] = ()
        self.weights_: dict[str, NDArray[np.float32]] = {}
        self.calibration_: Floats = np.ones(0)
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
        self._train(networks, data, _Run(keras, rng, progress))
        self.weights_ = networks.weights()
        self.calibration_ = np.ones(targets.shape[1])
        self.calibration_ = self.predict(features).calibration(targets)
        return self

    def predict(self, features: Features) -> Estimate:
        """Evaluate the network with NumPy: arrays (n, p), as shares of the ranges."""
        outputs = evaluate(features, self.weights_, self.sizes_, self.parameters.activation)
        spread = np.exp(np.clip(outputs.log_spreads.astype(np.float64), *_LOG_SPREAD))
        return Estimate(outputs.values.astype(np.float64), self.calibration_ * spread)

    def get_state(self) -> State:
        """Return weights, calibration, the sizes of the parts and the losses of each epoch."""
        state: dict[str, NDArray[Any]] = {"sizes": np.array(self.sizes_), "calibration": self.calibration_}
        state |= {f"weights/{name}": array for name, array in self.weights_.items()}
        return state | {f"history/{name}": values for name, values in self.history_.items()}

    def set_state(self, state: State) -> Self:
        """Take over the weights of another network."""
        self.sizes_ = tuple(int(size) for size in state["sizes"])
        self.calibration_ = state["calibration"]
        self.weights_, self.history_ = within(state, "weights"), within(state, "history")
        return self

    def _sizes(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """Return how the features are divided among autoencoders: not at all."""
        return (sum(sizes),)

    def _train(self, networks: Networks, data: TrainingData, run: _Run) -> None:
        raise NotImplementedError

    def _latents(self, data: TrainingData) -> list[int]:
        if self.parameters.latent is not None:
            return [self.parameters.latent] * len(self.sizes_)
        features, _ = data.ideal()
        return [suggested_latent(part) for part in np.split(features, np.cumsum(self.sizes_)[:-1], axis=1)]

    def _minimise(
        self, objective: Objective, variables: Sequence[Any], examples: Examples, terms: Sequence[str], run: _Run
    ) -> None:
        """Train on the targets, and keep the history of the loss's first terms under their names."""
        schedule = Schedule(**{name: getattr(self.parameters, name) for name in Schedule.__dataclass_fields__})
        self._keep(terms, run.train(objective, variables, examples, schedule, "Training the network"))

    def _keep(self, terms: Sequence[str], history: tuple[Floats, Floats]) -> None:
        for prefix, values in zip(("", "validation_"), history, strict=True):
            self.history_ |= {f"{prefix}{term}": values[:, place] for place, term in enumerate(terms)}


@dataclass(frozen=True)
class _Run:
    """What one call of ``fit`` hands to each of its trainings."""

    keras: Any
    rng: np.random.Generator
    progress: Progress

    def train(
        self, objective: Objective, variables: Sequence[Any], examples: Examples, schedule: Schedule, title: str
    ) -> tuple[Floats, Floats]:
        """Call :func:`train` with the rest."""
        return train(
            objective,
            variables,
            examples,
            keras=self.keras,
            schedule=schedule,
            rng=self.rng,
            progress=self.progress,
            title=title,
        )


class ReconstructionFocused(_Convolutional[ReconstructionParameters]):
    """An autoencoder is trained to reconstruct; then a perceptron on its latent vectors (section IV A)."""

    def _train(self, networks: Networks, data: TrainingData, run: _Run) -> None:
        parameters = self.parameters
        schedule = Schedule(
            epochs=parameters.autoencoder_epochs,
            patience=parameters.patience,
            batch=parameters.batch,
            learning_rate=parameters.autoencoder_learning_rate,
            weight_decay=parameters.autoencoder_weight_decay,
        )

        def reconstruction(features: Any, _targets: Any, _training: bool) -> Sequence[Any]:
            return networks.reconstruction_losses(features, networks.latent(features))

        def regression(vectors: Any, targets: Any, training: bool) -> Sequence[Any]:
            return _regression(networks, vectors, targets, training)

        history = run.train(reconstruction, networks.of_autoencoders, data, schedule, "Training the autoencoder")
        self._keep(("reconstruction",), history)
        encoded = _Encoded(data, networks.weights(), self.sizes_, parameters)
        self._minimise(regression, networks.of_regressor, encoded, ("loss",), run)


class RegressionFocused(_Convolutional[RegressionParameters]):
    """Encoder and perceptron are trained together to predict, and nothing is reconstructed (section IV B)."""

    def _train(self, networks: Networks, data: TrainingData, run: _Run) -> None:
        def objective(features: Any, targets: Any, training: bool) -> Sequence[Any]:
            return _regression(networks, _joined(networks.latent(features)), targets, training)

        self._minimise(objective, networks.of_encoders + networks.of_regressor, data, ("loss",), run)


class Hybrid(_Convolutional[HybridParameters]):
    """Autoencoder and perceptron are trained together on both losses (section IV C, eq. 7)."""

    def _train(self, networks: Networks, data: TrainingData, run: _Run) -> None:
        objective = _joint(networks, (self.parameters.scale,))
        variables = networks.of_autoencoders + networks.of_regressor
        self._minimise(objective, variables, data, ("loss", "weighted_reconstruction"), run)


class Multimodal(_Convolutional[MultimodalParameters]):
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
        self._minimise(objective, variables, data, ("loss", "weighted_reconstruction"), run)


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
    """Return regression loss, scaled sum of the reconstruction losses, and likelihood of the spreads (eqs. 7 and 8)."""

    def objective(features: Any, targets: Any, training: bool) -> Sequence[Any]:
        vectors = networks.latent(features)
        losses = networks.reconstruction_losses(features, vectors)
        scaled = sum(scale * loss for scale, loss in zip(scales, losses, strict=True))
        regression, likelihood = _regression(networks, _joined(vectors), targets, training)
        return regression, scaled, likelihood

    return objective


def _regression(networks: Networks, latent: Any, targets: Any, training: bool) -> tuple[Any, Any]:
    """Return the mean squared error of the values (eq. 6), and the likelihood of the spreads given these values.

    The second, a negative logarithm up to a constant, has gradients with respect to the spreads' last layer alone.
    """
    import tensorflow as tf

    values, log_spreads = networks.regress(latent, training=training)
    log_spreads = tf.clip_by_value(log_spreads, *_LOG_SPREAD)
    errors = tf.square(targets - values)
    likelihood = 0.5 * tf.stop_gradient(errors) * tf.exp(-2 * log_spreads) + log_spreads
    return tf.reduce_mean(errors), tf.reduce_mean(likelihood)


def _joined(vectors: Sequence[Any]) -> Any:
    import tensorflow as tf

    return tf.concat(vectors, axis=1)
