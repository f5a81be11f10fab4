"""Trained networks evaluated by NumPy, so that a prediction needs no TensorFlow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spectra.core.components import Features
from spectra.core.signals import within

Activation = Literal["linear", "relu", "leaky_relu"]
Weights = Mapping[str, NDArray[Any]]

SLOPE = 0.01
"""Of the leaky rectifier below zero: PyTorch's default, which the paper used (Keras' is 0.3)."""

_BATCH = 128  # keeps what a long spectrum unfolds to in memory small


class Outputs(NamedTuple):
    """What a network says about n spectra, shape (n, p) each."""

    values: NDArray[np.float32]
    log_spreads: NDArray[np.float32]


def evaluate(features: Features, weights: Weights, sizes: Sequence[int], activation: Activation) -> Outputs:
    """Encode each part of ``features`` (n, d), and regress on the latent vectors.

    Parameters
    ----------
    weights
        ``encoder0/0/kernel``, ``encoder0/0/bias`` … ``regressor/values/bias``, as in :mod:`networks`.
    sizes
        How many features belong to each part, as many as there are encoders.
    activation
        Of the encoders; the regressor has the leaky rectifier.
    """
    outputs = [
        _regressed(latent(features[start : start + _BATCH], weights, sizes, activation), within(weights, "regressor"))
        for start in range(0, max(len(features), 1), _BATCH)
    ]
    return Outputs(*(np.concatenate(arrays) for arrays in zip(*outputs, strict=True)))


def latent(features: Features, weights: Weights, sizes: Sequence[int], activation: Activation) -> Features:
    """Return the latent vectors of all parts, one after the other: shape (n, latent size times parts)."""
    parts = np.split(features, np.cumsum(sizes)[:-1], axis=1)
    encoded = [_encoded(part, within(weights, f"encoder{place}"), activation) for place, part in enumerate(parts)]
    return np.concatenate(encoded, axis=1)


def _encoded(features: Features, weights: Weights, activation: Activation) -> Features:
    """Convolve several times, flatten, and reduce."""
    *convolutions, (kernel, bias) = _layers(weights)
    channels = features[:, :, None]
    for taps, offset in convolutions:
        channels = _activated(_convolved(channels, taps) + offset, activation)
    return channels.reshape(len(channels), -1) @ kernel + bias


def _convolved(channels: Features, taps: Features) -> Features:
    """Correlate (n, length, channels in) with taps (k, channels in, channels out), without padding."""
    length = channels.shape[1] - len(taps) + 1
    shifted = [channels[:, shift : shift + length] @ tap for shift, tap in enumerate(taps)]
    return np.sum(shifted, axis=0)


def _regressed(latent: Features, weights: Weights) -> Outputs:
    hidden = latent
    for kernel, bias in _layers(weights):
        hidden = _activated(hidden @ kernel + bias, "leaky_relu")
    values, spreads = (hidden @ weights[f"{name}/kernel"] + weights[f"{name}/bias"] for name in ("values", "spreads"))
    return Outputs(values, spreads)


def _layers(weights: Weights) -> list[tuple[NDArray[np.float32], NDArray[np.float32]]]:
    """Return kernel and bias of the numbered layers, in order."""
    count = sum(name.split("/")[0].isdigit() and name.endswith("/kernel") for name in weights)
    return [(weights[f"{place}/kernel"], weights[f"{place}/bias"]) for place in range(count)]


def _activated(values: Features, activation: Activation) -> Features:
    if activation == "linear":
        return values
    slope = np.float32(SLOPE if activation == "leaky_relu" else 0.0)
    return np.where(values > 0, values, slope * values)
