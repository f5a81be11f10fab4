"""The refiner: a whole-pattern fit of a scan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from spectra.core.components import ForwardModel, Refinement
from spectra.core.errors import InputError
from spectra.core.progress import Progress, Silent
from spectra.core.quantities import Quantity
from spectra.core.signals import Profile, Signal
from spectra.plugins.powder.fitting.doubts import doubts
from spectra.plugins.powder.fitting.findings import findings, line_table, note_on_shift, resolution_table
from spectra.plugins.powder.fitting.scan import scan_of
from spectra.plugins.powder.fitting.stages import STEPS, Fitted, fitted, with_other_law
from spectra.plugins.powder.forward import PowderPattern
from spectra.plugins.powder.patterns.model import PatternModel
from spectra.plugins.powder.quantities import parameters_of

Floats = NDArray[np.float64]

_MOST_STARTS = 30
_FEWEST_POINTS = 200
_WIDTH = 0.1  # degrees


class WholePatternParameters(BaseModel):
    """Parameters of the refiner 'whole-pattern'."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    tolerance: float = Field(
        default=0.3,
        gt=1e-3,
        le=10,
        description="relative standard deviation of intensities from those of a known structure: texture, atoms",
    )


class WholePatternRefiner:
    """Fits all points of a scan at once; starts are tried beside a search of its own, so that they need not be good."""

    def __init__(self, parameters: WholePatternParameters) -> None:
        self.parameters = parameters

    def refine(
        self,
        measured: Signal,
        forward: ForwardModel,
        *,
        starts: Floats,
        quantities: Sequence[Quantity],
        progress: Progress | None = None,
    ) -> Refinement:
        """Fit a scan.

        Raises
        ------
        InputError
            If it is no profile of enough points, or the forward model is not that of powders.
        """
        if not isinstance(measured, Profile) or not isinstance(forward, PowderPattern):
            raise InputError("This refiner needs a profile and the forward model 'powder-pattern'.")
        scan = scan_of(measured.x, measured.y[0])
        if len(scan.x) < _FEWEST_POINTS:
            raise InputError(f"A whole pattern needs {_FEWEST_POINTS} points; this scan has {len(scan.x)}.")
        model = PatternModel(forward.sample, (float(scan.x[0]), float(scan.x[-1])))
        begin = [parameters_of(model, start, width=_WIDTH) for start in starts[:_MOST_STARTS]]
        with (progress or Silent()).task("Fitting the pattern", STEPS) as advance:
            fit = fitted(model, scan, begin, tolerance=self.parameters.tolerance, advance=advance)
        found, against = findings(fit, tuple(quantities)), doubts(fit)
        if not against.refused and (said := note_on_shift(fit, with_other_law(fit))):
            found.notes.append(said)
        tables = [line_table(fit), *([] if against.table is None else [against.table])]
        if model.instrument is None:
            tables.append(resolution_table(fit))
        return Refinement(
            values=found.values,
            covariance=found.covariance,
            misfit=_weighted_residual(fit),
            misfit_unit="%",
            tables=tuple(tables),
            notes=tuple(found.notes),
            doubts=against.sentences,
            refused=against.refused,
            diagnostics=_diagnostics(fit),
        )


def _weighted_residual(fit: Fitted) -> float:
    """Return R_wp in %: the rms misfit in that of the counts, background included (Young 1993)."""
    scan, used = fit.problem.scan, fit.problem.used
    weights = np.where(used, 1 / scan.variance, 0.0)
    return float(100 * np.sqrt(np.sum(weights * fit.residuals**2) / np.sum(weights * scan.y**2)))


def _diagnostics(fit: Fitted) -> dict[str, Any]:
    problem = fit.problem
    squares = (fit.residuals**2 / problem.scan.variance)[problem.used]
    return {
        "goodness of fit": float(np.sqrt(np.mean(squares))),
        "inflation of uncertainties": fit.inflation,
        "parameters": fit.solution.values.tolist(),
        "tolerance": problem.tolerance,
        "left out": [[float(low), float(high)] for low, high in _gaps(problem.scan.x, ~problem.used)],
    }


def _gaps(x: Floats, chosen: NDArray[np.bool_]) -> list[tuple[float, float]]:
    """Return first and last angle of each run of chosen points."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], chosen, [False]]).astype(int)))
    return [(x[first], x[last - 1]) for first, last in zip(edges[::2], edges[1::2], strict=True)]
