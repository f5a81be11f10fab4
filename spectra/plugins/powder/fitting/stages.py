"""The stages of a fit: search, rough fits, lines of other phases left out, the final fit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d, label, maximum, maximum_filter1d

from spectra.plugins.powder.fitting.scan import Scan
from spectra.plugins.powder.fitting.search import Presence, Ruler, best_cell, candidates
from spectra.plugins.powder.fitting.uncertainty import inflation
from spectra.plugins.powder.fitting.whole_pattern import Covariance, Solution, WholePattern
from spectra.plugins.powder.patterns.model import PatternModel

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]

_STARTS = 3
_WIDTHS = (0.03, 0.1, 0.3, 0.8, 1.5)  # degrees, tried first
_ROUGH, _FINE = 8, 40
_ROUNDS = 3  # of leaving out what belongs to no phase
_CLEAR = 8.0  # standard deviations of the smoothed residual
_MISFIT = 0.3  # of the computed line at the same place: more than that is no misfit of its shape
_AROUND, _OF_NEIGHBOUR = 2.0, 0.1  # widths in which a line that is ten times as high may have a misfit of that size
_FOOT = 0.1  # of a foreign line's height, down to which it is left out
_PARTS = 24  # of the scan, which may pull the parameters apart
_SEEN = 3.0  # standard deviations of an asymmetry
_ASYMMETRY = 0.03  # degrees, to begin with
STEPS = _STARTS + 1 + _ROUNDS + 1
"""How many steps :func:`fitted` reports."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Fitted:
    """A finished fit.

    Parameters
    ----------
    inflation
        Factor on standard deviations, see :func:`~.uncertainty.inflation`. Covariances have it already; those of
        parameters that parts of the scan pull farther apart are larger still.
    """

    problem: WholePattern
    solution: Solution
    covariance: Covariance
    inflation: float

    @property
    def residuals(self) -> Floats:
        """Measured minus computed counts (k,)."""
        return self.problem.scan.y - self.solution.computed


def fitted(
    model: PatternModel, scan: Scan, starts: Sequence[Floats], *, tolerance: float, advance: Callable[[int], None]
) -> Fitted:
    """Fit a scan from anywhere in the ranges.

    Parameters
    ----------
    starts
        Parameters (p,) of which cells and shift are tried beside those that the search finds.
    tolerance
        Of intensities, see :class:`~.whole_pattern.WholePattern`.
    advance
        Called with 1 for each of :data:`STEPS`.
    """
    rough = WholePattern(model, scan.coarser(), tolerance=tolerance)
    best: Solution | None = None
    symmetric = np.zeros(model.size, dtype=bool)
    symmetric[model.asymmetry] = True
    for start in candidates(model, scan, starts, count=_STARTS):
        tried = _with_widths(rough, start)
        rough.expect(tried.values)
        found = rough.fit(tried.values, held=symmetric, steps=_ROUGH)
        if best is None or _misfit(rough, found) < _misfit(rough, best):
            best = found
        advance(1)
    assert best is not None  # noqa: S101
    best = _second_look(rough, best, held=symmetric)
    values = best.values.copy()
    values[model.asymmetry] = _ASYMMETRY
    for _ in range(_ROUNDS):
        rough.leave_out(~foreign(rough, best))
        rough.expect(values)
        best = rough.fit(values, steps=_ROUGH)
        values = best.values
        advance(1)
    problem = WholePattern(model, scan, tolerance=tolerance)
    problem.expect(best.values)
    problem.leave_out(~foreign(problem, problem.solve(best.values)))
    problem.expect(best.values)
    fit = finished(problem, problem.fit(best.values, steps=_FINE))
    asymmetry, deviation = _asymmetry(fit)
    if 0 < asymmetry < _SEEN * deviation:  # noise alone, which cannot be negative here, would shift the lines
        start = fit.solution.values.copy()
        start[model.asymmetry] = 0
        fit = finished(problem, problem.fit(start, held=symmetric, steps=_FINE))
    advance(1)
    return fit


def _asymmetry(fit: Fitted) -> tuple[float, float]:
    """Return the asymmetry of the lines and its standard deviation in degrees."""
    place = fit.problem.model.asymmetry
    return float(fit.solution.values[place]), float(np.sqrt(fit.covariance.parameters[place, place]))


def _second_look(problem: WholePattern, best: Solution, *, held: Booleans) -> Solution:
    """Look for each phase again in what the others leave of the scan, and keep what fits better."""
    model = problem.model
    for place, phase in enumerate(model.phases if len(model.phases) > 1 else ()):
        alone, presences = presences_without_others(problem, best, place)
        given = np.array([phase.published, best.values[phase.cell]])
        cell, _ = best_cell(alone, presences, given, float(best.values[model.shift]))
        values = best.values.copy()
        values[phase.cell] = cell
        problem.expect(values)
        other = problem.fit(values, held=held, steps=_ROUGH)
        if _misfit(problem, other) < _misfit(problem, best):
            best = other
    return best


