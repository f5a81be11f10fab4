"""What is on record as what it was: a measurement, and how a prediction was made of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from spectra.core.errors import InputError
from spectra.core.measurements import Measurement, RawFile
from spectra.core.recipe import Choice, Contest, Recipe
from spectra.core.session import Session, Specimen
from spectra.core.store import Json, MeasurementRecord, ModelRecord, PredictionRecord
from spectra.core.workflows.reading import prepared, read


def recorded_measurement(
    session: Session, specimen: Specimen, record: MeasurementRecord, reader: Choice, processors: Sequence[Choice] = ()
) -> Measurement:
    """Read and process a measured file again, from the bytes and the conditions on record.

    Raises
    ------
    InputError
        If the reader no longer understands it, or it is no measurement of the sample.
    RegistryError
        If the bytes are missing or damaged.
    """
    file = RawFile(name=record.file_name, content=session.store.read_artefact(record.artefact))
    measurement = read(session.catalogue, specimen.technique, file, reader)
    held = {condition.name: condition for condition in (*measurement.conditions, *record.conditions)}
    measurement = replace(measurement, conditions=tuple(held.values()))
    return prepared(session.catalogue, specimen, measurement, processors)


def recorded_recipe(model: ModelRecord, *, changed: bool = False) -> Recipe:
    """Return the recipe that makes a model again: its own, or the contest that it has won.

    Parameters
    ----------
    changed
        Whether components are to be replaced, so that there is nothing to win.
    """
    contest = None if changed else model.metrics.get("contest")
    return Recipe.model_validate(model.recipe) if contest is None else Contest.model_validate(contest)


def recorded_reader(prediction: PredictionRecord) -> Choice | None:
    """Return the reader of its file with its parameters; None if the record is too old to tell the parameters."""
    reader = prediction.report.get("reader")
    return Choice.model_validate(reader) if reader else None


def recorded_processors(prediction: PredictionRecord) -> tuple[Choice, ...]:
    """Return the processors that its measurement went through, with their parameters."""
    return tuple(Choice.model_validate(choice) for choice in prediction.report.get("processors", ()))


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


def is_recorded_choice(document: Json | None, choice: Choice | None) -> bool:
    """Say whether a choice on record is this one; a parameter that is None says nothing, and older records lack it."""
    if document is None or choice is None:
        return document is None and choice is None
    return _said(document) == _said(choice.model_dump(mode="json"))


def _said(document: Json) -> Json:
    parameters = {name: value for name, value in document["parameters"].items() if value is not None}
    return {**document, "parameters": parameters}
