"""Least-squares fits of computed lines, called modes, to measured peaks, with a new assignment at every step.

Their ends are the candidate answers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from spectra.core.components import AmbiguousForwardModel, DifferentiableForwardModel
from spectra.core.errors import SpectraError
from spectra.core.signals import Peaks
from spectra.plugins.peaks.assignment import Assignment, DetectionModel, assign
from spectra.plugins.peaks.sampler.lists import LinearModes

Floats = NDArray[np.float64]

_LINEARIZATIONS = 10
_STEPS = 40
_HASTY_STEPS = 12
_LARGEST_STEP = 0.1  # of a quantity's range, in one step
_LARGEST_MOVE = 0.15  # and away from where the modes were computed
_SMALLEST_SPREAD = 1e-6  # simulated spectra are no more accurate
_HUBER = 1.5  # beyond so many standard deviations a peak pulls no harder
_SETTLED = 0.2  # standard deviations
_STILL = 1e-9  # of a quantity's range
_HARDLY = 0.03  # standard deviations of a peak, by which no mode moves any more


@dataclass(frozen=True, kw_only=True, eq=False)
class Fit:
    """State of a fit: quantities, the modes there, the detection model and the assignment."""

    values: Floats  # (p,)
    modes: LinearModes
    detection: DetectionModel
    assignment: Assignment
    prior: Floats  # (p,), as of the search

    @property
    def cost(self) -> float:
        """Negative logarithm of likelihood times prior, up to a constant."""
        return self.assignment.cost + float(0.5 * np.sum((self.values / self.prior) ** 2))

    @cached_property
    def logs(self) -> Floats:
        """Return ln f of the modes here, in the order of :attr:`modes`."""
        return self.modes.at(self.values)

    @cached_property
    def sensitivities(self) -> Floats:
        """Return ∂ ln f/∂ quantity of the assigned modes, in standard deviations of their peaks, shape (k, p)."""
        errors = np.reshape(self.detection.errors(self.assignment.peaks), (-1, 1))
        found: Floats = self.modes.slopes[self.assignment.modes] / errors
        return found

    def residuals(self, peaks: Floats) -> Floats:
        """Return ln(peak/mode) of the pairs."""
        return np.log(peaks[self.assignment.peaks]) - self.logs[self.assignment.modes]

    def rms(self, peaks: Floats) -> float:
        """Return the root mean square of the residuals."""
        return float(np.sqrt(np.mean(self.residuals(peaks) ** 2)))

    def weights(self, peaks: Floats) -> Floats:
        """Return Huber's (1964) weights of the pairs."""
        limit = _HUBER * self.detection.errors(self.assignment.peaks)
        return np.minimum(1.0, limit / np.maximum(np.abs(self.residuals(peaks)), 1e-300))


