"""A spectrum as a distribution: where its lines, or the area of its profile, lie."""

from typing import Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from spectra.core.components import Features, State
from spectra.core.errors import InputError
from spectra.core.signals import Peaks, Profile, Signal

Floats = NDArray[np.float64]


class QuantilesParameters(BaseModel):
    """How finely the distribution is described."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    count: int = Field(default=32, ge=1, le=4096, description="number of quantiles, evenly between 0 and 1")


class Quantiles:
    """The positions below which 1/2k, 3/2k, … of a spectrum lie, as shares of the window, and how much there is.

    Of peaks, each line counts alike; of a profile, the area above its lowest point does.
    """

    def __init__(self, parameters: QuantilesParameters) -> None:
        self.levels = (np.arange(parameters.count) + 0.5) / parameters.count
        self.range_: tuple[float, float]
        self.amount_: float

    def fit(self, signal: Signal) -> Self:
        """Take over the window, or the axis, and learn how much a training spectrum holds on average."""
        taken = _taken(signal)
        low, high = taken.window if isinstance(taken, Peaks) else (taken.x[0], taken.x[-1])
        self.range_ = (float(low), float(high))
        self.amount_ = float(np.mean([weights.sum() for _, weights in _distributions(taken)])) or 1.0
        return self

    def encode(self, signal: Signal) -> Features:
        """Compute quantiles and amount: shape (n, count + 1)."""
        low, high = self.range_
        rows = []
        for positions, weights in _distributions(_taken(signal)):
            amount = weights.sum()
            if amount > 0:
                below = np.cumsum(weights) - weights / 2  # half of a line's own weight lies on either side of it
                places = (np.interp(self.levels * amount, below, positions) - low) / (high - low)
            else:
                places = np.full(len(self.levels), 0.5)
            rows.append([*places, amount / self.amount_])
        return np.array(rows, dtype=np.float32)

    def get_state(self) -> State:
        """Return range and amount."""
        return {"range": np.array(self.range_), "amount": np.array(self.amount_)}

    def set_state(self, state: State) -> Self:
        """Take over range and amount."""
        low, high = state["range"]
        self.range_, self.amount_ = (float(low), float(high)), float(state["amount"])
        return self


def _taken(signal: Signal) -> Peaks | Profile:
    if isinstance(signal, Peaks | Profile):
        return signal
    raise InputError(f"The encoder 'quantiles' takes peaks or a profile, not a signal of kind '{signal.kind}'.")


def _distributions(signal: Peaks | Profile) -> list[tuple[Floats, Floats]]:
    """Return ascending positions and their weights, of one spectrum after the other."""
    if isinstance(signal, Peaks):
        lists = (row[np.isfinite(row)] for row in signal.positions)
        return [(lines, np.ones_like(lines)) for lines in lists]
    widths = np.gradient(signal.x)
    return [(signal.x, (y - y.min()) * widths) for y in signal.y]
