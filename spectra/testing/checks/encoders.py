"""Checks of encoders."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from inspect import signature
from math import prod
from typing import Any

import numpy as np

from spectra.core.components import PartitioningEncoder, ShapingEncoder
from spectra.core.errors import SpectraError
from spectra.core.signals import Bundle, Image, Peaks, Places, Profile, Signal, take, to_arrays
from spectra.testing.checking import NotApplicable, answer_or_refusal, check, require
from spectra.testing.comparing import ROUNDING, copied, require_same, require_same_signal
from spectra.testing.fresh_process import restored_answer
from spectra.testing.subjects import SEED, EncoderSubject


@check("encoder")
def encodes_some_signal(subject: EncoderSubject) -> None:
    """It works with what a technique on trial simulates, or with synthetic peaks, a profile, an image or a bundle."""
    require(subject.accepted, f"It encodes none of the signals of any kind that were tried. {subject.said}")


@check("encoder")
def takes_the_kinds_that_it_says(subject: EncoderSubject) -> None:
    """It works with the kinds of signal that its description takes; recipes with others are refused."""
    subject.require_taken()


@check("encoder")
def fit_returns_the_encoder(subject: EncoderSubject) -> None:
    """``fit`` returns self, so that it can be called where the encoder is made."""
    signal, encoder = subject.signal, subject.make()
    require(subject.fitted(signal, encoder=encoder) is encoder, "fit() returns something else than self.")


@check("encoder")
def gives_a_row_of_finite_float32_for_each_signal(subject: EncoderSubject) -> None:
    """Features have the shape (n, d) with one d for all stacks, are float32, and finite: networks are fed with them."""
    signal = subject.signal
    encoder = subject.fitted(signal)
    features = encoder.encode(signal)
    require(isinstance(features, np.ndarray) and features.ndim == 2, "Features are not an array of shape (n, d).")
    require(len(features) == len(signal), f"{len(signal)} signals give {len(features)} rows of features.")
    require(features.dtype == np.float32, f"Features are {features.dtype}, not float32.")
    require(np.isfinite(features).all(), "Features are not finite.")
    fewer = encoder.encode(take(signal, slice(0, 3))).shape
    require(fewer == (3, features.shape[1]), f"Three signals give features of shape {fewer}.")
    if isinstance(encoder, PartitioningEncoder):
        sizes = encoder.sizes()
        require(sum(sizes) == features.shape[1], f"Parts of {sizes} features do not make up {features.shape[1]}.")


@check("encoder")
def its_shapes_make_up_its_features(subject: EncoderSubject) -> None:
    """``shapes`` gives one shape for each part, and together they hold as many numbers as a row of features.

    Networks for pictures put the features back into these shapes.
    """
    signal = subject.signal
    encoder = subject.fitted(signal)
    if not isinstance(encoder, ShapingEncoder):
        raise NotApplicable("it has no shapes()")
    shapes, width = encoder.shapes(), encoder.encode(signal).shape[1]
    require(
        all(isinstance(shape, tuple) for shape in shapes), f"Its shapes are {shapes!r}; give a tuple for each part."
    )
    sizes = tuple(prod(shape) for shape in shapes)
    require(sum(sizes) == width, f"Shapes {shapes} hold {sum(sizes)} numbers; there are {width} features.")
    parts = encoder.sizes() if isinstance(encoder, PartitioningEncoder) else (width,)
    require(sizes == tuple(parts), f"Shapes {shapes} are of parts of {sizes} features; its parts have {tuple(parts)}.")


@check("encoder")
def encodes_a_batch_as_its_members(subject: EncoderSubject) -> None:
    """A signal has the same features alone and among others: training sees batches, an analysis one measurement."""
    signal = subject.signal
    encoder = subject.fitted(signal)
    together, alone = encoder.encode(take(signal, slice(0, 3))), encoder.encode(take(signal, slice(1, 2)))
    require_same({"features": together[1:2]}, {"features": alone}, "Alone it is another.", tolerance=ROUNDING)


@check("encoder")
def learns_the_same_again(subject: EncoderSubject) -> None:
    """Fitted twice on the same signals it gives the same features.

    Randomness comes from the generator that is handed to a ``fit`` with an argument ``rng``, and from nowhere else.
    """
    signal = subject.signal
    one, other = ({"features": subject.encoded(signal)} for _ in range(2))
    require_same(one, other, "Two encoders of the same signals differ.", tolerance=ROUNDING)


@check("encoder")
def leaves_its_argument_alone(subject: EncoderSubject) -> None:
    """The signals stay as they are."""
    signal = subject.signal
    kept = copied(signal)
    subject.encoded(signal)
    require_same_signal(kept, signal, "The signal has been changed in place; work on a copy.")


@check("encoder")
def leaves_its_targets_alone(subject: EncoderSubject) -> None:
    """The targets that a ``fit`` asks for stay as they are: the regressor learns from them afterwards."""
    signal = subject.signal
    if "targets" not in signature(subject.make().fit).parameters:
        raise NotApplicable("its fit() asks for no targets")
    targets = np.random.default_rng(SEED).random((len(signal), 2))
    kept = targets.copy()
    subject.fitted(signal, targets=targets)
    require(np.array_equal(kept, targets), "The targets have been changed in place; work on a copy.")


@check("encoder")
def its_state_works_in_a_new_process(subject: EncoderSubject) -> None:
    """What ``get_state`` returns makes another instance give the same features, in a process that never saw ``fit``.

    A model file holds nothing but this state and the parameters.
    """
    signal = subject.signal
    encoder = subject.fitted(signal)
    restored = restored_answer(
        subject.entry.component, subject.choice.parameters, encoder.get_state(), to_arrays(signal)
    )
    asked = {"features": encoder.encode(signal)}
    require_same(asked, restored, "After saving and loading it is another.", tolerance=ROUNDING)


@check("encoder")
def refuses_other_signals_in_words(subject: EncoderSubject) -> None:
    """A signal of another kind is encoded or refused with an error of ours, to fit on and to encode.

    Users combine components of different plugins; a wrong combination must end in a sentence, not in a traceback.
    """
    encoder = subject.fitted(subject.signal)
    for material in subject.bench.synthetic:
        signal = material.signal
        answer_or_refusal(partial(subject.encoded, signal), f"To fit it on {material.label}")
        if signal.kind != subject.signal.kind:
            answer_or_refusal(partial(encoder.encode, signal), f"To encode {material.label}")


@check("encoder")
def never_turns_gaps_into_features(subject: EncoderSubject) -> None:
    """A measurement with NaN in it, or without a single peak, gives finite features or an error of ours.

    NaN would pass through the regressor and come out as an answer. Only a place that lies in a gap of its picture may
    have features that are all NaN: a map is blank there.
    """
    signal = subject.signal
    encoder = subject.fitted(signal)
    answer = answer_or_refusal(lambda: encoder.encode(_with_gaps(take(signal, slice(0, 2)))), "A signal with gaps")
    if isinstance(answer, SpectraError):
        return
    if isinstance(signal, Places) and np.isnan(answer[0]).all():
        answer = answer[1:]
    require(
        bool(np.isfinite(answer).all()),
        "A signal with gaps gives features that are not finite; raise an InputError.",
    )


def _with_gaps(signal: Signal) -> Signal:
    """Return the signal without its peaks, or with NaN at one place."""
    match signal:
        case Bundle():
            parts: dict[str, Any] = {name: _with_gaps(part) for name, part in signal.parts.items()}
            return replace(signal, parts=parts)
        case Peaks():
            return signal.moved(np.full_like(signal.positions, np.nan))
        case Profile():
            return replace(signal, y=np.where(np.arange(len(signal.x)) == len(signal.x) // 2, np.nan, signal.y))
        case Image():
            pixels = signal.pixels.copy()
            pixels[:, 0, 0, :] = np.nan
            return replace(signal, pixels=pixels)
        case Places():
            pictures = signal.pictures.astype(np.float32)
            pictures[tuple(signal.places[0])] = np.nan
            return replace(signal, pictures=pictures)
