"""The task *plan*: from a sample and what one expects to the error bars of a measurement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from spectra.core.quantities import read_values
from spectra.plugins.rus.planning.plan import Errors, Plan, Planner, middle
from spectra.plugins.rus.sample import RusSample
from spectra.plugins.rus.technique import Rus


def make_plan(
    sample: RusSample,
    *,
    at: str | None = None,
    line_error: float = 2e-3,
    length_errors: float | Mapping[str, float] = 1e-3,
    mass_error: float = 1e-3,
    count: int | None = None,
    shapes: bool = False,
    orientations: bool = False,
) -> Plan:
    """Predict the error bars of a measurement of ``sample``.

    Parameters
    ----------
    at
        Expected values such as ``"C11=270,C44=80"``; those left out are in the middle of their ranges.
    line_error, length_errors, mass_error
        Relative standard deviations; of the lengths one for all, or each by its name.
    count
        How many lines will be measured, from the lowest; by default all in the window.
    shapes, orientations
        Whether to compare boxes of the specimen's volume, and orientations of the crystal in it.

    Raises
    ------
    InputError
        If no solid has these values, the window holds no or too few lines, or there is no orientation to compare.
    UsageError
        If ``at`` cannot be read.
    """
    quantities = Rus().quantities(sample)
    sample.check_units()
    given = read_values(at, quantities) if at else {}
    values, chosen = middle(sample, quantities)
    for place, quantity in enumerate(quantities):
        values[place] = given.get(quantity.name, values[place])
    if len(given) == len(quantities):
        chosen = "the given values"
    elif given:
        chosen = f"the given {', '.join(given)} and else {chosen}"
    if not isinstance(length_errors, Mapping):
        length_errors = dict.fromkeys(sample.shape.stretches, length_errors)
    planner = Planner(sample, quantities, values, Errors(line=line_error, lengths=length_errors, mass=mass_error))
    plan = planner.plan(planner.of_sample(), chosen=chosen, count=count)
    if not (shapes or orientations):
        return plan

    from spectra.plugins.rus.planning import comparisons

    lines = plan.measured.lines
    return replace(
        plan,
        shapes=tuple(comparisons.shapes(planner, lines)) if shapes else (),
        orientations=tuple(comparisons.orientations(planner, lines)) if orientations else (),
    )
