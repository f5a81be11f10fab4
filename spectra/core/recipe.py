"""Recipes: which components make a model. The roles that components play in one are data here, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from spectra.core.basics.files import digest_document

Kind = Literal[
    "forward model",
    "encoder",
    "regressor",
    "distortion",
    "refiner",
    "reader",
    "processor",
    "technique",
    "optimizer",
    "generator",
    "layout",
]
"""What components are, each registered by a hook of its own. Not all play a role in recipes: optimizers and generators
are arguments of the task *design*, and layouts of maps."""


DEFAULT, QUICK = "default", "quick"
"""Names of recipes by which every technique means the same: what to take, and what trains nothing for long."""


class Choice(BaseModel):
    """A component by name, with the parameters that differ from its defaults."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    parameters: dict[str, Any] = Field(default_factory=dict)
    version: int = 1


@dataclass(frozen=True, kw_only=True)
class Role:
    """A role that components play in a recipe.

    Parameters
    ----------
    field
        The attribute of a :class:`Recipe`, and its key in documents.
    kind
        What plays the role.
    many
        Whether it is played by any number of components, one after the other.
    used
        Where: in training alone, in the model, or in the analysis alone. What a trained model depends on, all but the
        last, is in the recipe's digest.
    always_in_digest
        Whether the digest holds the role even where nothing plays it, as it does for the roles of the first recipes.
        A role that came later is left out while it is empty, so that the digests of recipes on record stay what they
        are.
    """

    field: str
    kind: Kind
    many: bool = False
    used: Literal["training", "model", "analysis"] = "model"
    always_in_digest: bool = False

    @property
    def option(self) -> str:
        """What users call it on the command line, as in ``--set forward-model.order=12``."""
        return self.field.replace("_", "-")


ROLES = (
    Role(field="forward_model", kind="forward model", always_in_digest=True),
    Role(field="distortions", kind="distortion", many=True, used="training", always_in_digest=True),
    Role(field="encoder", kind="encoder", always_in_digest=True),
    Role(field="regressor", kind="regressor", always_in_digest=True),
    Role(field="refiner", kind="refiner", used="analysis"),
)
"""All roles, in the order in which a datum meets them; a new one is a line here and an optional field below."""


class Recipe(BaseModel):
    """Which components make a model of a sample; its fields are those of :data:`ROLES`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    forward_model: Choice
    distortions: tuple[Choice, ...] = ()
    encoder: Choice
    regressor: Choice
    refiner: Choice | None = None

    @property
    def digest(self) -> str:
        """Content address of what a trained model depends on: every role but those of the analysis alone."""
        document = self.model_dump(mode="json")
        return digest_document(
            {
                role.field: document[role.field]
                for role in ROLES
                if role.used != "analysis" and (role.always_in_digest or document[role.field])
            }
        )

    def choices(self) -> Iterator[tuple[Role, Choice]]:
        """Go through the components with the roles that they play."""
        for role in ROLES:
            chosen = getattr(self, role.field)
            for choice in chosen if role.many else [chosen] if chosen else []:
                yield role, choice

    def mapped(self, function: Callable[[Role, Choice], Choice]) -> Recipe:
        """Return the recipe with every component replaced by what ``function`` makes of it."""
        changed: dict[str, list[Choice]] = {}
        for role, choice in self.choices():
            changed.setdefault(role.field, []).append(function(role, choice))
        return recipe_of(changed)


class Contest(Recipe):
    """Recipes that are ranked on groups that none of them has seen; the best one becomes the model.

    Its own components are those to start from where somebody asks for others: a recipe that is changed is trained as it
    is, without rivals.

    Parameters
    ----------
    rivals
        By their names.
    folds
        In how many parts the groups are divided; each is held out once.
    leaking
        Whether to show, besides, what a division at random would have made believe.
    """

    rivals: dict[str, Recipe] = Field(min_length=1)
    folds: int = Field(default=5, ge=2)
    leaking: bool = False

    @property
    def digest(self) -> str:
        """Content address of what the model depends on."""
        return digest_document(
            {"rivals": {name: rival.digest for name, rival in self.rivals.items()}, "folds": self.folds}
        )


def recipe_of(components: Mapping[str, Sequence[Choice]]) -> Recipe:
    """Make a recipe of the components of each role, by its field."""
    fields: dict[str, Any] = {}
    for role in ROLES:
        if chosen := components.get(role.field):
            fields[role.field] = tuple(chosen) if role.many else chosen[0]
    return Recipe(**fields)


def option_of(role: Role, choice: Choice) -> str:
    """Return what users call a component of a recipe: its role, or its name where the role has several."""
    return choice.name if role.many else role.option
