"""What changes of a picture from one look to the next: how the specimen lies under the microscope."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from spectra.core.errors import InputError
from spectra.core.signals import Image, Signal


class TurnsParameters(BaseModel):
    """Parameters of the distortion 'turns'."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    mirror: bool = Field(default=True, description="mirror half of them, too")


class Turns:
    """Turns each picture by a random multiple of 90°, or of 180° if it is not square, and mirrors it.

    For quantities that do not depend on direction. Values stay as they are: where they say a direction themselves, as
    the colours of an orientation map do, a turned picture is not that of a turned specimen.
    """

    def __init__(self, parameters: TurnsParameters) -> None:
        self.parameters = parameters

    def distort(self, signal: Signal, rng: np.random.Generator) -> Signal:
        """Return turned copies.

        Raises
        ------
        InputError
            If the signal is no stack of images.
        """
        if not isinstance(signal, Image):
            raise InputError(f"The distortion 'turns' takes images, not a signal of kind '{signal.kind}'.")
        height, width = signal.pixels.shape[1:3]
        step = 1 if height == width else 2  # quarter turns
        turns = step * rng.integers(4 // step, size=len(signal))
        mirrored = rng.integers(2 if self.parameters.mirror else 1, size=len(signal))
        pixels = np.empty_like(signal.pixels)
        for picture, turn, mirror, turned in zip(signal.pixels, turns, mirrored, pixels, strict=True):
            turned[...] = np.rot90(picture[:, ::-1] if mirror else picture, turn)
        return replace(signal, pixels=pixels)
