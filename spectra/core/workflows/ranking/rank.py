"""The workflow *rank*: recipes on the same folds of whole groups; the best one learns from everything, on record."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np
from numpy.typing import NDArray

from spectra.core.components import Encoder, Regressor
from spectra.core.errors import InputError
from spectra.core.model import TrainedModel, errors, make_probe
from spectra.core.progress import Progress, Silent
from spectra.core.quantities import Estimate, Quantity, to_unit_interval
from spectra.core.recipe import Contest, Recipe
from spectra.core.session import Session, Specimen
from spectra.core.store import ModelRecord
from spectra.core.technique import DividingTechnique
from spectra.core.workflows.environment import components_used, environment
from spectra.core.workflows.ranking.conformal import DEVIATIONS, LEVEL, calibration, half_widths
from spectra.core.workflows.ranking.folds import Fold, at_random, checked, validation_of, whole_groups
from spectra.core.workflows.ranking.repeatability import repeatability
from spectra.core.workflows.ranking.standings import Ranked, Ranking, ceilings, standings
from spectra.core.workflows.training_data import FreshlyDistorted, answers, batches, fitted_encoder
from spectra.core.workflows.training_set import DataSet, data_set

Floats = NDArray[np.float64]
Groups = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class _Trial:
    """One recipe on all folds: its answers to what it had not seen, and the processor time that they took."""

    estimate: Estimate
    seconds: float


def rank(session: Session, specimen: Specimen, contest: Contest, *, seed: int) -> ModelRecord:
    """Rank the recipes of a contest, train the best on everything and put it on record with the ranking.

    Every recipe answers for each example from a model that has seen no member of its group. What is best is so by the
    coefficient of determination of these answers. From their errors the spreads of the model are calibrated, on whole
    groups; how well that works is told by calibrating on all folds but one.

    Raises
    ------
    InputError
        If there is one group alone, or the recipes do not start from one forward model.
    """
    catalogue, quantities = session.catalogue, specimen.quantities
    set_record, data = data_set(session, specimen, _shared(contest))
    groups = np.arange(len(data)) if data.groups is None else data.groups
    folds = _folds(specimen, data, groups, contest.folds, seed)
    mixed = at_random(len(data), contest.folds, np.random.default_rng(seed)) if contest.leaking else []

    trials, leaks = {}, {}
    rounds = len(contest.rivals) * (len(folds) + len(mixed))
    with session.progress.task("Ranking recipes on what they have not seen", rounds) as advance:
        for name, recipe in contest.rivals.items():
            session.progress.say(f"{name}: {_line(recipe)}")
            trials[name] = _tried(session, recipe, data, folds, quantities, seed, advance)
            if mixed:
                leaks[name] = _tried(session, recipe, data, mixed, quantities, seed, advance)

    spreads = {name: _nested(trial.estimate, data.values, groups, folds) for name, trial in trials.items()}
    names = [quantity.name for quantity in quantities]
    enough = bool(np.isfinite(half_widths(np.zeros_like(data.values), groups)).all())
    ranked = [
        Ranked(
            name=name,
            recipe=_line(contest.rivals[name]),
            seconds=trial.seconds,
            quantities=standings(
                trial.estimate.mean,
                data.values,
                groups,
                folds,
                spreads=spreads[name],
                deviations=DEVIATIONS,
                calibrated=enough,
                leaking=leaks[name].estimate.mean if mixed else None,
                names=names,
            ),
        )
        for name, trial in trials.items()
    ]
    ranked.sort(key=lambda one: -one.r2)
    best = ranked[0].name
    noise = repeatability(data.signal, data.values, groups)
    ranking = Ranking(
        best=best,
        examples=len(data),
        groups=len(np.unique(groups)),
        folds=len(folds),
        level=LEVEL,
        ceilings=ceilings(data.values, groups, noise, ranked[0].quantities),
        recipes=tuple(ranked),
    )
    session.progress.say(f"The best is {best!r}; it now learns from everything.")
    recipe, tested = contest.rivals[best], trials[best].estimate
    model = _final(session, recipe, data, groups, tested, quantities, seed)
    test = {"truth": data.values, "mean": tested.mean, "spread": spreads[best], "groups": groups.astype(np.float64)}
    sample = specimen.sample
    return session.store.add_model(
        sample=session.store.add_sample(sample),
        data_set=set_record,
        recipe=recipe.model_dump(mode="json"),
        recipe_digest=contest.digest,
        quantities=[asdict(quantity) for quantity in quantities],
        seed=seed,
        metrics={
            "points": {"training": len(data), "validation": 0, "test": len(data)},
            "test": errors(replace(tested, spread=spreads[best]), data.values, quantities),
            "ranking": asdict(ranking),
            "contest": contest.model_dump(mode="json"),
        },
        content=replace(model, test=test).pack(),
        environment=environment(catalogue, components_used(recipe, technique=sample.technique), trained=True),
    )


def _shared(contest: Contest) -> Recipe:
    """Return a recipe with the forward model of all.

    Raises
    ------
    InputError
        If they have several: errors on different examples are not compared.
    """
    first, *others = contest.rivals.values()
    if any(other.forward_model != first.forward_model for other in others):
        raise InputError("Recipes are ranked on the same examples; these have different forward models.")
    return first


def _folds(specimen: Specimen, data: DataSet, groups: Groups, count: int, seed: int) -> list[Fold]:
    technique = specimen.technique
    if isinstance(technique, DividingTechnique):
        found = technique.folds(specimen.sample, data.signal, groups, count)
        if found is not None:
            return checked(found, groups)
    return whole_groups(groups, count, np.random.default_rng(seed))


def _tried(
    session: Session,
    recipe: Recipe,
    data: DataSet,
    folds: Sequence[Fold],
    quantities: Sequence[Quantity],
    seed: int,
    advance: Callable[[int], None],
) -> _Trial:
    """Answer for every example from a model that was trained without its fold."""
    mean, spread = np.empty(data.values.shape), np.empty(data.values.shape)
    start = time.process_time()
    for number, fold in enumerate(folds):
        sources = np.random.SeedSequence([seed, number]).spawn(3)
        encoder, regressor = _fitted(session, recipe, data.rows(fold.learned), quantities, sources, Silent())
        shown = data.rows(fold.held_out)
        answer = answers(encoder, regressor, batches(shown.signal), quantities)
        mean[fold.held_out], spread[fold.held_out] = answer.mean, answer.spread
        advance(1)
    return _Trial(Estimate(mean, spread), time.process_time() - start)


def _fitted(
    session: Session,
    recipe: Recipe,
    data: DataSet,
    quantities: Sequence[Quantity],
    sources: Sequence[np.random.SeedSequence],
    progress: Progress,
) -> tuple[Encoder, Regressor]:
    """Train encoder and regressor on all of ``data``; a tenth of its groups validates the regressor."""
    for_split, for_encoder, for_fit = (np.random.default_rng(source) for source in sources)
    catalogue = session.catalogue
    encoder = fitted_encoder(
        catalogue.encoder(recipe.encoder),
        data.signal,
        targets=to_unit_interval(data.values, quantities),
        rng=for_encoder,
        progress=progress,
        groups=data.groups,
    )
    grouped = np.arange(len(data)) if data.groups is None else data.groups
    training, validation = (data.rows(rows) for rows in validation_of(grouped, for_split))
    examples = FreshlyDistorted(
        training,
        validation,
        quantities=quantities,
        distortions=[catalogue.distortion(choice) for choice in recipe.distortions],
        encoder=encoder,
        rng=for_fit,
    )
    return encoder, catalogue.regressor(recipe.regressor).fit(examples, rng=for_fit, progress=progress)


def _nested(estimate: Estimate, truth: Floats, groups: Groups, folds: Sequence[Fold]) -> Floats:
    """Return spreads that are calibrated, for each fold, on the errors of all others: shape (n, p)."""
    scores, spreads = np.abs(estimate.mean - truth) / estimate.spread, np.empty(truth.shape)
    for fold in folds:
        others = np.setdiff1d(np.arange(len(truth)), fold.held_out)
        spreads[fold.held_out] = calibration(scores[others], groups[others]) * estimate.spread[fold.held_out]
    return spreads


def _final(
    session: Session,
    recipe: Recipe,
    data: DataSet,
    groups: Groups,
    tested: Estimate,
    quantities: Sequence[Quantity],
    seed: int,
) -> TrainedModel:
    """Train on everything; spreads are calibrated by the answers out of folds."""
    sources = np.random.SeedSequence([seed, 2**31]).spawn(3)
    encoder, regressor = _fitted(session, recipe, data, quantities, sources, session.progress)
    return TrainedModel(
        encoder=encoder,
        regressor=regressor,
        quantities=tuple(quantities),
        probe=make_probe(data.signal),
        test={},
        calibration=calibration(np.abs(tested.mean - data.values) / tested.spread, groups),
    )


def _line(recipe: Recipe) -> str:
    return " > ".join(choice.name for choice in (recipe.encoder, recipe.regressor))
