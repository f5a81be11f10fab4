"""Checks of processors, on a measured file, or on what is simulated or synthetic as if it were measured."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np

from spectra.core.measurements import Measurement
from spectra.core.signals import Bundle, Image, Peaks, Profile, to_arrays
from spectra.testing.checking import answer_or_refusal, check, require, require_said
from spectra.testing.comparing import copied, numbers, require_same_signal
from spectra.testing.subjects import ProcessorSubject


@check("processor")
def processes_a_measured_file(subject: ProcessorSubject) -> None:
    """It processes a measured file, a signal that a technique on trial simulates, or a synthetic one."""
    if subject.bench.measurements:
        require(subject.accepted, f"It processes none of the measurements that were tried. {subject.said}")
    _ = subject.measurement


@check("processor")
def gives_a_measurement(subject: ProcessorSubject) -> None:
    """The result is a measurement in finite numbers, with units, and with the notes of the reader among its own.

    File, reader and conditions are restored by the platform, whatever the result says.
    """
    note = "It was read with care."
    processed = subject.processed(replace(subject.measurement, notes=(note,)))
    require(isinstance(processed, Measurement), f"It returns {type(processed).__name__}, not a Measurement.")
    signal = processed.signal
    require(isinstance(signal, Peaks | Profile | Image | Bundle), f"Its signal is {type(signal).__name__}.")
    require(len(signal) > 0, "The signal is empty; raise an InputError.")
    require(all(np.isfinite(array).all() for array in numbers(signal)), "Its signal is not finite.")
    for name, array in to_arrays(signal).items():
        if name.rpartition("/")[2] in ("unit", "x_unit", "y_unit"):
            require(str(array), f"The {name} is empty; write '1' for a number without unit.")
    notes = processed.notes
    require(
        isinstance(notes, tuple) and all(isinstance(note, str) for note in notes),
        "The notes are not a tuple of sentences.",
    )
    require(note in notes, "The notes of the reader are lost; add to them.")


@check("processor")
def gives_the_kinds_that_it_says(subject: ProcessorSubject) -> None:
    """The processed signal is of a kind that its description gives."""
    require_said(subject.processed(subject.measurement).signal.kind, subject.entry.component.gives, "gives")


@check("processor")
def takes_the_kinds_that_it_says(subject: ProcessorSubject) -> None:
    """The measurement that it processes is of a kind that its description takes; others are never handed to it."""
    require_said(subject.measurement.signal.kind, subject.entry.component.takes, "takes")


@check("processor")
def processes_the_same_again(subject: ProcessorSubject) -> None:
    """The same measurement gives the same signal and notes: ``reproduce`` reads and processes the file again."""
    one, other = (subject.processed(subject.measurement) for _ in range(2))
    require_same_signal(one.signal, other.signal, "Two runs differ.")
    require(one.notes == other.notes, f"Two runs have other notes: {one.notes} and {other.notes}.")


@check("processor")
def leaves_its_argument_alone(subject: ProcessorSubject) -> None:
    """The measurement stays as it is."""
    measurement = subject.measurement
    kept, details = copied(measurement.signal), str(measurement.details)
    subject.processed(measurement)
    require_same_signal(kept, measurement.signal, "The signal has been changed in place; work on a copy.")
    require(str(measurement.details) == details, "The details have been changed in place; work on a copy.")


@check("processor")
def refuses_other_signals_in_words(subject: ProcessorSubject) -> None:
    """A signal of a kind that its description takes is processed or refused with an error of ours.

    The platform hands over no other kind; all kinds, if the description names none.
    """
    for label, measurement in subject.synthetic():
        answer_or_refusal(partial(subject.processed, measurement), f"To process {label}")
