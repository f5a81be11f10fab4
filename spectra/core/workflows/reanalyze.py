"""The workflow *reanalyze*: old measurements of a sample with another model, and what that moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from spectra.core.errors import SpectraError
from spectra.core.progress import Silent
from spectra.core.recipe import Recipe
from spectra.core.session import Session, Specimen
from spectra.core.store import MeasurementRecord, ModelRecord, PredictionRecord
from spectra.core.workflows.analyze import model_for, put_on_record
from spectra.core.workflows.comparison import Pair, pairs
from spectra.core.workflows.environment import saying_what_to_install
from spectra.core.workflows.reading import default_reading
from spectra.core.workflows.recorded import (
    is_recorded_choice,
    recorded_measurement,
    recorded_processors,
    recorded_reader,
)
from spectra.core.workflows.solving import Solver, load_solver


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
    done = []
    with session.progress.task("Analyzing", len(measurements)) as advance:
        for measurement in measurements:
            done.append(_reanalyzed(session, solver, measurement, again=again))
            advance(1)
    return model, tuple(done)


def _reanalyzed(session: Session, solver: Solver, record: MeasurementRecord, *, again: bool) -> Reanalysis:
    catalogue, former = session.catalogue, session.store.predictions_of(record)  # newest first
    if not again:
        for place, prediction in enumerate(former):
            if _answered_by(solver, prediction):
                before = next(iter(former[place + 1 :]), None)
                return Reanalysis(measurement=record, before=before, now=prediction, known=True)
    before = next(iter(former), None)
    try:
        with saying_what_to_install(catalogue, (prediction.environment for prediction in former)):
            known = next((one for one in former if recorded_reader(one)), None)
            reader = (known and recorded_reader(known)) or default_reading(catalogue, record.reader)
            processors = recorded_processors(known) if known else ()
            measurement = recorded_measurement(session, solver.specimen, record, reader, processors)
        result = solver.solve(measurement, progress=Silent())  # a bar counts the measurements
        now = put_on_record(session, solver, result, record)
    except SpectraError as error:
        return Reanalysis(measurement=record, before=before, now=None, error=str(error))
    except Exception as error:  # whatever a stranger's code does with one file, the others are analyzed
        return Reanalysis(measurement=record, before=before, now=None, error=f"{type(error).__name__}: {error}")
    return Reanalysis(measurement=record, before=before, now=now)


def _answered_by(solver: Solver, prediction: PredictionRecord) -> bool:
    refiner = prediction.report.get("refiner")
    return prediction.model_id == solver.record.id and is_recorded_choice(refiner, solver.refining)
