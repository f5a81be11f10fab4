"""What speaks against a fit: phases that are not there, lines that belong to none, cells at the end of their range."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d, label

from spectra.core.tables import Column, Table
from spectra.plugins.powder.fitting.search import best_cell
from spectra.plugins.powder.fitting.stages import Fitted, presences_without_others

Floats = NDArray[np.float64]

_DECOYS = (0.81, 0.84, 0.87, 0.9, 0.93, 0.96, 1.04, 1.08, 1.12, 1.16, 1.2, 1.24)  # scales of the cell
_CLEAR = 6.0  # standard deviations of an intensity
_FOREIGN = 0.1  # of the diffracted intensity
_POOR = 0.25  # of the diffracted intensity, by which the fit may miss the scan
_WIDE = 0.28  # degrees
_AT_END = 1e-3  # of a range
_SAME = 0.15  # degrees: Kβ is expected that near


@dataclass(frozen=True, kw_only=True)
class Doubts:
    """Sentences for the verdict, whether they leave nothing, and lines that no phase explains."""

    sentences: tuple[str, ...]
    refused: bool
    table: Table | None


def doubts(fit: Fitted) -> Doubts:
    """Return what speaks against a fit."""
    absent = [phase.name for place, phase in enumerate(fit.problem.model.phases) if not is_present(fit, place)]
    everything = len(absent) == len(fit.problem.model.phases)
    sentences = [
        f"Nothing in the scan tells that it holds {name}: cells of quite other sizes fit as well. "
        + ("Is it another phase?" if everything else "Its values mean nothing; leave it out.")
        for name in absent
    ]
    share, table = _unexplained(fit)
    if share > _FOREIGN:
        strongest = "" if table is None else _strongest(table)
        sentences.append(
            f"{100 * share:.0f} % of the diffracted intensity belongs to none of the phases{strongest}: there is "
            "another phase, or one of them is wrong."
        )
    if everything:  # what else is wrong follows from that
        return Doubts(sentences=tuple(sentences), refused=True, table=table)
    poor = _missed(fit)
    if poor > _POOR:
        sentences.append(
            f"The computed pattern misses the scan by {100 * poor:.0f} % of the diffracted intensity: lines are "
            "elsewhere or of another shape."
        )
    sentences += _of_ranges(fit)
    sentences += _of_width(fit)
    return Doubts(sentences=tuple(sentences), refused=False, table=table)


def is_present(fit: Fitted, place: int) -> bool:
    """Say whether a phase has a clear line, and its lines are where something is, more than those of decoys.

    The scan is taken without what other phases explain. Decoys are cells 4 to 20 % larger or smaller, looked for in as
    wide a range and as hard as the phase itself.
    """
    model, solution = fit.problem.model, fit.solution
    members, phase = model.members[place], model.phases[place]
    deviations = np.sqrt(np.maximum(fit.covariance.intensities[members], 1e-300))
    if not np.any(solution.intensities[members] > _CLEAR * deviations):
        return False
    if not phase.free:
        return True  # a standard: there is no other cell to compare with
    ruler, presences = presences_without_others(fit.problem, solution, place)
    cell, shift = solution.values[phase.cell], float(solution.values[model.shift])

    def score(values: Floats) -> float:
        return float(ruler.scores(presences[-1], values[np.newaxis], np.array([shift]))[0])

    decoys = [best_cell(ruler, presences, cell[np.newaxis], shift, scale=scale)[0] for scale in _DECOYS]
    return score(cell) > max(map(score, decoys))


def _unexplained(fit: Fitted) -> tuple[float, Table | None]:
    """Return the share of the diffracted intensity in lines that were left out, and their table."""
    scan, solution, used = fit.problem.scan, fit.solution, fit.problem.used
    width = float(np.median(solution.lines.width))
    points = max(width / 2.355 / scan.step, 0.5)
    extra = np.where(used, 0.0, np.maximum(scan.y - solution.computed, 0))
    net = np.maximum(gaussian_filter1d(scan.y - solution.background, points), 0)
    total = float(net[used].sum()) + float(extra.sum())
    smooth = gaussian_filter1d(np.where(used, 0.0, scan.y - solution.computed), points)
    regions, count = label(~used)
    rows = []
    for number in range(1, count + 1):
        inside = np.flatnonzero(regions == number)
        top = inside[int(np.argmax(smooth[inside]))]
        rows.append((float(scan.x[top]), float(extra[inside].sum()) / max(total, 1e-300)))
    if not rows:
        return 0.0, None
    angles, shares = zip(*rows, strict=True)
    table = Table(
        name="unexplained",
        title="Lines of none of the phases, left out of the fit",
        columns=(
            Column(name="2θ", unit="deg", values=list(angles), digits=2),
            Column(name="d", unit="angstrom", values=[_spacing(fit, angle) for angle in angles], digits=3),
            Column(name="of the intensity", unit="%", values=[100 * share for share in shares], digits=1),
            Column(name="remark", values=[_beta(fit, angle) for angle in angles]),
        ),
    )
    return float(sum(shares)), table


def _spacing(fit: Fitted, angle: float) -> float:
    return float(fit.problem.model.radiation.wavelengths[0] / 2 / np.sin(np.radians(angle / 2)))


def _beta(fit: Fitted, angle: float) -> str:
    """Say if a line is where Kβ of a strong one would be."""
    model, solution = fit.problem.model, fit.solution
    if model.radiation.beta is None:
        return ""
    angles, strong = model.angles(solution.values), solution.intensities > 0.1 * solution.intensities.max(initial=0.0)
    ratio = model.radiation.beta / model.radiation.wavelengths[0]
    places = 2 * np.degrees(np.arcsin(np.clip(np.sin(np.radians(angles / 2)) * ratio, 0, 1)))
    near = np.flatnonzero(strong & (np.abs(places - angle) < _SAME))
    if not len(near):
        return ""
    planes = np.concatenate([phase.reflections.planes for phase in model.phases]).astype(int)
    return f"Kβ of {' '.join(map(str, planes[near[0]]))}"


def _strongest(table: Table) -> str:
    shares = list(table.column("of the intensity"))
    angle = table.column("2θ")[shares.index(max(shares))]
    return f", most of it at 2θ = {angle:.2f}°"


def _missed(fit: Fitted) -> float:
    """Return by which share of the diffracted intensity measured and computed counts differ, noise smoothed away."""
    scan, solution, used = fit.problem.scan, fit.solution, fit.problem.used
    points = max(float(np.median(solution.lines.width)) / 2.355 / scan.step, 0.5)
    noise = np.sqrt(gaussian_filter1d(scan.variance, points) / (2 * np.sqrt(np.pi) * points))
    residual = gaussian_filter1d(np.where(used, fit.residuals, 0.0), points)
    net = np.maximum(gaussian_filter1d(np.where(used, scan.y - solution.background, 0.0), points), 0)
    return float(np.maximum(np.abs(residual) - noise, 0).sum() / max(np.maximum(net - noise, 0).sum(), 1e-300))


def _of_ranges(fit: Fitted) -> Iterator[str]:
    """Yield a doubt for each parameter of a cell at an end of its range."""
    model, values = fit.problem.model, fit.solution.values
    for phase in model.phases:
        width = phase.upper - phase.lower
        for name, value, lower, upper, span in zip(
            phase.free, values[phase.cell], phase.lower, phase.upper, width, strict=True
        ):
            if min(value - lower, upper - value) < _AT_END * span:
                yield (
                    f"{name} of {phase.name} ends at {value:.5g}, an end of its range, {lower:.5g} to {upper:.5g}: "
                    "give a wider 'range', or it is another phase."
                )


def _of_width(fit: Fitted) -> Iterator[str]:
    """Yield a doubt if all lines are as wide, and wider than a diffractometer makes them."""
    model, values = fit.problem.model, fit.solution.values
    if model.width is None or values[model.width] < _WIDE:
        return
    theta = np.radians(float(np.mean(model.window))) / 2
    widest = max(float(values[p.broadening] @ [1 / np.cos(theta), np.tan(theta)]) for p in model.phases)
    if widest < values[model.width]:
        yield (
            f"The lines are {values[model.width]:.2f}° wide at all angles, which neither crystallites nor a "
            "well-adjusted diffractometer do: a rough or misplaced specimen shifts them, too, by more than the "
            "uncertainties say."
        )
