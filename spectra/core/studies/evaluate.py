"""The workflow *evaluate*: variants of a recipe, trained with several seeds, on the same spectra under conditions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spectra.core.basics.documents import nearest
from spectra.core.components import ForwardModel, Refiner
from spectra.core.errors import InputError, NotFoundError, RegistryError, SpectraError
from spectra.core.inventory.catalogue import Catalogue
from spectra.core.measurements import Measurement, RawFile
from spectra.core.model import TrainedModel
from spectra.core.quantities import Estimate, Quantity
from spectra.core.recipe import ROLES, Choice, Contest, Kind, Recipe, recipe_of
from spectra.core.samples import Sample
from spectra.core.session import Session, Specimen
from spectra.core.signals import OF_LINES, Bundle, Peaks, Signal
from spectra.core.store import DataSetRecord, ModelRecord
from spectra.core.studies.scores import Method, Outcome, Score, scores
from spectra.core.studies.shown import (
    Shown,
    condition_distortions,
    held_out_spectra,
    random_or_measured_spectra,
)
from spectra.core.studies.study import Change, RecipeChanges, Study, Variant, load_study
from spectra.core.workflows.fitting import check_recipe
from spectra.core.workflows.reading import read_measurement
from spectra.core.workflows.specimens import load_specimen
from spectra.core.workflows.train import divide, load_model, put_model, train, trained_elsewhere
from spectra.core.workflows.training_set import DataSet, data_set

Floats = NDArray[np.float64]
Parameters = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True, eq=False)
class Evaluation:
    """A finished study."""

    study: Study
    sample: Sample
    quantities: tuple[Quantity, ...]
    recipes: Mapping[str, Recipe]
    outcomes: tuple[Outcome, ...]
    trained: int
    """How many models were not on record yet."""

    @property
    def scores(self) -> tuple[Score, ...]:
        """The outcomes summed up: one entry for each variant, condition, method and quantity."""
        return tuple(score for outcome in self.outcomes for score in scores(outcome, self.quantities))


@dataclass(frozen=True, kw_only=True, eq=False)
class _Answers:
    """What one model answered under one condition; ``truth`` (n, p)."""

    truth: Floats
    estimates: Mapping[Method, Estimate]
    occupied: float
    repeated: bool


def evaluate_file(session: Session, path: Path, *, quick: bool = False) -> Evaluation:
    """Run the study of a file, with the sample and the measurement that it names; like :func:`evaluate`.

    Parameters
    ----------
    quick
        Run the shortened study that the file describes.
    """
    study = load_study(path, quick=quick)
    specimen = load_specimen(session.catalogue, path.parent / study.sample)
    measurement = None
    if study.measurement is not None:
        file, reader = study.measurement.file, study.measurement.reader
        files = path.parent / file if isinstance(file, str) else {part: path.parent / one for part, one in file.items()}
        measurement = read_measurement(session.catalogue, specimen, files, reader=reader)
    overrides = study.quick.parameters if quick else None
    return evaluate(session, specimen, study, measurement=measurement, overrides=overrides)


def evaluate(
    session: Session,
    specimen: Specimen,
    study: Study,
    *,
    measurement: Measurement | None = None,
    overrides: Parameters | None = None,
) -> Evaluation:
    """Run a study.

    Models are taken from the registry where they are on record; those that are trained go there. So a study that was
    interrupted goes on where it stopped, and variants that two studies share are trained once.

    Parameters
    ----------
    measurement
        The file that the study names, read.
    overrides
        Parameters by the name of a component, for every recipe that uses it: ``study.quick.parameters``.

    Raises
    ------
    InputError, NotFoundError
        If a variant or condition names what is not there; before anything is computed.
    RegistryError
        If a model on record was not trained on the data set of which points are held out.
    """
    store, catalogue, progress = session.store, session.catalogue, session.progress
    sample, quantities, default = specimen.sample, specimen.quantities, specimen.recipe()
    recipes = {
        variant.name: variant_recipe(catalogue, default, study.recipe, variant, overrides or {})
        for variant in study.variants
    }
    _check_overrides(recipes.values(), overrides or {})
    for recipe in recipes.values():
        check_recipe(catalogue, sample.technique, recipe)
    distortions = [condition_distortions(catalogue, condition) for condition in study.conditions]
    settings: Any = study.measurement or study.test
    data: Mapping[str, DataSet] = {}
    spectra: Sequence[Shown] = ()
    if study.held_out:
        data = _data_sets(session, specimen, recipes)
    else:
        shared = _changed(catalogue, "forward model", default.forward_model, [study.recipe.forward_model])
        forward = specimen.forward_model(catalogue, shared)
        spectra = tuple(random_or_measured_spectra(forward, quantities, study, distortions, measurement, progress))
    refining = {
        name: (catalogue.refiner(recipe.refiner), specimen.forward_model(catalogue, recipe.forward_model))
        for name, recipe in recipes.items()
        if settings.refined and recipe.refiner is not None
    }

    answers: dict[tuple[str, str], list[_Answers]] = {}
    trained = 0 if session.executor is None else _trained_elsewhere(session, specimen, recipes, study.seeds)
    for number, (name, seed) in enumerate([(name, seed) for name in recipes for seed in study.seeds], 1):
        recipe = recipes[name]
        record = store.find_model(
            technique=sample.technique, sample_digest=sample.digest, recipe_digest=recipe.digest, seed=seed
        )
        label = f"[{number} of {len(recipes) * len(study.seeds)}] {name}, seed {seed}"
        progress.say(f"{label}: {'training' if record is None else f'model {record.id} is on record'}")
        if record is None:
            record = train(session, specimen, recipe, seed=seed)
            trained += 1
        model = load_model(session, record)
        if study.held_out:
            _, _, share = divide(data[name], seed)
            _check_unseen(record, model, share)
            spectra = tuple(held_out_spectra(study, distortions, share, seed))
        for shown in spectra:
            found = _answers(session, specimen, model, refining.get(name), shown)
            answers.setdefault((name, shown.condition.name), []).append(found)
    return Evaluation(
        study=study,
        sample=sample,
        quantities=quantities,
        recipes=recipes,
        outcomes=tuple(
            _outcome(name, condition.name, method, study.seeds, found)
            for name in recipes
            for condition in study.conditions
            for found in [answers[name, condition.name]]
            for method in found[0].estimates
        ),
        trained=trained,
    )


def _trained_elsewhere(
    session: Session, specimen: Specimen, recipes: Mapping[str, Recipe], seeds: Sequence[int]
) -> int:
    """Let workers train the models that are not on record, and return how many those are; contests are left."""
    store, sample = session.store, specimen.sample
    missing = [
        (recipe, seed)
        for recipe in {recipe.digest: recipe for recipe in recipes.values()}.values()
        for seed in seeds
        if not isinstance(recipe, Contest)
        and store.find_model(
            technique=sample.technique, sample_digest=sample.digest, recipe_digest=recipe.digest, seed=seed
        )
        is None
    ]
    if not missing or session.executor is None:
        return 0
    made: dict[str, tuple[DataSetRecord, bytes]] = {}
    for recipe, _ in missing:
        key = recipe.forward_model.model_dump_json()
        if key not in made:
            record, _ = data_set(session, specimen, recipe)
            made[key] = record, store.read_artefact(record.artefact)
    sets = [made[recipe.forward_model.model_dump_json()] for recipe, _ in missing]
    with session.progress.task("Training models", len(missing)) as advance:
        packed = [content for _, content in sets]
        for place, model in trained_elsewhere(session.executor, specimen, missing, packed):
            recipe, seed = missing[place]
            put_model(session, specimen, recipe, sets[place][0], model, seed)
            advance(1)
    return len(missing)


def _data_sets(session: Session, specimen: Specimen, recipes: Mapping[str, Recipe]) -> dict[str, DataSet]:
    """Return the data set of each variant; those with the same forward model share one."""
    made: dict[str, DataSet] = {}
    for recipe in recipes.values():
        key = recipe.forward_model.model_dump_json()
        if key not in made:
            _, made[key] = data_set(session, specimen, recipe)
    return {name: made[recipe.forward_model.model_dump_json()] for name, recipe in recipes.items()}


def _check_unseen(record: ModelRecord, model: TrainedModel, share: DataSet) -> None:
    """Refuse a model that was trained on another data set, of which this share may be what it learned from.

    Raises
    ------
    RegistryError
        If its own test set was another one.
    """
    if not np.array_equal(model.test["truth"], share.values):
        raise RegistryError(
            f"The model {record.id} was trained on another data set than its recipe gives now, so that it may have "
            "seen points that are held out here.",
            hint=f"Put it aside with 'spectra retire {record.id}'; the study then trains a new one.",
        )


def variant_recipe(
    catalogue: Catalogue, default: Recipe, shared: RecipeChanges, variant: Variant, overrides: Parameters
) -> Recipe:
    """Return the complete recipe of a variant: the default, changed by what all share, then by its own.

    Raises
    ------
    InputError, NotFoundError
        If a component or parameter is not there; the sentence names the variant.
    """
    try:
        components: dict[str, list[Choice]] = {}
        for role in ROLES:
            changes = [getattr(shared, role.field), getattr(variant, role.field)]
            standing = [choice for standing_role, choice in default.choices() if standing_role is role]
            if role.many:
                chosen = next((change for change in reversed(changes) if change is not None), standing)
                components[role.field] = [catalogue.choose(role.kind, one.name, one.parameters) for one in chosen]
            elif standing or any(change.name for change in changes):
                first = standing[0] if standing else None
                components[role.field] = [_changed(catalogue, role.kind, first, changes, overrides)]
        return recipe_of(components)
    except SpectraError as error:
        raise type(error)(f"Variant {variant.name!r}: {error.message}", hint=error.hint) from error


def _changed(
    catalogue: Catalogue,
    kind: Kind,
    standing: Choice | None,
    changes: Sequence[Change],
    overrides: Parameters | None = None,
) -> Choice:
    name, parameters = (standing.name, dict(standing.parameters)) if standing else ("", {})
    for change in changes:
        if change.name not in (None, name):
            name, parameters = str(change.name), {}
        parameters |= change.parameters
    return catalogue.choose(kind, name, parameters | dict((overrides or {}).get(name, {})))


def _check_overrides(recipes: Iterable[Recipe], overrides: Parameters) -> None:
    used = {choice.name for recipe in recipes for role, choice in recipe.choices() if not role.many}
    for name in overrides:
        if name not in used:
            raise NotFoundError(
                f"'quick.parameters' changes {name!r}, which no variant uses"
                f"{nearest(name, used) or '; used are ' + ', '.join(sorted(used))}."
            )


def _answers(
    session: Session,
    specimen: Specimen,
    model: TrainedModel,
    refining: tuple[Refiner, ForwardModel] | None,
    shown: Shown,
) -> _Answers:
    """Return the model's answers, and the refined ones if there are any."""
    not_zero, everything, parts = 0, 0, []
    for signal in shown.batches():
        features = model.encoder.encode(signal)
        not_zero, everything = not_zero + int(np.count_nonzero(features)), everything + features.size
        parts.append(model.predict_features(features))
    learned, occupied = Estimate.joined(parts), not_zero / everything
    estimates: dict[Method, Estimate] = {"learned": learned}
    if refining is not None:
        estimates["refined"] = _refined(session, specimen, model, learned, *refining, shown)
    return _Answers(truth=shown.truth, estimates=estimates, occupied=occupied, repeated=shown.repeated)


