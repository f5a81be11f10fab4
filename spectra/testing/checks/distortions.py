"""Checks of distortions."""

from __future__ import annotations

from functools import partial

import numpy as np

from spectra.core.signals import Peaks
from spectra.testing.checking import answer_or_refusal, check, require
from spectra.testing.comparing import copied, numbers, require_same_signal
from spectra.testing.subjects import DistortionSubject


@check("distortion")
def distorts_some_signal(subject: DistortionSubject) -> None:
    """It works with what a technique on trial simulates, or with synthetic peaks, a profile, an image or a bundle."""
    require(subject.accepted, f"It distorts none of the signals of any kind that were tried. {subject.said}")


@check("distortion")
def takes_the_kinds_that_it_says(subject: DistortionSubject) -> None:
    """It works with the kinds of signal that its description takes; recipes with others are refused."""
    subject.require_taken()


@check("distortion")
def keeps_kind_number_axis_and_unit(subject: DistortionSubject) -> None:
    """What comes out is a stack of the same kind, length, axis, window and unit, in finite numbers; peaks ascend.

    Encoders learn axis and unit from ideal signals and are then handed distorted ones.
    """
    ideal = subject.signal
    distorted = subject.distorted(ideal)
    require(distorted.kind == ideal.kind, f"A {ideal.kind} comes out as a {getattr(distorted, 'kind', distorted)}.")
    require(len(distorted) == len(ideal), f"{len(ideal)} spectra come out as {len(distorted)}.")
    for name in ("unit", "x_unit", "y_unit", "window"):
        before, after = getattr(ideal, name, None), getattr(distorted, name, None)
        require(before == after, f"The {name} {before} comes out as {after}.")
    require(np.array_equal(getattr(ideal, "x", 0), getattr(distorted, "x", 0)), "The axis comes out changed.")
    require(all(np.isfinite(array).all() for array in numbers(distorted)), "Numbers come out that are not finite.")
    if isinstance(distorted, Peaks):
        order = np.sort(distorted.positions, axis=1)
        require(np.array_equal(order, distorted.positions, equal_nan=True), "Peaks come out unordered; use moved().")


@check("distortion")
def draws_only_from_its_generator(subject: DistortionSubject) -> None:
    """The same seed gives the same signals: all randomness comes from the generator that it is handed."""
    one, other = (subject.distorted(subject.signal) for _ in range(2))
    require_same_signal(one, other, "Two runs with one seed differ; draw from the generator alone.")


@check("distortion")
def leaves_its_argument_alone(subject: DistortionSubject) -> None:
    """The ideal signals stay as they are: they are distorted anew in every epoch."""
    ideal = subject.signal
    kept = copied(ideal)
    subject.distorted(ideal)
    require_same_signal(kept, ideal, "The ideal signal has been changed in place; work on a copy.")


@check("distortion")
def refuses_other_signals_in_words(subject: DistortionSubject) -> None:
    """A signal of a kind that it is not made for is distorted or refused with an error of ours.

    Users combine components of different plugins; a wrong combination must end in a sentence, not in a traceback.
    """
    for material in subject.bench.synthetic:
        answer_or_refusal(partial(subject.distorted, material.signal), f"To distort {material.label}")
