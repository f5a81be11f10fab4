"""Figure of an analysis: the scan over the fit, where the lines of each phase are, and what is left."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from spectra.core.components import Refinement
from spectra.core.quantities import with_uncertainty
from spectra.core.signals import Profile
from spectra.core.technique import Result
from spectra.plugins.powder.fitting.scan import scan_of
from spectra.plugins.powder.fitting.whole_pattern import Solution, WholePattern
from spectra.plugins.powder.patterns.model import PatternModel
from spectra.plugins.powder.sample import PowderSample

Floats = NDArray[np.float64]

# Okabe and Ito's colours, told apart by everybody
_MEASURED, _COMPUTED, _BACKGROUND = "#0072B2", "#D55E00", "0.55"
_PHASES = ("#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#F0E442", "#0072B2", "#D55E00")


def draw(result: Result, figure: Figure) -> None:
    """Draw a result into an empty figure."""
    profile, sample, refinement = result.measurement.signal, result.sample, result.refinement
    assert isinstance(profile, Profile)  # noqa: S101 - of prepare()
    assert isinstance(sample, PowderSample)  # noqa: S101
    figure.set_size_inches(10, 6)
    figure.set_layout_engine("constrained")
    if refinement is None:
        axes = figure.add_subplot()
        axes.plot(profile.x, profile.y[0], color=_MEASURED, linewidth=0.8)
        return
    top, marks, bottom = figure.subplots(
        3, 1, sharex=True, height_ratios=[5, 0.28 * len(sample.phases) + 0.1, 1.5], gridspec_kw={"hspace": 0.02}
    )
    problem, solution = _fit(sample, profile, refinement)
    _draw_pattern(top, problem, solution)
    top.set_title(f"{sample.name}: {result.measurement.file.name}", loc="left", fontsize=11)
    _draw_marks(marks, problem.model, solution)
    _draw_residual(bottom, problem, solution)
    bottom.set_xlabel("2θ (°)")
    bottom.set_xlim(profile.x[0], profile.x[-1])
    top.text(0.99, 0.97, _legend(result, refinement), transform=top.transAxes, ha="right", va="top", fontsize=8)


def _fit(sample: PowderSample, profile: Profile, refinement: Refinement) -> tuple[WholePattern, Solution]:
    """Return the fit again, from the parameters on record."""
    scan = scan_of(profile.x, profile.y[0])
    model = PatternModel(sample, (float(scan.x[0]), float(scan.x[-1])))
    problem = WholePattern(model, scan, tolerance=refinement.diagnostics["tolerance"])
    used = np.ones(len(scan.x), dtype=bool)
    for low, high in refinement.diagnostics["left out"]:
        used &= (scan.x < low) | (scan.x > high)
    problem.leave_out(used)
    values = np.array(refinement.diagnostics["parameters"])
    problem.expect(values)
    return problem, problem.solve(values)


def _draw_pattern(axes: Axes, problem: WholePattern, solution: Solution) -> None:
    scan = problem.scan
    axes.plot(scan.x, scan.y, ".", color=_MEASURED, markersize=2.5, label="measured")
    axes.plot(scan.x, solution.computed, color=_COMPUTED, linewidth=1.0, label="computed")
    axes.plot(scan.x, solution.background, color=_BACKGROUND, linewidth=0.8, label="background")
    _shade(axes, problem, label="left out: of no phase")
    axes.set_yscale("function", functions=(lambda y: np.sqrt(np.maximum(y, 0)), np.square))
    axes.set_ylim(0.9 * scan.y.min(), 1.05 * scan.y.max())
    axes.set_ylabel("counts (root scale)")
    axes.legend(frameon=False, fontsize=8, loc="upper center", ncols=4, bbox_to_anchor=(0.42, 1.0))


def _draw_marks(axes: Axes, model: PatternModel, solution: Solution) -> None:
    angles = model.angles(solution.values)
    for row, members in enumerate(model.members):
        colour = _PHASES[row % len(_PHASES)]
        axes.vlines(angles[members], -row - 0.8, -row - 0.2, color=colour, linewidth=0.8)
    axes.set_yticks(
        [-row - 0.5 for row in range(len(model.phases))], [phase.name for phase in model.phases], fontsize=8
    )
    axes.set_ylim(-len(model.phases), 0)
    axes.tick_params(axis="y", length=0)


def _draw_residual(axes: Axes, problem: WholePattern, solution: Solution) -> None:
    scan = problem.scan
    deviations = np.where(problem.used, (scan.y - solution.computed) / np.sqrt(scan.variance), np.nan)
    axes.axhline(0, color="0.8", linewidth=0.8)
    axes.plot(scan.x, deviations, color=_MEASURED, linewidth=0.6)
    _shade(axes, problem)
    axes.set_ylabel("residual\n(noise = 1)")


def _shade(axes: Axes, problem: WholePattern, label: str | None = None) -> None:
    x, edges = problem.scan.x, np.flatnonzero(np.diff(np.concatenate([[True], problem.used, [True]]).astype(int)))
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        axes.axvspan(x[first], x[last - 1], color="0.9", linewidth=0, label=label)
        label = None


def _legend(result: Result, refinement: Refinement) -> str:
    deviations = np.sqrt(np.diag(refinement.covariance))
    rows = [
        f"{quantity.name}  {with_uncertainty(value, std)} {quantity.unit}".rstrip()
        for quantity, value, std in zip(result.quantities, refinement.values, deviations, strict=True)
    ]
    rows = rows if len(rows) <= 10 else [*rows[:9], "…"]
    text = "\n".join(rows).replace("angstrom", "Å").replace(" deg", "°")
    return f"{text}\n$R_{{wp}}$  {refinement.misfit:.1f} %"