class Search:
    """Fits of one measured list with its forward model.

    Parameters
    ----------
    peaks : ndarray, shape (m,)
    bounds : ndarray, shape (2, p)
    prior : ndarray, shape (p,)
        Standard deviations about zero of what is known beforehand; infinite where nothing is.
    advance
        Called with 1 after every descent.
    hasty
        End a descent where its steps no longer matter for the peaks, not only where it stands still.
    """

    def __init__(
        self,
        peaks: Floats,
        window: tuple[float, float],
        forward: DifferentiableForwardModel,
        bounds: Floats,
        prior: Floats,
        advance: Callable[[int], None] = lambda _descents: None,
        *,
        hasty: bool = False,
    ) -> None:
        self.hasty, self.linearizations = hasty, _LINEARIZATIONS
        self.peaks, self.window, self.forward, self.bounds, self.prior = peaks, window, forward, bounds, prior
        self.width, self.advance = bounds[1] - bounds[0], advance

    def descend(self, starts: Sequence[Floats], expected: DetectionModel, known: Sequence[Fit] = ()) -> list[Fit]:
        """Fit from each start; return the distinct ends, with those that are ``known``, the most likely first.

        Near each point, where ln f is linear in the quantities, assignments and Gauss-Newton steps alternate until both
        stand still, while the expected deviation shrinks from what is expected to what the residuals show. Then the
        modes are computed anew where that led.
        """
        ends = list(known)
        for start in starts:
            end = self._represented(self._descend(start, expected, ends))
            if end is not None and not self._is_known(end, ends):
                ends.append(end)
            self.advance(1)
        return sorted(ends, key=lambda end: end.cost)

    def _descend(self, start: Floats, expected: DetectionModel, known: Sequence[Fit]) -> Fit | None:
        """Fit from one start; None if the fit fails or ends where another did."""
        fit = self.compute(np.clip(start, *self.bounds), expected)
        for _ in range(self.linearizations):
            if fit is None or len(fit.assignment.peaks) <= len(self.width):
                return None
            if self._is_known(fit, known):
                return None
            following = self._computed_towards(self._descend_linear(fit), fit)
            if following is None:
                return fit
            settled = self._apart(following, fit) < _SETTLED
            fit = following
            if settled:
                break
        return fit

    def _represented(self, end: Fit | None) -> Fit | None:
        """Go to the canonical member of the values that give this spectrum."""
        if end is None or not isinstance(self.forward, AmbiguousForwardModel):
            return end
        values = self.forward.representative(end.values)
        return end if np.allclose(values, end.values) else self.compute(values, end.detection)

    def _is_known(self, fit: Fit, ends: Sequence[Fit]) -> bool:
        return any(self._apart(fit, end) < _SETTLED for end in ends)

    def compute(self, values: Floats, detection: DetectionModel) -> Fit | None:
        """Compute and assign modes; None where the forward model fails."""
        try:
            computed, slopes = self.forward.linearize(values)
        except SpectraError:
            return None
        assert isinstance(computed, Peaks)  # noqa: S101
        positions = computed.positions[0]
        modes = LinearModes(values=values, logs=np.log(positions), slopes=slopes / positions[:, None])
        assignment = self.assigned(modes, values, detection)
        return Fit(values=values, modes=modes, detection=detection, assignment=assignment, prior=self.prior)

    def assigned(self, modes: LinearModes, values: Floats, detection: DetectionModel) -> Assignment:
        """Assign the peaks to the modes as they are, or as linear extrapolation has them, at ``values``."""
        logs = modes.at(values)
        order = np.argsort(logs, kind="stable")
        found = assign(self.peaks, np.exp(logs[order]), detection, window=self.window)
        return replace(found, modes=order[found.modes])

    def _descend_linear(self, fit: Fit) -> Fit:
        away = _LARGEST_MOVE * self.width
        low, high = np.maximum(self.bounds[0], fit.values - away), np.minimum(self.bounds[1], fit.values + away)
        for _ in range(_HASTY_STEPS if self.hasty else _STEPS):
            if len(fit.assignment.peaks) <= len(self.width):
                break
            residuals, spread = fit.residuals(self.peaks), fit.detection.spread
            weights = np.sqrt(fit.weights(self.peaks)) * (spread / fit.detection.errors(fit.assignment.peaks))
            slopes = fit.modes.slopes[fit.assignment.modes] * self.width
            known = spread / self.prior
            equations = np.concatenate([weights[:, None] * slopes, np.diag(known * self.width)])
            wanted = np.concatenate([weights * residuals, -known * fit.values])
            step = np.linalg.lstsq(equations, wanted, rcond=None)[0]
            step *= min(1.0, _LARGEST_STEP / np.abs(step).max(initial=1e-300)) * self.width
            values = np.clip(fit.values + step, low, high)
            detection = self._updated(fit, residuals)
            assignment = self.assigned(fit.modes, values, detection)
            moved = np.abs(values - fit.values) / self.width
            still = (
                (np.all(moved < _STILL) or (self.hasty and np.all(np.abs(slopes) @ moved < _HARDLY * detection.spread)))
                and np.array_equal(assignment.modes, fit.assignment.modes)
                and abs(detection.spread / fit.detection.spread - 1) < 1e-3
            )
            fit = replace(fit, values=values, detection=detection, assignment=assignment)
            if still:
                break
        return fit

    def _updated(self, fit: Fit, residuals: Floats) -> DetectionModel:
        """Learn spread and detection probability from an assignment; the spread shrinks step by step."""
        spread = max(_common_spread(residuals, fit), 0.7 * fit.detection.spread, _SMALLEST_SPREAD)
        low, high = np.log(self.window)
        within = int(((fit.logs >= low) & (fit.logs <= high)).sum())
        seen = (len(residuals) + 1) / (max(within, len(residuals)) + 2)
        return replace(fit.detection, spread=spread, seen=seen)

    def _computed_towards(self, goal: Fit, origin: Fit) -> Fit | None:
        """Compute the modes at the extrapolated values, or on the way there if the forward model fails."""
        for share in (1.0, 0.5, 0.25, 0.1):
            values = origin.values + share * (goal.values - origin.values)
            if (fit := self.compute(values, goal.detection)) is not None:
                return fit
        return None

    def _apart(self, one: Fit, other: Fit) -> float:
        """Return the distance of two fits in standard deviations, by linear error propagation."""
        deviations = other.sensitivities @ (one.values - other.values)
        return float(deviations @ deviations) ** 0.5


def _common_spread(residuals: Floats, fit: Fit) -> float:
    """Return the spread that residuals have beyond the peaks' own deviations."""
    own = fit.detection.deviations
    if own is None:
        return float(np.sqrt(np.mean(residuals**2)))
    peaks = fit.assignment.peaks
    weights = np.asarray(fit.detection.errors(peaks)) ** -4  # of the squares, for their variances
    return float(np.sqrt(max(np.average(residuals**2 - own[peaks] ** 2, weights=weights), 0.0)))
