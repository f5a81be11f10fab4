"""The network for pictures: what their texture says, wherever it lies. Keras trains it a batch at a time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, NonNegativeFloat, PositiveFloat, PositiveInt

from spectra.core.components import Features, State, TrainingData
from spectra.core.errors import InputError
from spectra.core.progress import Progress
from spectra.core.quantities import Estimate
from spectra.core.signals import below, within
from spectra.plugins.learning.calibration import Calibration, limited
from spectra.plugins.learning.keras_loading import load_keras
from spectra.plugins.learning.networks.epochs import InBatches, fixed_epochs, in_memory, streamed_epochs
from spectra.plugins.learning.networks.evaluation import STEP, evaluate_pictures
from spectra.plugins.learning.networks.layers import Singles, stored
from spectra.plugins.learning.networks.training import Schedule, gaussian, squared, train

Floats = NDArray[np.float64]
Shape = tuple[int, int, int]

_NUMBERS = 4_000_000  # features that are handed to TensorFlow at once: 16 MB
_POWERS = np.linspace(0.0, 1.0, 11)
_OF_SPREADS = Schedule(epochs=60, patience=10, batch=32, learning_rate=1e-2, decay="none")  # a single layer


class ImageRegressionParameters(BaseModel):
    """Size and training of the network."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    channels: tuple[PositiveInt, ...] = Field(
        default=(16, 32, 64), min_length=1, description="channels of the convolutions, in steps of two pixels (ReLU)"
    )
    kernel: int = Field(default=3, ge=1, le=31, description="pixels that a convolution spans in either direction")
    hidden: tuple[PositiveInt, ...] = Field(default=(64,), description="nodes of the layers after the averages (ReLU)")
    batch: PositiveInt = Field(default=16, description="pictures per step")
    epochs: PositiveInt = Field(default=150, description="passes over the training set, at most")
    patience: PositiveInt = Field(default=30, description="epochs without progress on validation before it stops")
    learning_rate: PositiveFloat = Field(default=3e-3, description="AdamW's, at the start; it falls along a cosine")
    weight_decay: NonNegativeFloat = Field(default=1e-4, description="AdamW's")


