"""Techniques: the bundle of sample schema, quantities and default components that a user names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from spectra.core.basics.verdict import Verdict
from spectra.core.components import Refinement
from spectra.core.errors import InputError
from spectra.core.formats.maps import QuantityMap
from spectra.core.formats.views import View
from spectra.core.measurements import Measurement
from spectra.core.model import TrainedModel
from spectra.core.quantities import Estimate, EstimatedQuantity, Quantity
from spectra.core.recipe import DEFAULT, QUICK, Choice, Recipe
from spectra.core.samples import Sample
from spectra.core.signals import Signal

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = [
    "Choice",  # plugins of interface version 1 import this, Recipe and EstimatedQuantity from here
    "Design",
    "DividingTechnique",
    "EstimatedQuantity",
    "ExemplaryTechnique",
    "JudgingTechnique",
    "MappingTechnique",
    "Recipe",
    "Result",
    "Technique",
    "ViewingTechnique",
]


@dataclass(frozen=True, kw_only=True, eq=False)
class Design:
    """The points of a training set.

    Parameters
    ----------
    points : ndarray, shape (n, k)
        What the forward model is given for each: the quantities, in their units; for a
        :class:`~spectra.core.components.GeneratingModel` whatever it makes a specimen from, such as a seed.
    notes
        What was left out of the searched ranges and why.
    groups : ndarray, shape (n,)
        Points with the same number come from one specimen, grain, micrograph or trajectory; they stay together when the
        data are split, because a model that has seen one of them knows something of the others. ``None`` where every
        point is for itself.
    """

    points: NDArray[np.float64]
    notes: tuple[str, ...] = ()
    groups: NDArray[np.int64] | None = None

    def __post_init__(self) -> None:
        if self.groups is not None and self.groups.shape != (len(self.points),):
            raise InputError(f"A design of {len(self.points)} points has groups of shape {self.groups.shape}.")


@dataclass(frozen=True, kw_only=True, eq=False)
class Result:
    """What is known about one measurement after prediction and refinement; a technique derives and draws from it."""

    sample: Sample
    measurement: Measurement
    model: TrainedModel
    quantities: tuple[Quantity, ...]
    learned: Estimate
    """The regressor's answer."""
    refinement: Refinement | None
    derived: tuple[EstimatedQuantity, ...] = ()
    verdict: Verdict | None = None
    """Of the technique, from all that stands above; ``None`` from one that does not judge."""
    map: QuantityMap | None = None
    """The regressor's answers at every place, from a technique that maps."""

    @property
    def network(self) -> Estimate:
        """The name of :attr:`learned` up to interface version 1."""
        return self.learned


class Technique(Protocol):
    """What a technique plugin provides beyond its components."""

    sample_schema: type[Sample]
    """What a sample file holds: the facts about one specimen, and the ranges that are searched."""

    @property
    def readers(self) -> Sequence[str] | Mapping[str, Sequence[str]]:
        """Names of the readers to try on a measured file, in this order.

        For a technique whose signal is a bundle, with a file for each part: those of each part, by its name.
        """

    # Besides, a technique may have ``processors``: names of processors through which every measurement goes that they
    # take, in this order, before it is prepared; and ``references``: a BibTeX file of its package, as
    # ``"package:references.bib"``, which ``spectra cite`` prints.

    def quantities(self, sample: Sample) -> tuple[Quantity, ...]:
        """Return what is searched, with units and ranges."""

    def recipes(self, sample: Sample) -> Mapping[str, Recipe]:
        """Return the recipes for ``sample`` by name: ``default``, and ``quick`` if there is one without long training.

        Up to interface version 1, a technique has two methods instead: ``recipe(sample)`` returns the default one, and
        ``recipe_without_network(sample)`` the quick one or None.
        """

    def design(self, sample: Sample) -> Design:
        """Return the points to simulate.

        Raises
        ------
        InputError
            If no point of the ranges is physically possible.
        """

    def prepare(self, measurement: Measurement, sample: Sample) -> Measurement:
        """Bring a measurement to the axis and unit of the simulated signals, adding notes on what was left out.

        Raises
        ------
        InputError
            If it cannot be a measurement of ``sample``: another kind of signal, another unit, nothing in the window.
        """

    def derive(self, sample: Sample, refinement: Refinement) -> Sequence[EstimatedQuantity]:
        """Return what follows from the refined quantities, with uncertainties propagated."""

    def remarks(self, result: Result) -> Sequence[str]:
        """Return sentences that a reader of the result should keep in mind, whether it is right or wrong.

        What speaks against a result is a reason of its verdict, see :class:`JudgingTechnique`.
        """

    def draw(self, result: Result, figure: Figure) -> None:
        """Draw the one figure that shows whether to believe the result."""


def recipes_of(technique: Technique, sample: Sample) -> Mapping[str, Recipe]:
    """Return the recipes of a technique of any interface version, by name."""
    if hasattr(technique, "recipes"):
        return technique.recipes(sample)
    former: Any = technique
    recipes = {DEFAULT: former.recipe(sample), QUICK: former.recipe_without_network(sample)}
    return {name: recipe for name, recipe in recipes.items() if recipe is not None}


@runtime_checkable
class JudgingTechnique(Protocol):
    """What a technique has, besides, that says whether to believe its results."""

    def judge(self, result: Result) -> Verdict:
        """Return the verdict on a result, which has none yet; its refinement's doubts are among the reasons."""


@runtime_checkable
class DividingTechnique(Protocol):
    """What a technique has, besides, whose examples see each other: how to hold some of them out.

    Without it, whole groups of the design are held out, and all others are learned from.
    """

    def folds(
        self, sample: Sample, signal: Signal, groups: NDArray[np.int64], count: int
    ) -> Sequence[tuple[NDArray[np.int64], NDArray[np.int64]]] | None:
        """Divide examples into ``count`` parts, and say what to learn from while each is held out.

        Parameters
        ----------
        signal
            A stack of n.
        groups : ndarray, shape (n,)
            None of them may stand on two sides.

        Returns
        -------
        folds
            Rows to learn from and rows held out; each row is held out once. ``None`` to divide by whole groups alone.
        """


@runtime_checkable
class MappingTechnique(Protocol):
    """What a technique has, besides, that answers for every place of a picture: :class:`~spectra.core.signals.Places`.

    Such a measurement is one spectrum, however many places it holds.
    """

    def map(self, model: TrainedModel, measurement: Measurement, sample: Sample) -> tuple[Estimate, QuantityMap]:
        """Return one answer for the whole measurement, arrays (1, p), and the map.

        Raises
        ------
        InputError
            If the model cannot work with the measurement.
        """


@runtime_checkable
class ExemplaryTechnique(Protocol):
    """What a technique has, besides, that brings a sample to try it on."""

    def example_sample(self) -> Mapping[str, Any]:
        """Return the content of a sample file; a small one, of which some tens of signals take seconds.

        Raises
        ------
        NotFoundError
            If what it would be simulated with is not installed.
        """


@runtime_checkable
class ViewingTechnique(Protocol):
    """What a technique has, besides, that adds views to the page of a prediction."""

    @property
    def views(self) -> Mapping[str, View]:
        """Views by their names: small letters, digits and dashes, which stay, because they stand in addresses.

        A view's function is handed the prediction as it is on record, and returns facts, tables, sentences, curves and
        pictures; the page draws them. It takes no more than some seconds.
        """
