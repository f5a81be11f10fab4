"""Robust nonlinear least squares with mode assignment: the network's answer polished against the physics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from spectra.core.components import DifferentiableForwardModel, ForwardModel, Refinement
from spectra.core.errors import InputError, SpectraError
from spectra.core.quantities import Quantity
from spectra.core.signals import Peaks, Signal
from spectra.core.tables import Column, Table
from spectra.plugins.rus.assignment import Assignment, DetectionModel, assign

Floats = NDArray[np.float64]

_DEGENERATE = 1e-9
_ITERATIONS = 60
_LARGEST_STEP = 0.1  # of a quantity's range
_SMALLEST_SPREAD = 1e-7
_CROWDED = 0.2  # of the distance of neighbouring modes
_HUBER = 1.5  # beyond so many standard deviations a peak pulls no harder


class LeastSquaresParameters(BaseModel):
    """What the laboratory is expected to do to a spectrum."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    initial_spread: float = Field(
        default=0.02, gt=0, lt=0.5, description="relative deviation of peaks from modes that is expected at a start"
    )
    spurious: float = Field(default=1.0, gt=0, description="number of peaks without a mode that is expected")
    resamples: int = Field(default=50, ge=10, description="simulated measurements from which uncertainties follow")


@dataclass(frozen=True, kw_only=True, eq=False)
class _State:
    """Where a fit stands."""

    values: Floats  # (p,)
    modes: Floats  # (n,) computed positions
    slopes: Floats  # (n, p) ∂ ln f / ∂ quantity
    detection: DetectionModel
    assignment: Assignment

    def residuals(self, peaks: Floats) -> Floats:
        return np.log(peaks[self.assignment.peaks] / self.modes[self.assignment.modes])

    def weights(self, peaks: Floats) -> Floats:
        """Huber (1964) weights."""
        limit = _HUBER * self.detection.spread
        return np.minimum(1.0, limit / np.maximum(np.abs(self.residuals(peaks)), 1e-300))


class LeastSquares:
    """Fits computed modes to measured peaks, deciding anew at every step which is which.

    From each start, Gauss-Newton steps with exact derivatives alternate with the most likely assignment, while the
    expected deviation shrinks from ``initial_spread`` to what the residuals show. The start whose end explains the
    whole measured list best, missing and spurious lines included, wins.
    """

    def __init__(self, parameters: LeastSquaresParameters) -> None:
        self.parameters = parameters

    def refine(
        self, measured: Signal, forward: ForwardModel, *, starts: Floats, quantities: Sequence[Quantity]
    ) -> Refinement:
        """Fit from each of ``starts`` and report the most likely end.

        Raises
        ------
        InputError
            If signal or forward model are of the wrong kind, there are fewer peaks than quantities, or no start leads
            to a solid.
        """
        if not isinstance(measured, Peaks) or not isinstance(forward, DifferentiableForwardModel):
            raise InputError("The least-squares refiner needs peaks and a forward model with derivatives.")
        peaks = measured.positions[0][np.isfinite(measured.positions[0])]
        if len(peaks) <= len(quantities):
            raise InputError(
                f"{len(peaks)} peaks cannot determine {len(quantities)} quantities with an uncertainty.",
                hint="Measure more resonances or search fewer quantities.",
            )
        density = self.parameters.spurious / np.log(measured.window[1] / measured.window[0])
        expected = DetectionModel(spread=self.parameters.initial_spread, seen=0.9, spurious_density=density)
        search = _Search(peaks, measured.window, forward, quantities)
        ends = [end for start in starts if (end := search.descend(start, expected)) is not None]
        if not ends:
            raise InputError("None of the starting values is a stable solid.", hint="Check the searched ranges.")
        best = min(ends, key=lambda end: end.assignment.cost)
        covariance = _covariance(best, search, quantities, self.parameters.resamples)
        return _report(best, covariance, peaks, measured, quantities)


