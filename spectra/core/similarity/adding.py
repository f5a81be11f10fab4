"""The workflow *add*: measured files on record without an analysis, to be found and compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from spectra.core.errors import InputError, SpectraError, fault
from spectra.core.formats.metadata import Metadata, found_for
from spectra.core.measurements import Condition, Measurement, RawFile
from spectra.core.samples import Sample
from spectra.core.session import Session, Specimen
from spectra.core.similarity.items import ARCHIVE, with_reading
from spectra.core.store import MeasurementRecord, SampleRecord
from spectra.core.workflows.reading import default_reading, read_measurement

PICTURES = (".png", ".tif", ".tiff", ".jpg", ".jpeg")


@dataclass(frozen=True, kw_only=True)
class Added:
    """One file: the record of its measurement, or why there is none."""

    path: Path
    record: MeasurementRecord | None
    error: str = ""


def add_measurements(
    session: Session,
    paths: Sequence[Path],
    *,
    specimen: Specimen | None = None,
    sample: str = "archive",
    reader: str | None = None,
    parameters: Mapping[str, Any] | None = None,
    metadata: Mapping[str, Metadata] | None = None,
    conditions: Sequence[Condition] = (),
    tags: Sequence[str] = (),
) -> Iterator[Added]:
    """Put measured files on record, one after the other; one that cannot be read does not stop the others.

    Parameters
    ----------
    specimen
        What they were measured on, and how its technique reads them.
    sample
        Without ``specimen``: name of the sample of those for which ``metadata`` names none. Such samples are only kept.
    reader
        Without ``specimen``: reader of the files; pictures need none.
    metadata
        Of the files, see :func:`~spectra.core.formats.metadata.read_metadata`.
    conditions, tags
        Of all of them.
    """
    samples: dict[str, SampleRecord] = {}
    measured_on = None if specimen is None else session.store.add_sample(specimen.sample)
    with session.progress.task("Adding files", len(paths)) as advance:
        for path in paths:
            known = found_for(metadata or {}, path) or Metadata()
            held = {condition.name: condition for condition in (*known.conditions, *conditions)}
            try:
                measurement = _read(session, path, specimen, reader, parameters)
                held |= {c.name: c for c in measurement.conditions if c.name not in held}
                details = {**measurement.details, "description": known.note} if known.note else measurement.details
                measurement = replace(measurement, conditions=tuple(held.values()), details=details)
                name = known.sample or sample
                if measured_on is None and name not in samples:
                    samples[name] = session.store.add_sample(_kept(name))
                owner = measured_on or samples[name]
                record = session.store.add_measurement(measurement, sample=owner, tags=(*known.tags, *tags))
                yield Added(path=path, record=record)
            except SpectraError as error:
                yield Added(path=path, record=None, error=str(error))
            except Exception as error:  # whatever a stranger's reader does with one file, the others are added
                yield Added(path=path, record=None, error=fault(error))
            advance(1)


def read_alone(session: Session, path: Path, reader: str | None, parameters: Mapping[str, Any] | None) -> Measurement:
    """Read a file that belongs to no sample, by the reader that is named or, a picture, by that of pictures.

    Raises
    ------
    InputError
        If it cannot be read, or no reader is named and it is no picture.
    """
    catalogue = session.catalogue
    if reader is None:
        if path.suffix.lower() not in PICTURES:
            readers = ", ".join(entry.component.name for entry in catalogue.entries("reader"))
            raise InputError(
                f"{path.name} is no picture, and nothing says how to read it.",
                hint=f"Name the sample with --sample, or a reader with --reader: {readers}.",
            )
        reader = "picture"
    choice = catalogue.choose("reader", reader, parameters)
    measurement = replace(catalogue.reader(choice).read(RawFile.read(path)), reading=choice)
    return with_reading(default_reading(catalogue, reader), measurement)


def _read(
    session: Session,
    path: Path,
    specimen: Specimen | None,
    reader: str | None,
    parameters: Mapping[str, Any] | None,
) -> Measurement:
    if specimen is None:
        return read_alone(session, path, reader, parameters)
    measurement = read_measurement(session.catalogue, specimen, path, reader=reader, parameters=parameters)
    return with_reading(default_reading(session.catalogue, measurement.reader), measurement)


def _kept(name: str) -> Sample:
    try:
        return Sample(name=name, technique=ARCHIVE)
    except ValueError as error:
        raise InputError(
            f"{name!r} cannot be the name of a sample.", hint="Use letters, digits, blanks and any of . + - _."
        ) from error
