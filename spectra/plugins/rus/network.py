"""The dense network: features to quantities, each with its own spread. Keras trains it, NumPy evaluates it."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from spectra.core.components import Features, State, TrainingData
from spectra.core.progress import Progress
from spectra.core.quantities import Estimate

Floats = NDArray[np.float64]

# Logarithms of spreads, as shares of a quantity's range, are kept where exp() is harmless.
_LOG_SPREAD = (-9.0, 2.0)


class DenseParameters(BaseModel):
    """Size and training of the network."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    hidden: tuple[int, ...] = Field(default=(256, 256, 128), description="nodes of the hidden layers (ReLU)")
    dropout: float = Field(default=0.0, ge=0, lt=1, description="share of the input bins dropped (the paper: 0.1)")
    epochs: int = Field(default=120, ge=1, description="passes over the training set, each with fresh distortions")
    batch: int = Field(default=128, ge=1, description="examples per step")
    learning_rate: float = Field(default=2e-3, gt=0, description="Adam's, at the start; it falls as a cosine to zero")


class DenseNetwork:
    """A multilayer perceptron with two outputs for each quantity: its value and the logarithm of its spread.

    Trained on the negative logarithm of the Gaussian likelihood (Nix and Weigend 1994), so that the network says
    itself where it cannot know; afterwards the spreads are scaled to match the errors on the validation set.
    """

    def __init__(self, parameters: DenseParameters) -> None:
        self.parameters = parameters
        self.layers_: list[tuple[NDArray[np.float32], NDArray[np.float32]]] = []
        self.calibration_: Floats = np.ones(0)
        self.history_: dict[str, Floats] = {}

    def fit(self, data: TrainingData, *, rng: np.random.Generator, progress: Progress) -> Self:
        """Train on fresh distortions in every epoch."""
        progress.say("Loading TensorFlow …")
        validation_x, validation_y = data.validation
        inputs, targets = validation_x.shape[1], validation_y.shape[1]
        losses = []
        keras = _keras(int(rng.integers(2**31)))
        with (
            ThreadPoolExecutor(1) as worker,
            progress.task("Training the network", self.parameters.epochs) as advance,
        ):
            upcoming = worker.submit(_shuffled_draw, data, rng)
            training = _Training(keras, self.parameters, inputs, targets, len(upcoming.result()[0]))
            for _ in range(self.parameters.epochs):
                features, values = upcoming.result()
                upcoming = worker.submit(_shuffled_draw, data, rng)  # distort while TensorFlow computes
                loss = training.epoch(features, values)
                losses.append((loss, training.loss(validation_x, validation_y.astype(np.float32))))
                advance(1)
        self.layers_ = training.weights()
        self.history_ = dict(zip(("loss", "validation_loss"), np.array(losses).T, strict=True))
        self.calibration_ = np.ones(targets)
        estimate = self.predict(validation_x)
        self.calibration_ = np.sqrt(np.mean(((validation_y - estimate.mean) / estimate.spread) ** 2, axis=0))
        return self

    def predict(self, features: Features) -> Estimate:
        """Evaluate the network with NumPy: arrays (n, p), as shares of the ranges."""
        activation = features
        for kernel, bias in self.layers_[:-1]:
            activation = np.maximum(activation @ kernel + bias, 0.0)
        kernel, bias = self.layers_[-1]
        mean, log_spread = np.split((activation @ kernel + bias).astype(np.float64), 2, axis=1)
        return Estimate(mean, self.calibration_ * np.exp(np.clip(log_spread, *_LOG_SPREAD)))

    def get_state(self) -> State:
        """Return weights, calibration and the losses of each epoch."""
        state: dict[str, NDArray[Any]] = {"calibration": self.calibration_}
        for place, (kernel, bias) in enumerate(self.layers_):
            state |= {f"layer{place}/kernel": kernel, f"layer{place}/bias": bias}
        return state | {f"history/{name}": values for name, values in self.history_.items()}

    def set_state(self, state: State) -> Self:
        """Take over the weights of another network."""
        count = sum(name.endswith("/kernel") for name in state)
        self.layers_ = [(state[f"layer{place}/kernel"], state[f"layer{place}/bias"]) for place in range(count)]
        self.calibration_ = state["calibration"]
        self.history_ = {n.removeprefix("history/"): v for n, v in state.items() if n.startswith("history/")}
        return self


