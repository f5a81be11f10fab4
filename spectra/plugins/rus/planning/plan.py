"""The plan of a measurement: what lists of lines of one specimen would tell of its moduli."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spectra.core.errors import InputError
from spectra.core.quantities import Quantity
from spectra.plugins.rus.crystals.elasticity import violated_criterion
from spectra.plugins.rus.modes.rayleigh_ritz import RayleighRitz
from spectra.plugins.rus.planning.information import Deviations, Lines, deviations, next_lines
from spectra.plugins.rus.sample import RusSample

Floats = NDArray[np.float64]

_BEYOND = 1.25  # of the window's end: how far lines to measure next are looked for
_COUNTS = (3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100, 150, 200, 300, 400, 600, 800, 1000, 1500, 2000)
_NEXT = 6


@dataclass(frozen=True, kw_only=True)
class Errors:
    """One standard deviation each, relative.

    Parameters
    ----------
    line
        Of a line's frequency, what the model cannot explain included: what an analysis calls the rms misfit.
    lengths
        Of each length of the specimen, by its name.
    mass
        Of the mass, or of the density where the sample file gives that.
    """

    line: float
    lengths: Mapping[str, float]
    mass: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Case:
    """One list of lines, and what it tells.

    Parameters
    ----------
    label
        What is particular about it.
    lines, modes
        How many it holds; a multiplet is one line.
    highest
        Frequency of its last line, in MHz; NaN if there is none.
    deviations
        Of the quantities, in their units.
    """

    label: str
    lines: int
    modes: int
    highest: float
    deviations: Deviations


@dataclass(frozen=True, kw_only=True, eq=False)
class Plan:
    """What will be known after a measurement.

    Parameters
    ----------
    values : ndarray, shape (p,)
        At which all is computed.
    chosen
        How ``values`` were chosen.
    measured
        The list that is planned.
    spectrum
        All lines of the specimen from the window's beginning to a quarter beyond its end.
    by_number
        Lists of the lowest lines: more and more of them.
    additions
        The list that is planned with the lines that are best measured next, one more in each.
    next_lines
        The places of those lines in ``spectrum``.
    shapes, orientations
        Other bodies of the same volume, and the crystal turned in the body, the most telling first; empty if nobody
        asked.
    """

    sample: RusSample
    quantities: tuple[Quantity, ...]
    values: Floats
    chosen: str
    errors: Errors
    measured: Case
    spectrum: Lines
    by_number: tuple[Case, ...]
    additions: tuple[Case, ...]
    next_lines: tuple[int, ...]
    shapes: tuple[Case, ...] = ()
    orientations: tuple[Case, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Of the quantities."""
        return tuple(quantity.name for quantity in self.quantities)


