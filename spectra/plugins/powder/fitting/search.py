"""Where to start: cells and a shift whose lines fall on those of the scan, from anywhere in the searched ranges."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d
from scipy.stats import qmc

from spectra.plugins.powder.crystals.cell import inverse_squares
from spectra.plugins.powder.fitting.scan import Scan
from spectra.plugins.powder.patterns.model import PatternModel, PhaseModel

Floats = NDArray[np.float64]

_SHIFTS = np.linspace(-0.5, 0.5, 21)  # degrees
_WIDTHS = (0.4, 0.2, 0.1)  # degrees, of the smoothing: from coarse to fine
_MOST_LINES = 40
_LEAST_STRENGTH = 0.02  # of the strongest line
_DRAWN, _KEPT, _CHILDREN = 128, 6, 12
_FAR = 0.03  # what a cell at the end of its range, or a shift of 0.5°, costs of the score


class Presence:
    """How clearly something rises from the background at each angle, from 0 to 1.

    Logarithmic, so that weak lines count as well as strong ones.

    Parameters
    ----------
    width
        Standard deviation in degrees of the smoothing.
    """

    def __init__(self, scan: Scan, net: Floats, width: float) -> None:
        points = max(width / scan.step, 0.5)
        smooth = gaussian_filter1d(net, points)
        noise = np.sqrt(np.median(scan.variance) / (2 * np.sqrt(np.pi) * points))
        height = np.log1p(np.maximum(smooth, 0) / (4 * noise))
        self._x, self._height = scan.x, height / max(float(height.max()), 1e-12)

    def at(self, angles: Floats) -> Floats:
        """Return it at angles of any shape; NaN outside of the scan."""
        heights = np.interp(angles, self._x, self._height)
        return np.where((angles >= self._x[0]) & (angles <= self._x[-1]), heights, np.nan)


class Ruler:
    """The lines of one phase that tell where they are, for many cells at once."""

    def __init__(self, model: PatternModel, place: int) -> None:
        self.phase: PhaseModel = model.phases[place]
        values = np.zeros(model.size)
        for phase in model.phases:
            values[phase.cell] = phase.published
        members = model.members[place]
        angles, strengths = model.angles(values)[members], model.expected(values)[members]
        seen = (angles > model.window[0]) & (angles < model.window[1])
        strong = seen & (strengths > _LEAST_STRENGTH * strengths[seen].max(initial=0.0))
        chosen = np.flatnonzero(strong)
        if self.phase.has_atoms:
            chosen = chosen[np.argsort(-strengths[chosen], kind="stable")]
        chosen = np.sort(chosen[:_MOST_LINES])
        self.planes = self.phase.reflections.planes[chosen]
        self._weights = np.sqrt(strengths[chosen]) if self.phase.has_atoms else np.ones(len(chosen))
        self._wavelength, self._in_reflection = float(model.radiation.wavelengths[0]), model.in_reflection

    def angles(self, cells: Floats, shifts: Floats) -> Floats:
        """Return 2θ (m, n) of the lines for free parameters (m, k) and shifts (m,)."""
        inverse = inverse_squares(self.phase.constraint.full(cells), self.planes)
        theta = np.arcsin(np.clip(self._wavelength * np.sqrt(np.maximum(inverse, 0)) / 2, 0, 1))
        law = np.cos(theta) if self._in_reflection else np.ones_like(theta)
        return np.degrees(2 * theta) + shifts[:, np.newaxis] * law

    def scores(self, presence: Presence, cells: Floats, shifts: Floats) -> Floats:
        """Return the mean presence (m,) at the lines of cells (m, k); 0 where none lies in the scan."""
        found = presence.at(self.angles(cells, shifts))
        weights = np.where(np.isfinite(found), self._weights, 0.0)
        return np.sum(weights * np.nan_to_num(found), axis=1) / np.maximum(weights.sum(axis=1), 1e-12)


def candidates(model: PatternModel, scan: Scan, starts: Sequence[Floats], *, count: int) -> list[Floats]:
    """Return parameters (p,) to start from, the most promising first; only cells and shift say something.

    For each of several shifts, every phase's cell is looked for on its own among the published one, those of
    ``starts``, and others all over the range: the best are varied again and again while the scan is less smoothed.

    Parameters
    ----------
    starts
        More parameters to try, each (p,).
    """
    net = scan.net()
    presences = [Presence(scan, net, width) for width in _WIDTHS]
    rulers = [Ruler(model, place) for place in range(len(model.phases))]
    found: list[tuple[float, Floats]] = []
    for shift in _SHIFTS:
        values, total = np.zeros(model.size), 0.0
        values[model.shift] = shift
        for phase, ruler in zip(model.phases, rulers, strict=True):
            given = [phase.published, *(start[phase.cell] for start in starts)]
            cell, score = best_cell(ruler, presences, np.array(given), float(shift))
            values[phase.cell] = cell
            total += score
        found.append((total / len(rulers) - _FAR * (2 * shift) ** 2, values))
    found.sort(key=lambda entry: -entry[0])
    published = np.zeros(model.size)
    for phase in model.phases:
        published[phase.cell] = phase.published
    return [values for _, values in found[:count]] + [published]


def best_cell(
    ruler: Ruler, presences: Sequence[Presence], given: Floats, shift: float, *, scale: float = 1.0
) -> tuple[Floats, float]:
    """Return the free parameters (k,) of the cell whose lines are clearest, and its score.

    Parameters
    ----------
    presences
        From coarse to fine.
    given : ndarray, shape (m, k)
        Cells to try besides those all over the range.
    scale
        Of the range's edges: decoys are looked for where nobody expects the phase.
    """
    phase = ruler.phase
    edges = _is_edge(phase)
    if not phase.free:  # a standard
        return np.zeros(0), float(ruler.scores(presences[-1], np.zeros((1, 0)), np.array([shift]))[0])
    factor = np.where(edges > 0, scale, 1.0)
    middle, half = factor * (phase.upper + phase.lower) / 2, (phase.upper - phase.lower) / 2
    rng = np.random.default_rng(0)
    dimensions = len(middle)
    drawn = 2 * qmc.Sobol(dimensions, rng=rng).random(_DRAWN) - 1
    scaled = np.outer(np.linspace(-1, 1, 81), edges)
    points = np.clip(np.concatenate([(factor * given - middle) / half, scaled, drawn]), -1, 1)

    def scores(presence: Presence) -> Floats:
        found = ruler.scores(presence, middle + half * points, np.full(len(points), shift))
        return found - _FAR * np.mean(points**2, axis=1)

    for round_, presence in enumerate(presences):
        for spread in (0.25 * 0.4**round_, 0.1 * 0.4**round_):
            best = points[np.argsort(-scores(presence), kind="stable")[:_KEPT]]
            children = best[:, np.newaxis] + spread * rng.standard_normal((len(best), _CHILDREN, dimensions))
            points = np.clip(np.concatenate([best, children.reshape(-1, dimensions)]), -1, 1)
    final = scores(presences[-1])
    winner = int(np.argmax(final))
    return middle + half * points[winner], float(final[winner])


def _is_edge(phase: PhaseModel) -> Floats:
    return np.array([float(name in "abc") for name in phase.free])
