"""The workflow *analyze*: read, encode, predict, refine, put on record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from spectra.core.catalogue import Catalogue
from spectra.core.errors import InputError, NotFoundError
from spectra.core.measurements import Measurement, RawFile
from spectra.core.progress import Progress
from spectra.core.samples import Sample
from spectra.core.store import ModelRecord, PredictionRecord, Store
from spectra.core.technique import EstimatedQuantity, Recipe, Result, Technique
from spectra.core.workflows.environment import environment
from spectra.core.workflows.train import load_model, train


@dataclass(frozen=True, kw_only=True, eq=False)
class Analysis:
    """A finished analysis: what was found, and the records that keep it."""

    result: Result
    prediction: PredictionRecord
    model: ModelRecord
    trained_now: bool


@dataclass(frozen=True, kw_only=True)
class Context:
    """Who asked for a prediction and how, for the record."""

    command: str
    operator: str
    tags: tuple[str, ...] = ()


def read_measurement(
    catalogue: Catalogue,
    technique: Technique,
    sample: Sample,
    path: Path,
    *,
    reader: str | None = None,
    parameters: Mapping[str, Any] | None = None,
) -> Measurement:
    """Read a measured file with ``reader``, or with the first of the technique's readers that understands it.

    Raises
    ------
    InputError
        If no reader does (the sentence is that of the first one), or measurement and sample do not go together.
    """
    file = RawFile.read(path)
    first_error: InputError | None = None
    for name in [reader] if reader else technique.readers:
        try:
            measurement = catalogue.reader(catalogue.choose("reader", name, parameters)).read(file)
        except InputError as error:
            first_error = first_error or error
        else:
            return technique.prepare(measurement, sample)
    raise first_error or NotFoundError("The technique names no reader.")


def analyze(
    store: Store,
    catalogue: Catalogue,
    technique: Technique,
    sample: Sample,
    measurement: Measurement,
    recipe: Recipe,
    *,
    model_id: str | None = None,
    seed: int | None = None,
    context: Context,
    progress: Progress,
) -> Analysis:
    """Predict and refine the quantities behind one measurement.

    A model of this recipe is taken from the registry, or trained first if there is none.

    Parameters
    ----------
    measurement
        From :func:`read_measurement`.
    model_id
        Take this model instead, whatever its recipe; it must be of the same technique and sample.
    seed
        Take only a model trained with this seed.

    Raises
    ------
    InputError
        If ``model_id`` is a model of another sample, or the refiner cannot work with the measurement.
    """
    record = _find_model(store, sample, recipe, model_id=model_id, seed=seed)
    trained_now = record is None
    if record is None:
        progress.say(f"No model of {sample.name!r} is on record for this recipe; training one now.")
        record = train(store, catalogue, technique, sample, recipe, seed=seed or 0, progress=progress)
    model = load_model(store, catalogue, record)
    quantities = model.quantities

    network = model.predict(measurement.signal)
    forward = catalogue.forward_model(Recipe.model_validate(record.recipe).forward_model, sample)
    refinement = None
    derived: Sequence[EstimatedQuantity] = ()
    if recipe.refiner is not None:
        refinement = catalogue.refiner(recipe.refiner).refine(
            measurement.signal, forward, starts=network.starts(0, quantities), quantities=quantities
        )
        derived = technique.derive(sample, refinement)
    result = Result(
        sample=sample,
        measurement=measurement,
        model=model,
        quantities=quantities,
        network=network,
        refinement=refinement,
        derived=tuple(derived),
    )

    sample_record = store.add_sample(sample)
    prediction = store.add_prediction(
        model=record,
        measurement=store.add_measurement(measurement, sample=sample_record, tags=context.tags),
        quantities=_estimated(result),
        misfit=refinement.misfit if refinement else None,
        misfit_unit=refinement.misfit_unit if refinement else "",
        report=_report(result, recipe, technique.remarks(result)),
        command=context.command,
        operator=context.operator,
        environment=environment(),
        tags=context.tags,
    )
    return Analysis(result=result, prediction=prediction, model=record, trained_now=trained_now)


def _find_model(
    store: Store, sample: Sample, recipe: Recipe, *, model_id: str | None, seed: int | None
) -> ModelRecord | None:
    if model_id is None:
        return store.find_model(
            technique=sample.technique, sample_digest=sample.digest, recipe_digest=recipe.digest, seed=seed
        )
    record = store.get_model(model_id)
    if store.get_sample(record.sample_id).digest != sample.digest:
        raise InputError(
            f"The model {record.id} was trained for the sample {record.sample_name!r}, whose facts differ from those "
            f"of {sample.name!r}.",
            hint="A model serves one specimen; leave out --model, or give the sample file that it was trained with.",
        )
    return record


def _estimated(result: Result) -> list[EstimatedQuantity]:
    """Return the refined quantities, the network's own, and what was derived, for the record."""
    estimated = []
    if result.refinement is not None:
        deviations = np.sqrt(np.diag(result.refinement.covariance))
        for quantity, value, std in zip(result.quantities, result.refinement.values, deviations, strict=True):
            known = bool(np.isfinite(std))
            estimated.append(
                EstimatedQuantity(
                    name=quantity.name,
                    unit=quantity.unit,
                    method="refined",
                    value=float(value),
                    std=float(std) if known else None,
                    note="" if known else "not determined; see the notes of the prediction",
                )
            )
    mean, spread = result.network.mean[0], result.network.spread[0]
    for quantity, value, std in zip(result.quantities, mean, spread, strict=True):
        estimated.append(
            EstimatedQuantity(
                name=quantity.name, unit=quantity.unit, method="network", value=float(value), std=float(std)
            )
        )
    return [*estimated, *result.derived]


def _report(result: Result, recipe: Recipe, remarks: Sequence[str]) -> dict[str, Any]:
    refinement = result.refinement
    notes = [*result.measurement.notes, *(refinement.notes if refinement else ()), *remarks]
    report: dict[str, Any] = {"notes": notes, "tables": {}, "refiner": None, "covariance": None}
    if refinement is not None and recipe.refiner is not None:
        report |= {
            "tables": {table.name: table.document() for table in refinement.tables},
            "refiner": recipe.refiner.model_dump(mode="json"),
            "covariance": [[x if np.isfinite(x) else None for x in row] for row in refinement.covariance.tolist()],
        }
    return report
