"""How the networks are trained: AdamW, whole epochs inside TensorFlow, and a stop where validation gets no better."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from spectra.core.components import Features
from spectra.core.progress import Progress

Floats = NDArray[np.float64]
Objective = Callable[[Any, Any, bool], Sequence[Any]]
"""Features, targets and whether this is training, to the terms of the loss; the first one decides when to stop."""


class Examples(Protocol):
    """What is drawn anew for each epoch, and what no gradient may see."""

    validation: tuple[Features, Floats]

    def draw(self, rng: np.random.Generator) -> tuple[Features, Floats]:
        """Return features (n, d) and targets (n, p)."""


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """How long and how fast."""

    epochs: int
    patience: int
    batch: int
    learning_rate: float
    weight_decay: float
    decay: bool

    def rate(self, epoch: int) -> float:
        """Return the learning rate of an epoch: half a cosine from the first to the last, or always the same."""
        share = epoch / self.epochs if self.decay else 0.0
        return self.learning_rate * (1 + math.cos(math.pi * share)) / 2


def train(
    objective: Objective,
    variables: Sequence[Any],
    examples: Examples,
    *,
    keras: Any,
    schedule: Schedule,
    rng: np.random.Generator,
    progress: Progress,
    title: str,
) -> tuple[Floats, Floats]:
    """Minimise the sum of the terms of ``objective``; leave ``variables`` as they were at the best validation.

    Returns
    -------
    training, validation : ndarray, shape (epochs, terms)
        The terms, averaged over the steps of each epoch, and after it.
    """
    import tensorflow as tf

    unseen, truth = (tf.constant(array.astype(np.float32)) for array in examples.validation)
    optimizer = keras.optimizers.AdamW(schedule.learning_rate, weight_decay=schedule.weight_decay)
    optimizer.build(variables)

    count = len(objective(unseen, truth, False))

    def one_epoch(features: Any, targets: Any, batches: Any) -> Any:
        totals = tf.zeros(count)
        for start in tf.range(0, tf.shape(batches)[0], schedule.batch):
            batch = batches[start : start + schedule.batch]
            with tf.GradientTape() as tape:
                terms = tf.stack(objective(tf.gather(features, batch), tf.gather(targets, batch), True))
                loss = tf.reduce_sum(terms)
            optimizer.apply(tape.gradient(loss, variables))
            totals += terms * tf.cast(tf.shape(batch)[0], tf.float32)
        return totals / tf.cast(tf.shape(batches)[0], tf.float32)

    def validated() -> Any:
        return tf.stack(objective(unseen, truth, False))

    epoch, validate = tf.function(one_epoch), tf.function(validated)
    seen, held_out = [], []
    lowest, best = np.inf, [variable.numpy() for variable in variables]
    best_epoch = 0
    with progress.task(title, schedule.epochs) as advance:
        for number in range(schedule.epochs):
            optimizer.learning_rate = schedule.rate(number)
            features, targets = examples.draw(rng)
            order = rng.permutation(len(features))
            seen.append(epoch(tf.constant(features), tf.constant(targets.astype(np.float32)), tf.constant(order)))
            held_out.append(validate().numpy())
            advance(1)
            if held_out[-1][0] < lowest:
                lowest, best, best_epoch = held_out[-1][0], [variable.numpy() for variable in variables], number
            elif number - best_epoch >= schedule.patience:
                progress.say(f"Stopped after {number + 1} epochs; the best was {best_epoch + 1}.")
                break
    for variable, value in zip(variables, best, strict=True):
        variable.assign(value)
    return np.array(seen, dtype=np.float64), np.array(held_out, dtype=np.float64)
