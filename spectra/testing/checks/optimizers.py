"""Checks of optimizers, on a loss whose lowest point is known."""

from __future__ import annotations

import numpy as np

from spectra.testing.checking import check, require
from spectra.testing.searching import OptimizerSubject


@check("optimizer")
def asks_for_points(subject: OptimizerSubject) -> None:
    """It asks for finite points, shape (m, d), with as many numbers as its starts have."""
    width = subject.starts.shape[1]
    first = np.asarray(subject.begun(subject.starts, bounded=False).ask())
    require(
        first.ndim == 2 and first.shape[1] == width,
        f"It asks for points of shape {first.shape}; its starts have {width} numbers.",
    )
    require(len(first), "It asks for nothing: the search ends before it begins.")
    require(all(np.isfinite(points).all() for points in subject.asked), "It asks for points that are not finite.")


@check("optimizer")
def goes_on_from_points_that_it_asked_for(subject: OptimizerSubject) -> None:
    """Its population consists of points that were evaluated: a trace shows their average."""
    optimizer = subject.begun(subject.starts, bounded=False)
    known = set()
    for _ in range(5):
        points = np.array(optimizer.ask())
        known |= {point.tobytes() for point in points}
        optimizer.tell(points, subject.losses(points))
    population = np.asarray(optimizer.population)
    require(len(population) and population.ndim == 2, f"Its population has the shape {population.shape}, not (k, d).")
    require({point.tobytes() for point in population} <= known, "Its population holds points that it never asked for.")


@check("optimizer")
def comes_closer(subject: OptimizerSubject) -> None:
    """After some hundred points its best is four times better than the best of its starts."""
    best, start = (min(map(np.min, map(subject.losses, of))) for of in (subject.asked, [subject.starts]))
    require(best < start / 4, f"Its lowest loss is {best:.3g}, and that of its starts {start:.3g}.")


@check("optimizer")
def stays_within_bounds(subject: OptimizerSubject) -> None:
    """A bounded search asks for no point outside the unit cube: there may be no such specimen."""
    asked = np.concatenate(subject.searched(bounded=True))
    require(
        (asked >= 0).all() and (asked <= 1).all(),
        f"It asks for numbers from {asked.min():.3g} to {asked.max():.3g} where bounds are 0 and 1.",
    )


@check("optimizer")
def searches_the_same_again(subject: OptimizerSubject) -> None:
    """With one seed it asks for the same points: designs are reproducible."""
    again = subject.searched(bounded=False)
    same = len(again) == len(subject.asked) and all(map(np.array_equal, again, subject.asked))
    require(same, "Two searches with one seed differ; draw from the generator alone.")


@check("optimizer")
def leaves_its_arguments_alone(subject: OptimizerSubject) -> None:
    """Starts, points and losses stay as they are."""
    starts = subject.starts
    optimizer = subject.begun(starts, bounded=False)
    for _ in range(3):
        points = np.array(optimizer.ask())
        kept, losses = points.copy(), subject.losses(points)
        optimizer.tell(points, losses)
        unchanged = np.array_equal(points, kept) and np.array_equal(losses, subject.losses(kept))
        require(unchanged, "Points or losses have been changed in place; work on a copy.")
    require(np.array_equal(starts, subject.starts), "The starts have been changed in place; work on a copy.")
