"""The workflow *train*: simulate, distort, encode, fit, evaluate, put on record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace

import numpy as np
from numpy.typing import NDArray

from spectra.core.basics.files import digest_bytes, digest_document
from spectra.core.components import Distortion, Encoder, ForwardModel, GeneratingModel, Regressor, SamplingForwardModel
from spectra.core.errors import InputError, RegistryError
from spectra.core.model import TrainedModel, make_probe
from spectra.core.quantities import Estimate, Quantity, from_unit_interval, to_unit_interval
from spectra.core.recipe import Recipe
from spectra.core.session import Session, Specimen
from spectra.core.signals import Signal, take
from spectra.core.store import DataSetRecord, ModelRecord
from spectra.core.workflows.environment import components_used, environment, saying_what_to_install
from spectra.core.workflows.fitting import check_recipe
from spectra.core.workflows.training_data import FreshlyDistorted, batch_size, distorted, fitted_encoder
from spectra.core.workflows.training_set import DataSet, simulate, split

# Fewer points cannot be divided into training, validation and test.
_FEWEST_POINTS = 7


def data_set(session: Session, specimen: Specimen, recipe: Recipe) -> tuple[DataSetRecord, DataSet]:
    """Return the training set of a sample, simulated if it is not on record.

    Raises
    ------
    InputError
        If the sample's ranges hold too few possible points, or too few specimens can be used.
    """
    store, catalogue, progress = session.store, session.catalogue, session.progress
    check_recipe(catalogue, specimen.sample.technique, recipe)
    sample = specimen.sample
    design = specimen.technique.design(sample)  # which refuses what cannot be searched
    model: ForwardModel | GeneratingModel | None = None
    if catalogue.find("forward model", recipe.forward_model.name).makes(SamplingForwardModel):
        model = catalogue.simulation(recipe.forward_model, sample)
        assert isinstance(model, SamplingForwardModel)  # noqa: S101
        design = replace(design, points=model.training_points(), groups=None)
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
    if design.groups is not None:
        document["groups"] = digest_bytes(np.ascontiguousarray(design.groups, dtype=np.int64).tobytes())
    digest = digest_document(document)
    known = store.find_data_set(digest)
    if known is not None:
        try:
            return known, DataSet.unpack(store.read_artefact(known.artefact))
        except RegistryError as error:
            progress.say(f"{error.message} Simulating it again.")
    for note in design.notes:
        progress.say(note)
    if model is None:
        model = catalogue.simulation(recipe.forward_model, sample)
    data = simulate(model, design, folder=store.workspace(digest), jobs=session.jobs, progress=progress)
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


def train(session: Session, specimen: Specimen, recipe: Recipe, *, seed: int) -> ModelRecord:
    """Train a model of a sample and put it on record.

    The same seed on the same machine gives the same model.
    """
    store, catalogue, sample, quantities = session.store, session.catalogue, specimen.sample, specimen.quantities
    set_record, data = data_set(session, specimen, recipe)
    training, validation, test = divide(data, seed)
    del data  # of pictures, the shares are gigabytes more
    _, for_fit, for_test, for_encoder = _generators(seed)

    distortions = [catalogue.distortion(choice) for choice in recipe.distortions]
    encoder = catalogue.encoder(recipe.encoder)
    targets = to_unit_interval(training.values, quantities)
    encoder = fitted_encoder(encoder, training.signal, targets=targets, rng=for_encoder, progress=session.progress)
    examples = FreshlyDistorted(
        training, validation, quantities=quantities, distortions=distortions, encoder=encoder, rng=for_fit
    )
    regressor = catalogue.regressor(recipe.regressor).fit(examples, rng=for_fit, progress=session.progress)
    estimate = _tested(encoder, regressor, test.signal, distortions, for_test, quantities)
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
        environment=environment(catalogue, components_used(recipe, technique=sample.technique)),
    )


def divide(data: DataSet, seed: int) -> tuple[DataSet, DataSet, DataSet]:
    """Return the shares of ``data`` for training, validation and test of a model that is trained with ``seed``."""
    for_split, *_ = _generators(seed)
    return split(data, for_split)


def _generators(seed: int) -> tuple[np.random.Generator, ...]:
    """Return what splits the data set, what serves the regressor, what distorts the test share, and the encoder's."""
    return tuple(np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(4))


def _tested(
    encoder: Encoder,
    regressor: Regressor,
    signal: Signal,
    distortions: Sequence[Distortion],
    rng: np.random.Generator,
    quantities: Sequence[Quantity],
) -> Estimate:
    """Estimate the quantities of distorted test signals, a batch at a time."""
    size = batch_size(signal)
    parts = [take(signal, slice(start, start + size)) for start in range(0, len(signal), size)]
    estimates = [regressor.predict(encoder.encode(distorted(part, distortions, rng))) for part in parts]
    return from_unit_interval(Estimate.joined(estimates), quantities)


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
