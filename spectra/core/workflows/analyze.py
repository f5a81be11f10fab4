"""The workflow *analyze*: encode, predict, refine, put on record."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import numpy as np

from spectra.core.basics.files import pack_arrays, unpack_arrays
from spectra.core.errors import InputError, fault
from spectra.core.measurements import Measurement
from spectra.core.quantities import EstimatedQuantity
from spectra.core.recipe import Recipe
from spectra.core.samples import Sample
from spectra.core.session import Session, Specimen
from spectra.core.store import FIGURE, MAP, POSTERIOR, Json, MeasurementRecord, ModelRecord, PredictionRecord
from spectra.core.technique import Result
from spectra.core.workflows.environment import components_used, environment
from spectra.core.workflows.fitting import check_recipe
from spectra.core.workflows.solving import Solver, estimated, load_solver
from spectra.core.workflows.train import train

_DOCUMENT, _FILE = "document", "file "
MOST_DRAWS = 10_000
"""Of a posterior sample on record: of longer ones some are left out, evenly, for neighbours are alike anyway."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Analysis:
    """A finished analysis: what was found, and the records that keep it."""

    result: Result
    prediction: PredictionRecord
    model: ModelRecord
    trained_now: bool
    before: PredictionRecord | None
    """The newest former prediction from the same file by the same model, reader, processors and refiner."""


def analyze(
    session: Session,
    specimen: Specimen,
    measurement: Measurement,
    recipe: Recipe,
    *,
    model_id: str | None = None,
    seed: int | None = None,
    tags: Sequence[str] = (),
) -> Analysis:
    """Predict and refine the quantities behind one measurement.

    A model of this recipe is taken from the registry, or trained first if there is none.

    Parameters
    ----------
    measurement
        From :func:`~spectra.core.workflows.reading.read_measurement`.
    model_id
        Take this model instead, whatever its recipe: an identifier or an alias like ``steel@production``. It must be
        of the same technique and sample.
    seed
        Take only a model trained with this seed.
    tags
        Of the measurement and the prediction.

    Raises
    ------
    InputError
        If ``model_id`` is a model of another sample, all models of the recipe are retired, or the refiner cannot work
        with the forward model or the measurement.
    NotFoundError
        If there is no model ``model_id``.
    """
    record, trained_now = model_for(session, specimen, recipe, model_id=model_id, seed=seed)
    solver = load_solver(session, specimen, record, refining=recipe.refiner)
    result = solver.solve(measurement, progress=session.progress)
    sample = session.store.add_sample(specimen.sample)
    measured = session.store.add_measurement(measurement, sample=sample, tags=tags)
    prediction = put_on_record(session, solver, result, measured, tags=tags)
    before = _same_before(session, measured, prediction)
    return Analysis(result=result, prediction=prediction, model=record, trained_now=trained_now, before=before)


def _same_before(
    session: Session, measurement: MeasurementRecord, prediction: PredictionRecord
) -> PredictionRecord | None:
    """Return the newest former prediction that was made of the same, and say that there is one."""
    for former in session.store.predictions_of(measurement):
        same = all(former.report.get(part) == prediction.report[part] for part in ("reader", "processors", "refiner"))
        if same and former.model_id == prediction.model_id and former.id != prediction.id:
            session.progress.say(
                f"This file was analyzed with this model before: prediction {former.id}, "
                f"{former.created:%Y-%m-%d %H:%M} UTC."
            )
            return former
    return None


def model_for(
    session: Session, specimen: Specimen, recipe: Recipe, *, model_id: str | None, seed: int | None
) -> tuple[ModelRecord, bool]:
    """Return the model to use, and whether it had to be trained first; raises like :func:`analyze`."""
    sample, progress = specimen.sample, session.progress
    if model_id is not None:
        return _named_model(session, sample, model_id), False
    find = partial(
        session.store.find_model,
        technique=sample.technique,
        sample_digest=sample.digest,
        recipe_digest=recipe.digest,
        seed=seed,
    )
    if record := find():
        return record, False
    if retired := find(retired=True):
        raise InputError(
            f"The model {retired.id} of this recipe for {sample.name!r} is retired, and there is no other.",
            hint=f"Train another with 'spectra train --like {retired.id} --seed {retired.seed + 1}', choose another "
            f"recipe, take this model nevertheless with '--model {retired.id}', or bring it back with 'spectra retire "
            f"{retired.id} --undo'.",
        )
    check_recipe(session.catalogue, sample.technique, recipe)
    if recipe.refiner is not None:
        # what serves no refiner is refused before the training
        specimen.forward_model(session.catalogue, recipe.forward_model)
    progress.say(f"No model of {sample.name!r} is on record for this recipe; training one now.")
    return train(session, specimen, recipe, seed=seed or 0), True


