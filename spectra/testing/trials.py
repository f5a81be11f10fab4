"""Techniques on trial: each with a sample, and a few signals that its forward model computes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ValidationError

from spectra.core.basics.documents import describe_validation_error, load_document
from spectra.core.components import ForwardModel, GeneratingModel
from spectra.core.errors import InputError, NotFoundError
from spectra.core.inventory.catalogue import Catalogue, Entry
from spectra.core.quantities import Quantity
from spectra.core.recipe import Recipe
from spectra.core.samples import Sample
from spectra.core.session import Specimen
from spectra.core.signals import Signal, take
from spectra.core.technique import ExemplaryTechnique, Technique
from spectra.core.workflows.recipes import complete_recipe
from spectra.testing.checking import NotApplicable
from spectra.testing.synthetic import Material

Floats = NDArray[np.float64]

POINTS = 40
"""Signals that are computed of each technique: enough to see a component at work, few enough for slow physics."""


@dataclass(frozen=True, eq=False)
class Trial:
    """A technique with a sample."""

    catalogue: Catalogue
    name: str
    specimen: Specimen

    @property
    def technique(self) -> Technique:
        """The technique."""
        return self.specimen.technique

    @property
    def sample(self) -> Sample:
        """The sample."""
        return self.specimen.sample

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """What the technique searches."""
        return self.specimen.quantities

    @property
    def recipe(self) -> Recipe:
        """The default recipe, with all parameters."""
        return complete_recipe(self.catalogue, self.specimen.recipe())

    @property
    def recipes(self) -> dict[str, Recipe]:
        """All recipes by name, with all parameters."""
        return {name: complete_recipe(self.catalogue, recipe) for name, recipe in self.specimen.recipes.items()}

    def uses(self, entry: Entry) -> bool:
        """Say whether a component has a role in one of the recipes."""
        used = [(role.kind, choice.name) for recipe in self.recipes.values() for role, choice in recipe.choices()]
        return (entry.kind, entry.component.name) in used

    @cached_property
    def model(self) -> ForwardModel | GeneratingModel:
        """The forward model of the default recipe, of either sort."""
        return self.catalogue.simulation(self.recipe.forward_model, self.sample)

    @property
    def forward(self) -> ForwardModel:
        """The same, to be asked for given quantities.

        Raises
        ------
        NotApplicable
            If its quantities are outcomes.
        """
        if isinstance(self.model, GeneratingModel):
            raise NotApplicable("the quantities of its forward model are outcomes")
        return self.model

    @property
    def points(self) -> Floats:
        """A copy of a few points of the design, evenly through it: shape (n, p)."""
        return self._points.copy()

    @cached_property
    def _points(self) -> Floats:
        points = self.technique.design(self.sample).points
        return points[np.linspace(0, len(points) - 1, min(POINTS, len(points))).astype(int)]

    @cached_property
    def material(self) -> Material:
        """The signals of these points, or the specimens that can be used."""
        values, signal = simulated(self.model, self.points)
        used = np.flatnonzero(np.isfinite(values).all(axis=1))
        values, signal = values[used], take(signal, used)
        label = f"what {self.name!r} simulates"
        return Material(label=label, quantities=self.quantities, values=values, signal=signal)


def simulated(model: ForwardModel | GeneratingModel, points: Floats) -> tuple[Floats, Signal]:
    """Return quantities (n, p) and signals of ``points``; NaN are those of specimens that are not to be used."""
    return model.generate(points) if isinstance(model, GeneratingModel) else (points, model.simulate(points))


class _Named(BaseModel):
    technique: str = ""


def sample_for(entry: Entry, technique: Technique, file: Path | None) -> Sample:
    """Return the sample of ``file`` if it is one for this technique, otherwise the technique's own example.

    Raises
    ------
    NotApplicable
        If there is neither, or the example needs what is not installed.
    InputError
        If it breaks the technique's schema.
    """
    if file is not None and named_technique(file) == entry.component.name:
        return load_document(file, technique.sample_schema, what="sample file")
    if not isinstance(technique, ExemplaryTechnique):
        raise NotApplicable(
            f"the technique {entry.component.name!r} has no example_sample(), and no sample file for it was given"
        )
    try:
        document = technique.example_sample()
    except NotFoundError as error:
        raise NotApplicable(f"no example sample: {error}") from error
    try:
        return technique.sample_schema.model_validate(document)
    except ValidationError as error:
        fault = describe_validation_error(error, technique.sample_schema)
        raise InputError(f"The example sample of {entry.component.name!r} cannot be used: {fault}.") from error


def named_technique(file: Path) -> str:
    """Return the technique that a sample file names."""
    return load_document(file, _Named, what="sample file").technique


def trials(catalogue: Catalogue, entries: list[Entry], file: Path | None) -> Iterator[Trial]:
    """Go through the techniques of ``entries`` that have a sample and that can be asked for their recipes.

    What is wrong with the others is said by the checks of techniques.
    """
    for entry in entries:
        try:
            technique = catalogue.technique(entry.component.name)
            sample = sample_for(entry, technique, file)
            trial = Trial(catalogue, entry.component.name, Specimen(technique=technique, sample=sample))
            _ = trial.recipe, trial.recipes
        except Exception:  # noqa: S112 - a stranger's code
            continue
        yield trial
