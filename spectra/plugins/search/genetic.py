"""The genetic algorithm of Lew et al., Matter 6, 1975 (2023), as its text has it; the released notebook differs."""

from __future__ import annotations

from typing import Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, NonNegativeFloat, NonNegativeInt

Floats = NDArray[np.float64]

INTERPOLATION, EXTRAPOLATION, SPECIALIZATION = 0.5, 1.5, 1.5
"""Means of the weight of the first parent in the two children, and of the specialization factor."""
DEVIATION = 0.2
"""Standard deviation of all three."""
REACH = 5.0
"""Numbers of an immigrant are uniform between minus and plus this."""
UNFIT, UNLUCKY = 3, 2
"""How many are discarded because they fit worst, and how many at random."""


class GeneticParameters(BaseModel):
    """Sizes; the defaults are the paper's, which gives no numbers for mutation."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    population: int = Field(default=10, ge=5, description="structures that are kept from generation to generation")
    generations: NonNegativeInt = Field(default=250, description="generations, of five new structures each")
    mutation_chance: float = Field(
        default=0.5, ge=0, le=1, description="chance of a number to be mutated once the population has converged"
    )
    mutation_size: NonNegativeFloat = Field(
        default=1.0, description="standard deviation of a mutation once the population has converged"
    )


class GeneticAlgorithm:
    """Five new structures in each generation, and a competition that discards five.

    Of two random parents P and Q come the children wP + (1 − w)Q with w from N(0.5, 0.2) and from N(1.5, 0.2). A random
    member is specialized: multiplied by a factor from N(1.5, 0.2). An immigrant has numbers from U(−5, 5). A random
    member is mutated: numbers R, each chosen by chance, are replaced by ones from N(R, σ). Chance and σ are inverse
    functions of the population's convergence D, the difference in loss of its most and least fit members; the paper
    does not say which, and here both are proportional to 1/(1 + D). Then the three least fit of all are discarded, and
    two at random that are not the fittest.

    Within bounds, the unit cube is the cube from −5 to 5, and what leaves it is put on its surface.
    """

    def __init__(self, parameters: GeneticParameters) -> None:
        self.parameters = parameters
        self._members: Floats = np.empty((0, 0))
        self._losses: Floats = np.empty(0)
        self._born = 0
        self._bounded = False
        self._rng: np.random.Generator

    @property
    def population(self) -> Floats:
        """The members, shape (k, d)."""
        return self._outside(self._members)

    def begin(self, starts: Floats, *, bounded: bool, rng: np.random.Generator) -> Self:
        """Take the first of ``starts``, shape (k, d), as the population, filled up with immigrants."""
        self._bounded, self._rng, self._born, self._losses = bounded, rng, 0, np.empty(0)
        members = self._inside(starts[: self.parameters.population])
        missing = self.parameters.population - len(members)
        immigrants = rng.uniform(-REACH, REACH, (missing, starts.shape[1]))
        self._members = np.concatenate([members, immigrants])
        return self

    def ask(self) -> Floats:
        """Return the first population, then five new structures at a time, shape (5, d)."""
        if not len(self._losses):
            return self.population
        if self._born == self.parameters.generations:
            return self.population[:0]
        self._born += 1
        first, second = self._rng.choice(len(self._members), 2, replace=False)
        new = [
            self._child(first, second, INTERPOLATION),
            self._child(first, second, EXTRAPOLATION),
            self._random_member() * self._rng.normal(SPECIALIZATION, DEVIATION),
            self._rng.uniform(-REACH, REACH, self._members.shape[1]),
            self._mutated(self._random_member()),
        ]
        return self._outside(np.array(new))

    def tell(self, points: Floats, losses: Floats) -> None:
        """Take the losses of the first population, or let new structures compete with it."""
        if not len(self._losses):
            self._losses = losses
            return
        members = np.concatenate([self._members, self._inside(points)])
        losses = np.concatenate([self._losses, losses])
        fittest, *others = np.argsort(losses, kind="stable")[:-UNFIT]
        lucky = self._rng.choice(others, len(others) - UNLUCKY, replace=False)
        kept = np.array([fittest, *lucky])
        self._members, self._losses = members[kept], losses[kept]

    def _child(self, first: int, second: int, mean: float) -> Floats:
        weight = self._rng.normal(mean, DEVIATION)
        return weight * self._members[first] + (1 - weight) * self._members[second]

    def _random_member(self) -> Floats:
        return self._members[self._rng.integers(len(self._members))]

    def _mutated(self, member: Floats) -> Floats:
        growth = 1 / (1 + np.ptp(self._losses))
        chosen = self._rng.random(len(member)) < self.parameters.mutation_chance * growth
        return np.where(chosen, self._rng.normal(member, self.parameters.mutation_size * growth), member)

    def _inside(self, points: Floats) -> Floats:
        """Return points as this algorithm has them."""
        return REACH * (2 * points - 1) if self._bounded else points

    def _outside(self, points: Floats) -> Floats:
        """Return points as they are asked for."""
        return np.clip((points / REACH + 1) / 2, 0, 1) if self._bounded else points
