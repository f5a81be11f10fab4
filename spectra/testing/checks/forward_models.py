"""Checks of forward models, at a few points of a technique's design."""

from __future__ import annotations

from functools import partial
from itertools import product

import numpy as np

from spectra.core.components import (
    AmbiguousForwardModel,
    DifferentiableForwardModel,
    DrawingForwardModel,
    Floats,
    TabulatingForwardModel,
)
from spectra.core.errors import SpectraError
from spectra.core.signals import Bundle, Image, Peaks, Profile, Signal, take, to_arrays
from spectra.core.tables import Table
from spectra.testing.checking import NotApplicable, answer_or_refusal, check, require, require_said
from spectra.testing.comparing import ROUNDING, numbers, require_same, require_same_signal
from spectra.testing.subjects import ForwardModelSubject
from spectra.testing.trials import simulated

_AGAIN = 8  # points, where each has to be simulated anew
_MOST_CORNERS = 8
_STEP = 1e-4  # of a quantity's range
_SLOPE = 0.01  # of the largest derivative
_WIDTH = 3.35  # inches, a column of a journal
_AGREEING = 0.9  # lines that cross within a step have other derivatives


@check("forward model")
def simulates_a_stack_of_signals(subject: ForwardModelSubject) -> None:
    """N points give one stack of n signals, in float64 (images: float32) and finite numbers, with their units."""
    (values, signal), count = subject.simulated, len(subject.trial.points)
    require(isinstance(signal, Peaks | Profile | Image | Bundle), f"It returns {type(signal).__name__}, not a signal.")
    require(len(signal) == count, f"{count} points give {len(signal)} signals.")
    used = take(signal, np.flatnonzero(np.isfinite(values).all(axis=1)))
    require(all(np.isfinite(array).all() for array in numbers(used)), "Its signals are not finite.")
    for name, array in to_arrays(signal).items():
        wanted = {"pixels": "float32"}.get(name.rpartition("/")[2], "float64")
        require(array.dtype.kind == "U" or array.dtype == wanted, f"{name} is {array.dtype}, not {wanted}.")
        if name.rpartition("/")[2] in ("unit", "x_unit", "y_unit"):
            require(str(array), f"The {name} is empty; write '1' for a number without unit.")
    if isinstance(signal, Peaks):
        require_same_signal(signal.moved(signal.positions), signal, "Peaks do not ascend.")
        require_same_signal(signal.within(*signal.window), signal, "Peaks lie outside the window.")


@check("forward model")
def gives_the_kinds_that_it_says(subject: ForwardModelSubject) -> None:
    """Its signals are of a kind that its description gives; recipes that do not fit it are refused."""
    require_said(subject.simulated[1].kind, subject.entry.component.gives, "gives")


@check("forward model")
def simulates_a_batch_as_its_members(subject: ForwardModelSubject) -> None:
    """A point has the same signal alone and among others: designs are simulated in parts, a refiner asks for one."""
    values, signal = subject.simulated
    place = len(values) // 2
    value, alone = simulated(subject.model, subject.trial.points[place : place + 1])
    among = {"values": values[place : place + 1]}
    require_same(among, {"values": value}, "Alone it has other quantities.", tolerance=ROUNDING)
    require_same_signal(take(signal, slice(place, place + 1)), alone, "Alone it is another.", tolerance=ROUNDING)


@check("forward model")
def simulates_the_same_again(subject: ForwardModelSubject) -> None:
    """The same points give the same signals: the physics has no dice; what is random is a distortion."""
    points = subject.trial.points[:_AGAIN]
    (values, signal), (others, again) = (simulated(subject.model, points) for _ in range(2))
    require_same({"values": values}, {"values": others}, "Two runs differ.", tolerance=1e-9)
    require_same_signal(signal, again, "Two runs differ.", tolerance=1e-9)


@check("forward model")
def leaves_its_argument_alone(subject: ForwardModelSubject) -> None:
    """The points stay as they are."""
    points = subject.trial.points[:_AGAIN]
    kept = points.copy()
    simulated(subject.model, points)
    require(np.array_equal(points, kept), "The points have been changed in place; work on a copy.")


