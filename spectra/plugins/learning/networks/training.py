"""How networks are trained: epoch by epoch, to an end where validation gets no better; with Keras, in TensorFlow."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from spectra.core.progress import Progress
from spectra.plugins.learning.calibration import LOG_SPREAD
from spectra.plugins.learning.networks.epochs import Epoch
from spectra.plugins.learning.networks.stopping import Best, Plateaus, ToTheEnd, Watch

Floats = NDArray[np.float64]
Objective = Callable[[Any, Any, bool], Mapping[str, Any]]
"""Features, targets and whether this is training, to the terms of the loss; the first one decides when to stop."""


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """How long and how fast.

    Parameters
    ----------
    epochs
        At most.
    batch
        Examples per step.
    learning_rate
        At the start.
    decay
        How the learning rate falls: not at all, along a cosine to zero from epoch to epoch or from step to step, or on
        every plateau of the validation loss.
    weight_decay
        AdamW's; with 0 it is Adam.
    optimizer
        Adam, or :class:`~spectra.plugins.learning.networks.ranger.Ranger`, which knows no weight decay.
    patience
        After so many epochs without progress on validation, training ends and the best weights count. If the learning
        rate falls on plateaus, so many make one, and the last weights count. ``None`` to go on to the last epoch.
    """

    epochs: int
    batch: int
    learning_rate: float
    decay: Literal["none", "epochs", "steps", "plateaus"]
    weight_decay: float = 0.0
    patience: int | None = None
    optimizer: Literal["adam", "ranger"] = "adam"

    def make_optimizer(self, keras: Any, steps: int) -> Any:
        """Make the optimizer, for epochs of so many steps."""
        rate: Any = self.learning_rate
        if self.decay == "steps":
            rate = keras.optimizers.schedules.CosineDecay(rate, self.epochs * steps)
        if self.optimizer == "ranger":
            from spectra.plugins.learning.networks.ranger import Ranger

            return Ranger(rate)
        if self.weight_decay:
            return keras.optimizers.AdamW(rate, weight_decay=self.weight_decay)
        return keras.optimizers.Adam(rate)

    def watch(self, optimizer: Any, variables: Sequence[Any]) -> Watch:
        """Make what watches over the validation loss."""
        if self.patience is None:
            return ToTheEnd()
        return Plateaus(optimizer, self.patience) if self.decay == "plateaus" else Best(variables, self.patience)

    def rate(self, epoch: int) -> float | None:
        """Return the learning rate of an epoch, where epochs set it."""
        if self.decay != "epochs":
            return None
        return self.learning_rate * (1 + math.cos(math.pi * epoch / self.epochs)) / 2


def train(
    objective: Objective,
    variables: Sequence[Any],
    epochs: Iterator[Epoch],
    validation: Iterable[tuple[Any, Any]],
    *,
    keras: Any,
    schedule: Schedule,
    progress: Progress,
    title: str,
    statistics: Sequence[Any] = (),
) -> dict[str, Floats]:
    """Minimise the sum of the terms of ``objective`` by ``variables``.

    Parameters
    ----------
    validation
        Features and targets in single precision, in parts that fit into memory; gone through after every epoch.
    statistics
        What changes beside ``variables``, and belongs to the best weights as they do: averages of batch normalisations.

    Returns
    -------
    history
        Each term by its name, averaged over the steps of an epoch, and as ``validation_…`` after it: shape (epochs,).
    """
    import tensorflow as tf

    features, targets = next(iter(validation))
    names = list(objective(features[:1], targets[:1], False))
    first = next(epochs)
    optimizer = schedule.make_optimizer(keras, steps=-(-first.examples // schedule.batch))
    optimizer.build(variables)
    watch = schedule.watch(optimizer, [*variables, *statistics])

    def terms(features: Any, targets: Any, training: bool) -> Any:
        return tf.stack(list(objective(features, targets, training).values()))

    def step_by_step(features: Any, targets: Any, order: Any) -> Any:
        """Take a step for each batch; return the sums of the terms over the examples."""
        totals = tf.zeros(len(names))
        for start in tf.range(0, tf.shape(order)[0], schedule.batch):
            batch = order[start : start + schedule.batch]
            with tf.GradientTape() as tape:
                values = terms(tf.gather(features, batch), tf.gather(targets, batch), True)
                loss = tf.reduce_sum(values)
            optimizer.apply(tape.gradient(loss, variables))
            totals += values * tf.cast(tf.shape(batch)[0], tf.float32)
        return totals

    def unseen(features: Any, targets: Any) -> Any:
        return terms(features, targets, False)

    # a whole block is one graph: three times as fast as Keras' loop where batches are small
    trained, validated = tf.function(step_by_step), tf.function(unseen)
    return follow(
        lambda *block: trained(*map(tf.constant, block)),
        lambda *part: validated(*map(tf.constant, part)),
        first,
        epochs,
        validation,
        names=names,
        optimizer=optimizer,
        watch=watch,
        schedule=schedule,
        progress=progress,
        title=title,
    )


def follow(
    trained: Callable[..., Any],
    validated: Callable[..., Any],
    first: Epoch,
    epochs: Iterator[Epoch],
    validation: Iterable[tuple[Any, Any]],
    *,
    names: Sequence[str],
    optimizer: Any,
    watch: Watch,
    schedule: Schedule,
    progress: Progress,
    title: str,
) -> dict[str, Floats]:
    """Train epoch by epoch until the watch or the schedule says that it is over.

    Parameters
    ----------
    trained
        Features, targets and order of a block, to the sums of the terms of the loss over its examples; learns from it.
    validated
        Features and targets, to the means of the terms.
    first
        The first epoch; ``epochs`` are the others.
    names
        Of the terms.
    optimizer
        What has a ``learning_rate``.

    Returns
    -------
    history
        As :func:`train`.
    """
    seen, held_out = [], []
    with progress.task(title, schedule.epochs) as advance:
        for number, epoch in zip(range(schedule.epochs), chain([first], epochs), strict=False):
            if (rate := schedule.rate(number)) is not None:
                optimizer.learning_rate = rate
            sums = [trained(*block) for block in epoch.blocks]
            seen.append(np.sum(sums, axis=0, dtype=np.float64) / epoch.examples)
            means, counts = zip(*((validated(*part), len(part[1])) for part in validation), strict=True)
            held_out.append(np.average(np.array(means, dtype=np.float64), axis=0, weights=counts))
            advance(1)
            if watch.is_over(held_out[-1][0]):
                progress.say(f"Stopped after {number + 1} epochs{watch.why()}.")
                break
    watch.finish()
    return dict(zip(names, np.transpose(seen), strict=True)) | {
        f"validation_{name}": values for name, values in zip(names, np.transpose(held_out), strict=True)
    }


def squared(values: Any, targets: Any) -> Any:
    """Return the mean squared error over examples and quantities."""
    import tensorflow as tf

    return tf.reduce_mean(tf.square(targets - values))


def gaussian(values: Any, log_spreads: Any, targets: Any) -> Any:
    """Return minus the logarithm of the Gaussian likelihood, up to a constant (Nix and Weigend 1994)."""
    import tensorflow as tf

    log_spreads = tf.clip_by_value(log_spreads, *LOG_SPREAD)
    return tf.reduce_mean(0.5 * tf.square((targets - values) * tf.exp(-log_spreads)) + log_spreads)
