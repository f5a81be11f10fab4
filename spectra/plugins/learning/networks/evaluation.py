"""Networks for profiles and for pictures, evaluated by NumPy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

import numpy as np

from spectra.core.components import Features
from spectra.core.signals import within
from spectra.plugins.learning.networks.layers import (
    Activation,
    Singles,
    Weights,
    activated,
    convolution,
    dense,
    named,
    numbered,
    perceptron,
    transposed_convolution,
)

T = TypeVar("T")

_BATCH = 128  # keeps what a long spectrum unfolds to in memory small
_PICTURES = 16  # and what a picture does
STEP = 2
"""Pixels between the places where the convolutions of a picture are taken."""


class Outputs(NamedTuple):
    """What a network says about n spectra, shape (n, p) each."""

    values: Singles
    log_spreads: Singles


def evaluate(features: Features, weights: Weights, sizes: Sequence[int], activation: Activation) -> Outputs:
    """Encode each part of ``features`` (n, d), and regress on the latent vectors.

    Parameters
    ----------
    weights
        ``encoder0/0/kernel``, ``encoder0/0/bias`` … ``regressor/values/bias``, as in :mod:`autoencoders`.
    sizes
        How many features belong to each part, as many as there are encoders.
    activation
        Of the encoders; the regressor has the leaky rectifier.
    """
    regressor = within(weights, "regressor")

    def outputs(part: Features) -> Outputs:
        hidden = perceptron(latent(part, weights, sizes, activation), numbered(regressor), "leaky_relu")
        return Outputs(*(dense(hidden, named(regressor, name)) for name in ("values", "spreads")))

    return Outputs(*(np.concatenate(arrays) for arrays in zip(*_in_batches(outputs, features), strict=True)))


def evaluate_pictures(pictures: Singles, weights: Weights) -> Outputs:
    """Convolve pictures (n, height, width, channels) in steps, average each layer over the places, regress on that.

    Parameters
    ----------
    weights
        ``convolutions/0/kernel`` …, ``hidden/0/kernel`` …, ``values/bias``, ``spreads/bias``, as in
        :mod:`image_regression`. All layers but the last have the rectifier.
    """
    convolutions, hidden = (numbered(within(weights, name)) for name in ("convolutions", "hidden"))

    def outputs(channels: Singles) -> Outputs:
        averages = []
        for layer in convolutions:
            channels = activated(convolution(channels, layer, STEP), "relu")
            averages.append(channels.mean(axis=(1, 2)))
        vectors = perceptron(np.concatenate(averages, axis=1), hidden, "relu")
        return Outputs(*(dense(vectors, named(weights, name)) for name in ("values", "spreads")))

    parts = _in_batches(outputs, pictures, _PICTURES)
    return Outputs(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))


def reconstruct(features: Features, weights: Weights, sizes: Sequence[int], activation: Activation) -> Features:
    """Encode each part of ``features`` (n, d) and decode it; the weights hold ``decoder0/0/kernel`` …, too."""
    decoders = [within(weights, f"decoder{place}") for place in range(len(sizes))]
    latents = [len(decoder["0/kernel"]) for decoder in decoders]

    def again(part: Features) -> Features:
        vectors = np.split(latent(part, weights, sizes, activation), np.cumsum(latents)[:-1], axis=1)
        decoded = [_decoded(*both, activation) for both in zip(vectors, decoders, strict=True)]
        return np.concatenate(decoded, axis=1)

    return np.concatenate(_in_batches(again, features))


def latent(features: Features, weights: Weights, sizes: Sequence[int], activation: Activation) -> Features:
    """Return the latent vectors of all parts, one after the other: shape (n, latent size times parts)."""
    parts = np.split(features, np.cumsum(sizes)[:-1], axis=1)
    encoded = [_encoded(part, within(weights, f"encoder{place}"), activation) for place, part in enumerate(parts)]
    return np.concatenate(encoded, axis=1)


def _encoded(features: Features, weights: Weights, activation: Activation) -> Features:
    """Convolve several times, flatten, and reduce."""
    *convolutions, last = numbered(weights)
    channels = features[:, :, None]
    for layer in convolutions:
        channels = activated(convolution(channels, layer), activation)
    return dense(channels.reshape(len(channels), -1), last)


def _decoded(vectors: Features, weights: Weights, activation: Activation) -> Features:
    """Enlarge, and convolve back; the last layer is linear."""
    first, *convolutions, last = numbered(weights)
    channels = dense(vectors, first).reshape(len(vectors), -1, (*convolutions, last)[0][0].shape[-1])
    for layer in convolutions:
        channels = activated(transposed_convolution(channels, layer), activation)
    return transposed_convolution(channels, last)[:, :, 0]


def _in_batches(function: Callable[[Features], T], features: Features, size: int = _BATCH) -> list[T]:
    return [function(features[start : start + size]) for start in range(0, max(len(features), 1), size)]
