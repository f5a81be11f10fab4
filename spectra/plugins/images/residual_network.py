"""A network for what ridge regression on hand-made features leaves unexplained."""

from __future__ import annotations

from typing import Self

import numpy as np
from numpy.typing import NDArray

from spectra.core.components import Features, State
from spectra.core.progress import Progress
from spectra.core.signals import Signal, below, within
from spectra.plugins.images.map_network import MapNetwork
from spectra.plugins.images.map_training import MapNetworkParameters
from spectra.plugins.images.surroundings import Surroundings, SurroundingsParameters
from spectra.plugins.learning.linear import PENALTIES, least_squares, parts_of

Floats = NDArray[np.float64]


class ResidualMapNetwork:
    """The sum of two answers: of ridge regression on ``surroundings``, and of ``map-network`` trained on its errors."""

    def __init__(self, parameters: MapNetworkParameters) -> None:
        self.parameters = parameters
        self.hand_ = Surroundings(SurroundingsParameters(orientations=parameters.orientations))
        self.network_ = MapNetwork(parameters)
        self.coefficients_: Floats  # (features + 1, p); the first are the intercepts

    def fit(
        self,
        signal: Signal,
        *,
        targets: Floats,
        rng: np.random.Generator,
        progress: Progress,
        groups: NDArray[np.int64] | None = None,
    ) -> Self:
        """Solve the ridge, its penalty chosen on groups left out, and train the network on what it leaves.

        Raises
        ------
        InputError
            As of the two encoders.
        """
        features = self.hand_.fit(signal).encode(signal).astype(np.float64)
        parts = parts_of(np.arange(len(targets)) if groups is None else groups, rng)
        self.coefficients_, _ = least_squares(features, targets, parts, PENALTIES)
        self.network_.fit(signal, targets=targets - self._ridge(features), rng=rng, progress=progress)
        return self

    def encode(self, signal: Signal) -> Features:
        """Add both answers: shape (n, p); raises like the two encoders."""
        ridge = self._ridge(self.hand_.encode(signal).astype(np.float64))
        return (ridge + self.network_.encode(signal)).astype(np.float32)

    @property
    def reach(self) -> int:
        """How many pixels away they look."""
        return max(self.hand_.reach, self.network_.reach)

    def get_state(self) -> State:
        """Return what both learned."""
        network = self.network_.get_state()
        return (
            {"coefficients": self.coefficients_, "history/loss": network["history/loss"]}
            | below("hand", self.hand_.get_state())
            | below("network", network)
        )

    def set_state(self, state: State) -> Self:
        """Take over what another instance learned."""
        self.coefficients_ = state["coefficients"]
        self.hand_.set_state(within(state, "hand"))
        self.network_.set_state(within(state, "network"))
        return self

    def _ridge(self, features: Floats) -> Floats:
        answers: Floats = features @ self.coefficients_[1:] + self.coefficients_[0]
        return answers