class ImageRegression:
    """Convolutions in steps of two pixels, averages over the picture, and a perceptron on these.

    The channels of every convolution are averaged: the first see the finest details, the last the coarsest, and none
    sees where in the picture they lie. Values are trained on the mean squared error, with the weights that validate
    best. After that, one layer is trained on the Gaussian likelihood of the errors that are left (Nix and Weigend 1994)
    to give the logarithms of their spreads, and these are calibrated on validation.

    However many pictures there are, only a few batches of them are in memory as features.
    """

    def __init__(self, parameters: ImageRegressionParameters) -> None:
        self.parameters = parameters
        self.shape_: Shape = (0, 0, 0)
        self.weights_: dict[str, Singles] = {}
        self.calibration_ = Calibration(np.ones(0), np.ones(0))
        self.history_: dict[str, Floats] = {}

    def fit(self, data: TrainingData, *, rng: np.random.Generator, progress: Progress) -> Self:
        """Train on fresh distortions in every epoch.

        Raises
        ------
        InputError
            If the features are not those of one picture, or it is too small for the convolutions.
        """
        self.shape_ = self._checked(data.shapes)
        progress.say("Loading TensorFlow …")
        keras = load_keras(int(rng.integers(2**31)))
        parameters, validation = self.parameters, InBatches(data, self._at_once())
        _, targets = next(iter(validation))
        network = _Network(keras, parameters, self.shape_, targets.shape[1])
        schedule = Schedule(
            epochs=parameters.epochs,
            patience=parameters.patience,
            batch=parameters.batch,
            learning_rate=parameters.learning_rate,
            weight_decay=parameters.weight_decay,
            decay="epochs",
        )
        with streamed_epochs(data, validation.size, rng) as epochs:
            self.history_ = train(
                lambda pictures, truth, _: {"loss": squared(network.values(network.vectors(pictures)), truth)},
                network.of_values,
                epochs,
                validation,
                keras=keras,
                schedule=schedule,
                progress=progress,
                title="Training the network",
            )
            seen = _Vectors(network, (block[:2] for block in next(epochs).blocks), validation)
        with fixed_epochs(seen, 1, rng) as repeated:
            train(
                lambda vectors, truth, _: {"loss": gaussian(network.values(vectors), network.spreads(vectors), truth)},
                network.spreads.trainable_variables,
                repeated,
                in_memory(seen.validation),
                keras=keras,
                schedule=_OF_SPREADS,
                progress=progress,
                title="Training the spreads",
            )
        self.weights_ = network.weights()
        answers = [(*self._evaluated(features), truth) for features, truth in data.validation_batches(validation.size)]
        self.calibration_ = Calibration.matching(*map(np.concatenate, zip(*answers, strict=True)), powers=_POWERS)
        return self

    def predict(self, features: Features) -> Estimate:
        """Evaluate the network with NumPy: arrays (n, p), as shares of the ranges."""
        return self.calibration_.applied(*self._evaluated(features))

    def get_state(self) -> State:
        """Return weights, calibration, the shape of a picture and the losses of each epoch."""
        state = {"shape": np.array(self.shape_)} | self.calibration_.get_state()
        return state | below("weights", self.weights_) | below("history", self.history_)

    def set_state(self, state: State) -> Self:
        """Take over the weights of another network."""
        height, width, channels = (int(size) for size in state["shape"])
        self.shape_ = (height, width, channels)
        self.calibration_ = Calibration.of_state(state)
        self.weights_, self.history_ = within(state, "weights"), within(state, "history")
        return self

    def _checked(self, shapes: tuple[tuple[int, ...], ...]) -> Shape:
        """Return height, width and channels of the features."""
        if len(shapes) != 1 or len(shapes[0]) != 3:
            raise InputError(
                "The regressor 'image-regression' needs the features of one picture (height, width, channels), not "
                f"{' and '.join(map(str, shapes))}.",
                hint="Give it an image with an encoder that keeps its shape, such as 'pixels'.",
            )
        height, width, channels = shapes[0]
        smallest = 1
        for _ in self.parameters.channels:
            smallest = (smallest - 1) * STEP + self.parameters.kernel
        if min(height, width) < smallest:
            raise InputError(
                f"{len(self.parameters.channels)} convolutions of {self.parameters.kernel} pixels in steps of {STEP} "
                f"need pictures of at least {smallest} × {smallest} pixels, not {height} × {width}.",
                hint="Ask for larger features, fewer channels or a smaller kernel.",
            )
        return height, width, channels

    def _at_once(self) -> int:
        """Return how many pictures TensorFlow is handed at once: whole batches."""
        batch = self.parameters.batch
        return batch * max(1, _NUMBERS // (batch * int(np.prod(self.shape_))))

    def _evaluated(self, features: Features) -> tuple[Floats, Floats]:
        """Return values and logarithms of the spreads as the network has them, shape (n, p) each."""
        values, log_spreads = evaluate_pictures(features.reshape(-1, *self.shape_), self.weights_)
        return values.astype(np.float64), limited(log_spreads)


class _Network:
    """The network in Keras: pictures to vectors, vectors to values and to logarithms of spreads."""

    def __init__(self, keras: Any, parameters: ImageRegressionParameters, shape: Shape, outputs: int) -> None:
        layers = keras.layers
        self._convolutions = [
            layers.Conv2D(channels, parameters.kernel, strides=STEP, activation="relu", kernel_initializer="he_uniform")
            for channels in parameters.channels
        ]
        self._hidden = [
            layers.Dense(nodes, activation="relu", kernel_initializer="he_uniform") for nodes in parameters.hidden
        ]
        pictures = keras.Input((int(np.prod(shape)),))
        channels, averages = layers.Reshape(shape)(pictures), []
        for convolution in self._convolutions:
            channels = convolution(channels)
            averages.append(layers.GlobalAveragePooling2D()(channels))
        vectors = averages[0] if len(averages) == 1 else layers.Concatenate()(averages)
        for layer in self._hidden:
            vectors = layer(vectors)
        self.vectors = keras.Model(pictures, vectors)
        self.values, self.spreads = layers.Dense(outputs), layers.Dense(outputs)
        for layer in (self.values, self.spreads):
            layer.build((None, vectors.shape[1]))

    @property
    def of_values(self) -> list[Any]:
        """The variables that values depend on."""
        return self.vectors.trainable_variables + self.values.trainable_variables

    def weights(self) -> dict[str, Singles]:
        """Return what a prediction needs, by the names in :mod:`evaluation`."""
        named = {f"convolutions/{place}": layer for place, layer in enumerate(self._convolutions)}
        named |= {f"hidden/{place}": layer for place, layer in enumerate(self._hidden)}
        return stored(named | {"values": self.values, "spreads": self.spreads})


class _Vectors:
    """Pictures seen through the trained network: small enough to be kept."""

    def __init__(
        self, network: _Network, training: Iterable[tuple[Any, Any]], validation: Iterable[tuple[Any, Any]]
    ) -> None:
        self._training, self.validation = _seen(network, training), _seen(network, validation)

    def draw(self, rng: np.random.Generator) -> tuple[Features, Floats]:  # noqa: ARG002
        return self._training


def _seen(network: _Network, batches: Iterable[tuple[Any, Any]]) -> tuple[Features, Floats]:
    seen = [(np.asarray(network.vectors(features)), targets) for features, targets in batches]
    vectors, targets = zip(*seen, strict=True)
    return np.concatenate(vectors), np.concatenate(targets)
