"""Peaks to features of fixed size: the three encoders of Liu et al., Sci. Rep. 13, 5919 (2023), and a smooth one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from spectra.core.components import Features, State
from spectra.core.errors import InputError
from spectra.core.signals import Peaks, Signal

Floats = NDArray[np.float64]

_AT_ONCE = 4096  # spectra whose lines are counted at a time


class Windowed:
    """Base of the encoders that learn only the window."""

    window_: tuple[float, float] | None = None

    def fit(self, signal: Signal) -> Self:
        """Learn the window of the training signals."""
        self.window_ = _peaks(signal).window
        return self

    def get_state(self) -> State:
        """Return the window."""
        return {"window": np.array(self.window_)}

    def set_state(self, state: State) -> Self:
        """Restore the window."""
        low, high = state["window"]
        self.window_ = (float(low), float(high))
        return self


class FingerprintParameters(BaseModel):
    """Parameters of the encoder 'fingerprint'."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    bins: int = Field(default=256, ge=2, le=65_536, description="number of bins B over the window")
    counting: Literal["histogram", "spilling"] = Field(
        default="histogram",
        description="'histogram' is eqs. 9 and 10; 'spilling' is what the paper's program did: in every bin, each "
        "second line is left over for the next one",
    )


class Fingerprint(Windowed):
    """The modulated fingerprint: how many lines fall into each of B equal bins of the window (eqs. 9 and 10)."""

    def __init__(self, parameters: FingerprintParameters) -> None:
        self.parameters = parameters

    def encode(self, signal: Signal) -> Features:
        """Count lines: shape (n, bins)."""
        assert self.window_ is not None, "fit first"  # noqa: S101
        bins, (low, high) = self.parameters.bins, self.window_
        spill = _spilled if self.parameters.counting == "spilling" else None

        def counted(positions: Floats) -> NDArray[np.int64]:
            inside = (positions >= low) & (positions <= high)
            counts = _counted((positions - low) / (high - low) * bins, inside, bins)
            return counts if spill is None else spill(counts)

        return _in_blocks(counted, _peaks(signal).positions, bins)


def _in_blocks(count: Callable[[Floats], NDArray[np.int64]], positions: Floats, bins: int) -> Features:
    """Count the lines of some spectra at a time: places and whole numbers take ten times the memory of the result."""
    counts = np.empty((len(positions), bins), dtype=np.float32)
    for start in range(0, len(positions), _AT_ONCE):
        block = slice(start, start + _AT_ONCE)
        counts[block] = count(positions[block])
    return counts


def _counted(places: Floats, inside: NDArray[np.bool_], bins: int) -> NDArray[np.int64]:
    """Count the lines of each spectrum (n, m) that lie inside into bins of length 1: shape (n, bins)."""
    # The upper end belongs to the last bin, as in any histogram.
    bin_of_line = np.minimum(np.where(inside, places, 0.0), bins - 1).astype(int)
    flat = (bin_of_line + bins * np.arange(len(places))[:, None])[inside]
    return np.bincount(flat, minlength=bins * len(places)).reshape(len(places), bins)


