"""A convolutional variational autoencoder of pictures: trained by Keras, evaluated by NumPy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, PositiveFloat, PositiveInt

from spectra.core.components import Features
from spectra.core.errors import InputError
from spectra.core.progress import Progress
from spectra.core.signals import within
from spectra.plugins.learning.keras_loading import load_keras
from spectra.plugins.learning.networks.epochs import fixed_epochs, in_memory
from spectra.plugins.learning.networks.layers import (
    SLOPE,
    Singles,
    Weights,
    activated,
    convolution,
    dense,
    named,
    numbered,
    stored,
)
from spectra.plugins.learning.networks.training import Schedule, train

Floats = NDArray[np.float64]
Shape = tuple[int, int, int]

_KERNEL, _STEP = 3, 2
_HELD_OUT = 10  # one picture of so many is for validation
_BATCH = 64  # pictures that NumPy evaluates at a time


class VariationalParameters(BaseModel):
    """Size and training of the network."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    latent: PositiveInt = Field(default=32, description="numbers of a code, at most; what carries nothing is left out")
    channels: tuple[PositiveInt, ...] = Field(
        default=(16, 32), min_length=1, description="channels of the convolutions, each halving a picture (leaky ReLU)"
    )
    noise: PositiveFloat = Field(
        default=0.3, description="standard deviation of pixels about their picture, in that of all; more blurs pictures"
    )
    epochs: PositiveInt = Field(default=80, description="passes over the pictures, at most")
    patience: PositiveInt = Field(default=15, description="epochs without progress on validation before it stops")
    batch: PositiveInt = Field(default=32, description="pictures per step")
    learning_rate: PositiveFloat = Field(default=2e-3, description="Adam's, at the start; it falls along a cosine")


def train_variational(
    pictures: Singles, parameters: VariationalParameters, *, rng: np.random.Generator, progress: Progress
) -> dict[str, Singles]:
    """Learn codes of pictures (n, height, width, channels) and return the weights.

    The loss is the negative evidence lower bound (Kingma and Welling, arXiv:1312.6114) for pixels with Gaussian noise,
    a sum over pixels.

    Parameters
    ----------
    pictures
        Of about unit variance.

    Raises
    ------
    InputError
        If they are too small for the convolutions, or fewer than ten.
    """
    if len(pictures) < _HELD_OUT:
        raise InputError(f"A variational autoencoder needs at least {_HELD_OUT} pictures, not {len(pictures)}.")
    shape: Shape = pictures.shape[1:]
    progress.say("Loading TensorFlow …")
    keras = load_keras(int(rng.integers(2**31)))
    import tensorflow as tf

    network = _Network(keras, parameters, shape)
    order = rng.permutation(len(pictures))
    held_out = len(pictures) // _HELD_OUT
    examples = _Pictures(pictures[order[held_out:]], pictures[order[:held_out]])

    def objective(shown: Any, _: Any, training: bool) -> dict[str, Any]:
        mean, log_variance = network.encoded(shown)
        noise = tf.random.normal(tf.shape(mean)) if training else tf.zeros_like(mean)
        again = network.decoded(mean + noise * tf.exp(log_variance / 2))
        squares = tf.reduce_sum(tf.square(shown - again), axis=(1, 2, 3)) / (2 * parameters.noise**2)
        divergence = 0.5 * tf.reduce_sum(tf.exp(log_variance) + tf.square(mean) - 1 - log_variance, axis=1)
        return {"loss": tf.reduce_mean(squares + divergence)}

    schedule = Schedule(
        epochs=parameters.epochs,
        patience=parameters.patience,
        batch=parameters.batch,
        learning_rate=parameters.learning_rate,
        decay="epochs",
    )
    with fixed_epochs(examples, 1, rng) as epochs:
        train(
            objective,
            network.variables,
            epochs,
            in_memory(examples.validation),
            keras=keras,
            schedule=schedule,
            progress=progress,
            title="Training the autoencoder",
        )
    return network.weights()


def encode(pictures: Singles, weights: Weights) -> Singles:
    """Return the means of the codes of pictures (n, height, width, channels), shape (n, latent)."""

    def encoded(part: Singles) -> Singles:
        for layer in numbered(within(weights, "encoder")):
            part = activated(convolution(part, layer, _STEP), "leaky_relu")
        return dense(part.reshape(len(part), -1), named(weights, "means"))

    return _in_batches(encoded, pictures)


