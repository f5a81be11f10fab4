"""How :class:`~spectra.plugins.images.map_network.MapNetwork` is trained: by Keras, on one piece of a map a step."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, NonNegativeFloat, NonNegativeInt, PositiveFloat, PositiveInt

from spectra.core.progress import Progress
from spectra.plugins.learning.keras_loading import load_keras
from spectra.plugins.learning.networks.layers import Layer, numbered, stored

Singles = NDArray[np.float32]


class MapNetworkParameters(BaseModel):
    """Size and training of the network."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    filters: tuple[PositiveInt, ...] = Field(
        default=(24, 24, 24), min_length=1, description="filters of the 3 × 3 convolutions; each looks a pixel further"
    )
    hidden: NonNegativeInt = Field(default=32, description="nodes of the layer at each pixel after them; 0 for none")
    orientations: bool = Field(
        default=False, description="take c-axes out of the colours of a PIC map; Bunge angles always give them"
    )
    steps: PositiveInt = Field(default=250, description="steps of the training, each on one turned or mirrored piece")
    piece: PositiveInt = Field(default=128, ge=16, description="pixels along the sides of such a piece, at most")
    learning_rate: PositiveFloat = Field(default=3e-3, description="AdamW's, at the start; it falls along a cosine")
    weight_decay: NonNegativeFloat = Field(default=2.0, description="AdamW's")


def trained(
    turns: list[list[Singles]],
    truths: list[Singles],
    parameters: MapNetworkParameters,
    *,
    rng: np.random.Generator,
    progress: Progress,
) -> tuple[list[Layer], NDArray[np.float64]]:
    """Train on pictures that are turned in several ways.

    Parameters
    ----------
    turns
        For each way, the pictures: shape (height, width, channels).
    truths : ndarray, shape (m, height, width, p)
        For each way, what is to be answered; NaN where it is not known.

    Returns
    -------
    layers
        Kernels and biases of the convolutions, of the hidden layer and of the last one.
    history : ndarray, shape (steps,)
        The loss.
    """
    progress.say("Loading TensorFlow …")
    keras = load_keras(int(rng.integers(2**31)))
    import tensorflow as tf

    inputs, outputs = turns[0][0].shape[-1], truths[0].shape[-1]
    edge = len(parameters.filters)
    side = min(parameters.piece, max(truths[0].shape[1:3]))
    network = keras_network(keras, parameters, inputs, outputs)
    optimizer = keras.optimizers.AdamW(
        keras.optimizers.schedules.CosineDecay(parameters.learning_rate, parameters.steps),
        weight_decay=parameters.weight_decay,
    )
    optimizer.build(network.trainable_variables)

    def step(seen: Any, truth: Any) -> Any:
        known = tf.math.is_finite(truth)
        with tf.GradientTape() as tape:
            errors = tf.where(known, network(seen, training=True) - tf.where(known, truth, 0.0), 0.0)
            loss = tf.reduce_sum(tf.square(errors)) / tf.maximum(tf.reduce_sum(tf.cast(known, tf.float32)), 1.0)
        optimizer.apply(tape.gradient(loss, network.trainable_variables))
        return loss

    compiled = tf.function(step)
    places = [np.argwhere(np.isfinite(truth[..., 0])) for truth in truths]
    losses = []
    with progress.task("Training the network on maps", parameters.steps) as advance:
        for _ in range(parameters.steps):
            way = int(rng.integers(len(turns)))
            picture, *middle = places[way][rng.integers(len(places[way]))]
            start = [
                int(np.clip(at - rng.integers(side), 0, max(size - side, 0)))
                for at, size in zip(middle, truths[way].shape[1:3], strict=True)
            ]
            seen = _piece(turns[way][picture], start, side, edge, 0.0)
            truth = _piece(truths[way][picture], start, side, 0, np.nan)
            losses.append(float(compiled(tf.constant(seen[np.newaxis]), tf.constant(truth[np.newaxis]))))
            advance(1)
    layers = [layer for layer in network.layers if layer.weights]
    return numbered(stored({str(place): layer for place, layer in enumerate(layers)})), np.array(losses)


def keras_network(keras: Any, parameters: MapNetworkParameters, inputs: int, outputs: int) -> Any:
    """Make the network in Keras, which pads nothing."""
    layers = keras.layers
    made = [
        layers.Conv2D(filters, 3, activation="relu", kernel_initializer="he_normal") for filters in parameters.filters
    ]
    if parameters.hidden:
        made.append(layers.Dense(parameters.hidden, activation="relu", kernel_initializer="he_normal"))
    return keras.Sequential([keras.Input((None, None, inputs)), *made, layers.Dense(outputs)])


def _piece(values: Singles, start: list[int], side: int, edge: int, outside: float) -> Singles:
    """Cut a square of ``side`` pixels and ``edge`` more around it out of (height, width, channels), filled outside."""
    piece = np.full((side + 2 * edge, side + 2 * edge, values.shape[2]), outside, dtype=np.float32)
    low = [max(first - edge, 0) for first in start]
    part = values[low[0] : start[0] + side + edge, low[1] : start[1] + side + edge]
    down, across = (at - first + edge for at, first in zip(low, start, strict=True))
    piece[down : down + part.shape[0], across : across + part.shape[1]] = part
    return piece
