"""The workflow *train*: simulate, distort, encode, fit, evaluate, put on record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spectra.core.catalogue import Catalogue
from spectra.core.errors import InputError, RegistryError
from spectra.core.files import digest_bytes, digest_document
from spectra.core.model import TrainedModel, make_probe
from spectra.core.progress import Progress
from spectra.core.quantities import Quantity, from_unit_interval
from spectra.core.recipe import Choice, Recipe, Role, option_of
from spectra.core.samples import Sample
from spectra.core.store import DataSetRecord, ModelRecord, Store
from spectra.core.technique import Technique
from spectra.core.workflows.environment import environment, parts_of, saying_what_to_install
from spectra.core.workflows.training_set import DataSet, FreshlyDistorted, distorted, simulate, split

# Fewer points cannot be divided into training, validation and test.
_FEWEST_POINTS = 7


def complete_recipe(
    catalogue: Catalogue,
    recipe: Recipe,
    *,
    names: Mapping[str, str] | None = None,
    parameters: Mapping[str, Mapping[str, Any]] | None = None,
) -> Recipe:
    """Return ``recipe`` with the user's replacements, every parameter spelt out and checked.

    Parameters
    ----------
    names
        Components to use instead, by role: ``{"encoder": "direct"}``. They start from their own defaults.
    parameters
        Parameters to change, by role: ``{"encoder": {"bins": 64}}``; a distortion's role is its name.

    Raises
    ------
    InputError, NotFoundError
        If there is no such role, component or parameter.
    """
    names = dict(names or {})
    changes: dict[str, dict[str, Any]] = {role: dict(values) for role, values in (parameters or {}).items()}

    def completed(role: Role, choice: Choice) -> Choice:
        option = option_of(role, choice)
        name = choice.name if role.many else names.pop(option, choice.name)
        given = choice.parameters if name == choice.name else {}
        return catalogue.choose(role.kind, name, given | changes.pop(option, {}))

    completed_recipe = recipe.mapped(completed)
    if names or changes:
        unknown = ", ".join([*names, *changes])
        options = ", ".join(option_of(role, choice) for role, choice in recipe.choices())
        raise InputError(f"The recipe has no role {unknown!r}.", hint=f"Its roles are {options}.")
    return completed_recipe


def data_set(
    store: Store,
    catalogue: Catalogue,
    technique: Technique,
    sample: Sample,
    recipe: Recipe,
    *,
    jobs: int | None = None,
    progress: Progress,
) -> tuple[DataSetRecord, DataSet]:
    """Return the training set of a sample, simulated if it is not on record.

    Parameters
    ----------
    jobs
        As for :func:`~spectra.core.workflows.training_set.simulate`.

    Raises
    ------
    InputError
        If the sample's ranges hold too few possible points, or too few specimens can be used.
    """
    design = technique.design(sample)
    if len(design.points) < _FEWEST_POINTS:
        raise InputError(
            f"The searched ranges of {sample.name!r} hold only {len(design.points)} possible points.",
            hint="Widen the ranges or narrow the steps.",
        )
    document = {
        "technique": sample.technique,
        "sample": sample.digest,
        "forward_model": recipe.forward_model.model_dump(mode="json"),
        "points": digest_bytes(np.ascontiguousarray(design.points).tobytes()),
    }
    digest = digest_document(document)
    known = store.find_data_set(digest)
    if known is not None:
        try:
            return known, DataSet.unpack(store.read_artefact(known.artefact))
        except RegistryError as error:
            progress.say(f"{error.message} Simulating it again.")
    for note in design.notes:
        progress.say(note)
    model = catalogue.simulation(recipe.forward_model, sample)
    data = simulate(model, design.points, folder=store.workspace(digest), jobs=jobs, progress=progress)
    notes = list(design.notes)
    if unused := len(design.points) - len(data):
        notes.append(
            f"{unused:,} of {len(design.points):,} specimens are not used: they failed or lie outside the ranges."
        )
        progress.say(notes[-1])
    if len(data) < _FEWEST_POINTS:
        raise InputError(
            f"Only {len(data)} of {len(design.points)} specimens of {sample.name!r} can be used.",
            hint="Widen the ranges, or ask for more specimens.",
        )
    record = store.add_data_set(
        sample=store.add_sample(sample),
        digest=digest,
        recipe=document,
        points=len(data),
        notes=notes,
        content=data.pack(),
        environment=environment(
            catalogue, [("technique", sample.technique), ("forward model", recipe.forward_model.name)]
        ),
    )
    store.clear_workspace(digest)
    return record, data


def train(
    store: Store,
    catalogue: Catalogue,
    technique: Technique,
    sample: Sample,
    recipe: Recipe,
    *,
    seed: int,
    jobs: int | None = None,
    progress: Progress,
) -> ModelRecord:
    """Train a model of ``sample`` and put it on record.

    The same seed on the same machine gives the same model. ``jobs`` is as for :func:`data_set`.
    """
    quantities = technique.quantities(sample)
    set_record, data = data_set(store, catalogue, technique, sample, recipe, jobs=jobs, progress=progress)
    training, validation, test = divide(data, seed)
    _, for_fit, for_test = _generators(seed)

    distortions = [catalogue.distortion(choice) for choice in recipe.distortions]
    encoder = catalogue.encoder(recipe.encoder).fit(training.signal)
    examples = FreshlyDistorted(
        training, validation, quantities=quantities, distortions=distortions, encoder=encoder, rng=for_fit
    )
    regressor = catalogue.regressor(recipe.regressor).fit(examples, rng=for_fit, progress=progress)
    features = encoder.encode(distorted(test.signal, distortions, for_test))
    estimate = from_unit_interval(regressor.predict(features), quantities)
    model = TrainedModel(
        encoder=encoder,
        regressor=regressor,
        quantities=quantities,
        probe=make_probe(validation.signal),
        test={"truth": test.values, "mean": estimate.mean, "spread": estimate.spread},
    )
    return store.add_model(
        sample=store.add_sample(sample),
        data_set=set_record,
        recipe=recipe.model_dump(mode="json"),
        recipe_digest=recipe.digest,
        quantities=[asdict(quantity) for quantity in quantities],
        seed=seed,
        metrics={
            "points": {"training": len(training), "validation": len(validation), "test": len(test)},
            "test": _metrics(estimate.mean, estimate.spread, test.values, quantities),
        },
        content=model.pack(),
        environment=environment(catalogue, parts_of(recipe, technique=sample.technique)),
    )


def divide(data: DataSet, seed: int) -> tuple[DataSet, DataSet, DataSet]:
    """Return the shares of ``data`` for training, validation and test of a model that is trained with ``seed``."""
    for_split, _, _ = _generators(seed)
    training, validation, test = (data.part(index) for index in split(len(data), for_split))
    return training, validation, test


def _generators(seed: int) -> tuple[np.random.Generator, ...]:
    """Return what splits the data set, what serves the fit and what distorts the test share."""
    return tuple(np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(3))


def load_model(store: Store, catalogue: Catalogue, record: ModelRecord) -> TrainedModel:
    """Restore a trained model from the registry.

    Raises
    ------
    NotFoundError
        If a component of its recipe is no longer provided by any plugin; the hint says what to install.
    RegistryError
        If its artefact is missing or damaged.
    """
    recipe = Recipe.model_validate(record.recipe)
    with saying_what_to_install(catalogue, [record.environment]):
        encoder, regressor = catalogue.encoder(recipe.encoder), catalogue.regressor(recipe.regressor)
    return TrainedModel.unpack(
        store.read_artefact(record.artefact),
        encoder=encoder,
        regressor=regressor,
        quantities=[Quantity(**quantity) for quantity in record.quantities],
    )


def _metrics(
    mean: NDArray[np.float64], spread: NDArray[np.float64], truth: NDArray[np.float64], quantities: Sequence[Quantity]
) -> dict[str, dict[str, float]]:
    """Errors on the distorted test set: RMSE, coverage, mean absolute percentage error (Liu et al. 2023, eq. 14).

    Percentages of a quantity that may be zero would mean nothing and are left out.
    """
    error = mean - truth
    metrics = {}
    for k, quantity in enumerate(quantities):
        metrics[quantity.name] = {
            "rmse": float(np.sqrt(np.mean(error[:, k] ** 2))),
            "within_one_spread": float(np.mean(np.abs(error[:, k]) <= spread[:, k])),
        }
        if quantity.lower > 0 or quantity.upper < 0:
            metrics[quantity.name]["mape_percent"] = float(100 * np.mean(np.abs(error[:, k] / truth[:, k])))
    return metrics
