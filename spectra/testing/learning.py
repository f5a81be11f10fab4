"""Examples to learn from: features whose targets follow from them, with noise, and a test set beside."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from spectra.core.components import Features
from spectra.testing.synthetic import profile

Floats = NDArray[np.float64]

_TRAINING, _VALIDATION, _TEST = 240, 80, 120
_NOISE = 0.01
_SIDE = 16  # pixels


class Examples:
    """Training data for a regressor.

    Parameters
    ----------
    draw
        Makes features, shape (n, …), of two quantities from 0 to 1, shape (n, 2).
    parts
        How many parts the features have, each with all that there is to see.
    """

    def __init__(self, draw: Callable[[Floats], Floats], parts: int = 1) -> None:
        self._made = draw, parts
        rng = np.random.default_rng(0)
        targets = rng.random((_TRAINING + _VALIDATION + _TEST, 2))
        drawn = draw(targets)
        self.shapes: tuple[tuple[int, ...], ...] = (drawn.shape[1:],) * parts
        ideal = np.tile(drawn.reshape(len(drawn), -1), (1, parts))
        self.sizes = (ideal.shape[1] // parts,) * parts
        noisy = (ideal + rng.normal(0, _NOISE, ideal.shape)).astype(np.float32)
        first, second = _TRAINING, _TRAINING + _VALIDATION
        self._ideal, self._targets = ideal[:first].astype(np.float32), targets[:first]
        self.validation: tuple[Features, Floats] = noisy[first:second], targets[first:second]
        self.test: tuple[Features, Floats] = noisy[second:], targets[second:]

    def again(self) -> Examples:
        """Return the same examples in arrays of their own."""
        return Examples(*self._made)

    def __len__(self) -> int:
        return len(self._targets)

    def batches(self, rng: np.random.Generator, size: int) -> Iterator[tuple[Features, Floats]]:
        """Go through the noisy training features once, in random order."""
        features, targets = self.draw(rng)
        order = rng.permutation(len(self))
        return ((features[rows], targets[rows]) for rows in np.split(order, range(size, len(order), size)))

    def validation_batches(self, size: int) -> Iterator[tuple[Features, Floats]]:
        """Go through the validation features in order."""
        features, targets = self.validation
        starts = range(0, len(targets), size)
        return ((features[start : start + size], targets[start : start + size]) for start in starts)

    def ideal(self) -> tuple[Features, Floats]:
        """Return the training features without noise."""
        return self._ideal, self._targets

    def draw(self, rng: np.random.Generator) -> tuple[Features, Floats]:
        """Return them with noise."""
        return self._ideal + rng.normal(0, _NOISE, self._ideal.shape).astype(np.float32), self._targets

    def everything(self, rng: np.random.Generator) -> tuple[Features, Floats, NDArray[np.int64]]:
        """Return training and validation with noise, each a group of its own."""
        features, targets = self.draw(rng)
        count = _TRAINING + _VALIDATION
        return (
            np.concatenate([features, self.validation[0]]),
            np.concatenate([targets, self.validation[1]]),
            np.arange(count),
        )

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return everything that a regressor could change by mistake."""
        return {
            "the ideal features": self._ideal,
            "the targets": self._targets,
            "the validation features": self.validation[0],
            "the validation targets": self.validation[1],
            "the features to predict from": self.test[0],
        }


def synthetic_examples() -> Iterator[Examples]:
    """Offer a line that moves and broadens as features of one part, then of two, then a spot in a picture."""
    yield from (Examples(_line, parts) for parts in (1, 2))
    yield Examples(_spot)


def _line(values: Floats) -> Floats:
    return profile(values).y


def _spot(values: Floats) -> Floats:
    """Draw a spot whose width and brightness ``values`` (n, 2) say: what a picture shows wherever one looks."""
    width, brightness = values.T[:, :, None, None]
    rows, columns = np.mgrid[0:_SIDE, 0:_SIDE] - (_SIDE - 1) / 2
    spot = (0.5 + brightness) * np.exp(-0.5 * (rows**2 + columns**2) / (1.5 + 1.5 * width) ** 2)
    return spot[..., np.newaxis]
