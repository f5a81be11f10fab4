"""Passes over a training set per second of processor time: the dense network with NumPy and with Keras on TensorFlow.

``taskset -c 0 python benchmarks/training.py``: one core, a perceptron as that of RUS, batches of 128.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import islice

import numpy as np

from spectra.core.progress import Silent
from spectra.plugins.learning.keras_loading import load_keras
from spectra.plugins.learning.networks import dense_training, training
from spectra.plugins.learning.networks.epochs import Block, Epoch, in_memory

SIZES = [256, 256, 256, 128, 4]
EXAMPLES, PASSES = 14_495, 10
RNG = np.random.default_rng(0)
FEATURES = RNG.random((EXAMPLES, SIZES[0]), dtype=np.float32)
TARGETS = FEATURES[:, :2].copy()
VALIDATION = FEATURES[:100], TARGETS[:100]


def epochs() -> Iterator[Epoch]:
    while True:
        yield Epoch(EXAMPLES, [Block(FEATURES, TARGETS, RNG.permutation(EXAMPLES))])


def schedule(passes: int) -> training.Schedule:
    return training.Schedule(epochs=passes, batch=128, learning_rate=2e-3, decay="steps")


def with_numpy(passes: int) -> None:
    dense_training.train_dense(
        SIZES,
        dense_training.gaussian,
        islice(epochs(), passes),
        VALIDATION,
        dropout=0.0,
        schedule=schedule(passes),
        rng=RNG,
        progress=Silent(),
    )


def with_keras(passes: int) -> None:
    import tensorflow as tf

    keras = load_keras(seed=0)
    *hidden, last = SIZES[1:]
    layers = [keras.layers.Dense(nodes, activation="relu") for nodes in hidden]
    network = keras.Sequential([keras.Input((SIZES[0],)), *layers, keras.layers.Dense(last)])

    def objective(features, targets, training_now):
        values, log_spreads = tf.split(network(features, training=training_now), 2, axis=1)
        return {"loss": training.gaussian(values, log_spreads, targets)}

    training.train(
        objective,
        network.trainable_variables,
        islice(epochs(), passes),
        in_memory(VALIDATION),
        keras=keras,
        schedule=schedule(passes),
        progress=Silent(),
        title="",
    )


def main() -> None:
    start = time.process_time()
    load_keras(seed=0)
    print(f"import of Keras on TensorFlow: {time.process_time() - start:.1f} s")
    for name, run in (("NumPy", with_numpy), ("Keras on TensorFlow", with_keras)):
        seconds = []
        for passes in (1, 1 + PASSES):  # what happens once is in both
            start = time.process_time()
            run(passes)
            seconds.append(time.process_time() - start)
        print(f"{name}: {PASSES / (seconds[1] - seconds[0]):.1f} passes per second")


if __name__ == "__main__":
    main()
