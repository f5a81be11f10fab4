"""What is on record as what it was: a sample, a measurement, and how a prediction was made of them."""

from __future__ import annotations

from pydantic import ValidationError

from spectra.core.catalogue import Catalogue
from spectra.core.documents import describe_validation_error
from spectra.core.errors import InputError
from spectra.core.measurements import Measurement, RawFile
from spectra.core.recipe import Choice
from spectra.core.samples import Sample
from spectra.core.store import MeasurementRecord, PredictionRecord, SampleRecord, Store
from spectra.core.technique import Technique
from spectra.core.workflows.reading import read


def recorded_sample(store: Store, technique: Technique, record: SampleRecord) -> Sample:
    """Return the sample as its file had it, with what was attached to that.

    Raises
    ------
    InputError
        If the technique no longer understands it, or an attachment is missing.
    """
    try:
        return technique.sample_schema.model_validate(record.document, context={"artefact": store.read_artefact})
    except ValidationError as error:
        fault = describe_validation_error(error, technique.sample_schema)
        raise InputError(
            f"The sample {record.name!r} ({record.id}) on record can no longer be read: {fault}.",
            hint="If its technique has changed since, use the version that made the record.",
        ) from error


def recorded_measurement(
    store: Store, catalogue: Catalogue, technique: Technique, sample: Sample, record: MeasurementRecord, reader: Choice
) -> Measurement:
    """Read a measured file again, from the bytes on record.

    Raises
    ------
    InputError
        If the reader no longer understands it, or it is no measurement of ``sample``.
    RegistryError
        If the bytes are missing or damaged.
    """
    file = RawFile(name=record.file_name, content=store.read_artefact(record.artefact))
    return technique.prepare(read(catalogue, technique, file, reader), sample)


def recorded_reader(prediction: PredictionRecord) -> Choice | None:
    """Return the reader of its file with its parameters; None if the record is too old to tell the parameters."""
    reader = prediction.report.get("reader")
    return Choice.model_validate(reader) if reader else None


def recorded_refiner(prediction: PredictionRecord) -> Choice | None:
    """Return the refiner of a prediction, None if it was not refined.

    Raises
    ------
    InputError
        If the record does not tell.
    """
    if "refiner" not in prediction.report:
        raise InputError(
            f"The record of the prediction {prediction.id} does not tell how it was refined.",
            hint="It was put there by another program than spectra; analyze its file again.",
        )
    refiner = prediction.report["refiner"]
    return Choice.model_validate(refiner) if refiner else None
