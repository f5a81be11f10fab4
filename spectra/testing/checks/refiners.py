"""Checks of refiners, on a signal that a technique's forward model simulates."""

from __future__ import annotations

from functools import partial
from inspect import signature

import numpy as np

from spectra.core.components import Refinement
from spectra.core.errors import SpectraError
from spectra.core.signals import take
from spectra.testing.checking import NotApplicable, answer_or_refusal, check, require, require_said
from spectra.testing.comparing import copied, require_same, require_same_signal
from spectra.testing.subjects import RefinerSubject

_NEAR = 0.1  # of a quantity's range
_SPREADS = 5.0


@check("refiner")
def gives_values_with_their_covariance(subject: RefinerSubject) -> None:
    """Values have the shape (p,) and a symmetric covariance (p, p); NaN, where the data determine nothing, has a note.

    An uncertainty that is unknown is reported as such, with the reason.
    """
    refinement = subject.refinement
    count = len(subject.trial.quantities)
    require(isinstance(refinement, Refinement), f"It returns {type(refinement).__name__}, not a Refinement.")
    require(np.shape(refinement.values) == (count,), f"Values have the shape {np.shape(refinement.values)}.")
    covariance = refinement.covariance
    require(np.shape(covariance) == (count, count), f"The covariance has the shape {np.shape(covariance)}.")
    require(np.isfinite(refinement.values).all(), "The values are not finite.")
    require(
        np.allclose(covariance, covariance.T, rtol=1e-6, atol=0, equal_nan=True), "The covariance is not symmetric."
    )
    deviations = np.diag(covariance)
    known = np.isfinite(deviations)
    require((deviations[known] >= 0).all(), "A variance is negative.")
    require(known.all() or refinement.notes or refinement.doubts, "A variance is NaN, and no note or doubt says why.")
    require(np.isfinite(refinement.misfit) and refinement.misfit >= 0, "The misfit is no number.")
    require(refinement.misfit_unit, "The misfit has no unit; write '1' for none.")


@check("refiner")
def takes_the_kinds_that_it_says(subject: RefinerSubject) -> None:
    """The signal that it refines is of a kind that its description takes; recipes with others are refused."""
    require_said(subject.measured.kind, subject.entry.component.takes, "takes")


@check("refiner")
def stays_within_the_ranges(subject: RefinerSubject) -> None:
    """Values lie within the ranges of the quantities: beyond them nobody said that there is physics."""
    outermost = subject.trial.material
    ends = [quantity.upper for quantity in subject.trial.quantities]
    last = copied(take(outermost.signal, slice(len(outermost.values) - 1, None)))
    at_the_end = answer_or_refusal(partial(subject.refined, last, np.array([ends])), "To start at the upper ends")
    for refinement in (subject.refinement, at_the_end):
        if isinstance(refinement, SpectraError):
            continue
        for value, quantity in zip(refinement.values, subject.trial.quantities, strict=True):
            slack = 1e-6 * (quantity.upper - quantity.lower)
            require(
                quantity.lower - slack <= value <= quantity.upper + slack,
                f"{quantity.name} comes out as {value:.6g}, beyond {quantity.lower:g} to {quantity.upper:g}.",
            )


@check("refiner")
def finds_what_was_simulated(subject: RefinerSubject) -> None:
    """From a start nearby it comes within five standard deviations, or a tenth of the range, of the truth."""
    refinement, truth = subject.refinement, subject.truth
    deviations = np.nan_to_num(np.sqrt(np.diag(refinement.covariance)))
    for place, quantity in enumerate(subject.trial.quantities):
        error = abs(refinement.values[place] - truth[place])
        near = max(_SPREADS * deviations[place], _NEAR * (quantity.upper - quantity.lower))
        require(error <= near, f"{quantity.name} was {truth[place]:g} and comes out as {refinement.values[place]:g}.")


@check("refiner")
def refines_the_same_again(subject: RefinerSubject) -> None:
    """The same signal and starts give the same answer: it is handed no generator, so that it fixes its own seed.

    So they do with a ``progress`` and without.
    """
    again = subject.again.refinement
    require_same({"values": subject.refinement.values}, {"values": again.values}, "Two runs differ.", tolerance=1e-6)


@check("refiner")
def counts_its_steps_as_announced(subject: RefinerSubject) -> None:
    """With a ``progress`` it advances by as many steps as it announced, or fewer."""
    if "progress" not in signature(subject.make().refine).parameters:
        raise NotApplicable("its refine() asks for no progress")
    tasks = subject.again.progress.tasks
    require(tasks, "It asks for a progress and opens no task.")
    for description, (total, steps) in tasks.items():
        require(bool(description), "A task has no description.")
        require(min(steps, default=0) >= 0, f"{description} goes back.")
        require(sum(steps) <= total, f"{description} announced {total} steps and did {sum(steps)}.")


@check("refiner")
def leaves_its_arguments_alone(subject: RefinerSubject) -> None:
    """Signal and starts stay as they are."""
    signal, starts = subject.again.signal, subject.again.starts
    require_same_signal(subject.measured, signal, "The signal has been changed in place; work on a copy.")
    require(np.array_equal(starts, subject.starts), "The starts have been changed in place; work on a copy.")


@check("refiner")
def its_tables_and_draws_are_complete(subject: RefinerSubject) -> None:
    """Tables have columns of one length, and draws, if there are any, the shape (k, p)."""
    tables, draws = subject.refinement.tables, subject.refinement.draws
    if not tables and draws is None:
        raise NotApplicable("it gives neither tables nor draws")
    for table in tables:
        require(
            len({len(c.values) for c in table.columns}) == 1, f"Columns of the table {table.name} differ in length."
        )
    count = len(subject.trial.quantities)
    require(draws is None or (draws.ndim == 2 and draws.shape[1] == count), "Draws do not have the shape (k, p).")


@check("refiner")
def refuses_other_signals_in_words(subject: RefinerSubject) -> None:
    """A signal of another kind than the forward model's is refused with an error of ours, not with a traceback."""
    for material in subject.bench.synthetic:
        if material.signal.kind != subject.measured.kind:
            one = take(material.signal, slice(0, 1))
            answer_or_refusal(partial(subject.refined, one, subject.starts), f"To refine {material.label}")