def _refined(
    session: Session,
    specimen: Specimen,
    model: TrainedModel,
    learned: Estimate,
    refiner: Refiner,
    forward: ForwardModel,
    shown: Shown,
) -> Estimate:
    """Return the refined answers to the first spectra; NaN where the refiner refused one."""
    mean = np.full((shown.refined, len(model.quantities)), np.nan)
    spread = mean.copy()
    refused: InputError | None = None
    with session.progress.task(f"Refining, {shown.condition.name}", shown.refined) as advance:
        for place, spectrum in zip(range(shown.refined), shown.spectra(), strict=False):
            try:
                refinement = refiner.refine(
                    _as_measured(specimen, _shortened(spectrum)),
                    forward,
                    starts=learned.starts(place, model.quantities),
                    quantities=model.quantities,
                )
            except InputError as error:
                refused = error  # counted as failed, unless they all are
            else:
                mean[place], spread[place] = refinement.values, np.sqrt(np.diag(refinement.covariance))
            advance(1)
    if refused is not None and np.isnan(mean).all():
        raise refused
    return Estimate(mean, spread)


def _outcome(
    variant: str, condition: str, method: Method, seeds: tuple[int, ...], answers: Sequence[_Answers]
) -> Outcome:
    """Stack the answers of a variant's models, one for each seed."""
    estimates = [answer.estimates[method] for answer in answers]
    return Outcome(
        variant=variant,
        condition=condition,
        method=method,
        seeds=seeds,
        truth=_stacked([answer.truth[: len(e.mean)] for answer, e in zip(answers, estimates, strict=True)]),
        mean=_stacked([estimate.mean for estimate in estimates]),
        spread=_stacked([estimate.spread for estimate in estimates]),
        occupied=answers[-1].occupied,
        repeated=answers[-1].repeated,
    )


def _stacked(tables: Sequence[Floats]) -> Floats:
    """Stack tables (n, p), the shorter ones with NaN below: whole groups make test shares of unequal size."""
    longest = max(map(len, tables))
    return np.stack([np.pad(table, ((0, longest - len(table)), (0, 0)), constant_values=np.nan) for table in tables])


def _as_measured(specimen: Specimen, signal: Signal) -> Signal:
    """Treat a test spectrum as a technique treats a file: cut it to what the instrument sees."""
    file = RawFile(name="test spectrum", content=b"")
    return specimen.technique.prepare(Measurement(signal=signal, file=file, reader=""), specimen.sample).signal


def _shortened(one: Signal) -> Signal:
    """Return a stack of one as short as it would be in a file."""
    if isinstance(one, Bundle):
        parts: dict[str, Any] = {name: _shortened(part) for name, part in one.parts.items()}
        return Bundle(parts=parts)
    if not isinstance(one, Peaks):
        return one
    count = int(one.counts[0])
    given = {name: values for name in OF_LINES if (values := getattr(one, name)) is not None}
    cut = {name: values[:, :count] for name, values in given.items()}
    return replace(one, positions=one.positions[:, :count], **cut)
