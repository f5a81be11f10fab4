"""Learning: distortions, encoders and regressors, and the examples that these are handed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, Self, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from spectra.core.components.arrays import Features, Floats, State
from spectra.core.progress import Progress
from spectra.core.quantities import Estimate
from spectra.core.signals import Signal


class Distortion(Protocol):
    """What the laboratory does to an ideal signal."""

    def distort(self, signal: Signal, rng: np.random.Generator) -> Signal:
        """Return distorted copies; the argument stays as it is."""


class Encoder(Protocol):
    """Signals to features of fixed size."""

    def fit(self, signal: Signal) -> Self:
        """Learn axis and scale from ideal training signals; one that learns more is a :class:`LearningEncoder`."""

    def encode(self, signal: Signal) -> Features:
        """Turn a stack of n signals into features, shape (n, d)."""

    def get_state(self) -> State:
        """Return what ``fit`` learned."""

    def set_state(self, state: State) -> Self:
        """Take over what another instance learned."""


class LearningEncoder(Protocol):
    """An encoder that is trained, with the rest like an :class:`Encoder`.

    Its ``fit`` is handed those of the keyword arguments that stand in its signature; besides those below, ``groups``,
    the number of the group of each signal, shape (n,), or None where the training set has no groups.
    """

    def fit(self, signal: Signal, *, targets: Floats, rng: np.random.Generator, progress: Progress) -> Self:
        """Learn from ideal training signals.

        Parameters
        ----------
        signal
            A stack of n.
        targets : ndarray, shape (n, p)
            The quantities, each range rescaled to 0 to 1, for features that are chosen to tell them apart.
        """

    def encode(self, signal: Signal) -> Features:
        """Turn a stack of n signals into features, shape (n, d)."""

    def get_state(self) -> State:
        """Return what ``fit`` learned."""

    def set_state(self, state: State) -> Self:
        """Take over what another instance learned."""


@runtime_checkable
class PartitioningEncoder(Encoder, Protocol):
    """An encoder that writes the features of a bundle's parts one after the other."""

    def sizes(self) -> tuple[int, ...]:
        """Return how many features belong to each part, in the order in which they stand."""


@runtime_checkable
class ShapingEncoder(Encoder, Protocol):
    """An encoder whose features have more axes than one before they are written in a row, such as pictures."""

    def shapes(self) -> tuple[tuple[int, ...], ...]:
        """Return the shape of each part's features, in the order in which they stand: ``((224, 224, 3),)``."""


@runtime_checkable
class WeighingEncoder(Encoder, Protocol):
    """An encoder that says how much its features count beside those of others, for each signal."""

    def weights(self, features: Features) -> Floats:
        """Return weights from 0 to 1, shape (n,), of features (n, d) that it gave: of symmetry, how periodic it is."""


class TrainingData(Protocol):
    """Examples for a regressor: features and targets, the targets rescaled so that each range is 0 to 1."""

    sizes: tuple[int, ...]
    """How many features belong to each part of a bundle; a single number where the encoder makes no difference."""

    shapes: tuple[tuple[int, ...], ...]
    """Shape of each part's features before they were written in a row; ``((d,),)`` where they are a row."""

    @property
    def validation(self) -> tuple[Features, Floats]:
        """Features (n, d) and targets (n, p) that no gradient may see; distorted once."""

    def __len__(self) -> int:
        """Return the number of training signals."""

    def batches(self, rng: np.random.Generator, size: int) -> Iterator[tuple[Features, Floats]]:
        """Go through the training signals once, in random order, distorting and encoding ``size`` at a time.

        Only one batch is in memory as features, so this is how to learn from pictures.
        """

    def validation_batches(self, size: int) -> Iterator[tuple[Features, Floats]]:
        """Go through :attr:`validation` in the same way, in order and always distorted alike."""

    def ideal(self) -> tuple[Features, Floats]:
        """Encode the training signals as they were computed."""

    def draw(self, rng: np.random.Generator) -> tuple[Features, Floats]:
        """Distort and encode the training signals afresh: one epoch."""

    def everything(self, rng: np.random.Generator) -> tuple[Features, Floats, NDArray[np.int64]]:
        """Return training and validation together, distorted, for a regressor that divides them by groups itself.

        Returns
        -------
        features, targets : ndarray, shape (n, d), (n, p)
        groups : ndarray, shape (n,)
            What has the same number comes from one specimen, grain or micrograph; where there are no groups, each has
            a number of its own.
        """


class Regressor(Protocol):
    """Features to quantities, with a spread."""

    def fit(self, data: TrainingData, *, rng: np.random.Generator, progress: Progress) -> Self:
        """Learn from ``data``."""

    def predict(self, features: Features) -> Estimate:
        """Estimate rescaled quantities (n, p) with one standard deviation each."""

    def get_state(self) -> State:
        """Return what ``fit`` learned; ``history/*`` arrays hold one number per epoch, for plots."""

    def set_state(self, state: State) -> Self:
        """Take over what another instance learned."""
