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
from spectra.core.progress import Progress
from spectra.core.quantities import Estimate
from spectra.core.signals import within
from spectra.plugins.learning.keras_loading import load_keras
from spectra.plugins.learning.networks.autoencoders import Design, Networks, suggested_latent
from spectra.plugins.learning.networks.evaluation import evaluate, latent
from spectra.plugins.learning.networks.training import Examples, Objective, Schedule, train

Floats = NDArray[np.float64]

# Logarithms of spreads, as shares of a quantity's range, are kept where exp() is harmless.
_LOG_SPREAD = (-9.0, 2.0)
_POWERS = np.linspace(0.0, 1.0, 11)
_OF_SPREADS = Schedule(
    epochs=60, patience=10, batch=32, learning_rate=1e-2, weight_decay=0.0, decay=False
)  # a single layer


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

    def __init__(self, parameters: P) -> None:
        self.parameters = parameters
        self.sizes_: tuple[int, ...] = ()
        self.weights_: dict[str, NDArray[np.float32]] = {}
        self.power_: Floats = np.ones(0)
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
        run = _Run(keras, rng, progress)
        self._train(networks, data, run)
        run.train(
            _likelihood(networks), networks.spreads.trainable_variables, data, _OF_SPREADS, "Training the spreads"
        )
        self.weights_ = networks.weights()
        self._calibrate(features, targets)
        return self

    def predict(self, features: Features) -> Estimate:
        """Evaluate the network with NumPy: arrays (n, p), as shares of the ranges."""
        values, log_spreads = self._evaluated(features)
        return Estimate(values, self.calibration_ * np.exp(self.power_ * log_spreads))

    def get_state(self) -> State:
        """Return weights, calibration, the sizes of the parts and the losses of each epoch."""
        state: dict[str, NDArray[Any]] = {
            "sizes": np.array(self.sizes_),
            "power": self.power_,
            "calibration": self.calibration_,
        }
        state |= {f"weights/{name}": array for name, array in self.weights_.items()}
        return state | {f"history/{name}": values for name, values in self.history_.items()}

    def set_state(self, state: State) -> Self:
        """Take over the weights of another network."""
        self.sizes_ = tuple(int(size) for size in state["sizes"])
        self.power_, self.calibration_ = state["power"], state["calibration"]
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
        return values.astype(np.float64), np.clip(log_spreads.astype(np.float64), *_LOG_SPREAD)

    def _calibrate(self, features: Features, targets: Floats) -> None:
        """Choose power and factor of the spreads for which the Gaussian likelihood of the errors is highest."""
        values, log_spreads = self._evaluated(features)
        lowest = np.full(targets.shape[1], np.inf)
        self.power_, self.calibration_ = np.zeros_like(lowest), np.ones_like(lowest)
        for power in _POWERS:
            factors = Estimate(values, np.exp(power * log_spreads)).calibration(targets)
            # minus the likelihood's logarithm up to a constant, since calibrated errors have a mean square of 1
            surprise = np.log(factors) + power * log_spreads.mean(axis=0)
            better = surprise < lowest
            self.power_[better], self.calibration_[better] = power, factors[better]
            lowest = np.minimum(surprise, lowest)

    def _latents(self, data: TrainingData) -> list[int]:
        if self.parameters.latent is not None:
            return [self.parameters.latent] * len(self.sizes_)
        features, _ = data.ideal()
        return [suggested_latent(part) for part in np.split(features, np.cumsum(self.sizes_)[:-1], axis=1)]

    def _minimise(
        self, objective: Objective, variables: Sequence[Any], examples: Examples, terms: Sequence[str], run: _Run
    ) -> None:
        """Train on the targets, and keep the history of the loss's terms under their names."""
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
            decay=parameters.decay,
        )

        def reconstruction(features: Any, _targets: Any, _training: bool) -> Sequence[Any]:
            return networks.reconstruction_losses(features, networks.latent(features))

        def regression(vectors: Any, targets: Any, training: bool) -> Sequence[Any]:
            return (_error(networks, vectors, targets, training),)

        history = run.train(reconstruction, networks.of_autoencoders, data, schedule, "Training the autoencoder")
        self._keep(("reconstruction",), history)
        encoded = _Encoded(data, networks.weights(), self.sizes_, parameters)
        self._minimise(regression, networks.of_regressor, encoded, ("loss",), run)


class RegressionFocused(_Convolutional[RegressionParameters]):
    """Encoder and perceptron are trained together to predict, and nothing is reconstructed (section IV B)."""

    def _train(self, networks: Networks, data: TrainingData, run: _Run) -> None:
        def objective(features: Any, targets: Any, training: bool) -> Sequence[Any]:
            return (_error(networks, _joined(networks.latent(features)), targets, training),)

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
    """Return the regression loss and the scaled sum of the reconstruction losses (eqs. 7 and 8)."""

    def objective(features: Any, targets: Any, training: bool) -> Sequence[Any]:
        vectors = networks.latent(features)
        losses = networks.reconstruction_losses(features, vectors)
        scaled = sum(scale * loss for scale, loss in zip(scales, losses, strict=True))
        return _error(networks, _joined(vectors), targets, training), scaled

    return objective


def _error(networks: Networks, latent: Any, targets: Any, training: bool) -> Any:
    """Return the mean squared error of the values (eq. 6)."""
    import tensorflow as tf

    values, _ = networks.regress(latent, training=training)
    return tf.reduce_mean(tf.square(targets - values))


def _likelihood(networks: Networks) -> Objective:
    """Return minus the logarithm of the Gaussian likelihood of the errors, up to a constant."""
    import tensorflow as tf

    def objective(features: Any, targets: Any, _training: bool) -> Sequence[Any]:
        values, log_spreads = networks.regress(_joined(networks.latent(features)), training=False)
        log_spreads = tf.clip_by_value(log_spreads, *_LOG_SPREAD)
        return (tf.reduce_mean(0.5 * tf.square((targets - values) * tf.exp(-log_spreads)) + log_spreads),)

    return objective


def _joined(vectors: Sequence[Any]) -> Any:
    import tensorflow as tf

    return tf.concat(vectors, axis=1)
