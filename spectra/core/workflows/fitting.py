"""Whether the components of a recipe fit together, from their descriptions alone: nothing is made or computed."""

from __future__ import annotations

from spectra.core.catalogue import Catalogue, Entry
from spectra.core.errors import InputError
from spectra.core.recipe import Recipe
from spectra.core.signals import SignalKind


def check_recipe(catalogue: Catalogue, technique: str, recipe: Recipe) -> None:
    """Refuse a recipe of which one component gives what the next does not take.

    Raises
    ------
    InputError
        If no kind of signal suits a component and those before it, back to the technique.
    NotFoundError
        If a component is not there.
    """
    component = catalogue.find("technique", technique).component
    kinds, known_from = set(component.takes), f"the technique {technique!r} works on"
    for role, choice in recipe.choices():
        component = catalogue.find(role.kind, choice.name).component
        suited = set(component.gives if role.kind == "forward model" else component.takes)
        if kinds and suited and not kinds & suited:
            verb = "gives" if role.kind == "forward model" else "takes"
            raise InputError(
                f"The {role.kind} {choice.name!r} {verb} {_listed(suited)}, and {known_from} {_listed(kinds)}.",
                hint=f"'spectra techniques show {technique}' lists the components that suit it.",
            )
        if role.kind == "forward model" and suited:
            kinds, known_from = kinds & suited or suited, f"the forward model {choice.name!r} gives"


def suits(entry: Entry, technique: Entry) -> bool:
    """Say whether a component can have to do with the signals of a technique, as far as the descriptions tell."""
    known, component = set(technique.component.takes), entry.component
    said = {*component.takes, *component.gives}
    return not known or not said or bool(known & said)


def _listed(kinds: set[SignalKind]) -> str:
    return " or ".join(sorted(kinds))
