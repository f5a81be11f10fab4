"""Study files: which recipes are compared, on which spectra, under which conditions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

from pydantic import Field, field_validator, model_validator

from spectra.core.basics.documents import load_document
from spectra.core.samples import Document

_NAME = r"^\S(.*\S)?$"
_RANDOM_POINTS = 128


class Chosen(Document):
    """A component and the parameters that differ from its defaults."""

    name: str
    parameters: dict[str, Any] = Field(default_factory=dict)


class Change(Document):
    """A component by another name, or other parameters of the one that stands there, or both."""

    name: str | None = Field(default=None, description="starts from the defaults of that component")
    parameters: dict[str, Any] = Field(default_factory=dict)


class RecipeChanges(Document):
    """What differs from the technique's default recipe."""

    forward_model: Change = Change()
    encoder: Change = Change()
    regressor: Change = Change()
    refiner: Change = Change()
    distortions: tuple[Chosen, ...] | None = Field(default=None, description="instead of the default ones, in training")


class Variant(RecipeChanges):
    """One recipe of the study."""

    name: str = Field(pattern=_NAME, max_length=60)


class Condition(Document):
    """What happens to a test spectrum before it is shown to the models."""

    name: str = Field(pattern=_NAME, max_length=60)
    distortions: tuple[Chosen, ...] = ()
    truth: dict[str, float] | None = Field(
        default=None, description="take this point, each time distorted anew, instead of random ones"
    )


class Test(Document):
    """Test spectra: simulated at random points of the searched ranges, or held out of the data set by each split."""

    held_out: bool = Field(
        default=False,
        description="test on points of the data set that neither training nor validation saw; each seed holds out "
        "others, and no forward model is asked",
    )
    points: int | None = Field(
        default=None,
        ge=2,
        le=100_000,
        description=f"number of test spectra in each condition; by default {_RANDOM_POINTS}, or all that are held out",
    )
    refined: int = Field(default=0, ge=0, description="number of them, from the first, that are also refined")
    seed: int = Field(default=20_230_410, ge=0, description="of points and distortions, never of a training")

    __test__ = False  # no test class of pytest's

    @model_validator(mode="after")
    def _has_what_it_refines(self) -> Self:
        if self.count is not None and self.refined > self.count:
            raise ValueError(f"{self.refined} spectra cannot be refined where there are {self.count}")
        return self

    @property
    def count(self) -> int | None:
        """Number of test spectra; ``None`` for all that are held out."""
        return self.points or (None if self.held_out else _RANDOM_POINTS)


class Measured(Document):
    """A measured spectrum in place of simulated ones; every condition is applied to it again and again."""

    file: str | dict[str, str] = Field(
        description="path from the folder of the study file; for a technique of several parts, one for each by its name"
    )
    reader: str | dict[str, str] | None = None
    repeats: int = Field(default=50, ge=1, le=100_000, description="draws of each condition's distortions")
    refined: int = Field(default=0, ge=0, description="number of them, from the first, that are also refined")
    seed: int = Field(default=20_230_410, ge=0, description="of the distortions")
    reference: dict[str, float] = Field(
        default_factory=dict, description="values to compare with, by quantity: what a person fitted, for example"
    )

    @model_validator(mode="after")
    def _has_what_it_refines(self) -> Self:
        if self.refined > self.repeats:
            raise ValueError(f"{self.refined} spectra cannot be refined where there are {self.repeats}")
        return self


class Quick(Document):
    """What ``--quick`` replaces, so that a study shows within a minute that it runs."""

    sample: str | None = Field(default=None, description="a sample file with fewer points")
    seeds: tuple[int, ...] | None = Field(default=None, min_length=1)
    points: int | None = Field(default=None, ge=2)
    repeats: int | None = Field(default=None, ge=1)
    refined: int | None = Field(default=None, ge=0)
    parameters: dict[str, dict[str, Any]] = Field(
        default_factory=dict, description="by the name of the component, wherever a variant uses it"
    )


class Study(Document):
    """Variants of a recipe, each trained with every seed, compared on the same test spectra under every condition."""

    title: str = Field(max_length=200)
    notes: str = Field(default="", max_length=10_000)
    sample: str = Field(description="sample file, by its path from the folder of the study file")
    seeds: tuple[int, ...] = Field(default=(0,), min_length=1, description="of the trainings")
    recipe: RecipeChanges = Field(default=RecipeChanges(), description="changes that all variants share")
    variants: tuple[Variant, ...] = Field(min_length=1)
    conditions: tuple[Condition, ...] = Field(min_length=1)
    test: Test | None = None
    measurement: Measured | None = None
    quick: Quick = Quick()

    @field_validator("seeds")
    @classmethod
    def _seeds_differ(cls, seeds: tuple[int, ...]) -> tuple[int, ...]:
        if len(set(seeds)) < len(seeds) or min(seeds) < 0:
            raise ValueError("seeds are different whole numbers from 0")
        return seeds

    @field_validator("variants", "conditions")
    @classmethod
    def _names_differ(cls, parts: Sequence[Any]) -> Sequence[Any]:
        names = [part.name for part in parts]
        if repeated := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"the name {repeated[0]!r} stands twice")
        return parts

    @model_validator(mode="after")
    def _has_spectra(self) -> Self:
        if (self.test is None) == (self.measurement is None):
            raise ValueError("give either 'test' (simulated spectra) or 'measurement' (a measured one)")
        if self.held_out and any(condition.truth for condition in self.conditions):
            raise ValueError("a condition of a test on held-out points has no 'truth'; it is that of these points")
        if self.measurement and any(condition.truth for condition in self.conditions):
            raise ValueError("a condition of a 'measurement' has no 'truth'; its 'reference' is what to compare with")
        return self

    @property
    def held_out(self) -> bool:
        """Whether each model is tested on what was held out of its own training."""
        return self.test is not None and self.test.held_out

    def shortened(self) -> Study:
        """Return the study as ``--quick`` runs it; ``quick.parameters`` are for whoever makes the recipes."""
        quick, changes = self.quick, dict[str, Any]()
        if quick.sample is not None:
            changes["sample"] = quick.sample
        if quick.seeds is not None:
            changes["seeds"] = quick.seeds
        if self.test is not None:
            short = self.test.model_copy(update={"points": quick.points or self.test.points})
            refined = self.test.refined if quick.refined is None else quick.refined
            most = refined if short.count is None else short.count
            changes["test"] = short.model_copy(update={"refined": min(refined, most)})
        if self.measurement is not None:
            repeats = quick.repeats or self.measurement.repeats
            refined = min(self.measurement.refined if quick.refined is None else quick.refined, repeats)
            changes["measurement"] = self.measurement.model_copy(update={"repeats": repeats, "refined": refined})
        return self.model_copy(update=changes)


def load_study(path: Path, *, quick: bool = False) -> Study:
    """Read a study file; ``quick`` applies what it says there.

    Raises
    ------
    InputError
        If the file cannot be used; the sentence gives line and key.
    """
    study = load_document(path, Study, what="study file")
    return study.shortened() if quick else study
