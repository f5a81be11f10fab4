"""What the checks of optimizers and generators are handed."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from spectra.core.components import Generator, Optimizer
from spectra.core.progress import Silent
from spectra.core.signals import Signal
from spectra.testing.comparing import copied
from spectra.testing.subjects import SEED, SignalSubject, Subject

Floats = NDArray[np.float64]

_NUMBERS, _STARTS, _EVALUATIONS = 4, 12, 600
_LOWEST = 0.3


class OptimizerSubject(Subject):
    """An optimizer with a loss: the squared distance from a point, in four numbers."""

    @property
    def starts(self) -> Floats:
        """Where to begin, shape (12, 4): within the unit cube."""
        return np.random.default_rng(SEED).random((_STARTS, _NUMBERS))

    @cached_property
    def asked(self) -> list[Floats]:
        """The points of a search without bounds, generation by generation."""
        return self.searched(bounded=False)

    def begun(self, starts: Floats, *, bounded: bool, seed: int = SEED) -> Optimizer:
        """Make it and begin."""
        optimizer: Optimizer = self.make()
        return optimizer.begin(starts, bounded=bounded, rng=np.random.default_rng(seed))

    def searched(self, *, bounded: bool, seed: int = SEED) -> list[Floats]:
        """Search until it asks for no more, or some hundred points are evaluated."""
        optimizer = self.begun(self.starts, bounded=bounded, seed=seed)
        asked: list[Floats] = []
        while sum(map(len, asked)) < _EVALUATIONS and len(points := optimizer.ask()):
            asked.append(np.array(points))
            optimizer.tell(points, self.losses(points))
        return asked

    @staticmethod
    def losses(points: Floats) -> Floats:
        """Return the loss of points, shape (n,)."""
        return np.sum((np.asarray(points) - _LOWEST) ** 2, axis=1)


class GeneratorSubject(SignalSubject):
    """A generator with signals that it learns from; it is fitted once, with a seed."""

    def attempt(self, signal: Signal) -> Signal:
        """Fit, encode and decode."""
        generator = self.fitted(signal)
        codes = generator.encode(signal)
        return generator.decode(codes[np.isfinite(codes).all(axis=1)])

    def fitted(self, signal: Signal) -> Generator:
        """Make and fit it."""
        generator: Generator = self.make()
        return generator.fit(signal, rng=np.random.default_rng(SEED), progress=Silent())

    @cached_property
    def generator(self) -> Generator:
        """The generator, fitted."""
        return self.fitted(self.signal)

    @cached_property
    def codes(self) -> Floats:
        """The codes of the signals that have some, shape (m, dim)."""
        codes = self.generator.encode(copied(self.signal))
        return codes[np.isfinite(codes).all(axis=1)]