def presences_without_others(problem: WholePattern, solution: Solution, place: int) -> tuple[Ruler, list[Presence]]:
    """Return the ruler of a phase, and what rises where the other phases explain nothing, from coarse to fine."""
    model, scan, lines = problem.model, problem.scan, solution.lines
    members = model.members[place]
    others = solution.intensities.copy()
    others[members] = 0
    amounts = lines.weight * others[lines.reflection]
    net = scan.y - solution.background - lines.curves(scan.x, slopes=False).values @ amounts
    own = (lines.reflection >= members.start) & (lines.reflection < members.stop)
    width = float(np.median(lines.width[own])) / 2.355
    rest = Scan(x=scan.x, y=net, variance=scan.variance)
    presences = [Presence(rest, net, max(factor * width, scan.step)) for factor in (4.0, 2.0, 1.0)]
    return Ruler(model, place), presences


def finished(problem: WholePattern, solution: Solution) -> Fitted:
    """Add the covariances to a solution at its minimum."""
    used = problem.used
    deviations = ((problem.scan.y - solution.computed) / np.sqrt(problem.scan.variance))[used]
    factor = inflation(deviations)
    bare = problem.covariance(solution)
    parameters = factor**2 * bare.parameters
    own = np.sqrt(np.diag(parameters))
    larger = np.maximum(problem.deviations_by_parts(solution, _PARTS) / np.maximum(own, 1e-300), 1.0)
    larger[own == 0] = 1.0
    return Fitted(
        problem=problem,
        solution=solution,
        covariance=Covariance(
            parameters=parameters * larger * larger[:, np.newaxis],
            scales=factor**2 * bare.scales,
            intensities=factor**2 * bare.intensities,
        ),
        inflation=factor,
    )


def with_other_law(fit: Fitted) -> Floats:
    """Return the parameters (p,) if the shift of the lines followed the law of the other geometry."""
    problem = fit.problem
    model = copy(problem.model)
    model.in_reflection = not model.in_reflection
    other = WholePattern(model, problem.scan, tolerance=problem.tolerance)
    other.leave_out(problem.used)
    other.expect(fit.solution.values)
    return other.fit(fit.solution.values, steps=_ROUGH).values


def _misfit(problem: WholePattern, solution: Solution) -> float:
    """Return the sum of squares of the counts alone, in which expectations that differ have no part."""
    return float(np.sum((problem.scan.y - solution.computed) ** 2 / problem.scan.variance))


def _with_widths(problem: WholePattern, start: Floats) -> Solution:
    """Return the solution for the best of some widths, the same for all phases and lines."""
    model, solutions = problem.model, []
    for width in _WIDTHS:
        values = start.copy()
        for phase in model.phases:
            values[phase.broadening] = width, 0.0
        if model.width is not None:
            values[model.width] = min(width, 0.1)
        problem.expect(values)
        solutions.append(problem.solve(values))
    return min(solutions, key=lambda solution: _misfit(problem, solution))


def foreign(problem: WholePattern, solution: Solution) -> Booleans:
    """Say of each point (k,) whether it belongs to a line of which no phase knows.

    Such a line rises clearly above everything computed, and is more than a misfit of a line at the same place.
    """
    scan = problem.scan
    width = float(np.median(solution.lines.width))
    points = max(width / 2.355 / scan.step, 0.5)
    noise = np.sqrt(gaussian_filter1d(scan.variance, points) / (2 * np.sqrt(np.pi) * points))
    smooth = gaussian_filter1d(scan.y - solution.computed, points)
    lines = gaussian_filter1d(solution.computed - solution.background, points)
    around = maximum_filter1d(lines, 2 * round(_AROUND * width / scan.step) + 1)
    spread = max(float(np.median(np.abs(smooth / noise))) / 0.6745, 1.0)
    clear = (smooth > _CLEAR * spread * noise) & (smooth > _MISFIT * lines) & (smooth > _OF_NEIGHBOUR * around)
    regions, count = label(smooth > spread * noise)
    if not count:
        return np.zeros(len(scan.x), dtype=bool)
    numbers = np.arange(1, count + 1)
    height = np.concatenate([[np.inf], maximum(np.where(clear, smooth, 0.0), regions, numbers)])
    height[height <= 0] = np.inf
    left_out = (smooth > _FOOT * height[regions]) & (smooth > _OF_NEIGHBOUR * lines)
    margin = round(width / 2 / scan.step)
    if margin:
        left_out = np.convolve(left_out, np.ones(2 * margin + 1), mode="same") > 0
    return left_out
