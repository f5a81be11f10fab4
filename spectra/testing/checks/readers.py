"""Checks of readers."""

from __future__ import annotations

from functools import partial

import numpy as np

from spectra.core.errors import SpectraError
from spectra.core.measurements import Condition, Measurement, RawFile
from spectra.testing.checking import NotApplicable, answer_or_refusal, check, require, require_said
from spectra.testing.comparing import numbers, require_same_signal
from spectra.testing.subjects import Subject

_JUNK = {
    "An empty file": b"",
    "A file of zeros": bytes(1000),
    "Binary junk": np.random.default_rng(0).bytes(1000),
    "A photograph": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + np.random.default_rng(1).bytes(500),
    "A text without numbers": "Dear colleague,\nattached is what you asked for — at 20 °C.\n".encode(),
    "A text in another encoding": "Grüße, Ångström, µm\n".encode("latin-1"),
    "A table of NaN": b"nan nan\nnan nan\n" * 5,
    "A truncated XML file": b"<?xml version='1.0'?><data><scan>1 2 3",
    "A truncated zip archive": b"PK\x03\x04" + bytes(60),
}


@check("reader")
def refuses_junk_in_words(subject: Subject) -> None:
    """An empty file, binary junk and text without data are refused with an error of ours that names the file.

    A technique tries its readers one after the other: what is not an error of ours ends that with a traceback.
    """
    for what, content in _JUNK.items():
        answer = answer_or_refusal(partial(subject.make().read, RawFile(name="junk.dat", content=content)), what)
        require(isinstance(answer, SpectraError), f"{what} is read as if it were a measurement.")
        require("junk.dat" in str(answer), f"{what} is refused without naming the file: {answer}")


@check("reader")
def reads_a_measured_file(subject: Subject) -> None:
    """A measurement holds one finite spectrum, the file as it came, and the reader's name; twice the same."""
    for file, measurement in _read(subject):
        _require_measurement(measurement, file, subject.entry.component.name)
        again = subject.make().read(file)
        require_same_signal(measurement.signal, again.signal, f"{file.name} read twice differs.")


@check("reader")
def gives_the_kinds_that_it_says(subject: Subject) -> None:
    """The signal that it reads is of a kind that its description gives."""
    for _, measurement in _read(subject):
        require_said(measurement.signal.kind, subject.entry.component.gives, "gives")


@check("reader")
def its_conditions_are_valid(subject: Subject) -> None:
    """Conditions have different names, finite values and known units; temperatures are in kelvin.

    Queries such as ``temperature>300 K`` compare them.
    """
    held = [condition for _, measurement in _read(subject) for condition in measurement.conditions]
    if not held:
        raise NotApplicable("the measured files that it reads state no conditions")
    for _, measurement in _read(subject):
        names = [condition.name for condition in measurement.conditions]
        require(len(set(names)) == len(names), f"Two conditions have one name: {', '.join(names)}.")
    for condition in held:
        text = f"{condition.name}={condition.value!r} {condition.unit}"
        parsed = answer_or_refusal(partial(Condition.parse, text), f"The condition {text!r}")
        require(not isinstance(parsed, SpectraError), f"The condition {text!r} is invalid: {parsed}")
        require(parsed.unit == condition.unit, f"The condition {text!r} is queried in {parsed.unit}; convert it.")


def _read(subject: Subject) -> list[tuple[RawFile, Measurement]]:
    """Return the measured files that it reads, and what it reads.

    Raises
    ------
    NotApplicable
        If there is none.
    """
    answers = [
        (file, answer_or_refusal(partial(subject.make().read, file), f"To read {file.name}"))
        for file in subject.bench.files()
    ]
    read = [(file, answer) for file, answer in answers if not isinstance(answer, SpectraError)]
    if not read:
        raise NotApplicable(f"it reads none of the measured files that were given: {answers[0][1]}")
    return read


def _require_measurement(measurement: Measurement, file: RawFile, reader: str) -> None:
    require(isinstance(measurement, Measurement), f"{file.name} is read as {type(measurement).__name__}.")
    require(len(measurement.signal) == 1, f"{file.name} is read as {len(measurement.signal)} spectra, not as one.")
    require(all(np.isfinite(a).all() for a in numbers(measurement.signal)), f"{file.name} is read with gaps (NaN).")
    require(measurement.file == file, "The measurement does not keep the file that it was read from.")
    require(measurement.reader == reader, f"The measurement names the reader {measurement.reader!r}, not {reader!r}.")
