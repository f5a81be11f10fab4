"""Global search: descents of a cheap model from many starts and from around their best ends, then of the model itself.

A fit from one start ends wherever an assignment of peaks to lines supports itself. The more quantities, the more such
ends there are, and the fewer starts lead to the best of them; what finds it is many descents, not careful ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from spectra.core.components import DifferentiableForwardModel
from spectra.plugins.peaks import scale_free
from spectra.plugins.peaks.assignment import DetectionModel
from spectra.plugins.peaks.least_squares import Fit, Search

Floats = NDArray[np.float64]

_BOLDNESS = (1.0, 0.5)  # of the expected deviation, by turns: a smaller one keeps what is nearly right
_HOPS = 6  # without success, for each quantity, before the search ends
_HOP_SIZES = (0.005, 0.01, 0.02)  # rms relative move of the matched lines
_HOP_RANGE = 0.5  # of a quantity's range, where the lines do not limit a hop
_HOP_SPREAD = 0.01
_HELD_BACK = 30.0  # units of log-likelihood below the best end: no rival, whatever the cheap model's errors
_MOST_ENDS = 6
_BETTER = 0.1  # units of log-likelihood
_BRIEF, _HOPELESS = 2, 40.0  # linearizations, after which a hop so many units below the best end is given up
_STARTS = 8  # of the spectra all over the ranges, for each quantity


class ReducedModel(DifferentiableForwardModel, Protocol):
    """A cheap approximation of a forward model."""

    def lines(self, values: Floats) -> Floats:
        """Compute all lines of ``values`` (n, p) up to the window's end, ascending, NaN at the end of shorter rows.

        Within a percent is enough.
        """


@runtime_checkable
class ReducibleForwardModel(DifferentiableForwardModel, Protocol):
    """A forward model with a cheap approximation of itself, all of whose lines grow alike with some quantities."""

    @property
    def scaling(self) -> NDArray[np.bool_]:
        """The quantities with the root of which, if all grow together, all lines grow; shape (p,)."""

    def possible(self, values: Floats) -> NDArray[np.bool_]:
        """Return which of ``values``, shape (n, p), the model can be asked for."""

    def reduced(self) -> ReducedModel | None:
        """Return a model much cheaper and nearly as accurate all over the ranges; None if there is none."""


@runtime_checkable
class ApproximateForwardModel(DifferentiableForwardModel, Protocol):
    """A forward model that is accurate enough for most values, and knows for which."""

    def accurate_at(self, values: Floats) -> DifferentiableForwardModel:
        """Return a model that is accurate enough at ``values``, shape (p,): itself if it is, or if there is none."""

    def doubts_at(self, values: Floats) -> Sequence[str]:
        """Say in whole sentences if it is not accurate enough at ``values``, shape (p,)."""


def explore(search: Search, starts: Sequence[Floats], expected: DetectionModel, *, spectra: int = 0) -> list[Fit]:
    """Return the distinct ends of descents, the most likely first.

    Without a reducible forward model, or without ``spectra``, they are those from the starts. Else the descents are
    those of the reduced model, from the likest of its spectra and from the starts. From around its best ends it goes on
    (basin hopping, Wales and Doye, J. Phys. Chem. A 101, 5111 (1997)), until a number of hops have not found a better
    one. The forward model itself then starts from the best.

    Where it is not accurate enough at the best end, ``search`` goes on with one that is.

    Parameters
    ----------
    spectra
        Number of spectra all over the ranges.
    """
    ends = _explored(search, starts, expected, spectra)
    if not ends or not isinstance(search.forward, ApproximateForwardModel):
        return ends
    accurate = search.forward.accurate_at(ends[0].values)
    if accurate is search.forward:
        return ends
    search.forward = accurate
    return _descended(search, ends) or ends


def _descended(search: Search, ends: Sequence[Fit]) -> list[Fit]:
    """Descend from the ends of another forward model."""
    found: list[Fit] = []
    for end in ends:
        found = search.descend([end.values], end.detection, found)
    return found


def _explored(search: Search, starts: Sequence[Floats], expected: DetectionModel, spectra: int) -> list[Fit]:
    forward, rng = search.forward, np.random.default_rng(0)  # the same list gives the same answer
    if not spectra or not isinstance(forward, ReducibleForwardModel):
        return search.descend(starts, expected)
    spread = scale_free.spread_over(search.bounds, spectra, rng)
    spread = spread[forward.possible(spread)]
    reduced = forward.reduced()
    if reduced is None:
        return search.descend(starts, expected)
    least, most = scale_free.sizes(spread, search.bounds, forward.scaling)
    smallest = np.where(forward.scaling, least[:, None] * spread, spread)
    found = scale_free.likest(search.peaks, search.window, reduced.lines(smallest), np.sqrt(most / least))
    likest = found.places[: _STARTS * len(search.width)]
    grown = found.factors[likest, None] ** 2 * smallest[likest]
    starts = [*np.where(forward.scaling, grown, smallest[likest]), *starts]
    cheap = Search(search.peaks, search.window, reduced, search.bounds, search.prior, search.advance, hasty=True)
    ends: list[Fit] = []
    for place, start in enumerate(starts):
        boldness = _BOLDNESS[place % len(_BOLDNESS)]
        ends = cheap.descend([start], replace(expected, spread=boldness * expected.spread), ends)
    if not ends:
        return search.descend(starts, expected)
    ends = _hopped(cheap, ends, expected, rng)
    return _descended(search, [end for end in ends[:_MOST_ENDS] if end.cost < ends[0].cost + _HELD_BACK])


def descents(starts: int, quantities: int, *, spectra: int) -> int:
    """Return about how many descents :func:`explore` takes, for a bar."""
    return starts + (quantities * (_STARTS + _HOPS) + _MOST_ENDS if spectra else 0)


def _hopped(search: Search, ends: list[Fit], expected: DetectionModel, rng: np.random.Generator) -> list[Fit]:
    briefly = copy(search)
    briefly.linearizations = _BRIEF
    patience = _HOPS * len(search.width)
    left = patience
    closer = replace(expected, spread=min(_HOP_SPREAD, expected.spread))
    while left > 0:
        left -= 1
        # every second hop from the best end, every fourth from the next, and so on
        origin = ends[min(int(rng.geometric(0.5)), len(ends)) - 1]
        best = ends[0].cost
        begun = [fit for fit in briefly.descend([_aside(origin, search.width, rng)], closer, ends) if fit not in ends]
        for fit in begun:
            if fit.cost < best + _HOPELESS:
                ends = search.descend([fit.values], fit.detection, ends)
        if ends[0].cost < best - _BETTER:
            left = patience
    return ends


def _aside(fit: Fit, width: Floats, rng: np.random.Generator) -> Floats:
    """Move a fit at random by what its lines hardly notice, and by little of what they do."""
    slopes = fit.modes.slopes[fit.assignment.modes] * width
    size = float(rng.choice(_HOP_SIZES)) / len(width) ** 0.5
    precision = slopes.T @ slopes / (len(slopes) * size**2) + np.eye(len(width)) / _HOP_RANGE**2
    factor = np.linalg.cholesky(precision)
    moved: Floats = fit.values + np.linalg.solve(factor.T, rng.standard_normal(len(width))) * width
    return moved
