"""Principal components of pictures: the plainest space in which a picture is a short code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, PositiveInt
from scipy.linalg import eigh

from spectra.core.components import State
from spectra.core.errors import InputError
from spectra.core.progress import Progress
from spectra.core.signals import Signal, below, within
from spectra.plugins.images.generators.windows import Windows, chosen, with_size

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]

_NEGLIGIBLE = 1e-6  # variance, as a share of the largest, that single precision does not tell from none


class PrincipalComponentsParameters(BaseModel):
    """How many components, of how many windows, of what size."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    components: PositiveInt = Field(default=128, description="numbers of a code, at most")
    size: int = Field(default=31, ge=3, description="pixels across a window around a place; an odd number")
    windows: int = Field(default=2000, ge=2, description="pictures to learn from, at most; picked at random")


class PrincipalComponents:
    """Codes are the principal components of pictures, each divided by its standard deviation.

    Codes of real pictures then have zero mean, unit variance and no correlations, and their distances are Mahalanobis'.
    """

    def __init__(self, parameters: PrincipalComponentsParameters) -> None:
        self.parameters = parameters
        self.windows_: Windows
        self.mean_: Singles = np.empty(0, np.float32)
        self.components_: Singles = np.empty((0, 0), np.float32)  # (dim, m), each as long as its standard deviation

    @property
    def dim(self) -> int:
        """How many numbers a code has."""
        return len(self.components_)

    def fit(self, signal: Signal, *, rng: np.random.Generator, progress: Progress) -> Self:
        """Find the components of a stack of pictures.

        Raises
        ------
        InputError
            If the signal holds no pictures, or all are alike; or if windows are of even size.
        """
        self.windows_ = Windows.of(signal, self.parameters.size)
        numbers = chosen(signal, self.windows_, with_size(self.windows_, self.parameters.windows), rng)
        progress.say(f"Finding the principal components of {len(numbers):,} pictures.")
        self.mean_ = numbers.mean(axis=0)
        numbers = numbers - self.mean_
        # the n × n matrix of products has the same eigenvalues as the covariance, of m × m numbers
        products = (numbers @ numbers.T).astype(np.float64) / len(numbers)
        count = min(self.parameters.components, len(numbers) - 1)
        variances, vectors = eigh(products, subset_by_index=[len(numbers) - count, len(numbers) - 1])
        if not variances[-1] > 0:
            raise InputError("All pictures are alike: there is nothing to vary in a design.")
        kept = np.flatnonzero(variances > _NEGLIGIBLE * variances[-1])[::-1]
        # the picture Xᵀv/√n has the length of the component's standard deviation
        self.components_ = (vectors[:, kept].T @ numbers / np.sqrt(len(numbers))).astype(np.float32)
        return self

    def encode(self, signal: Signal) -> Floats:
        """Return the codes of n pictures, shape (n, dim); NaN where a window is not whole."""
        codes = np.full((len(signal), self.dim), np.nan)
        back = self.components_ / np.sum(self.components_**2, axis=1, keepdims=True, dtype=np.float64)
        for part, whole, numbers in self.windows_.rows(signal):
            codes[part][whole] = (numbers - self.mean_) @ back.T
        return codes

    def decode(self, codes: Floats) -> Signal:
        """Return the pictures of codes, shape (n, dim)."""
        return self.windows_.signal(codes @ self.components_ + self.mean_)

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
        """Return mean, components and the format of the pictures."""
        return {"mean": self.mean_, "components": self.components_} | below("windows", self.windows_.get_state())

    def set_state(self, state: State) -> Self:
        """Take over the components of another."""
        self.mean_, self.components_ = state["mean"], state["components"]
        self.windows_ = Windows.of_state(within(state, "windows"))
        return self