@check("forward model")
def answers_or_refuses_at_the_ends_of_the_ranges(subject: ForwardModelSubject) -> None:
    """At the ends of the searched ranges it gives finite signals or an error of ours: refiners go there."""
    forward, quantities = subject.forward, subject.trial.quantities
    ends = list(product(*((quantity.lower, quantity.upper) for quantity in quantities)))
    for corner in ends[:: max(1, len(ends) // _MOST_CORNERS)]:
        where = ", ".join(f"{q.name} = {value:g}" for q, value in zip(quantities, corner, strict=True))
        answer = answer_or_refusal(partial(forward.simulate, np.array([corner])), f"To simulate {where}")
        finite = isinstance(answer, SpectraError) or all(np.isfinite(array).all() for array in numbers(answer))
        require(finite, f"At {where} the signal is not finite; raise an InputError if there is none.")


@check("forward model")
def its_derivatives_match_differences(subject: ForwardModelSubject) -> None:
    """``linearize`` gives derivatives of shape (m, p) that are those of its signal."""
    forward = subject.forward
    if not isinstance(forward, DifferentiableForwardModel):
        raise NotApplicable("it has no linearize()")
    point = subject.trial.points[len(subject.trial.points) // 2]
    signal, derivatives = forward.linearize(point.copy())
    ordinates = _ordinates(signal)
    wanted = (len(ordinates), len(point))
    require(derivatives.shape == wanted, f"Derivatives have the shape {derivatives.shape}, not {wanted}.")
    for place, quantity in enumerate(subject.trial.quantities):
        step = np.zeros_like(point)
        step[place] = _STEP * (quantity.upper - quantity.lower)
        above, below = (_ordinates(forward.linearize(point + sign * step)[0]) for sign in (1, -1))
        count = min(len(above), len(below), len(ordinates))
        slopes = (above[:count] - below[:count]) / (2 * step[place])
        off = np.abs(slopes - derivatives[:count, place]) > _SLOPE * np.abs(slopes).max()
        require(off.mean() <= 1 - _AGREEING, f"{off.mean():.0%} of the derivatives by {quantity.name} are wrong.")


@check("forward model")
def tabulates_a_spectrum(subject: ForwardModelSubject) -> None:
    """``tabulate`` gives a table whose columns are equally long."""
    forward = subject.forward
    if not isinstance(forward, TabulatingForwardModel):
        raise NotApplicable("it has no tabulate()")
    table = forward.tabulate(subject.trial.points[0])
    require(isinstance(table, Table) and table.columns, "tabulate() gives no table.")
    require(len({len(column.values) for column in table.columns}) == 1, "The table's columns differ in length.")


@check("forward model")
def draws_its_pictures(subject: ForwardModelSubject) -> None:
    """``draw`` draws each of ``pictures`` into a figure, which stays as wide as it was."""
    forward = subject.forward
    if not isinstance(forward, DrawingForwardModel):
        raise NotApplicable("it has no draw()")

    from matplotlib.figure import Figure

    for picture in forward.pictures:
        figure = Figure(figsize=(_WIDTH, 1.0))
        forward.draw(subject.trial.points[0].copy(), figure, picture=picture, rows=None)
        require(bool(figure.axes), f"The picture '{picture}' is empty.")
        width = figure.get_figwidth()
        require(abs(width - _WIDTH) < ROUNDING, f"The picture '{picture}' is {width:g} inches wide, not {_WIDTH:g}.")


@check("forward model")
def its_representatives_have_the_same_signal(subject: ForwardModelSubject) -> None:
    """``representative`` gives values with the same signal, and is itself its own representative."""
    forward = subject.forward
    if not isinstance(forward, AmbiguousForwardModel):
        raise NotApplicable("it has no representative()")
    point = subject.trial.points[0]
    other = forward.representative(point.copy())
    its_signal, same = (forward.simulate(values[None]) for values in (point, other))
    require_same_signal(its_signal, same, "The representative has another signal.", tolerance=ROUNDING)
    again = {"values": forward.representative(other.copy())}
    require_same({"values": other}, again, "The representative has another one.", tolerance=1e-6)


def _ordinates(signal: Signal) -> Floats:
    """Return what derivatives are of: the positions of peaks, the ordinates of a profile."""
    if isinstance(signal, Peaks):
        return signal.positions[0][np.isfinite(signal.positions[0])]
    if isinstance(signal, Profile):
        return signal.y[0]
    raise NotApplicable(f"derivatives of a signal of kind '{signal.kind}' are not defined")
