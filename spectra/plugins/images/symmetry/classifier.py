"""The plane group of a signature: a small dense network whose weights ship with the platform, evaluated by NumPy."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from spectra.core.basics.files import pack_arrays, unpack_arrays

Floats = NDArray[np.float64]
Layers = tuple[tuple[Floats, Floats], ...]

WEIGHTS = "weights.npz"
"""Beside this module; :mod:`spectra.plugins.images.symmetry.training` writes it."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Classifier:
    """A dense network on signatures.

    Parameters
    ----------
    mean, scale : ndarray, shape (39,)
        Of the signatures that it learned from.
    layers
        Weights (inputs, outputs) and biases; rectified but for the last.
    temperature
        What the last layer's numbers are divided by, so that of answers with a probability p a share p is right.
    """

    mean: Floats
    scale: Floats
    layers: Layers
    temperature: float = 1.0

    def probabilities(self, signatures: NDArray[np.floating]) -> Floats:
        """Return the probability of each of the 17 groups, shape (n, 17)."""
        return softmax(self.scores(signatures) / self.temperature)

    def scores(self, signatures: NDArray[np.floating]) -> Floats:
        """Return the last layer's numbers, shape (n, 17)."""
        values = (signatures - self.mean) / self.scale
        for weights, biases in self.layers[:-1]:
            values = np.maximum(values @ weights + biases, 0.0)
        weights, biases = self.layers[-1]
        return values @ weights + biases

    def to_bytes(self) -> bytes:
        """Serialise in single precision; equal networks give equal bytes."""
        arrays = {"mean": self.mean, "scale": self.scale, "temperature": np.array(self.temperature)}
        for number, (weights, biases) in enumerate(self.layers):
            arrays |= {f"layer{number}/weights": weights, f"layer{number}/biases": biases}
        return pack_arrays({name: array.astype(np.float32) for name, array in arrays.items()}, compressed=True)

    @classmethod
    def from_bytes(cls, content: bytes) -> Classifier:
        """Read what :meth:`to_bytes` wrote."""
        arrays = {
            name: array.astype(np.float64)
            for name, array in unpack_arrays(content, what="classifier", limit=1_000_000).items()
        }
        count = sum(name.endswith("/weights") for name in arrays)
        layers = tuple((arrays[f"layer{k}/weights"], arrays[f"layer{k}/biases"]) for k in range(count))
        return cls(mean=arrays["mean"], scale=arrays["scale"], layers=layers, temperature=float(arrays["temperature"]))


@lru_cache(maxsize=1)
def shipped() -> Classifier:
    """Return the network that ships with the platform."""
    return Classifier.from_bytes(resources.files(__package__).joinpath(WEIGHTS).read_bytes())


def softmax(scores: Floats) -> Floats:
    """Return exp(s) / Σ exp(s) along the last axis."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)
