"""CMA-ES: a normal distribution that moves, widens and turns towards lower losses."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, NonNegativeFloat, PositiveFloat

Floats = NDArray[np.float64]


class EvolutionStrategyParameters(BaseModel):
    """The first step, and how strongly codes are held where real ones are."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    step: PositiveFloat = Field(
        default=0.5, description="standard deviation of the first points, in that of real codes or in the bounds' width"
    )
    population: int = Field(default=10, ge=4, description="points in a generation")
    prior: NonNegativeFloat = Field(
        default=0.3, description="weight w of the prior on codes z of d numbers, w·max(‖z‖²/d − free, 0); 0 for none"
    )
    free: NonNegativeFloat = Field(
        default=0.6, description="‖z‖²/d up to which the prior costs nothing; of real codes it is 1 on average"
    )


class EvolutionStrategy:
    """Covariance matrix adaptation (Hansen, arXiv:1604.00772), as the package ``cma`` has it, from the best start.

    A loss says nothing of whether a structure could be real. The prior does: it rises with the length of a code, so
    that the search moves along the data and not out of them. Within bounds there is no prior.
    """

    def __init__(self, parameters: EvolutionStrategyParameters) -> None:
        self.parameters = parameters
        self.population: Floats = np.empty((0, 0))
        self._strategy: Any = None
        self._asked: list[Floats] = []
        self._bounded = False
        self._rng: np.random.Generator

    def begin(self, starts: Floats, *, bounded: bool, rng: np.random.Generator) -> Self:
        """Take ``starts``, shape (k, d), for the first generation."""
        self._bounded, self._rng, self._strategy, self.population = bounded, rng, None, starts
        return self

    def ask(self) -> Floats:
        """Return the starts, then generations, shape (m, d); none once the distribution no longer moves or shrinks."""
        if self._strategy is None:
            return self.population
        numbers = self.population.shape[1]
        self._asked = [] if self._strategy.stop() else self._strategy.ask()
        return np.array([point[:numbers] for point in self._asked]).reshape(-1, numbers)

    def tell(self, points: Floats, losses: Floats) -> None:
        """Begin at the best of the starts, or adapt the distribution to the losses (m,); the prior is added."""
        if not self._bounded:
            losses = losses + self.parameters.prior * np.maximum(np.mean(points**2, axis=1) - self.parameters.free, 0)
        if self._strategy is None:
            self._strategy = self._begun(points[np.argmin(losses)])
        else:
            self._strategy.tell(self._asked, list(losses))
        self.population = points

    def _begun(self, start: Floats) -> Any:
        import cma

        rng = self._rng
        options = {
            "verbose": -9,  # says nothing and writes no files
            "seed": np.nan,  # leaves NumPy's global generator alone
            "randn": lambda *shape: rng.standard_normal(shape),
            "popsize": self.parameters.population,
        }
        if self._bounded:
            options["bounds"] = [0.0, 1.0]
        if len(start) == 1:
            start = np.append(start, 0.5)  # it needs two numbers: one is idle
        return cma.CMAEvolutionStrategy(start, self.parameters.step, options)
