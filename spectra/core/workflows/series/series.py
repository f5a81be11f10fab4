"""The workflow *series*: the reference from scratch, then outwards with the last answer as start."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from spectra.core.errors import InputError, SpectraError, fault
from spectra.core.measurements import Condition, Measurement
from spectra.core.progress import Silent
from spectra.core.quantities import Quantity
from spectra.core.recipe import Choice, Recipe
from spectra.core.session import Session, Specimen
from spectra.core.store import MeasurementRecord, ModelRecord, PredictionRecord, SampleRecord
from spectra.core.technique import Result
from spectra.core.workflows.analyze import model_for, put_on_record
from spectra.core.workflows.reading import as_read, prepared, usual_processors
from spectra.core.workflows.recorded import is_recorded_choice, recorded_processors, recorded_reader
from spectra.core.workflows.series.answers import (
    Answer,
    Contrast,
    ContrastingRefiner,
    FollowingRefiner,
    independent_contrast,
)
from spectra.core.workflows.series.conditions import Entry, of_one_unit
from spectra.core.workflows.solving import Solver, load_solver

ROOM = 295.0
"""Temperature in K at which a specimen is supposed to have the lengths of its sample file."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How the files of a series are read: as for one file, see :func:`~spectra.core.workflows.reading.as_read`."""

    reader: str | Mapping[str, str] | None = None
    parameters: Mapping[str, Any] | None = None
    processors: Sequence[Choice] | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Point:
    """One file of a series and its answer.

    Parameters
    ----------
    prediction, answer
        ``None`` if it failed.
    known
        Whether the prediction was on record already.
    followed
        Whether the analysis started at the answer next to it, not from scratch.
    surprise
        What was unexpected when it did, so that it was analyzed from scratch as well.
    error
        Why it failed.
    """

    file_name: str
    condition: Condition
    way: str = ""
    prediction: PredictionRecord | None = None
    answer: Answer | None = None
    known: bool = False
    followed: bool = False
    surprise: str = ""
    error: str = ""

    @property
    def doubtful(self) -> bool:
        """Whether there is an answer and something speaks against it."""
        return self.prediction is not None and self.prediction.doubtful


