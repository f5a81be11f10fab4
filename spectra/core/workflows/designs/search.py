"""One search: an optimizer, what its points are worth, and what it found on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spectra.core.components import Optimizer

Floats = NDArray[np.float64]

_LOST = 1e6  # the loss of a point that has no value


@dataclass(frozen=True, kw_only=True, eq=False)
class Worth:
    """What n points are worth, shape (n,) each.

    Parameters
    ----------
    values
        The property that is wanted; NaN where there is none.
    spreads
        One standard deviation of each; NaN where nobody knows.
    distances
        From the nearest real one, in standard deviations of real codes; 0 where everything is real.
    """

    values: Floats
    spreads: Floats
    distances: Floats

    def at(self, index: Any) -> Worth:
        """Return that of the points at ``index``."""
        return Worth(values=self.values[index], spreads=self.spreads[index], distances=self.distances[index])


@dataclass(frozen=True, kw_only=True)
class Aim:
    """What is wanted, and when to be content.

    Parameters
    ----------
    value
        Of the property.
    scale
        Deviation of the property that makes a loss of 1.
    tolerance
        Deviation up to which the target counts as reached.
    reach
        Greatest distance from real ones of a good design.
    evaluations
        After so many, a search ends with the generation at hand.
    """

    value: float
    scale: float
    tolerance: float
    reach: float
    evaluations: int

    def errors(self, worth: Worth) -> Floats:
        """Return the deviations from the target, shape (n,); infinite where there is no value."""
        return np.where(np.isfinite(worth.values), np.abs(worth.values - self.value), np.inf)

    def good(self, worth: Worth) -> NDArray[np.bool_]:
        """Say which points reach the target among the real ones, shape (n,)."""
        return np.asarray((self.errors(worth) <= self.tolerance) & (worth.distances <= self.reach))

    def best(self, worth: Worth) -> int:
        """Return which point to take: of those that reach the target the most real one, else the closest to it."""
        errors = self.errors(worth)
        reached = errors <= self.tolerance
        return int(np.argmin(np.where(reached, worth.distances, np.inf) if reached.any() else errors))


@dataclass(frozen=True, kw_only=True, eq=False)
class Found:
    """What a search asked for and was told.

    Parameters
    ----------
    points : ndarray, shape (n, d)
        In the order in which they were evaluated.
    worth
        What they are worth.
    trace : ndarray, shape (g, 3)
        After each generation: evaluations so far, mean and standard deviation of the population's values.
    """

    points: Floats
    worth: Worth
    trace: Floats

    @property
    def evaluations(self) -> int:
        """How many points were evaluated."""
        return len(self.points)

    def front(self, aim: Aim) -> NDArray[np.int64]:
        """Return the points that no other is better than in both error and distance, by increasing distance."""
        errors = aim.errors(self.worth)
        order = np.lexsort((errors, self.worth.distances))
        lowest = np.minimum.accumulate(errors[order])
        first = np.concatenate([[True], lowest[1:] < lowest[:-1]])
        return order[first & np.isfinite(errors[order])]

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Return everything as arrays."""
        return {"points": self.points, "trace": self.trace} | vars(self.worth)

    @classmethod
    def from_arrays(cls, arrays: dict[str, NDArray[Any]]) -> Found:
        """Restore what :meth:`to_arrays` returned."""
        worth = Worth(**{name: arrays[name] for name in ("values", "spreads", "distances")})
        return cls(points=arrays["points"], worth=worth, trace=arrays["trace"])


def search(
    optimizer: Optimizer,
    evaluate: Callable[[Floats], Worth],
    starts: Floats,
    *,
    aim: Aim,
    bounded: bool,
    rng: np.random.Generator,
) -> Found:
    """Search until a point is good, the optimizer ends or the evaluations are used up.

    Parameters
    ----------
    evaluate
        Says what points (m, d) are worth.
    starts : ndarray, shape (k, d)
        Where to begin, as :meth:`~spectra.core.components.Optimizer.begin` takes them.
    """
    optimizer.begin(starts, bounded=bounded, rng=rng)
    points: list[Floats] = []
    worths: list[Worth] = []
    trace: list[tuple[float, float, float]] = []
    known: dict[bytes, float] = {}
    while sum(map(len, points)) < aim.evaluations and len(asked := optimizer.ask()):
        worth = evaluate(asked)
        losses = aim.errors(worth) / aim.scale
        optimizer.tell(asked, np.where(np.isfinite(losses), losses, _LOST))
        points.append(asked)
        worths.append(worth)
        known |= {point.tobytes(): value for point, value in zip(asked, worth.values, strict=True)}
        values = np.array([known.get(point.tobytes(), np.nan) for point in optimizer.population])
        values = values[np.isfinite(values)]
        mean, deviation = (values.mean(), values.std()) if len(values) else (np.nan, np.nan)
        trace.append((float(sum(map(len, points))), float(mean), float(deviation)))
        if aim.good(worth).any():
            break
    joined = {name: np.concatenate([getattr(worth, name) for worth in worths]) for name in vars(worths[0])}
    return Found(points=np.concatenate(points), worth=Worth(**joined), trace=np.array(trace))
