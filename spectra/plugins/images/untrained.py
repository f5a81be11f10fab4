"""What encoders of pictures share that learn nothing: the same features for a picture, whatever others there are."""

from __future__ import annotations

from typing import ClassVar, Self

from spectra.core.components import State
from spectra.core.errors import InputError
from spectra.core.signals import Image, Signal


class Untrained:
    """Base of the encoders of pictures without a state; a subclass has ``encode`` and its name."""

    name: ClassVar[str]

    def fit(self, signal: Signal) -> Self:
        """Check that the signal is a stack of images.

        Raises
        ------
        InputError
            If it is not.
        """
        images_of(signal, self.name)
        return self

    def get_state(self) -> State:
        """Return nothing: there is no state."""
        return {}

    def set_state(self, state: State) -> Self:  # noqa: ARG002
        """Take over nothing."""
        return self


def images_of(signal: Signal, encoder: str) -> Image:
    """Return a signal if it is a stack of images; raises ``InputError`` that names the encoder if not."""
    if not isinstance(signal, Image):
        raise InputError(f"The encoder {encoder!r} takes images, not a signal of kind '{signal.kind}'.")
    return signal
