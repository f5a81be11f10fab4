"""The workflow *reanalyze*: old measurements of a sample with another model, and what that moved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from spectra.core.basics.files import digest_document
from spectra.core.errors import SpectraError, fault
from spectra.core.inventory.catalogue import Catalogue
from spectra.core.progress import Silent
from spectra.core.recipe import Choice, Recipe
from spectra.core.session import Session, Specimen
from spectra.core.store import Json, MeasurementRecord, ModelRecord, PredictionRecord
from spectra.core.tasks import Task
from spectra.core.workflows.analyze import Finding, finding_of, model_for, put_finding, put_on_record
from spectra.core.workflows.comparison import Pair, pairs
from spectra.core.workflows.environment import saying_what_to_install
from spectra.core.workflows.reading import default_reading
from spectra.core.workflows.recorded import (
    is_recorded_choice,
    recorded_measurement,
    recorded_processors,
    recorded_reader,
)
from spectra.core.workflows.sent import (
    received_measurement,
    received_model,
    sent_drawing,
    sent_record,
    worker_session,
)
from spectra.core.workflows.solving import Solver, load_solver
from spectra.core.workflows.specimens import received_specimen, sent_specimen


@dataclass(frozen=True, kw_only=True)
class Reanalysis:
    """One old measurement, asked again.

    Parameters
    ----------
    before
        The prediction before ``now``, if there is one.
    now
        The prediction by the chosen model; ``None`` if it failed.
    known
        Whether that was on record already.
    error
        Why it failed.
    """

    measurement: MeasurementRecord
    before: PredictionRecord | None
    now: PredictionRecord | None
    known: bool = False
    error: str = ""

    @property
    def doubtful(self) -> bool:
        """Whether there is an answer and something speaks against it."""
        return self.now is not None and self.now.doubtful

    @property
    def moved(self) -> tuple[Pair, ...]:
        """The final values before and now, side by side; nothing if it failed."""
        return pairs(self.before.final if self.before else (), self.now.final) if self.now else ()


def reanalyze(
    session: Session,
    specimen: Specimen,
    measurements: Sequence[MeasurementRecord],
    recipe: Recipe,
    *,
    model_id: str | None = None,
    seed: int | None = None,
    again: bool = False,
) -> tuple[ModelRecord, tuple[Reanalysis, ...]]:
    """Analyze measurements on record with one model, and put the predictions on record.

    One that this model has answered with this refiner is left as it is, so that an interrupted call goes on where it
    stopped. One that fails does not stop the others.

    Parameters
    ----------
    specimen
        With the facts that all ``measurements`` share.
    model_id, seed
        As for :func:`~spectra.core.workflows.analyze.analyze`.
    again
        Analyze also what this model has answered.

    Returns
    -------
    model
    reanalyses
        One for each measurement, in their order.

    Raises
    ------
    InputError, NotFoundError
        If there is no model to do it; as for :func:`~spectra.core.workflows.analyze.analyze`.
    """
    model, _ = model_for(session, specimen, recipe, model_id=model_id, seed=seed)
    solver = load_solver(session, specimen, model, refining=recipe.refiner)
    asked = [_asked(session, solver, measurement, again=again) for measurement in measurements]
    answer = _here if session.executor is None else _elsewhere
    done: dict[int, Reanalysis] = {}
    with session.progress.task("Analyzing", len(measurements)) as advance:
        for place, one in answer(session, solver, asked):
            done[place] = one
            advance(1)
    return model, tuple(done[place] for place in range(len(measurements)))


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """One measurement, the prediction before, how its file was read, and the answer if that is on record."""

    measurement: MeasurementRecord
    before: PredictionRecord | None
    reader: Choice | None
    processors: Sequence[Choice] = ()
    environments: Sequence[Json] = ()
    known: PredictionRecord | None = None

    def answered(self, now: PredictionRecord) -> Reanalysis:
        return Reanalysis(measurement=self.measurement, before=self.before, now=now, known=now is self.known)

    def failed(self, error: str) -> Reanalysis:
        return Reanalysis(measurement=self.measurement, before=self.before, now=None, error=error)


def _asked(session: Session, solver: Solver, record: MeasurementRecord, *, again: bool) -> _Asked:
    former = session.store.predictions_of(record)  # newest first
    if not again:
        for place, prediction in enumerate(former):
            if _answered_by(solver, prediction):
                before = next(iter(former[place + 1 :]), None)
                return _Asked(measurement=record, before=before, reader=None, known=prediction)
    read = next((one for one in former if recorded_reader(one)), None)
    return _Asked(
        measurement=record,
        before=next(iter(former), None),
        reader=recorded_reader(read) if read else None,
        processors=recorded_processors(read) if read else (),
        environments=[prediction.environment for prediction in former],
    )


def _here(session: Session, solver: Solver, asked: Sequence[_Asked]) -> Iterator[tuple[int, Reanalysis]]:
    """Yield the place of each measurement with its answer, one after the other."""
    for place, one in enumerate(asked):
        if one.known is not None:
            yield place, one.answered(one.known)
            continue
        try:
            with saying_what_to_install(session.catalogue, one.environments):
                reader = one.reader or default_reading(session.catalogue, one.measurement.reader)
                measurement = recorded_measurement(session, solver.specimen, one.measurement, reader, one.processors)
            result = solver.solve(measurement, progress=Silent())  # a bar counts the measurements
            yield place, one.answered(put_on_record(session, solver, result, one.measurement))
        except SpectraError as error:
            yield place, one.failed(str(error))
        except Exception as error:  # whatever a stranger's code does with one file, the others are analyzed
            yield place, one.failed(fault(error))


def _elsewhere(session: Session, solver: Solver, asked: Sequence[_Asked]) -> Iterator[tuple[int, Reanalysis]]:
    """Yield the same, answered by workers as they are done."""
    assert session.executor is not None  # noqa: S101
    document, attached = sent_specimen(solver.specimen)
    model = solver.record
    common = document | {
        "model": sent_record(model),
        "refiner": None if solver.refining is None else solver.refining.model_dump(mode="json"),
        "draw": sent_drawing(session.draw),
    }
    attached[model.artefact] = session.store.read_artefact(model.artefact)
    places, tasks = [], []
    for place, one in enumerate(asked):
        if one.known is not None:
            yield place, one.answered(one.known)
            continue
        try:
            file = session.store.read_artefact(one.measurement.artefact)
            reader = one.reader or default_reading(session.catalogue, one.measurement.reader)
        except SpectraError as error:
            yield place, one.failed(str(error))
            continue
        asks = {
            "measurement": sent_record(one.measurement),
            "reader": reader.model_dump(mode="json"),
            "processors": [choice.model_dump(mode="json") for choice in one.processors],
        }
        places.append(place)
        tasks.append(Task(work=ANSWER, document=common | asks, blobs=attached | {one.measurement.artefact: file}))
    with closing(session.executor.run(tasks)) as outcomes:
        for number, outcome in outcomes:
            one = asked[places[number]]
            if isinstance(outcome, SpectraError):
                yield places[number], one.failed(str(outcome))
            else:
                now = put_finding(session, model, one.measurement, Finding.unpack(outcome))
                yield places[number], one.answered(now)


ANSWER = "workflows.reanalyze:answer_of_document"


def answer_of_document(catalogue: Catalogue, document: Mapping[str, Any], blobs: Mapping[str, bytes]) -> bytes:
    """Answer one measurement on a worker."""
    session = worker_session(catalogue, blobs, document["draw"])
    solver = _received_solver(session, document, blobs)
    reader = Choice.model_validate(document["reader"])
    processors = [Choice.model_validate(choice) for choice in document["processors"]]
    record = received_measurement(document["measurement"])
    measurement = recorded_measurement(session, solver.specimen, record, reader, processors)
    return finding_of(session, solver, solver.solve(measurement, progress=Silent())).pack()


_SOLVERS: dict[str, Solver] = {}
"""The solver that this worker made last."""


def _received_solver(session: Session, document: Mapping[str, Any], blobs: Mapping[str, bytes]) -> Solver:
    key = digest_document({name: document[name] for name in ("technique", "sample", "model", "refiner")})
    if key not in _SOLVERS:
        _SOLVERS.clear()
        specimen = received_specimen(session.catalogue, document, blobs)
        refining = None if document["refiner"] is None else Choice.model_validate(document["refiner"])
        _SOLVERS[key] = load_solver(session, specimen, received_model(document["model"]), refining=refining)
    return _SOLVERS[key]


def _answered_by(solver: Solver, prediction: PredictionRecord) -> bool:
    refiner = prediction.report.get("refiner")
    return prediction.model_id == solver.record.id and is_recorded_choice(refiner, solver.refining)
