"""Whether a recipe can be used, from the descriptions of its components alone: nothing is made or computed."""

from __future__ import annotations

from collections.abc import Iterator

from spectra.core.basics.packages import how_to_install, installed
from spectra.core.errors import InputError, NotFoundError
from spectra.core.inventory.catalogue import Catalogue, Entry
from spectra.core.recipe import Contest, Recipe
from spectra.core.session import Specimen
from spectra.core.signals import SignalKind


def check_recipe(catalogue: Catalogue, technique: str, recipe: Recipe) -> None:
    """Refuse a recipe of which one component gives what the next does not take; of a contest, any of its recipes.

    Raises
    ------
    InputError
        If no kind of signal suits a component and those before it, back to the technique.
    NotFoundError
        If a component is not there.
    """
    if isinstance(recipe, Contest):
        for rival in recipe.rivals.values():
            check_recipe(catalogue, technique, rival)
        return
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


def check_trainable(catalogue: Catalogue, specimen: Specimen, recipe: Recipe) -> None:
    """Refuse a recipe, before anything is computed, if a package that trains one of its components is missing.

    Raises
    ------
    NotFoundError
        Then; the hint says how to install it, and which recipes of the technique do without.
    """
    missing = _missing_trainer(catalogue, recipe)
    if missing is None:
        return
    kind, name, package = missing
    others = [name for name, other in specimen.recipes.items() if _missing_trainer(catalogue, other) is None]
    without = f" These recipes do without: {', '.join(others)}." if others else ""
    raise NotFoundError(
        f"The {kind} {name!r} is trained with {package}, which is not installed.",
        hint=how_to_install(package) + without,
    )


def _missing_trainer(catalogue: Catalogue, recipe: Recipe) -> tuple[str, str, str] | None:
    """Return kind and name of the first component that cannot be trained here, and the package that it needs."""
    rivals = recipe.rivals.values() if isinstance(recipe, Contest) else [recipe]
    for rival in rivals:
        for role, choice in rival.choices():
            for package in catalogue.find(role.kind, choice.name).component.trained_with:
                if installed(package) is None:
                    return role.kind, choice.name, package
    return None


def suiting(catalogue: Catalogue, technique: str) -> Iterator[Entry]:
    """Go through the components that can work on the signals of a technique, as far as the descriptions tell."""
    works_on = set(catalogue.find("technique", technique).component.takes)
    readable = _readable(catalogue, works_on)
    for entry in catalogue.entries():
        component = entry.component
        match entry.kind:
            case "technique":
                continue
            case "reader" | "processor":
                said, wanted = set(component.gives), readable
            case _:
                said, wanted = {*component.takes, *component.gives}, works_on
        if not said or not wanted or said & wanted:
            yield entry


def _readable(catalogue: Catalogue, works_on: set[SignalKind]) -> set[SignalKind]:
    """Return the kinds of measured signal that processors turn into one of ``works_on``; empty for any kind."""
    if "bundle" in works_on:
        return set()  # parts are of any kind
    processors = [entry.component for entry in catalogue.entries("processor")]
    readable = set(works_on)
    while more := {kind for p in processors if readable & set(p.gives) for kind in p.takes} - readable:
        readable |= more
    return readable


def _listed(kinds: set[SignalKind]) -> str:
    return " or ".join(sorted(kinds))
