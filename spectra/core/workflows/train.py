"""The workflow *train*: simulate, distort, encode, fit, evaluate, put on record."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np

from spectra.core.model import TrainedModel, errors, make_probe
from spectra.core.quantities import Quantity, to_unit_interval
from spectra.core.recipe import Contest, Recipe
from spectra.core.session import Session, Specimen
from spectra.core.store import ModelRecord
from spectra.core.workflows.environment import components_used, environment, saying_what_to_install
from spectra.core.workflows.ranking.rank import rank
from spectra.core.workflows.training_data import FreshlyDistorted, answers, batches, distorted, fitted_encoder
from spectra.core.workflows.training_set import DataSet, data_set, split


def train(session: Session, specimen: Specimen, recipe: Recipe, *, seed: int) -> ModelRecord:
    """Train a model of a sample and put it on record; of a contest, the best of its recipes.

    The same seed on the same machine gives the same model.
    """
    if isinstance(recipe, Contest):
        return rank(session, specimen, recipe, seed=seed)
    store, catalogue, sample, quantities = session.store, session.catalogue, specimen.sample, specimen.quantities
    set_record, data = data_set(session, specimen, recipe)
    training, validation, test = divide(data, seed)
    del data  # of pictures, the shares are gigabytes more
    _, for_fit, for_test, for_encoder = _generators(seed)

    distortions = [catalogue.distortion(choice) for choice in recipe.distortions]
    encoder = catalogue.encoder(recipe.encoder)
    targets = to_unit_interval(training.values, quantities)
    encoder = fitted_encoder(
        encoder,
        training.signal,
        targets=targets,
        rng=for_encoder,
        progress=session.progress,
        groups=training.groups,
    )
    examples = FreshlyDistorted(
        training, validation, quantities=quantities, distortions=distortions, encoder=encoder, rng=for_fit
    )
    regressor = catalogue.regressor(recipe.regressor).fit(examples, rng=for_fit, progress=session.progress)
    shown = (distorted(part, distortions, for_test) for part in batches(test.signal))
    estimate = answers(encoder, regressor, shown, quantities)
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
            "test": errors(estimate, test.values, quantities),
        },
        content=model.pack(),
        environment=environment(catalogue, components_used(recipe, technique=sample.technique)),
    )


def divide(data: DataSet, seed: int) -> tuple[DataSet, DataSet, DataSet]:
    """Return the shares of ``data`` for training, validation and test of a model that is trained with ``seed``."""
    for_split, *_ = _generators(seed)
    return split(data, for_split)


def _generators(seed: int) -> tuple[np.random.Generator, ...]:
    """Return what splits the data set, what serves the regressor, what distorts the test share, and the encoder's."""
    return tuple(np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(4))


def load_model(session: Session, record: ModelRecord) -> TrainedModel:
    """Restore a trained model from the registry.

    Raises
    ------
    NotFoundError
        If a component of its recipe is no longer provided by any plugin; the hint says what to install.
    RegistryError
        If its artefact is missing or damaged.
    """
    recipe, catalogue = Recipe.model_validate(record.recipe), session.catalogue
    with saying_what_to_install(catalogue, [record.environment]):
        encoder, regressor = catalogue.encoder(recipe.encoder), catalogue.regressor(recipe.regressor)
    return TrainedModel.unpack(
        session.store.read_artefact(record.artefact),
        encoder=encoder,
        regressor=regressor,
        quantities=[Quantity(**quantity) for quantity in record.quantities],
    )
