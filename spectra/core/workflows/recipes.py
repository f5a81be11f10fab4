"""Recipes as they are used: a technique's recipe, changed as the user wants it, with every parameter spelt out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spectra.core.errors import InputError
from spectra.core.inventory.catalogue import Catalogue
from spectra.core.recipe import Choice, Contest, Recipe, Role, option_of


def complete_recipe(
    catalogue: Catalogue,
    recipe: Recipe,
    *,
    names: Mapping[str, str] | None = None,
    parameters: Mapping[str, Mapping[str, Any]] | None = None,
) -> Recipe:
    """Return ``recipe`` with the user's replacements, every parameter spelt out and checked.

    A contest stays one only where nothing is replaced.

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

    replaced = bool(names or changes)
    completed_recipe = recipe.mapped(completed)
    if isinstance(recipe, Contest) and not replaced:
        rivals = {name: rival.mapped(completed) for name, rival in recipe.rivals.items()}
        return recipe.model_copy(update={**dict(completed_recipe), "rivals": rivals})
    if names or changes:
        unknown = ", ".join([*names, *changes])
        options = ", ".join(option_of(role, choice) for role, choice in recipe.choices())
        raise InputError(f"The recipe has no role {unknown!r}.", hint=f"Its roles are {options}.")
    return completed_recipe
