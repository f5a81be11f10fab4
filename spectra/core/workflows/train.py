"""The workflow *train*: simulate, distort, encode, fit, evaluate, put on record."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from spectra.core.basics.files import pack_arrays, unpack_arrays
from spectra.core.inventory.catalogue import Catalogue
from spectra.core.model import TrainedModel, errors, make_probe
from spectra.core.quantities import Quantity, to_unit_interval
from spectra.core.recipe import Contest, Recipe
from spectra.core.session import Session, Specimen
from spectra.core.store import DataSetRecord, Json, ModelRecord
from spectra.core.tasks import Executor, Task
from spectra.core.tasks import answers as answers_of
from spectra.core.workflows.environment import components_used, environment, saying_what_to_install
from spectra.core.workflows.fitting import check_trainable
from spectra.core.workflows.ranking.rank import rank
from spectra.core.workflows.sent import worker_session
from spectra.core.workflows.specimens import received_specimen, sent_specimen
from spectra.core.workflows.training_data import FreshlyDistorted, answers, batches, distorted, fitted_encoder
from spectra.core.workflows.training_set import DataSet, data_set, split


def train(session: Session, specimen: Specimen, recipe: Recipe, *, seed: int) -> ModelRecord:
    """Train a model of a sample and put it on record; of a contest, the best of its recipes.

    The same seed on the same machine gives the same model.

    Raises
    ------
    NotFoundError
        If a package that trains a component is not installed.
    """
    check_trainable(session.catalogue, specimen, recipe)
    if isinstance(recipe, Contest):
        return rank(session, specimen, recipe, seed=seed)
    set_record, data = data_set(session, specimen, recipe)
    return put_model(session, specimen, recipe, set_record, fitted(session, specimen, recipe, data, seed=seed), seed)


@dataclass(frozen=True, kw_only=True)
class Fitted:
    """A trained model as it goes on record: its bytes, its test errors, and what it was made with."""

    content: bytes
    metrics: Json
    environment: Json


def fitted(session: Session, specimen: Specimen, recipe: Recipe, data: DataSet, *, seed: int) -> Fitted:
    """Train a model on a data set; of the session the components and the progress are used."""
    catalogue, quantities = session.catalogue, specimen.quantities
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
    return Fitted(
        content=model.pack(),
        metrics={
            "points": {"training": len(training), "validation": len(validation), "test": len(test)},
            "test": errors(estimate, test.values, quantities),
        },
        environment=environment(catalogue, components_used(recipe, technique=specimen.sample.technique), trained=True),
    )


def put_model(
    session: Session, specimen: Specimen, recipe: Recipe, data_set: DataSetRecord, model: Fitted, seed: int
) -> ModelRecord:
    """Put a trained model on record."""
    return session.store.add_model(
        sample=session.store.add_sample(specimen.sample),
        data_set=data_set,
        recipe=recipe.model_dump(mode="json"),
        recipe_digest=recipe.digest,
        quantities=[asdict(quantity) for quantity in specimen.quantities],
        seed=seed,
        metrics=model.metrics,
        content=model.content,
        environment=model.environment,
    )


def trained_elsewhere(
    executor: Executor, specimen: Specimen, wanted: Sequence[tuple[Recipe, int]], data: Sequence[bytes]
) -> Iterator[tuple[int, Fitted]]:
    """Yield the place of each recipe and seed with the model that a worker has trained, as they are done.

    Parameters
    ----------
    data
        The packed data set of each.
    """
    document, attached = sent_specimen(specimen)
    tasks = [
        Task(
            work=FIT,
            document=document | {"recipe": recipe.model_dump(mode="json"), "seed": seed},
            blobs=attached | {"data": packed},
        )
        for (recipe, seed), packed in zip(wanted, data, strict=True)
    ]
    for place, content in answers_of(executor, tasks):
        arrays = unpack_arrays(content, what="model")
        said = json.loads(arrays["document"].tobytes())
        yield place, Fitted(content=arrays["model"].tobytes(), **said)


FIT = "workflows.train:model_of_document"


def model_of_document(catalogue: Catalogue, document: Mapping[str, Any], blobs: Mapping[str, bytes]) -> bytes:
    """Train a model on a worker."""
    specimen = received_specimen(catalogue, document, blobs)
    recipe, data = Recipe.model_validate(document["recipe"]), DataSet.unpack(blobs["data"])
    model = fitted(worker_session(catalogue, blobs, None), specimen, recipe, data, seed=document["seed"])
    said = json.dumps({"metrics": model.metrics, "environment": model.environment}).encode()
    parts = {"document": said, "model": model.content}
    return pack_arrays({name: np.frombuffer(part, dtype=np.uint8) for name, part in parts.items()})


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
