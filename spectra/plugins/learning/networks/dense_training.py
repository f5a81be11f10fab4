"""Training of a dense network by NumPy: back-propagation and Adam, step by step.

Networks of this size gain nothing from TensorFlow: nine tenths of the time goes into products of matrices, for which
both call the processor's best routines.

References
----------
X. Glorot & Y. Bengio, Understanding the difficulty of training deep feedforward neural networks, AISTATS (2010).
D. P. Kingma & J. Ba, Adam: a method for stochastic optimization, ICLR (2015), algorithm 1.
D. A. Nix & A. S. Weigend, Estimating the mean and variance of the target probability distribution, ICNN (1994).
D. E. Rumelhart, G. E. Hinton & R. J. Williams, Nature 323, 533 (1986).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from spectra.core.progress import Progress
from spectra.plugins.learning.calibration import LOG_SPREAD
from spectra.plugins.learning.networks.epochs import Epoch
from spectra.plugins.learning.networks.layers import Layer, Singles, activated, dense, perceptron
from spectra.plugins.learning.networks.training import Schedule, follow

Floats = NDArray[np.float64]
Loss = Callable[[Singles, Singles], tuple[float, Singles]]
"""Outputs (n, m) and targets (n, p) to the mean loss and its gradient with respect to the outputs, (n, m)."""


class Weights:
    """Kernels and biases of a dense network with rectifiers, or their gradients: parts of one array.

    Parameters
    ----------
    sizes
        Numbers of inputs, of the nodes of each hidden layer, and of outputs.
    """

    def __init__(self, sizes: Sequence[int]) -> None:
        shapes = [*pairwise(sizes)]
        self.flat = np.zeros(sum((inputs + 1) * outputs for inputs, outputs in shapes), dtype=np.float32)
        self.layers: list[Layer] = []
        rest = self.flat
        for inputs, outputs in shapes:
            kernel, bias, rest = np.split(rest, [inputs * outputs, (inputs + 1) * outputs])
            self.layers.append((kernel.reshape(inputs, outputs), bias))

    @classmethod
    def at_random(cls, sizes: Sequence[int], rng: np.random.Generator) -> Weights:
        """Draw kernels as Glorot & Bengio (2010), equation 16; biases are 0."""
        made = cls(sizes)
        for kernel, _ in made.layers:
            limit = math.sqrt(6 / sum(kernel.shape))
            kernel[...] = rng.uniform(-limit, limit, kernel.shape)
        return made


class Adam:
    """Adam (Kingma & Ba 2015), with the order of its operations at the end of their section 2.

    Parameters
    ----------
    weights : ndarray, shape (n,)
        Changed in place.
    learning_rate
        α. It may be changed between steps.
    steps
        α falls to zero in so many steps, as half a cosine; ``None`` to leave it.
    """

    _BETA_1, _BETA_2, _EPSILON = 0.9, 0.999, 1e-7

    def __init__(self, weights: Singles, learning_rate: float, steps: int | None = None) -> None:
        self.learning_rate = learning_rate
        self._weights, self._steps, self._taken = weights, steps, 0
        self._first, self._second, self._scratch = np.zeros((3, len(weights)), dtype=np.float32)

    def apply(self, gradient: Singles) -> None:
        """Take a step against ``gradient``, shape (n,), which is not kept."""
        rate = self.learning_rate
        if self._steps is not None:
            rate *= (1 + math.cos(math.pi * self._taken / self._steps)) / 2
        self._taken += 1
        first, second, scratch = self._first, self._second, self._scratch
        np.subtract(gradient, first, out=scratch)  # m ← β₁ m + (1 - β₁) g
        scratch *= np.float32(1 - self._BETA_1)
        first += scratch
        np.multiply(gradient, gradient, out=scratch)  # v ← β₂ v + (1 - β₂) g²
        scratch -= second
        scratch *= np.float32(1 - self._BETA_2)
        second += scratch
        rate *= math.sqrt(1 - self._BETA_2**self._taken) / (1 - self._BETA_1**self._taken)
        np.sqrt(second, out=scratch)  # θ ← θ - α_t m / (√v + ε)
        scratch += np.float32(self._EPSILON)
        np.divide(first, scratch, out=scratch)
        scratch *= np.float32(rate)
        self._weights -= scratch


def squared(outputs: Singles, targets: Singles) -> tuple[float, Singles]:
    """Return the mean squared error."""
    errors = outputs - targets
    return float(np.mean(errors**2)), errors * np.float32(2 / errors.size)


def gaussian(outputs: Singles, targets: Singles) -> tuple[float, Singles]:
    """Return minus the mean logarithm of the Gaussian likelihood, up to a constant (Nix & Weigend 1994).

    Parameters
    ----------
    outputs : ndarray, shape (n, 2p)
        Values, then logarithms of the spreads.
    """
    values, given = np.split(outputs, 2, axis=1)
    log_spreads = np.clip(given, *LOG_SPREAD)
    precision = np.exp(-log_spreads)
    deviations = (values - targets) * precision
    loss = float(np.mean(0.5 * deviations**2 + log_spreads))
    gradient = np.concatenate([deviations * precision, (1 - deviations**2) * (given == log_spreads)], axis=1)
    return loss, gradient * np.float32(1 / targets.size)


def backpropagate(layers: Sequence[Layer], features: Singles, targets: Singles, loss: Loss, into: Weights) -> float:
    """Return the mean loss of a batch, and write its gradient with respect to the weights ``into`` others."""
    *hidden, last = layers
    values = [features]
    for layer in hidden:
        values.append(activated(dense(values[-1], layer), "relu"))
    mean, gradient = loss(dense(values[-1], last), targets)
    for place in range(len(layers) - 1, -1, -1):
        kernel, bias = into.layers[place]
        np.matmul(values[place].T, gradient, out=kernel)
        np.sum(gradient, axis=0, out=bias)
        if place:
            gradient = gradient @ layers[place][0].T
            gradient *= values[place] > 0
    return mean


def train_dense(
    sizes: Sequence[int],
    loss: Loss,
    epochs: Iterator[Epoch],
    validation: tuple[Singles, Singles],
    *,
    dropout: float,
    schedule: Schedule,
    rng: np.random.Generator,
    progress: Progress,
) -> tuple[list[Layer], dict[str, Floats]]:
    """Train a network of these sizes by Adam; its activations are rectifiers, its last layer is linear.

    One thread computes: more save little here, and the last digits would depend on their number.

    Parameters
    ----------
    dropout
        Share of the features that are set to 0 in each step; the others are divided by what is left.
    rng
        Draws the first weights, and what is dropped.

    Returns
    -------
    layers, history
        Kernels and biases; the mean loss of each epoch and, after it, of the validation set: ``loss`` and
        ``validation_loss``, shape (epochs,).
    """
    weights, gradient = Weights.at_random(sizes, rng), Weights(sizes)
    first = next(epochs)
    steps = schedule.epochs * -(-first.examples // schedule.batch) if schedule.decay == "steps" else None
    adam = Adam(weights.flat, schedule.learning_rate, steps)

    def step_by_step(features: Singles, targets: Singles, order: NDArray[np.int64]) -> Floats:
        total = 0.0
        for start in range(0, len(order), schedule.batch):
            batch = order[start : start + schedule.batch]
            shown = features[batch]
            if dropout:
                shown *= (rng.random(shown.shape, dtype=np.float32) >= dropout) / np.float32(1 - dropout)
            total += len(batch) * backpropagate(weights.layers, shown, targets[batch], loss, gradient)
            adam.apply(gradient.flat)
        return np.array([total])

    def unseen(features: Singles, targets: Singles) -> Floats:
        return np.array([loss(evaluated(features, weights.layers), targets)[0]])

    with threadpool_limits(1):
        history = follow(
            step_by_step,
            unseen,
            first,
            epochs,
            [validation],
            names=["loss"],
            optimizer=adam,
            watch=schedule.watch(adam, []),
            schedule=schedule,
            progress=progress,
            title="Training the network",
        )
    return [(kernel.copy(), bias.copy()) for kernel, bias in weights.layers], history


def evaluated(features: Singles, layers: Sequence[Layer]) -> Singles:
    """Return the outputs (n, m) of a network for features (n, d)."""
    *hidden, last = layers
    return dense(perceptron(features, hidden, "relu"), last)