class Planner:
    """Computes plans of one specimen.

    Parameters
    ----------
    sample
        Whose window says where lines are measured.
    quantities
        What is searched.
    values : ndarray, shape (p,)
        The solid, in the quantities' units.
    errors
        Of lines, lengths and mass.

    Raises
    ------
    InputError
        If no solid has these values.
    """

    def __init__(self, sample: RusSample, quantities: Sequence[Quantity], values: Floats, errors: Errors) -> None:
        self.sample, self.quantities = sample, tuple(quantities)
        self.values, self.errors = values, errors
        self.widths = np.array([quantity.upper - quantity.lower for quantity in quantities])
        self.moduli = sample.parametrization.to_moduli(values[None])[0]
        if not sample.elastic_symmetry.is_stable(self.moduli[None])[0]:
            listed = ", ".join(f"{q.name} = {v:g}" for q, v in zip(quantities, values, strict=True))
            criterion = violated_criterion(sample.elastic_symmetry, self.moduli)
            raise InputError(f"No solid has {listed}: {criterion}.", hint="Give other values with --at.")

    def lines(self, solver: RayleighRitz, stretches: Floats, lengths: Floats, *, beyond: float) -> Lines:
        """Compute the lines of a body from the window's beginning to ``beyond`` times its end.

        Parameters
        ----------
        stretches : ndarray, shape (q, 3)
            By which power of each of its lengths the body grows along x, y and z.
        lengths : ndarray, shape (q,)
            Relative standard deviation of each.
        """
        window = self.sample.window
        modes = solver.modes(1e9 * self.moduli, highest=1e6 * beyond * window.upper)
        found = modes.frequencies[:, None]
        slopes = 1e9 * modes.derivatives @ self.sample.parametrization.jacobian(self.values) / found
        by_length = solver.stretch_derivatives(modes, 1e9 * self.moduli, stretches) / found
        if self.sample.mass is not None:
            by_length += stretches.sum(axis=1) / 2  # a larger body of the same mass is less dense
        by_mass = np.full((len(slopes), 1), -0.5 * self.errors.mass)
        kept = modes.frequencies >= 1e6 * window.lower
        return Lines.from_modes(
            1e-6 * modes.frequencies[kept],
            slopes[kept] * self.widths,
            np.concatenate([by_length * lengths, by_mass], axis=1)[kept],
            tuple(label for label, here in zip(modes.labels, kept, strict=True) if here),
        )

    def of_sample(self) -> Lines:
        """Compute the lines of the specimen itself."""
        known = self.sample.shape.stretches
        lengths = np.array([self.errors.lengths[name] for name in known])
        return self.lines(self.sample.solver, np.array(list(known.values()), dtype=float), lengths, beyond=_BEYOND)

    def case(self, label: str, lines: Lines) -> Case:
        """Say what a list of lines tells."""
        return Case(
            label=label,
            lines=len(lines),
            modes=int(lines.degeneracies.sum()),
            highest=float(lines.frequencies[-1]) if len(lines) else float("nan"),
            deviations=deviations(lines, self.errors.line).scaled(self.widths),
        )

    def plan(self, spectrum: Lines, *, chosen: str, count: int | None = None) -> Plan:
        """Return the plan to measure the ``count`` lowest lines, by default all in the window.

        Raises
        ------
        InputError
            If the window holds no line, or fewer than ``count``.
        """
        low, high = self.sample.window.lower, self.sample.window.upper
        inside = int((spectrum.frequencies <= high).sum())
        if inside == 0 or (count or 0) > inside:
            wanted = "none" if inside == 0 else f"{inside} lines, not {count}"
            raise InputError(
                f"The window of {self.sample.name!r}, {low:g} to {high:g} MHz, holds {wanted}.",
                hint="Move its end, or plan fewer." if inside else "Check the values and their units, or the window.",
            )
        planned = count or inside
        measured = np.arange(len(spectrum)) < planned
        counts = sorted({n for n in _COUNTS if len(self.values) <= n < len(spectrum)} | {planned, len(spectrum)})
        following = next_lines(spectrum, measured, self.errors.line, _NEXT)
        additions = []
        for place in following:
            measured[place] = True
            additions.append(self.case(f"{spectrum.frequencies[place]:.6g}", spectrum.taken(measured)))
        case = self.case("the plan", spectrum.taken(slice(planned)))
        return Plan(
            sample=self.sample,
            quantities=self.quantities,
            values=self.values,
            chosen=chosen,
            errors=self.errors,
            measured=case,
            spectrum=spectrum,
            by_number=tuple(self.case(str(n), spectrum.taken(slice(n))) for n in counts),
            additions=tuple(additions),
            next_lines=tuple(following),
            notes=tuple(self._notes(case)),
        )

    def _notes(self, case: Case) -> Sequence[str]:
        """Say what is not determined, and what an analysis would doubt."""
        notes = []
        for quantity, std, width in zip(self.quantities, case.deviations.fitted, self.widths, strict=True):
            if np.isnan(std):
                notes.append(
                    f"{quantity.name} is not determined: these lines say no more of it than its searched range, "
                    f"{quantity.lower:g} to {quantity.upper:g} {quantity.unit}, does already.".replace(" ,", ",")
                )
            elif std > width / 5:
                notes.append(
                    f"{quantity.name} will be known no better than to a fifth of its searched range; an analysis gives "
                    "it no uncertainty."
                )
        return notes


def middle(sample: RusSample, quantities: Sequence[Quantity]) -> tuple[Floats, str]:
    """Return the middle of the searched ranges (p,) or the stable solid nearest to it, and how it was chosen.

    For an unknown orientation, one of medium size stands for all: a crystal along the axes of its body is the one case
    in which small turns move no line.
    """
    centre = np.array([(quantity.lower + quantity.upper) / 2 for quantity in quantities])
    chosen = "the middle of the searched ranges"
    if sample.unknown_orientation is not None:
        turns = sample.unknown_orientation.spread
        typical = turns[np.argsort(np.linalg.norm(turns, axis=1))[len(turns) // 2]]
        centre[-len(typical) :] = typical
        chosen += ", turned by an angle of medium size"
    symmetry, to_moduli = sample.elastic_symmetry, sample.parametrization.to_moduli
    if symmetry.is_stable(to_moduli(centre[None]))[0]:
        return centre, chosen
    sample.softest()  # says so if no solid is stable
    grid = sample.grid()
    stable = grid[symmetry.is_stable(to_moduli(grid))]
    widths = np.array([quantity.upper - quantity.lower for quantity in quantities])
    return stable[
        np.argmin(np.linalg.norm((stable - centre) / widths, axis=1))
    ], "the stable solid nearest to the middle"
