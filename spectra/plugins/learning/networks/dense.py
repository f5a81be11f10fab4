"""The dense network: features to quantities, each with its own spread. Keras trains it, NumPy evaluates it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import chain, count
from typing import Any, Literal, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from spectra.core.components import Features, State, TrainingData
from spectra.core.progress import Progress
from spectra.core.quantities import Estimate
from spectra.plugins.learning.keras_loading import load_keras

Floats = NDArray[np.float64]

# Logarithms of spreads, as shares of a quantity's range, are kept where exp() is harmless.
_LOG_SPREAD = (-9.0, 2.0)
# On a plateau the learning rate is divided by this, and no further than to this (Liu et al. 2023).
_DIVISOR = 5.0
_LOWEST_RATE = 1e-6


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
        self.layers_: list[tuple[NDArray[np.float32], NDArray[np.float32]]] = []
        self.calibration_: Floats = np.ones(0)
        self.history_: dict[str, Floats] = {}

    def fit(self, data: TrainingData, *, rng: np.random.Generator, progress: Progress) -> Self:
        """Train on fresh distortions in every epoch, or on a fixed number of distorted copies."""
        progress.say("Loading TensorFlow …")
        validation_x, validation_y = data.validation
        inputs, targets = validation_x.shape[1], validation_y.shape[1]
        losses: list[tuple[float, float]] = []
        keras = load_keras(int(rng.integers(2**31)))
        copies = self.parameters.copies
        with _fixed_epochs(data, copies, rng) if copies else _fresh_epochs(data, rng) as epochs:
            first = next(epochs)
            training = _Training(keras, self.parameters, inputs, targets, len(first.order))
            with progress.task("Training the network", self.parameters.epochs) as advance:
                for epoch in chain([first], epochs):
                    loss = training.epoch(epoch)
                    losses.append((loss, training.loss(validation_x, validation_y.astype(np.float32))))
                    advance(1)
                    if len(losses) == self.parameters.epochs:
                        break
                    if training.is_over(losses[-1][1]):
                        progress.say(f"Stopped after {len(losses)} epochs: the validation loss stands still.")
                        break
        self.layers_ = training.weights()
        self.history_ = dict(zip(("loss", "validation_loss"), np.array(losses).T, strict=True))
        self.calibration_ = np.ones(targets)
        self.calibration_ = self.predict(validation_x).calibration(validation_y)
        return self

    def predict(self, features: Features) -> Estimate:
        """Evaluate the network with NumPy: arrays (n, p), as shares of the ranges."""
        activation = features
        for kernel, bias in self.layers_[:-1]:
            activation = np.maximum(activation @ kernel + bias, 0.0)
        kernel, bias = self.layers_[-1]
        outputs = (activation @ kernel + bias).astype(np.float64)
        if self.parameters.loss == "mse":
            return Estimate(outputs, np.broadcast_to(self.calibration_, outputs.shape))
        mean, log_spread = np.split(outputs, 2, axis=1)
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


class _Epoch(NamedTuple):
    """The examples of an epoch, as NumPy arrays or as tensors, and the order in which they are met."""

    features: Any  # (n, d)
    values: Any  # (n, p)
    order: NDArray[np.int64]  # (n,)


@contextmanager
def _fresh_epochs(data: TrainingData, rng: np.random.Generator) -> Iterator[Iterator[_Epoch]]:
    """Distort anew for every epoch, one ahead, while TensorFlow computes."""

    def draw() -> _Epoch:
        features, targets = data.draw(rng)
        return _Epoch(features, targets.astype(np.float32), rng.permutation(len(features)))

    def epochs(worker: ThreadPoolExecutor) -> Iterator[_Epoch]:
        upcoming = worker.submit(draw)
        while True:
            ready = upcoming.result()
            upcoming = worker.submit(draw)
            yield ready

    with ThreadPoolExecutor(1) as worker:
        yield epochs(worker)


@contextmanager
def _fixed_epochs(data: TrainingData, copies: int, rng: np.random.Generator) -> Iterator[Iterator[_Epoch]]:
    """Distort ``copies`` times, keep that as the one training set, and shuffle it for every epoch."""
    import tensorflow as tf

    features, targets = data.draw(rng)
    examples = len(features)
    stacked = np.empty((copies * examples, features.shape[1]), dtype=np.float32)
    for copy in range(copies):
        stacked[copy * examples : (copy + 1) * examples] = features if copy == 0 else data.draw(rng)[0]
    values = tf.constant(np.tile(targets, (copies, 1)).astype(np.float32))
    kept = tf.constant(stacked)
    del stacked
    yield (_Epoch(kept, values, rng.permutation(copies * examples)) for _ in count())


class _Training:
    """A Keras network with its optimizer; a whole epoch is one TensorFlow graph, three times as fast as Keras' loop."""

    def __init__(self, keras: Any, parameters: DenseParameters, inputs: int, targets: int, examples: int) -> None:
        import tensorflow as tf

        layers, outputs = keras.layers, {"gaussian": 2 * targets, "mse": targets}[parameters.loss]
        network = keras.Sequential(
            [keras.Input((inputs,)), layers.Dropout(parameters.dropout)]
            + [layers.Dense(nodes, activation="relu") for nodes in parameters.hidden]
            + [layers.Dense(outputs)]
        )
        batch, steps = parameters.batch, -(-examples // parameters.batch)
        rate = parameters.learning_rate
        if parameters.schedule == "cosine":
            rate = keras.optimizers.schedules.CosineDecay(rate, parameters.epochs * steps)
        optimizer = keras.optimizers.Adam(rate)
        optimizer.build(network.trainable_variables)

        def gaussian(features: Any, values: Any, training: bool) -> Any:
            """Negative logarithm of the Gaussian likelihood, up to a constant."""
            mean, log_spread = tf.split(network(features, training=training), 2, axis=1)
            log_spread = tf.clip_by_value(log_spread, *_LOG_SPREAD)
            return tf.reduce_mean(0.5 * tf.square((values - mean) * tf.exp(-log_spread)) + log_spread)

        def mse(features: Any, values: Any, training: bool) -> Any:
            return tf.reduce_mean(tf.square(values - network(features, training=training)))

        loss = gaussian if parameters.loss == "gaussian" else mse

        def epoch(features: Any, values: Any, order: Any) -> Any:
            total = 0.0
            for step in tf.range(steps):
                part = order[step * batch : (step + 1) * batch]
                with tf.GradientTape() as tape:
                    value = loss(tf.gather(features, part), tf.gather(values, part), True)
                optimizer.apply(tape.gradient(value, network.trainable_variables))
                total += value
            return total / tf.cast(steps, tf.float32)

        self._tf, self._network, self._loss, self._epoch = tf, network, tf.function(loss), tf.function(epoch)
        self._optimizer, self._parameters = optimizer, parameters
        self._best, self._waited = np.inf, 0

    def epoch(self, examples: _Epoch) -> float:
        """Take one step for every batch and return the mean loss."""
        return float(self._epoch(*map(self._tf.constant, examples)))

    def loss(self, features: Features, values: NDArray[np.float32]) -> float:
        """Return the loss without dropout."""
        return float(self._loss(self._tf.constant(features), self._tf.constant(values), False))

    def is_over(self, validation_loss: float) -> bool:
        """Lower the learning rate on a plateau of the validation loss; say if it was at its lowest already."""
        if self._parameters.schedule == "cosine":
            return False
        if validation_loss < self._best:
            self._best, self._waited = validation_loss, 0
            return False
        self._waited += 1
        if self._waited < self._parameters.patience:
            return False
        rate, self._waited = float(self._optimizer.learning_rate), 0
        self._optimizer.learning_rate = max(rate / _DIVISOR, _LOWEST_RATE)
        return rate <= 1.001 * _LOWEST_RATE

    def weights(self) -> list[tuple[NDArray[np.float32], NDArray[np.float32]]]:
        """Return kernel and bias of each dense layer."""
        dense = [layer for layer in self._network.layers if hasattr(layer, "kernel")]
        return [(np.asarray(layer.kernel), np.asarray(layer.bias)) for layer in dense]