def decode(codes: NDArray[Any], weights: Weights, shape: Sequence[int]) -> Singles:
    """Return the pictures of codes (n, latent), with height and width as in ``shape``."""
    layers = numbered(within(weights, "decoder"))
    height, width = _coarsest(shape[:2], len(layers))

    def decoded(part: Singles) -> Singles:
        part = activated(dense(part, named(weights, "first")), "leaky_relu")
        part = part.reshape(len(part), height, width, -1)
        for place, layer in enumerate(layers):
            part = convolution(part.repeat(_STEP, axis=1).repeat(_STEP, axis=2), layer)
            part = part if place == len(layers) - 1 else activated(part, "leaky_relu")
        return part[:, : shape[0], : shape[1]]

    return _in_batches(decoded, codes.astype(np.float32))


def _in_batches(function: Any, array: Singles) -> Singles:
    parts = [function(array[start : start + _BATCH]) for start in range(0, max(len(array), 1), _BATCH)]
    return np.concatenate(parts)


def _coarsest(size: Sequence[int], doublings: int) -> tuple[int, int]:
    """Return the height and width from which doublings, each followed by a convolution, lead to at least ``size``."""
    height, width = size
    for _ in range(doublings):
        height, width = (-(-(side + _KERNEL - 1) // _STEP) for side in (height, width))
    return height, width


class _Network:
    """Encoder and decoder in Keras: convolutions in steps of two, and doublings followed by convolutions."""

    def __init__(self, keras: Any, parameters: VariationalParameters, shape: Shape) -> None:
        layers = keras.layers
        smallest = _smallest(len(parameters.channels))
        if min(shape[:2]) < smallest:
            raise InputError(
                f"{len(parameters.channels)} convolutions in steps of {_STEP} pixels need pictures of at least "
                f"{smallest} × {smallest} pixels, not {shape[0]} × {shape[1]}.",
                hint="Ask for larger windows or fewer channels.",
            )

        def activation(values: Any) -> Any:
            return keras.activations.leaky_relu(values, negative_slope=SLOPE)

        self._shape = shape
        self._encoder = [
            layers.Conv2D(channels, _KERNEL, strides=_STEP, activation=activation) for channels in parameters.channels
        ]
        coarsest = _coarsest(shape[:2], len(parameters.channels))
        widest = parameters.channels[-1]
        self._first = layers.Dense(coarsest[0] * coarsest[1] * widest, activation=activation)
        inner = [layers.Conv2D(channels, _KERNEL, activation=activation) for channels in parameters.channels[-2::-1]]
        self._decoder = [*inner, layers.Conv2D(shape[2], _KERNEL)]
        self._means, self._log_variances = layers.Dense(parameters.latent), layers.Dense(parameters.latent)
        self._fold = layers.Reshape((*coarsest, widest))
        self._flat, self._double = layers.Flatten(), layers.UpSampling2D(_STEP)
        pictures, codes = keras.Input(shape), keras.Input((parameters.latent,))
        self._networks = [keras.Model(pictures, self.encoded(pictures)), keras.Model(codes, self.decoded(codes))]

    def encoded(self, pictures: Any) -> tuple[Any, Any]:
        """Return means and logarithms of the variances of codes."""
        for layer in self._encoder:
            pictures = layer(pictures)
        flat = self._flat(pictures)
        return self._means(flat), self._log_variances(flat)

    def decoded(self, codes: Any) -> Any:
        """Return the pictures of codes."""
        channels = self._fold(self._first(codes))
        for layer in self._decoder:
            channels = layer(self._double(channels))
        return channels[:, : self._shape[0], : self._shape[1]]

    @property
    def variables(self) -> list[Any]:
        """Everything that is trained."""
        return [variable for network in self._networks for variable in network.trainable_variables]

    def weights(self) -> dict[str, Singles]:
        """Return what :func:`encode` and :func:`decode` need."""
        layers = {f"encoder/{place}": layer for place, layer in enumerate(self._encoder)}
        layers |= {f"decoder/{place}": layer for place, layer in enumerate(self._decoder)}
        return stored(layers | {"means": self._means, "first": self._first})


class _Pictures:
    """Pictures to train with and to validate on; there is nothing to predict of them."""

    def __init__(self, training: Singles, held_out: Singles) -> None:
        self._training, self.validation = _without_targets(training), _without_targets(held_out)

    def draw(self, rng: np.random.Generator) -> tuple[Features, Floats]:  # noqa: ARG002
        return self._training


def _without_targets(pictures: Singles) -> tuple[Features, Floats]:
    return pictures, np.zeros((len(pictures), 1))


def _smallest(convolutions: int) -> int:
    """Return the height and width that so many convolutions leave one pixel of."""
    size = 1
    for _ in range(convolutions):
        size = (size - 1) * _STEP + _KERNEL
    return size