class _Search:
    """One measured list and its forward model, with the steps of a fit."""

    def __init__(
        self,
        peaks: Floats,
        window: tuple[float, float],
        forward: DifferentiableForwardModel,
        quantities: Sequence[Quantity],
    ) -> None:
        self.peaks, self.window, self.forward = peaks, window, forward
        self.lower = np.array([quantity.lower for quantity in quantities])
        self.upper = np.array([quantity.upper for quantity in quantities])

    def descend(self, start: Floats, detection: DetectionModel) -> _State | None:
        """Alternate assignment and step until both stand still; None if the start is no solid."""
        state = self._evaluate(np.clip(start, self.lower, self.upper), detection)
        width = self.upper - self.lower
        for _ in range(_ITERATIONS):
            if state is None or len(state.assignment.peaks) <= len(width):
                return None
            following = self._step(state)
            if following is None:
                return state
            settled = (
                np.all(np.abs(following.values - state.values) < 1e-7 * width)
                and np.array_equal(following.assignment.modes, state.assignment.modes)
                and abs(following.detection.spread / state.detection.spread - 1) < 1e-3
            )
            state = following
            if settled:
                break
        return state

    def _step(self, state: _State) -> _State | None:
        """Take one weighted Gauss-Newton step, shorter if it would leave the stable solids."""
        residuals, weights = state.residuals(self.peaks), np.sqrt(state.weights(self.peaks))
        width = self.upper - self.lower
        slopes = state.slopes[state.assignment.modes] * width
        step = np.linalg.lstsq(weights[:, None] * slopes, weights * residuals, rcond=None)[0]
        step *= min(1.0, _LARGEST_STEP / np.abs(step).max(initial=1e-300)) * width
        detection = self._updated(state, residuals)
        for shortening in (1.0, 0.5, 0.25, 0.1):
            following = self._evaluate(np.clip(state.values + shortening * step, self.lower, self.upper), detection)
            if following is not None:
                return following
        return None

    def _updated(self, state: _State, residuals: Floats) -> DetectionModel:
        """Learn spread and detection probability from an assignment; the spread shrinks step by step."""
        spread = max(float(np.sqrt(np.mean(residuals**2))), 0.7 * state.detection.spread, _SMALLEST_SPREAD)
        within = (state.modes >= self.window[0]) & (state.modes <= self.window[1])
        seen = (len(residuals) + 1) / (max(within.sum(), len(residuals)) + 2)
        return DetectionModel(spread=spread, seen=seen, spurious_density=state.detection.spurious_density)

    def _evaluate(self, values: Floats, detection: DetectionModel) -> _State | None:
        try:
            computed, slopes = self.forward.linearize(values)
        except SpectraError:  # not a stable solid
            return None
        assert isinstance(computed, Peaks)  # noqa: S101
        modes = computed.positions[0]
        return _State(
            values=values,
            modes=modes,
            slopes=slopes / modes[:, None],
            detection=detection,
            assignment=assign(self.peaks, modes, detection, window=self.window),
        )


def _report(
    state: _State, covariance: Floats, peaks: Floats, measured: Peaks, quantities: Sequence[Quantity]
) -> Refinement:
    residuals, weights = state.residuals(peaks), state.weights(peaks)
    covariance = covariance.copy()
    notes = []
    for index, quantity in enumerate(quantities):
        value, std = state.values[index], np.sqrt(covariance[index, index])
        width = quantity.upper - quantity.lower
        if min(value - quantity.lower, quantity.upper - value) < 1e-6 * width:
            notes.append(
                f"{quantity.name} lies at an end of its searched range ({value:g} {quantity.unit}), so it has no "
                "uncertainty and the true value is probably outside; widen the range and train again."
            )
        elif not std < width / 2:
            notes.append(
                f"The data do not determine {quantity.name}: its standard deviation, {std:.3g} {quantity.unit}, is "
                "more than half of the searched range."
            )
        else:
            continue
        covariance[index, :] = covariance[:, index] = np.nan
    gaps = np.diff(np.log(state.modes))
    apart = float(np.median(gaps[gaps > _DEGENERATE]))
    if state.detection.spread > _CROWDED * apart:
        notes.append(
            f"The peaks scatter by {state.detection.spread:.2%} about modes that lie {apart:.2%} apart: which peak is "
            "which mode is uncertain, and the uncertainties are larger than stated."
        )
    share = len(state.assignment.peaks) / len(peaks)
    if share < 0.8:
        notes.append(
            f"Only {share:.0%} of the peaks could be assigned to a mode; check shape, mass, symmetry and ranges."
        )
    return Refinement(
        values=state.values,
        covariance=covariance,
        misfit=100 * float(np.sqrt(np.mean(residuals**2))),
        misfit_unit="%",
        tables=(_mode_table(state, peaks, weights, measured, quantities),),
        notes=tuple(notes),
    )


class _Linear:
    """A forward model as it is near one point: ln f is linear in the quantities, and costs nothing to compute."""

    def __init__(self, state: _State) -> None:
        self.state = state

    def simulate(self, values: Floats) -> Peaks:
        raise NotImplementedError

    def linearize(self, values: Floats) -> tuple[Peaks, Floats]:
        modes = self.state.modes * np.exp(self.state.slopes @ (values - self.state.values))
        order = np.argsort(modes, kind="stable")
        positions = modes[order]
        window = (positions[0] * 0.99, positions[-1] * 1.01)
        signal = Peaks(positions=positions[None], unit="", window=window)
        return signal, self.state.slopes[order] * positions[:, None]


