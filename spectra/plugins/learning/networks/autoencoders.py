"""The autoencoders of Vizoso & Dingreville (2025), section IV, in Keras, with sizes that follow from the input."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, PositiveInt

from spectra.core.components import Features
from spectra.core.errors import InputError
from spectra.plugins.learning.networks.layers import SLOPE, Activation, Singles, stored

_CAPTURED = 0.98  # share of the variance by which the paper chose its 30 latent variables
_MOST_EXAMPLES = 2000  # for that choice


class Design(BaseModel):
    """Sizes of encoder, decoder and regressor; the defaults are the paper's."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    latent: PositiveInt | None = Field(
        default=None,
        description="latent variables of each part (the paper: 30); none for as many principal components as hold 98 % "
        "of the variance",
    )
    channels: tuple[PositiveInt, ...] = Field(
        default=(4, 8, 16), min_length=1, description="channels of the convolutional layers of the encoder"
    )
    kernel: int = Field(default=5, ge=1, le=99, description="bins that a convolution spans")
    activation: Activation = Field(
        default="linear",
        description="after each convolution; 'linear' is the paper's, whose autoencoder is then no better than PCA",
    )
    hidden: tuple[PositiveInt, ...] = Field(
        default=(64, 64, 64, 64), min_length=1, description="nodes of the regressor's hidden layers (leaky ReLU)"
    )
    dropout: float = Field(default=0.2, ge=0, lt=1, description="share of nodes dropped after each hidden layer")


class Networks:
    """One convolutional autoencoder for each part, and a multilayer perceptron on their latent vectors.

    Schematically, for 150 bins: Conv(4×146) Conv(8×142) Conv(16×138) Flat(2208) Linear(latent); the decoder mirrors it
    with transposed convolutions; then four times Linear(64) LeakyReLU Dropout, and a linear layer for the values.
    Beside that layer stands one for the logarithms of the spreads, which is trained when all else is.
    """

    def __init__(
        self, keras: Any, design: Design, *, sizes: Sequence[int], latents: Sequence[int], outputs: int
    ) -> None:
        shortest = len(design.channels) * (design.kernel - 1) + 1
        if min(sizes) < shortest:
            raise InputError(
                f"{len(design.channels)} convolutions of {design.kernel} bins need profiles of at least {shortest} "
                f"bins, not {min(sizes)}.",
                hint="Ask for more bins, fewer channels or a smaller kernel.",
            )
        self.sizes = tuple(sizes)
        self.encoders = [_encoder(keras, design, *shape) for shape in zip(sizes, latents, strict=True)]
        self.decoders = [_decoder(keras, design, *shape) for shape in zip(sizes, latents, strict=True)]
        self.hidden = _hidden(keras, design, sum(latents))
        self.values, self.spreads = (keras.layers.Dense(outputs) for _ in range(2))
        for layer in (self.values, self.spreads):
            layer.build((None, design.hidden[-1]))

    def latent(self, features: Any) -> Any:
        """Encode all parts: a list of tensors (n, latents)."""
        import tensorflow as tf

        parts = tf.split(features, self.sizes, axis=1)
        return [encoder(part) for encoder, part in zip(self.encoders, parts, strict=True)]

    def reconstruction_losses(self, features: Any, latent: Sequence[Any]) -> list[Any]:
        """Return the mean squared error of each part's reconstruction (eq. 5)."""
        import tensorflow as tf

        parts = tf.split(features, self.sizes, axis=1)
        decoded = [decoder(vector) for decoder, vector in zip(self.decoders, latent, strict=True)]
        return [tf.reduce_mean(tf.square(part - again)) for part, again in zip(parts, decoded, strict=True)]

    def regress(self, latent: Any, *, training: bool) -> tuple[Any, Any]:
        """Return values and logarithms of spreads, shape (n, p) each, of concatenated latent vectors."""
        hidden = self.hidden(latent, training=training)
        return self.values(hidden), self.spreads(hidden)

    @property
    def of_autoencoders(self) -> list[Any]:
        """The variables that a reconstruction depends on."""
        return [v for network in (*self.encoders, *self.decoders) for v in network.trainable_variables]

    @property
    def of_encoders(self) -> list[Any]:
        """The variables that a latent vector depends on."""
        return [v for network in self.encoders for v in network.trainable_variables]

    @property
    def of_regressor(self) -> list[Any]:
        """The variables by which values follow from latent vectors."""
        return [v for network in (self.hidden, self.values) for v in network.trainable_variables]

    def weights(self, *, decoders: bool) -> dict[str, Singles]:
        """Return what a prediction needs, and a reconstruction if so asked, by the names in :mod:`evaluation`."""
        parts = {f"encoder{place}": network.layers for place, network in enumerate(self.encoders)}
        parts["regressor"] = self.hidden.layers
        if decoders:
            parts |= {f"decoder{place}": network.layers for place, network in enumerate(self.decoders)}
        weights: dict[str, Singles] = {}
        for name, layers in parts.items():
            weighted = [layer for layer in layers if layer.weights]
            weights |= stored({f"{name}/{place}": layer for place, layer in enumerate(weighted)})
        return weights | stored({"regressor/values": self.values, "regressor/spreads": self.spreads})


def suggested_latent(features: Features) -> int:
    """Return how many principal components of ``features`` (n, d) hold 98 % of their variance."""
    centred = features[:_MOST_EXAMPLES].astype(np.float64)
    centred -= centred.mean(axis=0)
    variances = np.linalg.svd(centred, compute_uv=False) ** 2
    captured = np.cumsum(variances)
    return int(np.searchsorted(captured, _CAPTURED * captured[-1])) + 1


def _encoder(keras: Any, design: Design, size: int, latent: int) -> Any:
    layers = keras.layers
    convolutions = [
        layers.Conv1D(channels, design.kernel, activation=_activation(keras, design)) for channels in design.channels
    ]
    return keras.Sequential(
        [keras.Input((size,)), layers.Reshape((size, 1)), *convolutions, layers.Flatten(), layers.Dense(latent)]
    )


def _decoder(keras: Any, design: Design, size: int, latent: int) -> Any:
    layers = keras.layers
    shape = (size - len(design.channels) * (design.kernel - 1), design.channels[-1])
    convolutions = [
        layers.Conv1DTranspose(channels, design.kernel, activation=_activation(keras, design))
        for channels in design.channels[-2::-1]
    ]
    network = keras.Sequential([keras.Input((latent,)), layers.Dense(shape[0] * shape[1]), layers.Reshape(shape)])
    for layer in (*convolutions, layers.Conv1DTranspose(1, design.kernel), layers.Reshape((size,))):
        network.add(layer)
    return network


def _hidden(keras: Any, design: Design, latent: int) -> Any:
    layers = keras.layers
    network = keras.Sequential([keras.Input((latent,))])
    for nodes in design.hidden:
        network.add(layers.Dense(nodes))
        network.add(layers.LeakyReLU(negative_slope=SLOPE))
        network.add(layers.Dropout(design.dropout))
    return network


def _activation(keras: Any, design: Design) -> Any:
    if design.activation == "leaky_relu":
        return lambda values: keras.activations.leaky_relu(values, negative_slope=SLOPE)
    return design.activation
