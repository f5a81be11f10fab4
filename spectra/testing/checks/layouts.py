"""Checks of layouts, on clusters that everybody can tell apart."""

from __future__ import annotations

from functools import partial

import numpy as np

from spectra.core.components import Features, Floats
from spectra.core.errors import SpectraError
from spectra.testing.checking import answer_or_refusal, check, require
from spectra.testing.comparing import require_same
from spectra.testing.layouts import LayoutSubject

_TOGETHER = 0.9


@check("layout")
def fit_returns_the_layout(subject: LayoutSubject) -> None:
    """``fit`` returns self, so that it can be called where the layout is made."""
    require(isinstance(subject.layout, type(subject.make())), "fit() returns something else than self.")


@check("layout")
def places_every_point(subject: LayoutSubject) -> None:
    """``embedding_`` and ``transform`` have a finite place for each row of features, shape (n, 2), double precision."""
    new, _ = subject.new
    for verb, places, count in (
        ("fit", subject.places, len(subject.features)),
        ("transform", np.asarray(subject.layout.transform(new)), len(new)),
    ):
        require(places.shape == (count, 2), f"{verb}() of {count} gives places of shape {places.shape}.")
        require(places.dtype == np.float64, f"{verb}() gives {places.dtype}, not float64.")
        require(np.isfinite(places).all(), f"{verb}() gives places that are not finite.")


@check("layout")
def keeps_neighbours_together(subject: LayoutSubject) -> None:
    """The nearest of a point on the map is of its own cluster: what is near is alike."""
    apart = np.linalg.norm(subject.places[:, np.newaxis] - subject.places, axis=2)
    np.fill_diagonal(apart, np.inf)
    share = np.mean(subject.labels[apart.argmin(axis=1)] == subject.labels)
    require(share >= _TOGETHER, f"The nearest is of the same cluster for {share:.0%} of the points.")


@check("layout")
def places_new_points_among_their_like(subject: LayoutSubject) -> None:
    """The nearest of a new point on the map is of its own cluster, and what was laid out stays where it is."""
    new, labels = subject.new
    before = subject.places.copy()
    apart = np.linalg.norm(np.asarray(subject.layout.transform(new))[:, np.newaxis] - before, axis=2)
    share = np.mean(subject.labels[apart.argmin(axis=1)] == labels)
    require(share >= _TOGETHER, f"The nearest is of the same cluster for {share:.0%} of the new points.")
    require(np.array_equal(before, subject.places), "Placing new points has moved the others.")


@check("layout")
def lays_out_the_same_with_the_same_seed(subject: LayoutSubject) -> None:
    """Two layouts with one seed are the same: maps are reproducible."""
    again = np.asarray(subject.fitted(subject.features).embedding_)
    require_same({"places": subject.places}, {"places": again}, "Two layouts with one seed differ.")


@check("layout")
def leaves_its_arguments_alone(subject: LayoutSubject) -> None:
    """The features stay as they are."""
    features, (new, _) = subject.features, subject.new
    subject.fitted(features).transform(new)
    same = np.array_equal(features, subject.features) and np.array_equal(new, subject.new[0])
    require(same, "The features have been changed in place; work on a copy.")


@check("layout")
def lays_out_few_points_and_copies(subject: LayoutSubject) -> None:
    """One, two or three points, and copies of one, are laid out or refused in words: archives begin small."""
    rows = subject.features
    subject.fitted(rows)  # skipped where a package is missing
    for what, features in (
        *((f"{count} points", rows[:count]) for count in (1, 2, 3)),
        ("Thirty copies", np.repeat(rows[:1], 30, axis=0)),
        ("No points", rows[:0]),
    ):
        places = answer_or_refusal(partial(_laid_out, subject, features), what)
        if not isinstance(places, SpectraError):
            require(
                places.shape == (len(features), 2) and np.isfinite(places).all(),
                f"{what} have no places, or such as are not finite.",
            )


def _laid_out(subject: LayoutSubject, features: Features) -> Floats:
    return np.asarray(subject.fitted(features.copy()).embedding_)
