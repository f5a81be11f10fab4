"""The workflow *reproduce*: repeat a prediction from its record alone, and compare every number."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spectra.core.formats.bundles import BUNDLE
from spectra.core.inventory.catalogue import Catalogue
from spectra.core.quantities import EstimatedQuantity
from spectra.core.recipe import Choice, Kind, Recipe
from spectra.core.session import Session
from spectra.core.store import PredictionRecord
from spectra.core.workflows.comparison import Difference, differences, pairs
from spectra.core.workflows.environment import (
    components_used,
    environment,
    saying_what_to_install,
    without_trainers,
)
from spectra.core.workflows.reading import default_reading, part_readings
from spectra.core.workflows.recorded import recorded_measurement, recorded_processors, recorded_reader, recorded_refiner
from spectra.core.workflows.solving import estimated, load_solver
from spectra.core.workflows.specimens import recorded_specimen

TOLERANCE = 0.01
"""Two numbers are the same if they differ by at most this share of the recorded standard deviation, and so do those."""
RELATIVE_TOLERANCE = 1e-4
"""... or, for a number without a standard deviation, by at most this share of itself."""


@dataclass(frozen=True, kw_only=True)
class RepeatedQuantity:
    """A number on record and what it is now; ``None`` where one of them is missing.

    Parameters
    ----------
    deviations
        What it is now less what it was, in recorded standard deviations; ``None`` if those are not known.
    """

    name: str
    unit: str
    method: str
    recorded: EstimatedQuantity | None
    now: EstimatedQuantity | None
    deviations: float | None
    same: bool


@dataclass(frozen=True, kw_only=True)
class Reproduction:
    """A prediction, repeated.

    Parameters
    ----------
    changed
        Versions that were others when the prediction was made.
    assumed
        Sentences about what is not on record, and what was taken instead.
    """

    prediction: PredictionRecord
    quantities: tuple[RepeatedQuantity, ...]
    changed: tuple[Difference, ...]
    assumed: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether every number came out as recorded, within the tolerances of this module."""
        return all(quantity.same for quantity in self.quantities)


def reproduce(session: Session, prediction: PredictionRecord) -> Reproduction:
    """Repeat a prediction: sample, bytes, reader, model and refiner are those on record. Nothing is put there.

    Raises
    ------
    NotFoundError
        If no plugin provides its technique or one of its components any more; the hint says what to install.
    InputError
        If sample or measurement can no longer be read, or the record is not complete enough.
    RegistryError
        If an artefact is missing or damaged.
    """
    store, catalogue = session.store, session.catalogue
    measured = store.get_measurement(prediction.measurement_id)
    sample_record = store.get_sample(measured.sample_id)
    model = store.get_model(prediction.model_id)
    refining = recorded_refiner(prediction)
    reader, assumed = recorded_reader(prediction), []
    with saying_what_to_install(catalogue, [prediction.environment, model.environment]):
        if reader is None:
            reader = default_reading(catalogue, measured.reader)
            assumed.append(
                f"The parameters of the reader {measured.reader!r} are not on record; its defaults were taken."
            )
        specimen = recorded_specimen(session, sample_record)
        if specimen.sample.digest != sample_record.digest:
            assumed.append(f"The technique reads other facts from the sample {sample_record.name!r} than it did then.")
        processors = recorded_processors(prediction)
        measurement = recorded_measurement(session, specimen, measured, reader, processors)
        solver = load_solver(session, specimen, model, refining=refining)
    result = solver.solve(measurement, progress=session.progress)

    now = estimated(result)
    refinement = result.refinement
    repeated = [*_repeated([*prediction.quantities], now)]
    if prediction.misfit is not None and refinement is not None:
        repeated += _repeated(
            [_misfit(prediction.misfit, prediction.misfit_unit)], [_misfit(refinement.misfit, refinement.misfit_unit)]
        )
    recipe = Recipe.model_validate(model.recipe).model_copy(update={"refiner": refining})
    parts = [*components_used(recipe, technique=prediction.technique, reader=reader, processors=processors)]
    # where a part came from is compared if that is on record
    versions = environment(catalogue, [part for part in parts if " ".join(part) in prediction.environment])
    whole = environment(catalogue, parts)  # with the packages of built-in parts
    versions |= {key: version for key, version in whole.items() if key in prediction.environment}
    return Reproduction(
        prediction=prediction,
        quantities=tuple(repeated),
        changed=(
            *differences(without_trainers(prediction.environment, versions), versions),
            *_changed_components(catalogue, recipe, reader, processors),
        ),
        assumed=tuple(assumed),
    )


def _repeated(recorded: list[EstimatedQuantity], now: list[EstimatedQuantity]) -> Iterator[RepeatedQuantity]:
    for method in dict.fromkeys(quantity.method for quantity in (*recorded, *now)):
        sides = ([quantity for quantity in side if quantity.method == method] for side in (recorded, now))
        for pair in pairs(*sides):
            std = pair.first.std if pair.first else None
            yield RepeatedQuantity(
                name=pair.name,
                unit=pair.unit,
                method=method,
                recorded=pair.first,
                now=pair.second,
                deviations=pair.difference / std if std and pair.difference is not None else None,
                same=_same(pair.first, pair.second),
            )


def _same(recorded: EstimatedQuantity | None, now: EstimatedQuantity | None) -> bool:
    if recorded is None or now is None or recorded.unit != now.unit:
        return False
    if not recorded.std or not now.std:
        close = math.isclose(now.value, recorded.value, rel_tol=RELATIVE_TOLERANCE)
        return close and recorded.std == now.std
    allowed = TOLERANCE * recorded.std
    return abs(now.value - recorded.value) <= allowed and abs(now.std - recorded.std) <= allowed


def _misfit(value: float, unit: str) -> EstimatedQuantity:
    return EstimatedQuantity(name="rms misfit", unit=unit, method="refined", value=value, std=None)


def _changed_components(
    catalogue: Catalogue, recipe: Recipe, reader: Choice, processors: Sequence[Choice]
) -> Iterator[Difference]:
    """Yield the components that would no longer give the same results from the same parameters."""
    readings = part_readings(reader).values() if reader.name == BUNDLE else [reader]
    used: list[tuple[Kind, Choice]] = [("reader", reading) for reading in readings]
    used += [("processor", processor) for processor in processors]
    used += [(role.kind, choice) for role, choice in recipe.choices() if role.used != "training"]
    for kind, choice in used:
        version = catalogue.find(kind, choice.name).component.version
        if version != choice.version:
            yield Difference(key=f"{kind} {choice.name}", first=choice.version, second=version)