def _covariance(state: _State, search: _Search, quantities: Sequence[Quantity], resamples: int) -> Floats:
    """Return the covariance of the values, by a parametric bootstrap of the whole fit (Efron and Tibshirani 1993).

    The textbook formula fails here in two ways. Where errors are not small against the distance of the modes, the
    assignment pairs every peak with the mode that happens to be near, which makes the residuals too small; and a peak
    list often holds a degenerate pair as one peak written twice, which is no second measurement. So measurements are
    simulated at the answer, with the errors of partners as correlated as the residuals show, and fitted like the real
    one. How far their answers scatter is the covariance; their residuals tell how large the errors must be for the
    real residuals to come about.
    """
    peaks, assignment = search.peaks, state.assignment
    modes = state.modes[assignment.modes]
    spurious = np.delete(peaks, assignment.peaks)
    residuals = state.residuals(peaks)
    observed = float(np.sqrt(np.mean(residuals**2)))
    correlation = _partner_correlation(modes, residuals)
    partner = np.concatenate([[False], np.diff(modes) <= _DEGENERATE * modes[1:]])
    multiplet = np.cumsum(~partner) - 1
    rng = np.random.default_rng(0)  # the same list gives the same uncertainty
    linear = _Linear(state)

    def scatter(size: float, count: int) -> tuple[Floats, float]:
        """Fit ``count`` simulated measurements: deviations of the values (count, p), and the size of the residuals."""
        values, sizes = [], []
        for _ in range(count):
            shared = rng.standard_normal(multiplet[-1] + 1)[multiplet]
            own = rng.standard_normal(len(modes))
            errors = size * (np.sqrt(correlation) * shared + np.sqrt(1 - correlation) * own)
            simulated = np.sort(np.concatenate([modes * np.exp(errors), spurious]))
            fit = _Search(simulated, search.window, linear, quantities).descend(state.values, state.detection)
            if fit is not None:
                values.append(fit.values - state.values)
                sizes.append(np.mean(fit.residuals(simulated) ** 2))
        return np.array(values), float(np.sqrt(np.mean(sizes)))

    size = max(observed, _SMALLEST_SPREAD)
    _, seen = scatter(size, resamples // 2)
    size *= observed / seen
    deviations, seen = scatter(size, resamples)
    return (observed / seen) ** 2 * deviations.T @ deviations / len(deviations)


def _partner_correlation(modes: Floats, residuals: Floats) -> float:
    """Return the correlation of the errors of degenerate partners: 1 if each pair is one peak written twice."""
    first = np.flatnonzero(np.diff(modes) <= _DEGENERATE * modes[1:])
    second = first + 1
    alone = 0.5 * (residuals[first] @ residuals[first] + residuals[second] @ residuals[second])
    return float(np.clip(residuals[first] @ residuals[second] / alone, 0.0, 1.0)) if alone > 0 else 0.0


def _mode_table(
    state: _State, peaks: Floats, weights: Floats, measured: Peaks, quantities: Sequence[Quantity]
) -> Table:
    """One row for each matched pair, missing mode and spurious peak, by frequency."""
    peak_of_mode = np.full(len(state.modes), -1)
    peak_of_mode[state.assignment.modes] = state.assignment.peaks
    weight_of_peak = np.zeros(len(peaks))
    weight_of_peak[state.assignment.peaks] = weights
    low, high = measured.window
    shown = np.flatnonzero((peak_of_mode >= 0) | ((state.modes >= low) & (state.modes <= high)))
    spurious = np.setdiff1d(np.arange(len(peaks)), state.assignment.peaks)

    peak = np.concatenate([peak_of_mode[shown], spurious])
    mode = np.concatenate([shown, np.full(len(spurious), -1)])
    order = np.argsort(np.where(mode >= 0, state.modes[mode], peaks[peak]), kind="stable")
    peak, mode = peak[order], mode[order]
    found, computed = np.where(peak >= 0, peaks[peak], np.nan), np.where(mode >= 0, state.modes[mode], np.nan)
    status = np.select([peak < 0, mode < 0], ["missing", "spurious"], "matched")
    effects = state.slopes[mode] * state.values
    return Table(
        name="modes",
        title="Modes",
        columns=(
            Column(name="measured", unit=measured.unit, values=found.tolist(), digits=6),
            Column(name="computed", unit=measured.unit, values=computed.tolist(), digits=6),
            Column(name="difference", unit="%", values=(100 * (found / computed - 1)).tolist(), digits=3),
            Column(name="weight", values=np.where(peak >= 0, weight_of_peak[peak], np.nan).tolist(), digits=2),
            *(
                Column(name=f"dlnf/dln{q.name}", values=np.where(mode >= 0, effects[:, k], np.nan).tolist(), digits=3)
                for k, q in enumerate(quantities)
            ),
            Column(name="status", values=[str(word) for word in status]),
        ),
    )
