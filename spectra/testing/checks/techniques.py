"""Checks of techniques, with their example sample or a given one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import chain, product
from pathlib import Path

import numpy as np
from pydantic import ValidationError

from spectra.core.basics.units import is_unit
from spectra.core.basics.verdict import Verdict
from spectra.core.components import Encoder, GeneratingModel
from spectra.core.errors import NotFoundError, SpectraError
from spectra.core.formats.views import NAME, View
from spectra.core.measurements import Measurement, RawFile
from spectra.core.model import TrainedModel, make_probe
from spectra.core.progress import Silent
from spectra.core.quantities import EstimatedQuantity, Quantity
from spectra.core.recipe import DEFAULT, Kind, Recipe
from spectra.core.samples import Sample
from spectra.core.signals import Signal, take
from spectra.core.technique import JudgingTechnique, Result, Technique, ViewingTechnique
from spectra.core.workflows.fitting import check_recipe
from spectra.core.workflows.reading import read_measurement
from spectra.core.workflows.solving import refined
from spectra.core.workflows.training_data import FreshlyDistorted, fitted_encoder
from spectra.core.workflows.training_set import DataSet, split
from spectra.testing.checking import ConformanceError, NotApplicable, answer_or_refusal, check, require, require_said
from spectra.testing.subjects import SEED, TechniqueSubject
from spectra.testing.trials import Trial

_FEWEST_POINTS = 7
_FEWEST_GROUPS = 3


@check("technique")
def its_sample_keeps_its_digest(subject: TechniqueSubject) -> None:
    """A sample is of a subclass of Sample, names its technique, and keeps its digest when its document is read back.

    Models are found by that digest.
    """
    schema = subject.technique.sample_schema
    require(isinstance(schema, type) and issubclass(schema, Sample), "sample_schema is no subclass of Sample.")
    sample, name = subject.trial.sample, subject.entry.component.name
    require(sample.technique == name, f"The sample is one for {sample.technique!r}, not for {name!r}.")
    again = schema.model_validate(sample.document())
    require(again.digest == sample.digest, "A sample read back from its document() has another digest.")


@check("technique")
def its_sample_refuses_unknown_keys(subject: TechniqueSubject) -> None:
    """A misspelt key in a sample file is refused: otherwise it is silently ignored, and the answer is wrong."""
    document = subject.trial.sample.document() | {"no_such_key": 1}
    try:
        subject.technique.sample_schema.model_validate(document)
    except ValidationError:
        return
    raise ConformanceError('An unknown key is accepted; keep extra="forbid".')


@check("technique")
def its_quantities_have_names_and_units(subject: TechniqueSubject) -> None:
    """There is at least one quantity, all have different names, and their units can be converted.

    Queries such as ``C11>2.6e11 Pa`` convert them.
    """
    quantities = subject.trial.quantities
    require(quantities and all(isinstance(q, Quantity) for q in quantities), "There are no quantities.")
    names = [quantity.name for quantity in quantities]
    require(len(set(names)) == len(names), f"Two quantities have one name: {', '.join(names)}.")
    for quantity in quantities:
        require(is_unit(quantity.unit), f"The unit {quantity.unit!r} of {quantity.name} is not known.")


@check("technique")
def its_recipes_can_be_made(subject: TechniqueSubject) -> None:
    """Every component of its recipes and each of its readers is there, and its parameters are valid.

    Where quantities are outcomes of the simulation, nothing can be refined, and the recipes have no refiner.
    """
    recipes = subject.trial.recipes
    require(DEFAULT in recipes, f"No recipe is called {DEFAULT!r}.")
    require(all(isinstance(recipe, Recipe) for recipe in recipes.values()), "A recipe is no Recipe.")
    digests = {name: recipe.digest for name, recipe in recipes.items()}
    again = {name: recipe.digest for name, recipe in subject.trial.recipes.items()}
    require(digests == again, "Asked twice, recipes differ.")
    if isinstance(subject.trial.model, GeneratingModel):
        refined = any(recipe.refiner for recipe in recipes.values())
        require(not refined, "A recipe has a refiner, and its forward model none to refine by.")
    readers = subject.technique.readers
    for name in chain(*readers.values()) if isinstance(readers, Mapping) else readers:
        _found(subject, "reader", name)


@check("technique")
def its_components_fit_together(subject: TechniqueSubject) -> None:
    """Its description takes the kind of signal that is simulated, every recipe fits, and its processors are registered.

    Recipes that do not fit are refused from the descriptions, before anything is simulated.
    """
    trial, takes = subject.trial, subject.entry.component.takes
    for name in getattr(subject.technique, "processors", ()):
        _found(subject, "processor", name)
    for name, recipe in trial.recipes.items():
        try:
            check_recipe(trial.catalogue, trial.name, recipe)
        except SpectraError as error:
            raise ConformanceError(f"The recipe {name!r} does not fit: {error.message}") from error
    require_said(trial.material.signal.kind, takes, "takes")


@check("technique")
def its_groups_can_be_divided(subject: TechniqueSubject) -> None:
    """Groups are whole numbers, the same each time, and at least three.

    They are never divided, and training, validation and test need one each.
    """
    trial = subject.trial
    groups, again = (trial.technique.design(trial.sample).groups for _ in range(2))
    if groups is None or again is None:
        raise NotApplicable("its design has no groups")
    require(groups.dtype.kind in "iu", f"Groups are {groups.dtype}, not whole numbers.")
    require(np.array_equal(groups, again), "Asked twice, groups differ: data sets are found by them.")
    count = len(np.unique(groups))
    require(count >= _FEWEST_GROUPS, f"There are {count} groups; training, validation and test need one each.")


@check("technique")
def its_design_covers_the_ranges(subject: TechniqueSubject) -> None:
    """A design has at least seven points, finite, of shape (n, k), the same each time.

    Their quantities lie within the searched ranges, whether they are given or come out.
    """
    trial = subject.trial
    points = trial.technique.design(trial.sample).points
    require(points.ndim == 2 and len(points) >= _FEWEST_POINTS, f"The design has the shape {points.shape}.")
    require(points.dtype == np.float64 and np.isfinite(points).all(), "The points are not finite float64.")
    again = trial.technique.design(trial.sample).points
    require(np.array_equal(points, again), "Asked twice, designs differ: data sets are found by their points.")
    values = trial.material.values
    low, high = np.array([[q.lower, q.upper] for q in trial.quantities]).T
    slack = 1e-6 * (high - low)
    inside = (values >= low - slack) & (values <= high + slack)
    require(values.shape[1:] == low.shape, f"Points have {values.shape[1]} columns; there are {len(low)} quantities.")
    require(inside.all(), "Points lie outside the ranges of the quantities.")


@check("technique")
def prepare_refuses_other_signals_in_words(subject: TechniqueSubject) -> None:
    """A measurement of another kind than the simulated signals is refused with an error of ours."""
    trial = subject.trial
    for material in subject.bench.synthetic:
        if material.signal.kind == trial.material.signal.kind:
            continue
        file = RawFile(name="other.dat", content=b"")
        measurement = Measurement(signal=take(material.signal, slice(0, 1)), file=file, reader="")
        answer = answer_or_refusal(
            partial(trial.technique.prepare, measurement, trial.sample), f"A measurement of {material.label}"
        )
        require(isinstance(answer, SpectraError), f"prepare() accepts {material.label}.")


@check("technique")
def reads_and_prepares_a_measured_file(subject: TechniqueSubject) -> None:
    """One of its readers understands a measured file, and the prepared measurement is one signal to be encoded."""
    trial, catalogue = subject.trial, subject.bench.catalogue
    subject.bench.files()
    refused = []
    for offered in _offers(trial.technique, subject.bench.measurements):
        try:
            measurement = read_measurement(catalogue, trial.specimen, offered, several=True)
        except SpectraError as error:
            refused.append(str(error))
            continue
        simulated, name = trial.material.signal, measurement.file.name
        require(len(measurement.signal) == 1, f"{name} is prepared as {len(measurement.signal)} signals.")
        _fitted(trial, simulated).encode(measurement.signal)
        return
    raise NotApplicable(f"none of the measured files that were given is one of the sample: {refused[0]}")


@check("technique")
def analyses_what_it_simulates(subject: TechniqueSubject) -> None:
    """From its default recipe with quick parameters comes an answer, with what is derived, remarks and a figure.

    A model is trained on some tens of simulated signals; how good the answer is, is not looked at.
    """
    from matplotlib.figure import Figure

    trial = subject.trial
    result = _analysed(trial)
    for derived in result.derived:
        require(isinstance(derived, EstimatedQuantity), "derive() gives something else than EstimatedQuantity.")
        require(np.isfinite(derived.value), f"The derived {derived.name} is not finite.")
        known = derived.std is not None and np.isfinite(derived.std) and derived.std >= 0
        require(known or derived.note, f"The uncertainty of {derived.name} is unknown, and no note says why.")
    remarks = trial.technique.remarks(result)
    require(not isinstance(remarks, str), "remarks() gives one text, not a sequence of sentences.")
    require(all(isinstance(remark, str) and remark.strip() for remark in remarks), "A remark is empty.")
    if isinstance(trial.technique, JudgingTechnique):
        require(isinstance(trial.technique.judge(result), Verdict), "judge() gives something else than a Verdict.")
    figure = Figure()
    trial.technique.draw(result, figure)
    require(figure.axes, "draw() leaves the figure empty.")


@check("technique")
def names_its_views_for_addresses(subject: TechniqueSubject) -> None:
    """Views, if there are any, have names that can stand in an address, titles, and functions."""
    technique = subject.trial.technique
    for name, view in technique.views.items() if isinstance(technique, ViewingTechnique) else ():
        require(isinstance(view, View), f"The view {name!r} is {type(view).__name__}; return a View.")
        require(
            bool(NAME.fullmatch(name)), f"The name {name!r} of a view holds more than small letters, digits and dashes."
        )
        require(view.title.strip() and callable(view.show), f"The view {name!r} has no title or no function.")


def _found(subject: TechniqueSubject, kind: Kind, name: str) -> None:
    """Require that a component is there."""
    try:
        subject.bench.catalogue.find(kind, name)
    except NotFoundError as error:
        raise ConformanceError(error.message) from error


def _offers(technique: Technique, measurements: Sequence[Path]) -> Iterator[Path | dict[str, Path]]:
    """Yield each measured file, for a technique of several parts also each way to give one for every part."""
    yield from measurements
    if isinstance(technique.readers, Mapping):
        for files in product(measurements, repeat=len(technique.readers)):
            yield dict(zip(technique.readers, files, strict=True))


def _fitted(trial: Trial, signal: Signal) -> Encoder:
    """Fit the encoder of the default recipe; its targets are made up."""
    rng = np.random.default_rng(SEED)
    encoder, targets = trial.catalogue.encoder(trial.recipe.encoder), rng.random((len(signal), len(trial.quantities)))
    return fitted_encoder(encoder, signal, targets=targets, rng=rng, progress=Silent())


def _analysed(trial: Trial) -> Result:
    """Train a model with quick parameters, and analyse one of the signals that it has not seen."""
    catalogue, recipe, material = trial.catalogue, trial.recipe, trial.material
    rng = np.random.default_rng(SEED)
    data = DataSet(values=material.values, signal=material.signal)
    training, validation, test = split(data, rng)
    encoder = _fitted(trial, training.signal)
    distortions = [catalogue.distortion(choice) for choice in recipe.distortions]
    examples = FreshlyDistorted(
        training, validation, quantities=trial.quantities, distortions=distortions, encoder=encoder, rng=rng
    )
    quick = catalogue.find("regressor", recipe.regressor.name).component.quick
    chosen = catalogue.choose("regressor", recipe.regressor.name, recipe.regressor.parameters | dict(quick))
    regressor = catalogue.regressor(chosen).fit(examples, rng=rng, progress=Silent())
    nothing = np.zeros((0, len(trial.quantities)))
    model = TrainedModel(
        encoder=encoder,
        regressor=regressor,
        quantities=trial.quantities,
        probe=make_probe(validation.signal),
        test={"truth": nothing, "mean": nothing, "spread": nothing},
    )
    measured = take(test.signal, slice(0, 1))
    learned, refinement = model.predict(measured), None
    if recipe.refiner is not None:
        refinement = refined(
            catalogue.refiner(recipe.refiner),
            measured,
            trial.forward,
            starts=learned.starts(0, trial.quantities),
            quantities=trial.quantities,
            progress=Silent(),
        )
    return Result(
        sample=trial.sample,
        measurement=Measurement(signal=measured, file=RawFile(name="simulated", content=b""), reader=""),
        model=model,
        quantities=trial.quantities,
        learned=learned,
        refinement=refinement,
        derived=tuple(trial.technique.derive(trial.sample, refinement)) if refinement else (),
    )
