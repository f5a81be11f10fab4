"""Spreads that a network gives with its answers, made to match the errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from spectra.core.components import State
from spectra.core.quantities import Estimate

Floats = NDArray[np.float64]

LOG_SPREAD = (-9.0, 2.0)
"""Logarithms of spreads, as shares of a quantity's range, are kept where exp() is harmless."""


@dataclass(frozen=True, eq=False)
class Calibration:
    """What raises a network's spreads of each quantity to a power and scales them.

    Parameters
    ----------
    factor, power : ndarray, shape (p,)
        A power of 0 gives all answers the same spread; of 1, the network's own but for a factor.
    """

    factor: Floats
    power: Floats

    @classmethod
    def matching(
        cls, values: Floats, log_spreads: Floats, truth: Floats, *, powers: Sequence[float] | Floats = (1.0,)
    ) -> Calibration:
        """Choose power and factor for which the Gaussian likelihood of the errors is highest.

        Parameters
        ----------
        values, log_spreads, truth : ndarray, shape (n, p)
            Answers that the network was not trained on.
        powers
            What to choose from.
        """
        lowest = np.full(truth.shape[1], np.inf)
        power, factor = np.zeros_like(lowest), np.ones_like(lowest)
        for tried in powers:
            factors = Estimate(values, np.exp(tried * log_spreads)).calibration(truth)
            # minus the likelihood's logarithm up to a constant, since calibrated errors have a mean square of 1
            with np.errstate(divide="ignore"):
                surprise = np.log(factors) + tried * log_spreads.mean(axis=0)
            better = surprise < lowest
            power[better], factor[better] = tried, factors[better]
            lowest = np.minimum(surprise, lowest)
        return cls(factor, power)

    @classmethod
    def of_state(cls, state: State) -> Self:
        """Find it in the state of a network."""
        return cls(state["calibration"], state["power"])

    def get_state(self) -> dict[str, NDArray[Any]]:
        """Return it for the state of a network."""
        return {"power": self.power, "calibration": self.factor}

    def applied(self, values: Floats, log_spreads: Floats) -> Estimate:
        """Return the network's answers, shape (n, p) each, with spreads that match."""
        return Estimate(values, self.factor * np.exp(self.power * log_spreads))


def limited(log_spreads: NDArray[np.float32]) -> Floats:
    """Keep logarithms of spreads within :data:`LOG_SPREAD`."""
    return np.clip(log_spreads.astype(np.float64), *LOG_SPREAD)
