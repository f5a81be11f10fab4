"""The workflow *evaluate*: variants of a recipe, trained with several seeds, on the same spectra under conditions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spectra.core.catalogue import Catalogue, Kind
from spectra.core.components import ForwardModel, Refiner
from spectra.core.documents import nearest
from spectra.core.errors import InputError, NotFoundError, SpectraError
from spectra.core.measurements import Measurement, RawFile
from spectra.core.model import TrainedModel
from spectra.core.progress import Progress
from spectra.core.quantities import Estimate, Quantity
from spectra.core.samples import Sample
from spectra.core.signals import Bundle, Peaks, Signal, concatenate, take
from spectra.core.store import Store
from spectra.core.study import Change, Condition, Part, RecipeChanges, Study, Variant
from spectra.core.technique import Choice, Recipe, Technique
from spectra.core.workflows.scores import Outcome, Score, scores
from spectra.core.workflows.train import load_model, train
from spectra.core.workflows.training_set import distorted

Floats = NDArray[np.float64]
Parameters = Mapping[str, Mapping[str, Any]]

_ROLES: Mapping[str, Kind] = {
    "forward_model": "forward model",
    "encoder": "encoder",
    "regressor": "regressor",
    "refiner": "refiner",
}
# Draws of random points before we believe that the ranges hold next to nothing possible.
_MOST_DRAWS = 50


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
class _Spectra:
    """The test spectra of one condition: ``truth`` (n, p) and what the models are shown, a stack of n."""

    condition: Condition
    truth: Floats
    signal: Signal
    refined: int
    repeated: bool


def evaluate(
    store: Store,
    catalogue: Catalogue,
    technique: Technique,
    sample: Sample,
    study: Study,
    *,
    measurement: Measurement | None = None,
    overrides: Parameters | None = None,
    jobs: int | None = None,
    progress: Progress,
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
    jobs
        As for :func:`~spectra.core.workflows.train.data_set`, where a model is trained.

    Raises
    ------
    InputError, NotFoundError
        If a variant or condition names what is not there; before anything is computed.
    """
    quantities = technique.quantities(sample)
    default = technique.recipe(sample)
    recipes = {
        variant.name: variant_recipe(catalogue, default, study.recipe, variant, overrides or {})
        for variant in study.variants
    }
    _check_overrides(recipes.values(), overrides or {})
    shared = _changed(catalogue, "forward model", default.forward_model, [study.recipe.forward_model])
    forward = catalogue.forward_model(shared, sample)
    forwards = {
        name: forward if recipe.forward_model == shared else catalogue.forward_model(recipe.forward_model, sample)
        for name, recipe in recipes.items()
    }
    spectra = list(_test_spectra(catalogue, forward, quantities, study, measurement, progress))

    answers: dict[tuple[str, str], list[dict[str, Estimate]]] = {}
    occupied: dict[tuple[str, str], float] = {}
    trained = 0
    for number, (name, seed) in enumerate([(name, seed) for name in recipes for seed in study.seeds], 1):
        recipe = recipes[name]
        record = store.find_model(
            technique=sample.technique, sample_digest=sample.digest, recipe_digest=recipe.digest, seed=seed
        )
        label = f"[{number} of {len(recipes) * len(study.seeds)}] {name}, seed {seed}"
        progress.say(f"{label}: {'training' if record is None else f'model {record.id} is on record'}")
        if record is None:
            record = train(store, catalogue, technique, sample, recipe, seed=seed, jobs=jobs, progress=progress)
            trained += 1
        model = load_model(store, catalogue, record)
        refiner = None if recipe.refiner is None else catalogue.refiner(recipe.refiner)
        for shown in spectra:
            key = (name, shown.condition.name)
            found, share = _answers(technique, sample, model, refiner, forwards[name], shown, progress)
            answers.setdefault(key, []).append(found)
            occupied[key] = share
    outcomes = [
        Outcome(
            variant=name,
            condition=shown.condition.name,
            method=method,
            truth=shown.truth[: found[0][method].mean.shape[0]],
            mean=np.stack([answer[method].mean for answer in found]),
            spread=np.stack([answer[method].spread for answer in found]),
            occupied=occupied[name, shown.condition.name],
            repeated=shown.repeated,
        )
        for name in recipes
        for shown in spectra
        for found in [answers[name, shown.condition.name]]
        for method in ("network", "refined")
        if method in found[0]
    ]
    return Evaluation(
        study=study,
        sample=sample,
        quantities=quantities,
        recipes=recipes,
        outcomes=tuple(outcomes),
        trained=trained,
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
        choices: dict[str, Choice] = {}
        for role, kind in _ROLES.items():
            changes = [getattr(shared, role), getattr(variant, role)]
            standing: Choice | None = getattr(default, role)
            if standing is not None or any(change.name for change in changes):
                choices[role] = _changed(catalogue, kind, standing, changes, overrides)
        parts = variant.distortions if variant.distortions is not None else shared.distortions
        if parts is None:
            parts = tuple(Part(name=part.name, parameters=part.parameters) for part in default.distortions)
        return Recipe(distortions=_distortions(catalogue, parts), **choices)
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


def _distortions(catalogue: Catalogue, parts: Sequence[Part]) -> tuple[Choice, ...]:
    return tuple(catalogue.choose("distortion", part.name, part.parameters) for part in parts)


def _check_overrides(recipes: Iterable[Recipe], overrides: Parameters) -> None:
    used = {choice.name for recipe in recipes for role in _ROLES if (choice := getattr(recipe, role, None)) is not None}
    for name in overrides:
        if name not in used:
            raise NotFoundError(
                f"'quick.parameters' changes {name!r}, which no variant uses"
                f"{nearest(name, used) or '; used are ' + ', '.join(sorted(used))}."
            )


def _test_spectra(
    catalogue: Catalogue,
    forward: ForwardModel,
    quantities: Sequence[Quantity],
    study: Study,
    measurement: Measurement | None,
    progress: Progress,
) -> Iterator[_Spectra]:
    """Yield the spectra of every condition; they depend on nothing but the study, the sample and the forward model."""
    distortions = [_condition_distortions(catalogue, condition) for condition in study.conditions]
    truths = [_point(condition, quantities) for condition in study.conditions]
    settings: Any = study.measurement or study.test
    if study.measurement is not None:
        if measurement is None:
            raise InputError("The study names a measurement, but none was read.")
        count = study.measurement.repeats
        values, ideal = _reference(study.measurement.reference, quantities)[None], measurement.signal
    else:
        count = settings.points
        if any(truth is None for truth in truths):
            progress.say(f"Simulating {count:,} test spectra …")
            values, ideal = random_spectra(forward, quantities, count, np.random.default_rng([settings.seed, 0]))
    for place, (condition, truth) in enumerate(zip(study.conditions, truths, strict=True)):
        points, signal = (values, ideal) if truth is None else (truth[None], forward.simulate(truth[None]))
        repeated = len(points) == 1
        if repeated:  # without distortions, all draws would be the same
            draws = np.zeros(count if condition.distortions else 1, dtype=np.int64)
            points, signal = points[draws], take(signal, draws)
        rng = np.random.default_rng([settings.seed, 1 + place])
        yield _Spectra(
            condition=condition,
            truth=points,
            signal=distorted(signal, [catalogue.distortion(choice) for choice in distortions[place]], rng),
            refined=min(settings.refined, len(points)),
            repeated=repeated,
        )


def _condition_distortions(catalogue: Catalogue, condition: Condition) -> tuple[Choice, ...]:
    try:
        return _distortions(catalogue, condition.distortions)
    except SpectraError as error:
        raise type(error)(f"Condition {condition.name!r}: {error.message}", hint=error.hint) from error


def _point(condition: Condition, quantities: Sequence[Quantity]) -> Floats | None:
    """Return the truth of a condition as an array (p,), or None if it has random ones.

    Raises
    ------
    InputError
        If a quantity is missing or unknown, or no model can know it because it lies outside the searched range.
    """
    given = condition.truth
    if given is None:
        return None
    where = f"The truth of the condition {condition.name!r}"
    _check_names(given, quantities, where)
    for quantity in quantities:
        if quantity.name not in given:
            raise InputError(f"{where} does not say what {quantity.name} is.")
        if not quantity.lower <= given[quantity.name] <= quantity.upper:
            raise InputError(
                f"{where} has {quantity.name} = {given[quantity.name]:g} {quantity.unit}, outside the searched range "
                f"{quantity.lower:g} to {quantity.upper:g} {quantity.unit}."
            )
    return np.array([given[quantity.name] for quantity in quantities])


def _reference(given: Mapping[str, float], quantities: Sequence[Quantity]) -> Floats:
    """Return the values to compare with, shape (p,); NaN where there is none."""
    _check_names(given, quantities, "The reference of the measurement")
    return np.array([given.get(quantity.name, np.nan) for quantity in quantities])


def _check_names(given: Mapping[str, float], quantities: Sequence[Quantity], where: str) -> None:
    names = [quantity.name for quantity in quantities]
    for name in given:
        if name not in names:
            listed = nearest(name, names) or "; known are " + ", ".join(names)
            raise InputError(f"{where} names the quantity {name!r}, which is not searched{listed}.")


def random_spectra(
    forward: ForwardModel, quantities: Sequence[Quantity], count: int, rng: np.random.Generator
) -> tuple[Floats, Signal]:
    """Draw ``count`` points uniformly from the ranges, less those that the forward model refuses, and simulate them.

    Raises
    ------
    InputError
        If it refuses nearly all.
    """
    lower = np.array([quantity.lower for quantity in quantities])
    upper = np.array([quantity.upper for quantity in quantities])
    values: list[Floats] = []
    signals: list[Any] = []
    for _ in range(_MOST_DRAWS):
        drawn = rng.uniform(lower, upper, (count - sum(map(len, values)), len(lower)))
        for possible, signal in _possible(forward, drawn):
            values.append(possible)
            signals.append(signal)
        if sum(map(len, values)) == count:
            return np.concatenate(values), concatenate(signals)
    raise InputError("Hardly any random point of the searched ranges is possible.", hint="Narrow the ranges.")


def _possible(forward: ForwardModel, values: Floats) -> Iterator[tuple[Floats, Signal]]:
    """Simulate ``values`` (n, p), halving until what is refused stands alone and is left out."""
    try:
        yield values, forward.simulate(values)
    except InputError:
        if len(values) > 1:
            half = len(values) // 2
            yield from _possible(forward, values[:half])
            yield from _possible(forward, values[half:])


def _answers(
    technique: Technique,
    sample: Sample,
    model: TrainedModel,
    refiner: Refiner | None,
    forward: ForwardModel,
    shown: _Spectra,
    progress: Progress,
) -> tuple[dict[str, Estimate], float]:
    """Return the model's answers, the refined ones if there are any, and the share of features that are not zero."""
    features = model.encoder.encode(shown.signal)
    occupied = float(np.mean(features != 0))
    network = model.predict_features(features)
    if not shown.refined or refiner is None:
        return {"network": network}, occupied
    mean = np.full((shown.refined, len(model.quantities)), np.nan)
    spread = mean.copy()
    refused: InputError | None = None
    with progress.task(f"Refining, {shown.condition.name}", shown.refined) as advance:
        for place in range(shown.refined):
            try:
                refinement = refiner.refine(
                    _as_measured(technique, sample, _one(shown.signal, place)),
                    forward,
                    starts=network.starts(place, model.quantities),
                    quantities=model.quantities,
                )
            except InputError as error:
                refused = error  # counted as failed, unless they all are
            else:
                mean[place], spread[place] = refinement.values, np.sqrt(np.diag(refinement.covariance))
            advance(1)
    if refused is not None and np.isnan(mean).all():
        raise refused
    return {"network": network, "refined": Estimate(mean, spread)}, occupied


def _as_measured(technique: Technique, sample: Sample, signal: Signal) -> Signal:
    """Treat a test spectrum as a technique treats a file: cut it to what the instrument sees."""
    file = RawFile(name="test spectrum", content=b"")
    return technique.prepare(Measurement(signal=signal, file=file, reader=""), sample).signal


def _one(signal: Signal, place: int) -> Signal:
    """Return one spectrum, as short as it would be in a file."""
    one: Any = take(signal, slice(place, place + 1))
    if isinstance(one, Bundle):
        parts: dict[str, Any] = {name: _one(part, 0) for name, part in one.parts.items()}
        return Bundle(parts=parts)
    if not isinstance(one, Peaks):
        return one
    count = int(one.counts[0])

    def cut(values: Floats | None) -> Floats | None:
        return None if values is None else values[:, :count]

    return replace(one, positions=one.positions[:, :count], widths=cut(one.widths), amplitudes=cut(one.amplitudes))