def _spilled(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Count as a loop does that removes lines from the list it walks over: every second one is skipped."""
    spilled, left = np.empty_like(counts), np.zeros(len(counts), dtype=counts.dtype)
    for place in range(counts.shape[1]):
        available = left + counts[:, place]
        left = available // 2
        spilled[:, place] = available - left
    return spilled


class BroadenedParameters(BaseModel):
    """Parameters of the encoder 'broadened'."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    bins: int = Field(default=256, ge=2, le=65_536, description="number of points on a logarithmic frequency axis")
    width: float = Field(
        default=0.01, ge=1e-4, le=0.5, description="relative standard deviation of a line: about the error of a peak"
    )


class Broadened(Windowed):
    """The spectrum with every line drawn as a Gaussian of a relative width, scaled to unit length.

    The scalar product of two such spectra says how alike they are, whatever few lines are shifted or missing.
    """

    _STEPS_PER_WIDTH = 4.0

    def __init__(self, parameters: BroadenedParameters) -> None:
        self.parameters = parameters

    def fit(self, signal: Signal) -> Self:
        """Learn the window of the training signals.

        Raises
        ------
        InputError
            If it starts at zero, where no axis is logarithmic.
        """
        if _peaks(signal).window[0] <= 0:
            raise InputError("The encoder 'broadened' needs a window that starts above zero.")
        return super().fit(signal)

    def encode(self, signal: Signal) -> Features:
        """Draw the lines: shape (n, bins)."""
        assert self.window_ is not None, "fit first"  # noqa: S101
        low, high = np.log(self.window_)
        width = self.parameters.width
        # first counted in steps much finer than a line is wide
        steps = int(np.ceil((high - low) / width * self._STEPS_PER_WIDTH))

        def counted(positions: Floats) -> NDArray[np.int64]:
            with np.errstate(divide="ignore"):
                places = (np.log(positions) - low) / (high - low) * steps
            return _counted(places, (places >= 0) & (places <= steps), steps)

        counts = _in_blocks(counted, _peaks(signal).positions, steps)
        centres = low + (np.arange(steps) + 0.5) * (high - low) / steps
        axis = np.linspace(low, high, self.parameters.bins)
        lines = np.exp(-0.5 * ((axis - centres[:, None]) / width) ** 2).astype(np.float32)
        drawn = counts @ lines
        return drawn / np.maximum(np.linalg.norm(drawn, axis=1, keepdims=True), np.float32(1e-12))


class SequenceParameters(BaseModel):
    """Parameters of the encoders 'direct' and 'derivative'."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    length: int = Field(default=64, ge=1, le=4096, description="number of values taken from the low end")


class Sequence:
    """Base of the encoders of the first lines, rescaled to 0…1 over the training set; a subclass computes the values.

    Spectra with too few lines are filled up with 1 at their end, as if the lacking lines lay beyond the window.
    """

    def __init__(self, parameters: SequenceParameters) -> None:
        self.parameters = parameters
        self.range_: tuple[float, float] | None = None

    def _values(self, positions: Floats) -> Floats:
        raise NotImplementedError

    def fit(self, signal: Signal) -> Self:
        """Learn the smallest and largest value of the training signals."""
        values = self._sequence(signal)
        self.range_ = (float(np.nanmin(values)), float(np.nanmax(values)))
        return self

    def encode(self, signal: Signal) -> Features:
        """Rescale: shape (n, length)."""
        assert self.range_ is not None, "fit first"  # noqa: S101
        low, high = self.range_
        return np.nan_to_num((self._sequence(signal) - low) / (high - low), nan=1.0).astype(np.float32)

    def get_state(self) -> State:
        """Return the range."""
        return {"range": np.array(self.range_)}

    def set_state(self, state: State) -> Self:
        """Restore the range."""
        low, high = state["range"]
        self.range_ = (float(low), float(high))
        return self

    def _sequence(self, signal: Signal) -> Floats:
        values = self._values(_peaks(signal).positions)[:, : self.parameters.length]
        lacking = self.parameters.length - values.shape[1]
        return np.pad(values, ((0, 0), (0, lacking)), constant_values=np.nan)


class Direct(Sequence):
    """Direct input: the first frequencies themselves (eq. 7)."""

    def _values(self, positions: Floats) -> Floats:
        return positions


class Derivative(Sequence):
    """Derivative input: differences of neighbouring frequencies (eqs. 6 and 8)."""

    def _values(self, positions: Floats) -> Floats:
        return np.diff(positions, axis=1)


def _peaks(signal: Signal) -> Peaks:
    if not isinstance(signal, Peaks):
        raise InputError(f"This encoder takes peaks, not a signal of kind '{signal.kind}'.")
    return signal
