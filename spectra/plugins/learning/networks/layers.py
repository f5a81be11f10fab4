"""Layers evaluated by NumPy, so that a prediction needs no TensorFlow, and the names of their stored weights.

Values run along the first axis and channels along the last; what lies between is space, of any number of dimensions.
Convolutions pad nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Activation = Literal["linear", "relu", "leaky_relu"]
Singles = NDArray[np.float32]
Weights = Mapping[str, NDArray[Any]]
Layer = tuple[Singles, Singles]
"""Kernel and bias, with the axes that Keras gives them."""

SLOPE = 0.01
"""Of the leaky rectifier below zero: PyTorch's default (Keras' is 0.3)."""


def dense(values: Singles, layer: Layer) -> Singles:
    """Apply a linear layer to the last axis."""
    kernel, bias = layer
    return values @ kernel + bias


def convolution(values: Singles, layer: Layer, step: int = 1) -> Singles:
    """Correlate (n, *space, channels in) with a kernel (*taps, channels in, channels out), at every ``step``-th place.

    Parameters
    ----------
    step
        Along every axis of space.
    """
    kernel, bias = layer
    taps = kernel.shape[:-2]
    space = np.subtract(values.shape[1:-1], taps) // step + 1
    correlated = np.zeros((len(values), *space, kernel.shape[-1]), dtype=values.dtype)
    for shift in np.ndindex(taps):
        correlated += values[_window(shift, space, step)] @ kernel[shift]
    return correlated + bias


def transposed_convolution(values: Singles, layer: Layer) -> Singles:
    """Spread (n, *space, channels in) by a kernel (*taps, channels out, channels in)."""
    kernel, bias = layer
    taps, space = kernel.shape[:-2], values.shape[1:-1]
    spread = np.zeros((len(values), *(np.add(space, taps) - 1), kernel.shape[-2]), dtype=values.dtype)
    for shift in np.ndindex(taps):
        spread[_window(shift, space)] += values @ kernel[shift].T
    return spread + bias


def activated(values: Singles, activation: Activation) -> Singles:
    """Apply an activation."""
    match activation:
        case "linear":
            return values
        case "relu":
            return np.maximum(values, 0.0)
        case "leaky_relu":
            return np.where(values > 0, values, np.float32(SLOPE) * values)


def perceptron(values: Singles, layers: Iterable[Layer], activation: Activation) -> Singles:
    """Apply linear layers, each with the activation."""
    for layer in layers:
        values = activated(dense(values, layer), activation)
    return values


def numbered(weights: Weights) -> list[Layer]:
    """Return the layers ``0/kernel``, ``0/bias``, ``1/kernel`` … in order."""
    count = sum(name.split("/")[0].isdigit() and name.endswith("/kernel") for name in weights)
    return [named(weights, str(place)) for place in range(count)]


def named(weights: Weights, name: str) -> Layer:
    """Return the layer ``name/kernel``, ``name/bias``."""
    return weights[f"{name}/kernel"], weights[f"{name}/bias"]


def stored(layers: Mapping[str, Any]) -> dict[str, Singles]:
    """Name the weights of Keras layers by the names of the layers, as :func:`named` finds them."""
    weights: dict[str, Singles] = {}
    for name, layer in layers.items():
        kernel, bias = layer.weights
        weights |= {f"{name}/kernel": np.asarray(kernel), f"{name}/bias": np.asarray(bias)}
    return weights


def _window(shift: Sequence[int], space: Iterable[int], step: int = 1) -> tuple[slice, ...]:
    """Return the index of what lies at ``shift``, and from there at every ``step``-th place."""
    ends = ((first, first + (size - 1) * step + 1) for first, size in zip(shift, space, strict=True))
    return (slice(None), *(slice(first, end, step) for first, end in ends))
