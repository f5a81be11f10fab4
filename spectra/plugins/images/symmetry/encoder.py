"""The encoder 'symmetry': pictures of any size to their signatures, or to the probabilities of the plane groups."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from spectra.core.components import Features
from spectra.core.signals import Signal
from spectra.plugins.images.symmetry.classifier import shipped
from spectra.plugins.images.symmetry.signatures.scales import best_view
from spectra.plugins.images.symmetry.signatures.shades import shades
from spectra.plugins.images.symmetry.signatures.signature import SIZE, clarity
from spectra.plugins.images.untrained import Untrained, images_of

Floats = NDArray[np.float64]


class SymmetryParameters(BaseModel):
    """Parameters of the encoder 'symmetry'."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    features: Literal["signature", "groups"] = Field(
        default="signature",
        description="39 numbers on operations and lattice, or the probabilities of the 17 plane groups and how "
        "periodic the picture is",
    )


class Symmetry(Untrained):
    """Describes pictures by their symmetry alone: contrast, brightness, scale and direction play no part.

    There is nothing to learn: a picture has the same features whatever others there are. One that is not periodic has
    zeros.
    """

    name = "symmetry"

    def __init__(self, parameters: SymmetryParameters) -> None:
        self.parameters = parameters

    def encode(self, signal: Signal) -> Features:
        """Return the features of each picture: shape (n, 39), or (n, 18).

        Raises
        ------
        InputError
            If the signal is no stack of images, or one is too small, of one shade, or without values.
        """
        rows = np.zeros((len(signal), SIZE))
        for row, pixels in zip(rows, images_of(signal, self.name).pixels, strict=True):
            view = best_view(shades(pixels))
            if view.found is not None:
                row[:] = view.found.numbers()
        if self.parameters.features == "signature":
            return rows.astype(np.float32)
        periodic = rows.any(axis=1, keepdims=True)
        return np.hstack([periodic * shipped().probabilities(rows), rows[:, 28:29]]).astype(np.float32)

    def weights(self, features: Features) -> Floats:
        """Return how much symmetry says of each picture, from 0 for one that is not periodic to 1, shape (n,).

        It is the share of the variance that the lattice explains, times how far the picture's correlation with itself
        moved by lattice vectors lies above what chance reaches in so few cells; a lattice as clear as behind noise of
        0.3 times the contrast counts fully. Of probabilities, it is that correlation alone.
        """
        if self.parameters.features == "signature":
            return clarity(features)
        return np.clip(features[:, -1].astype(np.float64), 0, 1)
