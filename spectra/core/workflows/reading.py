"""From measured files to a measurement: a reader for each file, and on record how each was read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from spectra.core.basics.documents import nearest
from spectra.core.errors import InputError, NotFoundError
from spectra.core.formats.bundles import BUNDLE, is_zip, pack_files, unpack_files
from spectra.core.inventory.catalogue import Catalogue
from spectra.core.measurements import Condition, Measurement, RawFile
from spectra.core.recipe import Choice
from spectra.core.session import Specimen
from spectra.core.signals import Bundle, Image, Peaks, Places, Profile, Signal
from spectra.core.technique import Technique


def read_measurement(
    catalogue: Catalogue,
    specimen: Specimen,
    path: Path | Mapping[str, Path],
    *,
    reader: str | Mapping[str, str] | None = None,
    parameters: Mapping[str, Any] | None = None,
    processors: Sequence[Choice] | None = None,
    conditions: Sequence[Condition] = (),
    several: bool = False,
) -> Measurement:
    """Read a measured file with ``reader``, or with the first of the technique's readers that understands it.

    What it read goes through the processors, and is then prepared by the technique.

    Parameters
    ----------
    path
        For a technique of several parts: their files by part, or one file that is a bundle of them.
    reader, parameters
        For a technique of several parts: by part.
    processors
        In their order; by default the technique's, as far as they take what was read.
    conditions
        What was held while it was taken, in place of what the file says under the same name.
    several
        Whether the task takes a stack of more than one spectrum.

    Raises
    ------
    InputError
        If no reader understands a file, a part is not the technique's or has no file, a processor cannot work with it,
        measurement and sample do not go together, or there is more than one spectrum.
    """
    measurement = as_read(catalogue, specimen, path, reader=reader, parameters=parameters, conditions=conditions)
    if processors is None:
        processors = usual_processors(catalogue, specimen, measurement)
    return prepared(catalogue, specimen, measurement, processors, several=several)


def as_read(
    catalogue: Catalogue,
    specimen: Specimen,
    file: Path | RawFile | Mapping[str, Path],
    *,
    reader: str | Mapping[str, str] | None = None,
    parameters: Mapping[str, Any] | None = None,
    conditions: Sequence[Condition] = (),
) -> Measurement:
    """Read a measured file as :func:`read_measurement` does, and leave it neither processed nor prepared."""
    readers = specimen.technique.readers
    if isinstance(readers, Mapping):
        if isinstance(reader, str):
            raise InputError(
                f"The reader {reader!r} is for one of the parts {', '.join(readers)}.",
                hint=f"Say for which, as in '{next(iter(readers))}={reader}'.",
            )
        measurement = _read_first_bundle(catalogue, readers, file, reader or {}, parameters or {})
    elif isinstance(file, Mapping) or isinstance(reader, Mapping):
        raise InputError(f"The technique {specimen.sample.technique!r} takes one file, not one for each part.")
    else:
        raw = file if isinstance(file, RawFile) else RawFile.read(file)
        measurement = _read_first(catalogue, [reader] if reader else readers, raw, parameters)
    held = {condition.name: condition for condition in (*measurement.conditions, *conditions)}
    return replace(measurement, conditions=tuple(held.values()))


def usual_processors(catalogue: Catalogue, specimen: Specimen, measurement: Measurement) -> list[Choice]:
    """Return the processors of the technique that take what was read."""
    choices = [catalogue.choose("processor", name) for name in getattr(specimen.technique, "processors", ())]
    return [choice for choice in choices if _suits(catalogue, choice, measurement)]


def chosen_processors(
    catalogue: Catalogue, names: Sequence[str] | None, parameters: MutableMapping[str, Any]
) -> list[Choice] | None:
    """Return the processors in the order in which they are named, and take their parameters out of those of all."""
    if names is None:
        return None
    return [catalogue.choose("processor", name, parameters.pop(name, None)) for name in names]


def prepared(
    catalogue: Catalogue,
    specimen: Specimen,
    measurement: Measurement,
    processors: Sequence[Choice],
    *,
    several: bool = False,
) -> Measurement:
    """Let what was read go through processors, and the technique prepare it.

    Raises
    ------
    InputError
        If a processor or the technique cannot work with it, or it holds more than one spectrum.
    """
    raw = measurement
    for choice in processors:
        if not _suits(catalogue, choice, measurement):
            takes = " or ".join(catalogue.find("processor", choice.name).component.takes)
            raise InputError(
                f"The processor {choice.name!r} takes {takes}, and {measurement.file.name} is a "
                f"{measurement.signal.kind} by then."
            )
        measurement = catalogue.processor(choice).process(measurement)
    measurement = replace(
        raw,
        signal=measurement.signal,
        details=measurement.details,
        notes=measurement.notes,
        processing=tuple(processors),
    )
    measurement = specimen.technique.prepare(measurement, specimen.sample)
    if _spectra(measurement.signal) != 1 and not several:
        raise InputError(
            f"{measurement.file.name} holds {_spectra(measurement.signal)} spectra; an analysis takes one.",
            hint="Save each in a file of its own, or choose one with a parameter of the reader.",
        )
    return measurement


def _spectra(signal: Signal) -> int:
    """Return how many spectra a measured signal holds; the places of one picture are one."""
    return len(signal.pictures) if isinstance(signal, Places) else len(signal)


def _suits(catalogue: Catalogue, processor: Choice, measurement: Measurement) -> bool:
    takes = catalogue.find("processor", processor.name).component.takes
    return not takes or measurement.signal.kind in takes


def read(catalogue: Catalogue, technique: Technique, file: RawFile, reading: Choice) -> Measurement:
    """Read a file as ``reading`` says, and keep that.

    Raises
    ------
    InputError
        If a reader does not understand it, or the technique or the file has not the parts that were read.
    """
    if reading.name != BUNDLE:
        return _read_alone(catalogue, file, reading)
    readings, files = part_readings(reading), unpack_files(file)
    parts = technique.readers if isinstance(technique.readers, Mapping) else {}
    _check_known(parts, readings)
    _check_there(files, readings)
    measured = {}
    for part in parts:
        if part in readings:
            with _naming(part):
                measured[part] = _read_alone(catalogue, files[part], readings[part])
    return _bundled(file, measured)


def part_readings(reading: Choice) -> dict[str, Choice]:
    """Return how each part of a bundle was read."""
    return {part: Choice.model_validate(choice) for part, choice in reading.parameters.items()}


def default_reading(catalogue: Catalogue, reader: str) -> Choice:
    """Return the reading by what the record of a measurement calls its reader, with default parameters."""
    if "=" not in reader:
        return catalogue.choose("reader", reader)
    names = dict(term.split("=", 1) for term in reader.split())
    return _bundle_choice({part: catalogue.choose("reader", name) for part, name in names.items()})


def _read_first_bundle(
    catalogue: Catalogue,
    readers: Mapping[str, Sequence[str]],
    path: Path | RawFile | Mapping[str, Path],
    chosen: Mapping[str, str],
    parameters: Mapping[str, Mapping[str, Any]],
) -> Measurement:
    """Read each part with the first of its readers, or of those chosen, that understands it."""
    if isinstance(path, Mapping):
        _check_known(readers, path)
        file = pack_files({part: RawFile.read(one) for part, one in path.items()})
    else:
        file = path if isinstance(path, RawFile) else RawFile.read(path)
        if not is_zip(file):
            raise InputError(
                f"{file.name} is one file; the technique takes one for each of its parts {', '.join(readers)}.",
                hint=f"Give them as '{' '.join(f'{part}=FILE' for part in readers)}'.",
            )
    files = unpack_files(file)
    _check_known(readers, files)
    for given in (chosen, parameters):
        _check_known(readers, given)
        _check_there(files, given)
    measured = {}
    for part, names in readers.items():
        if part in files:
            tried = [chosen[part]] if part in chosen else names
            with _naming(part):
                measured[part] = _read_first(catalogue, tried, files[part], parameters.get(part))
    return _bundled(file, measured)


def _read_first(
    catalogue: Catalogue, names: Sequence[str], file: RawFile, parameters: Mapping[str, Any] | None
) -> Measurement:
    """Read a file with the first of several readers that understands it."""
    refusals: dict[str, InputError] = {}
    for name in names:
        try:
            return _read_alone(catalogue, file, catalogue.choose("reader", name, parameters))
        except InputError as error:
            refusals[name] = error
    if not refusals:
        raise NotFoundError("The technique names no reader.")
    if len(refusals) == 1:
        raise next(iter(refusals.values()))
    raise InputError(
        "\n".join([f"No reader understands {file.name}.", *(f"  {name}: {error}" for name, error in refusals.items())]),
        hint="Correct what the reader of its format says; the others do not matter.",
    )


def _read_alone(catalogue: Catalogue, file: RawFile, reading: Choice) -> Measurement:
    return replace(catalogue.reader(reading).read(file), reading=reading)


def _bundled(file: RawFile, measured: Mapping[str, Measurement]) -> Measurement:
    """Make one measurement of those of the parts."""
    signals: dict[str, Peaks | Profile | Image] = {}
    readings: dict[str, Choice] = {}
    for part, one in measured.items():
        if isinstance(one.signal, (Bundle, Places)) or one.reading is None:
            raise InputError(f"{part}: {one.file.name} holds several signals; a part is a single one.")
        signals[part], readings[part] = one.signal, one.reading
    return Measurement(
        signal=Bundle(parts=signals),
        file=file,
        reader=" ".join(f"{part}={reading.name}" for part, reading in readings.items()),
        details={part: dict(one.details) for part, one in measured.items()},
        notes=tuple(f"{part}: {note}" for part, one in measured.items() for note in one.notes),
        conditions=tuple({c.name: c for one in measured.values() for c in one.conditions}.values()),
        reading=_bundle_choice(readings),
    )


def _bundle_choice(readings: Mapping[str, Choice]) -> Choice:
    return Choice(name=BUNDLE, parameters={part: one.model_dump(mode="json") for part, one in readings.items()})


def _check_known(parts: Iterable[str], given: Iterable[str]) -> None:
    """Refuse a part that the technique does not have."""
    known = list(parts)
    for part in given:
        if part not in known:
            listed = f"its parts are {', '.join(known)}" if known else "it has none"
            raise InputError(f"The technique has no part {part!r}{nearest(part, known)}; {listed}.")


def _check_there(files: Mapping[str, RawFile], given: Iterable[str]) -> None:
    """Refuse a part that is to be read where there is no file for it."""
    for part in given:
        if part not in files:
            raise InputError(f"There is no file for the part {part!r}.", hint=f"Give one with '{part}=FILE'.")


@contextmanager
def _naming(part: str) -> Iterator[None]:
    """Say in an error which part it is about."""
    try:
        yield
    except InputError as error:
        raise InputError(f"{part}: {error.message}", hint=error.hint) from error