@dataclass(frozen=True, kw_only=True, eq=False)
class Series:
    """One specimen at many values of a condition.

    Parameters
    ----------
    along, unit
        The condition.
    points
        By condition, then by way.
    reference
        Place of the point from which changes are counted; ``None`` if nothing has an answer.
    contrast
        Changes of the points, in their order.
    """

    along: str
    unit: str
    quantities: tuple[Quantity, ...]
    model: ModelRecord
    points: tuple[Point, ...]
    reference: int | None
    contrast: Contrast | None

    @property
    def conditions(self) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Values of the condition, shape (n,)."""
        return np.array([point.condition.value for point in self.points])

    @property
    def ways(self) -> dict[str, list[int]]:
        """Places of the points of each way, by condition."""
        found: dict[str, list[int]] = {}
        for place, point in enumerate(self.points):
            found.setdefault(point.way, []).append(place)
        return found


def series(
    session: Session,
    specimen: Specimen,
    entries: Sequence[Entry],
    recipe: Recipe,
    *,
    along: str,
    reference: float | None = None,
    reading: Reading | None = None,
    model_id: str | None = None,
    seed: int | None = None,
    tags: Sequence[str] = (),
    again: bool = False,
) -> Series:
    """Analyze the files of a series, and put each prediction on record as soon as it is made.

    The file nearest to the reference is analyzed from scratch. From there the series is followed up and down, and along
    each way for itself: an analysis starts at the answer before it, and from scratch only where that surprises. What is
    on record is not analyzed again, so that an interrupted series goes on where it stopped. A file that fails does not
    stop the others.

    Parameters
    ----------
    entries
        From :func:`~spectra.core.workflows.series.conditions.entries_of`.
    along
        The condition that varies.
    reference
        Value of the condition; by default 295 of temperatures in K, else 0.
    again
        Analyze also what is on record.

    Raises
    ------
    InputError
        If there are fewer than two files, conditions are missing, or as :func:`~spectra.core.workflows.analyze.analyze`
        does.
    """
    if len(entries) < 2:
        raise InputError(f"{len(entries)} file is no series.", hint="Give all files of the series in one command.")
    run = _Run(session, specimen, recipe, along=along, reading=reading or Reading(), tags=tags, again=again)
    placed = run.placed(entries)
    unit = of_one_unit(along, (one.condition for one in placed))
    model, _ = model_for(session, specimen, recipe, model_id=model_id, seed=seed)
    run.start(load_solver(session, specimen, model, refining=recipe.refiner))
    centre = reference if reference is not None else ROOM if unit == "K" else 0.0

    waiting = sorted(placed, key=lambda one: abs(one.condition.value - centre))
    points: list[Point] = []
    with session.progress.task("Analyzing", len(placed)) as advance:
        base: Point | None = None
        while waiting and base is None:
            points.append(run.from_scratch(waiting.pop(0)))
            base = points[-1] if points[-1].answer is not None and not points[-1].answer.refused else None
            advance(1)
        for branch in _branches(waiting, base):
            last = base
            for one in branch:
                point = run.followed(one, last)
                points.append(point)
                last = point if point.answer is not None and not point.answer.refused else last
                advance(1)

    points.sort(key=lambda point: (point.condition.value, point.way, point.file_name))
    found = None if base is None else points.index(base)
    return Series(
        along=along,
        unit=unit,
        quantities=run.solver.model.quantities,
        model=model,
        points=tuple(points),
        reference=found,
        contrast=None if found is None else run.contrast(points, found),
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class _Placed:
    """An entry with its condition, and what was read to learn it."""

    entry: Entry
    condition: Condition
    measurement: Measurement | None = None

    @property
    def _point(self) -> Point:
        return Point(file_name=self.entry.file.name, condition=self.condition, way=self.entry.way)

    def failed(self, error: str) -> Point:
        return replace(self._point, error=error)

    def answered(self, prediction: PredictionRecord, answer: Answer, **how: Any) -> Point:
        return replace(self._point, prediction=prediction, answer=answer, **how)


def _branches(waiting: Sequence[_Placed], base: Point | None) -> Iterator[list[_Placed]]:
    """Yield what lies below and above the reference, of each way, the nearest first."""
    if base is None:
        return
    middle = base.condition.value
    for way in dict.fromkeys(one.entry.way for one in waiting):
        mine = sorted((one for one in waiting if one.entry.way == way), key=lambda one: one.condition.value)
        yield [one for one in mine if one.condition.value < middle][::-1]
        yield [one for one in mine if one.condition.value >= middle]


class _Run:
    """What all analyses of a series share."""

    def __init__(
        self,
        session: Session,
        specimen: Specimen,
        recipe: Recipe,
        *,
        along: str,
        reading: Reading,
        tags: Sequence[str],
        again: bool,
    ) -> None:
        self.session, self.specimen, self.recipe, self.along = session, specimen, recipe, along
        self.reading, self.tags, self.again = reading, tags, again

    def start(self, solver: Solver) -> None:
        """Take the solver of the analyses from scratch."""
        self.solver = solver
        self.sample: SampleRecord = self.session.store.add_sample(self.specimen.sample)

    def placed(self, entries: Sequence[Entry]) -> list[_Placed]:
        """Return the entries with their conditions, which some files have to be read for."""
        placed, missing = [], []
        for entry in entries:
            if entry.condition is not None:
                placed.append(_Placed(entry=entry, condition=entry.condition))
                continue
            measurement = self._read(entry, ())
            said = next((one for one in measurement.conditions if one.name == self.along), None)
            if said is None:
                missing.append(entry.file.name)
            else:
                placed.append(_Placed(entry=entry, condition=said, measurement=measurement))
        if missing:
            shown = ", ".join(missing[:5]) + (" and others" if len(missing) > 5 else "")
            raise InputError(
                f"{len(missing)} of {len(entries)} files do not say their {self.along}: {shown}.",
                hint=f"Give a pattern of their names, --at '{self.along}=run-{{K}}.dat', or a table, --at "
                f"{self.along}=TABLE.csv.",
            )
        return placed

    def from_scratch(self, one: _Placed) -> Point:
        """Analyze a file as if it were alone."""
        try:
            if known := self._known(one, [self.solver.refining]):
                return one.answered(known, self._answer(known), known=True)
            measurement = self._prepared(one)
            result = self.solver.solve(measurement, progress=Silent())
            return self._recorded(one, measurement, self.solver, result)
        except Exception as error:  # whatever a stranger's code does with one file, the others are analyzed
            return one.failed(_sentence(error))

    def followed(self, one: _Placed, last: Point | None) -> Point:
        """Analyze a file from the answer next to it; from scratch, too, if what comes out surprises."""
        refiner, refining, before = self.solver.refiner, self.solver.refining, last and last.answer
        if not isinstance(refiner, FollowingRefiner) or refining is None or before is None:
            return self.from_scratch(one)
        try:
            start = dict(refiner.starting_at(before.values))
            choice = self.session.catalogue.choose("refiner", refining.name, refining.parameters | start)
            if known := self._known(one, [choice, refining]):
                followed = is_recorded_choice(known.report.get("refiner"), choice)
                return one.answered(known, self._answer(known), known=True, followed=followed)
            measurement = self._prepared(one)
            following = replace(self.solver, refiner=self.session.catalogue.refiner(choice), refining=choice)
            surprise, result = "", None
            try:
                result = following.solve(measurement, progress=Silent())
                surprise = _surprise(refiner, result, before)
            except SpectraError as error:
                surprise = str(error)
            if not surprise and result is not None:
                return self._recorded(one, measurement, following, result, followed=True)
            fresh = self.solver.solve(measurement, progress=Silent())
            if result is not None and _surprise(refiner, fresh, before) and _better(result, fresh):
                return self._recorded(one, measurement, following, result, followed=True, surprise=surprise)
            return self._recorded(one, measurement, self.solver, fresh, surprise=surprise)
        except Exception as error:  # as above
            return one.failed(_sentence(error))

    def contrast(self, points: Sequence[Point], reference: int) -> Contrast:
        """Return the changes of all points; NaN where there is no answer."""
        places = [k for k, point in enumerate(points) if point.answer is not None]
        answers = [answer for point in points if (answer := point.answer) is not None]
        refiner, forward = self.solver.refiner, self.solver.forward
        if isinstance(refiner, ContrastingRefiner) and forward is not None:
            found = refiner.contrast(forward, answers, places.index(reference))
        else:
            found = independent_contrast(answers, places.index(reference))
        return _spread(found, places, len(points))

    def _read(self, entry: Entry, conditions: Sequence[Condition]) -> Measurement:
        reading = self.reading
        return as_read(
            self.session.catalogue,
            self.specimen,
            entry.file,
            reader=reading.reader,
            parameters=reading.parameters,
            conditions=conditions,
        )

    def _prepared(self, one: _Placed) -> Measurement:
        catalogue = self.session.catalogue
        measurement = one.measurement or self._read(one.entry, [one.condition])
        processors = self.reading.processors
        if processors is None:
            processors = usual_processors(catalogue, self.specimen, measurement)
        return prepared(catalogue, self.specimen, measurement, processors)

    def _known(self, one: _Placed, refining: Sequence[Choice | None]) -> PredictionRecord | None:
        """Return what this model has answered of a file already, refined as one of the choices says."""
        if self.again:
            return None
        for record in self.session.store.find_measurements(sample=self.sample, content=one.entry.file.digest):
            if one.condition not in record.conditions:
                continue
            for prediction in self.session.store.predictions_of(record):
                if (
                    prediction.model_id == self.solver.record.id
                    and any(is_recorded_choice(prediction.report.get("refiner"), choice) for choice in refining)
                    and self._reads_alike(prediction)
                ):
                    return prediction
        return None

    def _reads_alike(self, prediction: PredictionRecord) -> bool:
        """Say whether a file was read as this series reads it, as far as that was chosen."""
        reading, read = self.reading, recorded_reader(prediction)
        if read is None or reading.reader not in (None, read.name):
            return False
        if any(read.parameters.get(name) != value for name, value in (reading.parameters or {}).items()):
            return False
        return reading.processors is None or tuple(reading.processors) == recorded_processors(prediction)

    def _recorded(self, one: _Placed, measurement: Measurement, solver: Solver, result: Result, **how: Any) -> Point:
        way = [f"way={one.entry.way}"] if one.entry.way else []
        record: MeasurementRecord = self.session.store.add_measurement(
            measurement, sample=self.sample, tags=(*self.tags, *way)
        )
        prediction = put_on_record(self.session, solver, result, record, tags=self.tags)
        return one.answered(prediction, Answer.of_result(result), **how)

    def _answer(self, prediction: PredictionRecord) -> Answer:
        return Answer.of_record(prediction, self.solver.model.quantities)


def _surprise(refiner: FollowingRefiner, result: Result, before: Answer) -> str:
    answer = Answer.of_result(result)
    return str(result.verdict) if answer.refused else refiner.surprise(answer, before)


def _better(one: Result, other: Result) -> bool:
    first, second = Answer.of_result(one), Answer.of_result(other)
    return (first.refused, first.misfit) <= (second.refused, second.misfit)


def _sentence(error: Exception) -> str:
    return str(error) if isinstance(error, SpectraError) else fault(error)


def _spread(contrast: Contrast, places: Sequence[int], count: int) -> Contrast:
    """Return a contrast of some of ``count`` points as one of all of them."""

    def spread(values: Any) -> Any:
        out = np.full((count, *values.shape[1:]), np.nan)
        out[list(places)] = values
        return out

    return replace(
        contrast,
        differences=spread(contrast.differences),
        stds=spread(contrast.stds),
        relative=spread(contrast.relative),
        relative_stds=spread(contrast.relative_stds),
        tracks=tuple(
            replace(track, positions=spread(track.positions), qualities=spread(track.qualities))
            for track in contrast.tracks
        ),
    )
