"""Arguments of tasks, which are no part of a recipe: optimizers, generators and layouts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, Self, runtime_checkable

import numpy as np

from spectra.core.components.arrays import Features, Floats, State
from spectra.core.progress import Progress
from spectra.core.signals import Signal


class Optimizer(Protocol):
    """Looks for the point with the lowest loss: it asks for points and is told their losses, until it asks for none.

    It is used for one search: ``begin``, then ``ask`` and ``tell`` in turn.
    """

    def begin(self, starts: Floats, *, bounded: bool, rng: np.random.Generator) -> Self:
        """Start a search.

        Parameters
        ----------
        starts : ndarray, shape (k, d)
            Where to begin, in random order; a method takes as many of the first as it needs.
        bounded
            Whether points lie in the unit cube, and none outside may be asked for. Otherwise they are codes of a
            :class:`Generator`: without bounds, and real ones spread about as a standard normal distribution does.
        """

    def ask(self) -> Floats:
        """Return the points to evaluate next, shape (m, d); none when the search has ended by itself."""

    def tell(self, points: Floats, losses: Floats) -> None:
        """Take the losses (m,) of the points that were asked for; all are finite."""

    @property
    def population(self) -> Floats:
        """Those points, shape (k, d), from which the search goes on: what a convergence trace averages over."""


class Generator(Protocol):
    """Codes to signals and back: a space in which structures can be designed.

    Codes of real signals have about zero mean and unit variance in each number.
    """

    @property
    def dim(self) -> int:
        """How many numbers a code has."""

    def fit(self, signal: Signal, *, rng: np.random.Generator, progress: Progress) -> Self:
        """Learn from a stack of real signals."""

    def encode(self, signal: Signal) -> Floats:
        """Return the codes of a stack of n signals, shape (n, dim); NaN for one that has none."""

    def decode(self, codes: Floats) -> Signal:
        """Return the signals of codes, shape (n, dim): a stack of n of the kind that it was fitted on."""

    def sample(self, count: int, rng: np.random.Generator) -> Floats:
        """Draw random codes, shape (count, dim), distributed as real ones are."""

    def get_state(self) -> State:
        """Return what ``fit`` learned."""

    def set_state(self, state: State) -> Self:
        """Take over what another instance learned."""


@runtime_checkable
class PicturingGenerator(Generator, Protocol):
    """A generator of pictures: it can show them, and make controls that share something with a design."""

    def colours(self, signal: Signal) -> Features:
        """Return what to show of n structures: shares of red, green and blue, shape (n, height, width, 3)."""

    def controls(self, signal: Signal, rng: np.random.Generator) -> Mapping[str, Signal]:
        """Return altered copies of a stack by what was done to them, such as ``"mean colour"`` and ``"scrambled"``."""


class Layout(Protocol):
    """Features to points of a plane: a map on which neighbours are alike."""

    embedding_: Floats
    """The points that were laid out, shape (n, 2)."""

    def fit(self, features: Features, *, rng: np.random.Generator, progress: Progress) -> Self:
        """Lay out features, shape (n, d), of any number and with copies among them.

        Raises
        ------
        InputError
            If they cannot be laid out.
        NotFoundError
            If a package that does it is not installed.
        """

    def transform(self, features: Features) -> Floats:
        """Place new features, shape (m, d), among those that were laid out, which stay where they are: shape (m, 2)."""