def _named_model(session: Session, sample: Sample, model_id: str) -> ModelRecord:
    record = session.store.get_model(model_id)
    if session.store.get_sample(record.sample_id).digest != sample.digest:
        raise InputError(
            f"The model {record.id} was trained for the sample {record.sample_name!r}, whose facts differ from those "
            f"of {sample.name!r}.",
            hint="A model serves one specimen; leave out --model, or give the sample file that it was trained with.",
        )
    if record.retired is not None:
        session.progress.say(
            f"The model {record.id} is retired since {record.retired:%Y-%m-%d}; it is used because you ask."
        )
    return record


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A result as it goes on record: everything but the records that it belongs to."""

    quantities: Sequence[EstimatedQuantity]
    misfit: float | None
    misfit_unit: str
    report: Json
    environment: Json
    verdict: str | None
    files: Mapping[str, bytes]

    def pack(self) -> bytes:
        """Serialise it with its files."""
        document = asdict(self)
        files = document.pop("files")
        parts = {_DOCUMENT: json.dumps(document).encode()} | {f"{_FILE}{name}": file for name, file in files.items()}
        return pack_arrays({name: np.frombuffer(part, dtype=np.uint8) for name, part in parts.items()})

    @classmethod
    def unpack(cls, content: bytes) -> Finding:
        """Read what :meth:`pack` wrote."""
        parts = {name: array.tobytes() for name, array in unpack_arrays(content, what="finding").items()}
        document = json.loads(parts.pop(_DOCUMENT))
        quantities = [EstimatedQuantity(**quantity) for quantity in document.pop("quantities")]
        files = {name.removeprefix(_FILE): part for name, part in parts.items()}
        return cls(quantities=quantities, files=files, **document)


def put_on_record(
    session: Session, solver: Solver, result: Result, measurement: MeasurementRecord, *, tags: Sequence[str] = ()
) -> PredictionRecord:
    """Put what ``solver`` found on record, with everything that is needed to find it again."""
    return put_finding(session, solver.record, measurement, finding_of(session, solver, result), tags=tags)


def put_finding(
    session: Session,
    model: ModelRecord,
    measurement: MeasurementRecord,
    finding: Finding,
    *,
    tags: Sequence[str] = (),
) -> PredictionRecord:
    """Put what a model found in a measurement on record."""
    return session.store.add_prediction(
        model=model,
        measurement=measurement,
        quantities=finding.quantities,
        misfit=finding.misfit,
        misfit_unit=finding.misfit_unit,
        report=finding.report,
        command=session.context.command,
        operator=session.context.operator,
        environment=finding.environment,
        verdict=finding.verdict,
        files=finding.files,
        tags=tags,
    )


def finding_of(session: Session, solver: Solver, result: Result) -> Finding:
    """Return what ``solver`` found as it goes on record, with its figure."""
    refinement = result.refinement
    recipe = Recipe.model_validate(solver.record.recipe).model_copy(update={"refiner": solver.refining})
    measured = result.measurement
    parts = components_used(
        recipe, technique=result.sample.technique, reader=measured.reading, processors=measured.processing
    )
    return Finding(
        quantities=estimated(result),
        misfit=refinement.misfit if refinement else None,
        misfit_unit=refinement.misfit_unit if refinement else "",
        report=_report(solver, result),
        environment=environment(session.catalogue, parts),
        verdict=result.verdict.word if result.verdict else None,
        files=_files(session, solver, result),
    )


def _files(session: Session, solver: Solver, result: Result) -> dict[str, bytes]:
    """Return the figure, the posterior sample and the map, as far as there are any."""
    files = {}
    if session.draw is not None:
        try:
            files[FIGURE] = session.draw(solver.specimen.technique, result)
        except Exception as error:  # whatever a stranger's code draws, the numbers go on record
            session.progress.say(f"The figure could not be drawn: {fault(error)}.")
    if result.refinement is not None and result.refinement.draws is not None:
        draws = result.refinement.draws
        kept = np.unique(np.linspace(0, len(draws) - 1, min(len(draws), MOST_DRAWS)).round().astype(int))
        files[POSTERIOR] = pack_arrays({"draws": draws[kept]})
    if result.map is not None:
        files[MAP] = result.map.to_bytes()
    return files


def _report(solver: Solver, result: Result) -> dict[str, Any]:
    refinement, reading, refining = result.refinement, result.measurement.reading, solver.refining
    remarks = solver.specimen.technique.remarks(result)
    doubts = refinement.doubts if refinement and result.verdict is None else ()
    report: dict[str, Any] = {
        "notes": [*result.measurement.notes, *(refinement.notes if refinement else ()), *doubts, *remarks],
        "reasons": [*result.verdict.reasons] if result.verdict else [],
        "tables": {},
        "reader": reading.model_dump(mode="json") if reading else None,
        "processors": [choice.model_dump(mode="json") for choice in result.measurement.processing],
        "refiner": refining.model_dump(mode="json") if refining else None,
        "covariance": None,
    }
    if refinement is not None:
        report |= {
            "tables": {table.name: table.document() for table in refinement.tables},
            "diagnostics": dict(refinement.diagnostics),
            "covariance": [[x if np.isfinite(x) else None for x in row] for row in refinement.covariance.tolist()],
        }
    return report
