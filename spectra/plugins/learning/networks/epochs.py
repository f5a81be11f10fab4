"""Epochs: what a network is shown between two looks at the validation set, as blocks that fit into memory."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from itertools import repeat
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from spectra.core.components import Features, TrainingData

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]

_MOST = 64_000_000  # features of an epoch that are drawn at once: 256 MB
_AT_ONCE = 4_000_000  # of a block otherwise: 16 MB


class Block(NamedTuple):
    """Examples that a network is handed at once: all of an epoch, or one batch of many.

    They are NumPy arrays or tensors in single precision.
    """

    features: Any  # (n, …)
    targets: Any  # (n, p)
    order: NDArray[np.int64]  # (m,): the rows to take, batch by batch


@dataclass(frozen=True, eq=False)
class Epoch:
    """One pass over the training set.

    Parameters
    ----------
    examples
        How many there are in all blocks.
    blocks
        Gone through once.
    """

    examples: int
    blocks: Iterable[Block]


class Examples(Protocol):
    """What can be drawn again and again, and what no gradient may see."""

    @property
    def validation(self) -> tuple[Features, Floats]:
        """Features (n, d) and targets (n, p) that no gradient may see."""

    def draw(self, rng: np.random.Generator) -> tuple[Features, Floats]:
        """Return features (n, …) and targets (n, p)."""


class Streamed(Protocol):
    """What is drawn a batch at a time, because it would not fit into memory: part of a ``TrainingData``."""

    def __len__(self) -> int:
        """Return the number of training examples."""

    def batches(self, rng: np.random.Generator, size: int) -> Iterator[tuple[Features, Floats]]:
        """Go through the training examples once, in random order."""

    def validation_batches(self, size: int) -> Iterator[tuple[Features, Floats]]:
        """Go through what no gradient may see, always alike."""


@contextmanager
def fresh_epochs(examples: Examples, rng: np.random.Generator) -> Iterator[Iterator[Epoch]]:
    """Draw anew for every epoch, one ahead, while the network learns.

    What was drawn in vain is taken back: ``rng`` goes on from the last epoch that was asked for.
    """

    def draw() -> tuple[Epoch, dict[str, Any]]:
        before = dict(rng.bit_generator.state)
        features, targets = examples.draw(rng)
        return _whole(features, targets.astype(np.float32), rng.permutation(len(features))), before

    def epochs(worker: ThreadPoolExecutor) -> Generator[Epoch]:
        upcoming = worker.submit(draw)
        try:
            while True:
                epoch, _ = upcoming.result()
                upcoming = worker.submit(draw)
                yield epoch
        finally:
            _, rng.bit_generator.state = upcoming.result()

    with ThreadPoolExecutor(1) as worker, closing(epochs(worker)) as drawn:
        yield drawn


def drawn_epochs(data: TrainingData, batch: int, rng: np.random.Generator) -> AbstractContextManager[Iterator[Epoch]]:
    """Draw anew for every epoch: all of it at once, or in blocks of whole batches if the features are too many."""
    _, width = data.validation[0].shape
    if len(data) * width <= _MOST:
        return fresh_epochs(data, rng)
    return streamed_epochs(data, batch * max(1, _AT_ONCE // (batch * width)), rng)


@contextmanager
def fixed_epochs(
    examples: Examples, copies: int, rng: np.random.Generator, *, tensors: bool = True
) -> Iterator[Iterator[Epoch]]:
    """Draw ``copies`` times, keep that as the one training set, and shuffle it for every epoch.

    Parameters
    ----------
    tensors
        Keep it as TensorFlow's tensors, not as NumPy's arrays.
    """
    features, targets = examples.draw(rng)
    count = len(features)
    stacked = np.empty((copies * count, *features.shape[1:]), dtype=np.float32)
    for copy in range(copies):
        stacked[copy * count : (copy + 1) * count] = features if copy == 0 else examples.draw(rng)[0]
    values: Any = np.tile(targets, (copies, 1)).astype(np.float32)
    kept: Any = stacked
    if tensors:
        import tensorflow as tf

        kept, values = tf.constant(stacked), tf.constant(values)
    del stacked
    yield (_whole(kept, values, rng.permutation(copies * count)) for _ in repeat(None))


@contextmanager
def streamed_epochs(examples: Streamed, size: int, rng: np.random.Generator) -> Iterator[Iterator[Epoch]]:
    """Draw anew for every epoch, in blocks of ``size``, one ahead, while TensorFlow computes.

    At most three blocks are in memory. Every epoch must be gone through to its end before the next one.
    """

    def blocks() -> Iterator[Block]:
        for features, targets in examples.batches(rng, size):
            yield Block(features, targets.astype(np.float32), rng.permutation(len(features)))

    def ahead(worker: ThreadPoolExecutor, drawn: Iterator[Block]) -> Iterator[Block]:
        upcoming = worker.submit(next, drawn, None)
        while (block := upcoming.result()) is not None:
            upcoming = worker.submit(next, drawn, None)
            yield block

    with ThreadPoolExecutor(1) as worker:
        yield (Epoch(len(examples), ahead(worker, blocks())) for _ in repeat(None))


@dataclass(frozen=True, eq=False)
class InBatches:
    """A validation set in batches of ``size``, gone through as often as asked."""

    examples: Streamed
    size: int

    def __iter__(self) -> Iterator[tuple[Features, Singles]]:
        return (
            (features, targets.astype(np.float32)) for features, targets in self.examples.validation_batches(self.size)
        )


def in_memory(validation: tuple[Features, Floats]) -> list[tuple[Any, Any]]:
    """Return a validation set as tensors in one part."""
    import tensorflow as tf

    features, targets = validation
    return [(tf.constant(features), tf.constant(targets.astype(np.float32)))]


def _whole(features: Any, targets: Any, order: NDArray[np.int64]) -> Epoch:
    return Epoch(len(order), [Block(features, targets, order)])
