"""From a finished fit to quantities with uncertainties, tables, notes and doubts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from spectra.core.quantities import Quantity
from spectra.core.tables import Column, Table
from spectra.plugins.powder.crystals.cell import inverse_squares
from spectra.plugins.powder.fitting.stages import Fitted
from spectra.plugins.powder.patterns.model import PhaseModel
from spectra.plugins.powder.quantities import (
    LARGEST,
    SMALLEST,
    has_fractions,
    places,
    strain_of_width,
    width_of_size,
)

Floats = NDArray[np.float64]

_OF_INSTRUMENT = 0.04  # degrees, standard deviation of the Lorentzian width of a diffractometer that nobody measured
_SEEN = 2.0  # standard deviations


@dataclass(kw_only=True)
class Findings:
    """Values (q,) and covariance (q, q) of the quantities, and sentences on what they leave out."""

    values: Floats
    covariance: Floats
    notes: list[str] = field(default_factory=list)


def findings(fit: Fitted, quantities: tuple[Quantity, ...]) -> Findings:
    """Translate parameters of the fit to quantities."""
    model, solution = fit.problem.model, fit.solution
    count = len(quantities)
    values, turned = np.zeros(count), np.zeros((count, model.size))
    found = Findings(values=values, covariance=np.zeros((count, count)))
    unknown: list[int] = []
    extra = np.zeros(count)
    for phase, place in zip(model.phases, places(model), strict=True):
        k = len(phase.free)
        values[place.start : place.start + k] = solution.values[phase.cell]
        turned[np.arange(place.start, place.start + k), np.arange(model.size)[phase.cell]] = 1
        unknown += _broadening(fit, phase, place.start + k, found, turned, extra)
    values[-1], turned[-1, model.shift] = solution.values[model.shift], 1
    covariance = turned @ fit.covariance.parameters @ turned.T + np.diag(extra)
    if has_fractions(model):
        at = [place.stop - 1 for place in places(model)]
        values[at], covariance[np.ix_(at, at)] = _fractions(fit)
    lower, upper = np.array([(q.lower, q.upper) for q in quantities]).T
    unknown += [i for i in range(count) if covariance[i, i] <= 0]
    covariance[unknown, :] = covariance[:, unknown] = np.nan
    found.values, found.covariance = np.clip(values, lower, upper), covariance
    if model.instrument is None:
        found.notes.append(
            "The resolution of the diffractometer is not given: the uncertainties of size and microstrain allow for "
            f"lines that are {_OF_INSTRUMENT:g}° wider by it, times 1/cos θ and tan θ. A scan of a standard tells it."
        )
    return found


def _broadening(
    fit: Fitted, phase: PhaseModel, place: int, found: Findings, turned: Floats, extra: Floats
) -> Iterator[int]:
    """Fill in size and microstrain, and yield the places of what is not determined."""
    model = fit.problem.model
    by_size, by_strain = fit.solution.values[phase.broadening]
    columns = np.arange(model.size)[phase.broadening]
    allowed = _OF_INSTRUMENT if model.instrument is None else 0.0
    size_std, strain_std = np.hypot(np.sqrt(np.diag(fit.covariance.parameters)[columns]), allowed)
    least = width_of_size(model, LARGEST)
    if by_size > max(_SEEN * size_std, float(least)):
        size = float(width_of_size(model, by_size))
        turned[place, columns[0]] = -size / by_size
        extra[place] = (size / by_size * allowed) ** 2
    else:
        size = float(np.clip(width_of_size(model, max(by_size + _SEEN * size_std, float(least))), SMALLEST, LARGEST))
        found.notes.append(
            f"The crystallites of {phase.name} are larger than about {size:.2g} nm: their size does not broaden the "
            "lines enough to be told."
        )
        yield place
    found.values[place] = size
    strain, deviation = float(strain_of_width(by_strain)), float(strain_of_width(strain_std))
    if by_strain > 0:
        turned[place + 1, columns[1]] = strain / by_strain
        extra[place + 1] = float(strain_of_width(allowed)) ** 2
    else:
        found.notes.append(f"No microstrain of {phase.name} is seen" + (f" ({deviation:.2g} %)." if allowed else "."))
        yield place + 1
    found.values[place + 1] = strain


def _fractions(fit: Fitted) -> tuple[Floats, Floats]:
    """Return the shares (phases,) by weight in % and their covariance (phases, phases).

    Hill & Howard, J. Appl. Cryst. 20, 467 (1987): the mass in the beam is the scale times mass and volume of the cell.
    """
    model, solution = fit.problem.model, fit.solution
    # the scales belong to intensities relative to the strongest of each phase
    expected = model.expected(solution.values)
    strongest = np.array([expected[members].max(initial=1e-300) for members in model.members])
    per_scale = np.array([phase.mass_of_scale(solution.values[phase.cell]) for phase in model.phases]) / strongest
    masses = solution.scales * per_scale
    total = max(float(masses.sum()), 1e-300)
    shares = masses / total
    slope = (np.eye(len(shares)) - shares[:, np.newaxis]) * per_scale / total
    return 100 * shares, 1e4 * slope @ fit.covariance.scales @ slope.T


def note_on_shift(fit: Fitted, other: Floats) -> str:
    """Say how far the cells depend on what has shifted the lines.

    Parameters
    ----------
    other : ndarray, shape (p,)
        Parameters by the law of the other geometry.
    """
    model, values = fit.problem.model, fit.solution.values
    changes = [
        (abs(other[place] / values[place] - 1), f"{name} of {phase.name}")
        for phase in model.phases
        for place, name in zip(range(phase.cell.start, phase.cell.stop), phase.free, strict=True)
        if name in "abc"
    ]
    if not changes:
        return ""
    change, name = max(changes)
    law, otherwise = ("by a displaced specimen", "all alike") if model.in_reflection else ("all alike", "as cos θ")
    return (
        f"The lines are taken as shifted {law}. If they were shifted {otherwise}, edges would differ by up to "
        f"{100 * change:.2g} % ({name}); the uncertainties do not cover that. A standard among the phases tells."
    )


def resolution_table(fit: Fitted) -> Table:
    """Return the widths of the lines of the first phase as a sample file gives the resolution of a diffractometer."""
    model, values = fit.problem.model, fit.solution.values
    assert model.width is not None  # noqa: S101 - asked for an unknown diffractometer alone
    by_size, by_strain = values[model.phases[0].broadening].tolist()
    return Table(
        name="instrument",
        title="Width of the lines",
        notes=(
            f"These are 'instrument' in a sample file if the lines of {model.phases[0].name} are as narrow as the "
            "diffractometer makes them.",
        ),
        columns=(
            Column(name="W", unit="deg²", values=[float(values[model.width] ** 2)], digits=6),
            Column(name="X", unit="deg", values=[by_size], digits=5),
            Column(name="Y", unit="deg", values=[by_strain], digits=5),
        ),
    )


def line_table(fit: Fitted) -> Table:
    """Return the reflections in the range of angles with their intensities."""
    model, solution = fit.problem.model, fit.solution
    angles = model.angles(solution.values)
    low, high = fit.problem.scan.x[0], fit.problem.scan.x[-1]
    rows = np.flatnonzero((angles >= low) & (angles <= high))
    rows = rows[np.argsort(angles[rows], kind="stable")]
    names = np.repeat([p.name for p in model.phases], [m.stop - m.start for m in model.members])
    planes = np.concatenate([phase.reflections.planes for phase in model.phases]).astype(int)
    inverse = np.concatenate(
        [inverse_squares(p.constraint.full(solution.values[p.cell]), p.reflections.planes) for p in model.phases]
    )
    strongest = max(float(solution.intensities.max(initial=0.0)), 1e-300)
    return Table(
        name="lines",
        title="Lines",
        abridged=True,
        columns=(
            Column(name="phase", values=[str(names[row]) for row in rows]),
            Column(name="hkl", values=[" ".join(map(str, planes[row])) for row in rows]),
            Column(name="2θ", unit="deg", values=angles[rows].tolist()),
            Column(name="d", unit="angstrom", values=(inverse[rows] ** -0.5).tolist(), digits=5),
            Column(
                name="intensity", unit="%", values=(100 * solution.intensities[rows] / strongest).tolist(), digits=1
            ),
            Column(
                name="± intensity",
                unit="%",
                values=(100 * np.sqrt(np.maximum(fit.covariance.intensities[rows], 0)) / strongest).tolist(),
                digits=1,
                priority=1,
            ),
        ),
    )