def _shuffled_draw(data: TrainingData, rng: np.random.Generator) -> tuple[Features, NDArray[np.float32]]:
    features, targets = data.draw(rng)
    order = rng.permutation(len(features))
    return features[order], targets[order].astype(np.float32)


class _Training:
    """A Keras network with its optimizer; a whole epoch is one TensorFlow graph, three times as fast as Keras' loop."""

    def __init__(self, keras: Any, parameters: DenseParameters, inputs: int, targets: int, examples: int) -> None:
        import tensorflow as tf

        layers = keras.layers
        network = keras.Sequential(
            [keras.Input((inputs,)), layers.Dropout(parameters.dropout)]
            + [layers.Dense(nodes, activation="relu") for nodes in parameters.hidden]
            + [layers.Dense(2 * targets)]
        )
        batch, steps = parameters.batch, -(-examples // parameters.batch)
        decay = keras.optimizers.schedules.CosineDecay(parameters.learning_rate, parameters.epochs * steps)
        optimizer = keras.optimizers.Adam(decay)
        optimizer.build(network.trainable_variables)

        def loss(features: Any, values: Any, training: bool) -> Any:
            """Negative logarithm of the Gaussian likelihood, up to a constant."""
            mean, log_spread = tf.split(network(features, training=training), 2, axis=1)
            log_spread = tf.clip_by_value(log_spread, *_LOG_SPREAD)
            return tf.reduce_mean(0.5 * tf.square((values - mean) * tf.exp(-log_spread)) + log_spread)

        def epoch(features: Any, values: Any) -> Any:
            total = 0.0
            for step in tf.range(steps):
                part = slice(step * batch, (step + 1) * batch)
                with tf.GradientTape() as tape:
                    value = loss(features[part], values[part], True)
                optimizer.apply(tape.gradient(value, network.trainable_variables))
                total += value
            return total / tf.cast(steps, tf.float32)

        self._tf, self._network, self._loss, self._epoch = tf, network, tf.function(loss), tf.function(epoch)

    def epoch(self, features: Features, values: NDArray[np.float32]) -> float:
        """Take one step for every batch and return the mean loss."""
        return float(self._epoch(self._tf.constant(features), self._tf.constant(values)))

    def loss(self, features: Features, values: NDArray[np.float32]) -> float:
        """Return the loss without dropout."""
        return float(self._loss(self._tf.constant(features), self._tf.constant(values), False))

    def weights(self) -> list[tuple[NDArray[np.float32], NDArray[np.float32]]]:
        """Return kernel and bias of each dense layer."""
        dense = [layer for layer in self._network.layers if hasattr(layer, "kernel")]
        return [(np.asarray(layer.kernel), np.asarray(layer.bias)) for layer in dense]


def _keras(seed: int) -> Any:
    """Return Keras on TensorFlow, repeatable on one machine, without what its C++ code prints while it starts."""
    os.environ["KERAS_BACKEND"] = "tensorflow"
    with _without_native_messages():
        import keras
        import tensorflow as tf

        keras.utils.set_random_seed(seed)
        tf.config.experimental.enable_op_determinism()
        tf.constant(0.0)  # looks for devices, and says so
    return keras


@contextmanager
def _without_native_messages() -> Iterator[None]:
    """Discard what is written to file descriptor 2; TensorFlow has no setting for its first messages."""
    sys.stderr.flush()
    kept = os.dup(2)
    try:
        with tempfile.TemporaryFile() as sink:
            os.dup2(sink.fileno(), 2)
            try:
                yield
            finally:
                os.dup2(kept, 2)
    finally:
        os.close(kept)
