"""Sessions and specimens: what every task works with, and what it works on."""

from __future__ import annotations

import getpass
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from spectra.core.basics.documents import nearest
from spectra.core.components import ForwardModel, GeneratingModel
from spectra.core.errors import InputError
from spectra.core.inventory.catalogue import Catalogue, asked_for_quantities
from spectra.core.progress import Progress, Silent
from spectra.core.quantities import Quantity
from spectra.core.recipe import DEFAULT, Choice, Recipe
from spectra.core.samples import Sample
from spectra.core.store import Store
from spectra.core.technique import Result, Technique, recipes_of

if TYPE_CHECKING:
    from spectra.core.tasks import Executor


@dataclass(frozen=True, kw_only=True)
class Context:
    """Who asks for what, as predictions record it."""

    command: str = ""
    operator: str = ""


def operator() -> str:
    """Return who is working here, or nothing where the system does not tell."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""


class Draw(Protocol):
    """Draws the figure that goes on record with a prediction."""

    def __call__(self, technique: Technique, result: Result) -> bytes:
        """Return the figure of a result as SVG."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Session:
    """What a task works with.

    Parameters
    ----------
    store
        Where to look for what is known, and to put on record what is new.
    catalogue
        The components of the loaded plugins.
    progress
        Where long work reports to.
    jobs
        Number of worker processes; ``None`` for one on each core. It does not change any result.
    draw
        Draws the figures of predictions; ``None`` for none on record.
    executor
        Hands out work to other machines; ``None`` for none.
    """

    store: Store
    catalogue: Catalogue
    progress: Progress = field(default_factory=Silent)
    context: Context = Context()
    jobs: int | None = None
    draw: Draw | None = None
    executor: Executor | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Specimen:
    """What a task works on: a technique with one sample."""

    technique: Technique
    sample: Sample
    _simulations: dict[str, ForwardModel | GeneratingModel] = field(default_factory=dict, init=False, repr=False)

    def simulation(self, catalogue: Catalogue, choice: Choice) -> ForwardModel | GeneratingModel:
        """Return the forward model of a choice, of either sort: made once for all that is done with the specimen."""
        key = choice.model_dump_json()
        if key not in self._simulations:
            self._simulations[key] = catalogue.simulation(choice, self.sample)
        return self._simulations[key]

    def forward_model(self, catalogue: Catalogue, choice: Choice) -> ForwardModel:
        """Return the same if it can be asked for given quantities; raises like :meth:`.Catalogue.forward_model`."""
        return asked_for_quantities(self.simulation(catalogue, choice), choice.name)

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """What is searched, with units and ranges."""
        return self.technique.quantities(self.sample)

    @property
    def recipes(self) -> Mapping[str, Recipe]:
        """The technique's recipes by name."""
        return recipes_of(self.technique, self.sample)

    def recipe(self, name: str = DEFAULT) -> Recipe:
        """Return one of the recipes.

        Raises
        ------
        InputError
            If the technique has none of this name.
        """
        recipes = self.recipes
        if name not in recipes:
            raise InputError(
                f"The technique {self.sample.technique!r} has no recipe {name!r}{nearest(name, recipes)}.",
                hint=f"Its recipes: {', '.join(recipes)}.",
            )
        return recipes[name]
