"""A variational autoencoder of pictures: a space that bends with the data, where principal components are straight."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from spectra.core.components import State
from spectra.core.errors import InputError
from spectra.core.progress import Progress
from spectra.core.signals import Signal, below, within
from spectra.plugins.images.generators.windows import Windows, chosen, with_size
from spectra.plugins.learning.networks.layers import Singles
from spectra.plugins.learning.networks.variational import VariationalParameters, decode, encode, train_variational

Floats = NDArray[np.float64]

_IDLE = 0.01  # variance of a code in some direction below which it carries nothing (that of the prior is 1)


class VariationalAutoencoderParameters(VariationalParameters):
    """The network, and what it learns from."""

    size: int = Field(default=31, ge=3, description="pixels across a window around a place; an odd number")
    windows: int = Field(default=2000, ge=10, description="pictures to learn from, at most; picked at random")


class VariationalAutoencoder:
    """Codes are the means that a convolutional encoder gives, turned and rescaled over the pictures.

    An encoder writes one thing in several of its numbers, and leaves others idle. The codes have neither: they are the
    principal components of its means, each divided by its standard deviation, without those that hardly vary.
    """

    def __init__(self, parameters: VariationalAutoencoderParameters) -> None:
        self.parameters = parameters
        self.windows_: Windows
        self.weights_: dict[str, Singles] = {}
        self.pixels_: Singles = np.empty((2, 0), np.float32)  # mean and standard deviation of each channel
        self.mean_: Floats = np.empty(0)  # of what the encoder gives
        self.components_: Floats = np.empty((0, 0))  # (dim, latent), each as long as its standard deviation

    @property
    def dim(self) -> int:
        """How many numbers a code has."""
        return len(self.components_)

    def fit(self, signal: Signal, *, rng: np.random.Generator, progress: Progress) -> Self:
        """Train on a stack of pictures.

        Raises
        ------
        InputError
            If the signal holds no pictures, all are alike, or they are too small or too few.
        """
        self.windows_ = Windows.of(signal, self.parameters.size)
        numbers = chosen(signal, self.windows_, with_size(self.windows_, self.parameters.windows), rng)
        pictures = numbers.reshape(-1, *self.windows_.number_shape)
        spreads = pictures.std(axis=(0, 1, 2))
        if not spreads.any():
            raise InputError("All pictures are alike: there is nothing to vary in a design.")
        self.pixels_ = np.stack([pictures.mean(axis=(0, 1, 2)), np.where(spreads > 0, spreads, 1)])
        pictures = (pictures - self.pixels_[0]) / self.pixels_[1]
        self.weights_ = train_variational(pictures, self.parameters, rng=rng, progress=progress)
        means = encode(pictures, self.weights_).astype(np.float64)
        self.mean_ = means.mean(axis=0)
        variances, directions = np.linalg.eigh(np.atleast_2d(np.cov(means.T, bias=True)))
        kept = np.flatnonzero(variances > _IDLE)[::-1]
        if not len(kept):
            raise InputError(
                "The variational autoencoder has learned nothing: its codes are the same for all pictures.",
                hint="Give it less noise, more epochs or more pictures.",
            )
        self.components_ = (directions[:, kept] * np.sqrt(variances[kept])).T
        return self

    def encode(self, signal: Signal) -> Floats:
        """Return the codes of n pictures, shape (n, dim); NaN where a window is not whole."""
        codes = np.full((len(signal), self.dim), np.nan)
        back = self.components_ / np.sum(self.components_**2, axis=1, keepdims=True)
        for part, whole, numbers in self.windows_.rows(signal):
            pictures = (numbers.reshape(-1, *self.windows_.number_shape) - self.pixels_[0]) / self.pixels_[1]
            codes[part][whole] = (encode(pictures, self.weights_) - self.mean_) @ back.T
        return codes

    def decode(self, codes: Floats) -> Signal:
        """Return the pictures of codes, shape (n, dim)."""
        shape = self.windows_.number_shape
        pictures = (
            decode(codes @ self.components_ + self.mean_, self.weights_, shape) * self.pixels_[1] + self.pixels_[0]
        )
        return self.windows_.signal(pictures.reshape(len(codes), -1))

    def sample(self, count: int, rng: np.random.Generator) -> Floats:
        """Draw codes from the standard normal distribution, shape (count, dim)."""
        return rng.standard_normal((count, self.dim))

    def colours(self, signal: Signal) -> Singles:
        """Return what to show of n pictures, shape (n, height, width, 3); orientations in PIC colours."""
        return self.windows_.colours(signal)

    def controls(self, signal: Signal, rng: np.random.Generator) -> Mapping[str, Signal]:
        """Return pictures of the average colour or orientation, and with rows and columns in random order."""
        return {"mean colour": self.windows_.averaged(signal), "scrambled": self.windows_.scrambled(signal, rng)}

    def get_state(self) -> State:
        """Return weights, scales and the format of the pictures."""
        state: dict[str, NDArray[Any]] = {"pixels": self.pixels_, "mean": self.mean_, "components": self.components_}
        return state | below("weights", self.weights_) | below("windows", self.windows_.get_state())

    def set_state(self, state: State) -> Self:
        """Take over the weights of another."""
        self.pixels_, self.mean_, self.components_ = state["pixels"], state["mean"], state["components"]
        self.weights_, self.windows_ = within(state, "weights"), Windows.of_state(within(state, "windows"))
        return self
