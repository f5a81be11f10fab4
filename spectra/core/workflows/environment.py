"""What a result was computed with, and what to install where that is missing."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from spectra.core.basics.packages import installed
from spectra.core.errors import ComponentNotFoundError
from spectra.core.formats.bundles import BUNDLE
from spectra.core.inventory.catalogue import Catalogue
from spectra.core.recipe import Choice, Kind, Recipe
from spectra.core.store import Json
from spectra.core.workflows.reading import part_readings
from spectra.version import __version__

_PACKAGES = ("numpy", "scipy")

_TRAINERS = ("tensorflow", "keras")

Parts = Iterable[tuple[Kind, str]]


def components_used(
    recipe: Recipe, *, technique: str, reader: Choice | None = None, processors: Sequence[Choice] = ()
) -> Iterator[tuple[Kind, str]]:
    """Yield kind and name of every component that a result depends on."""
    yield "technique", technique
    for role, choice in recipe.choices():
        yield role.kind, choice.name
    if reader is not None:
        for reading in part_readings(reader).values() if reader.name == BUNDLE else [reader]:
            yield "reader", reading.name
    for processor in processors:
        yield "processor", processor.name


def environment(catalogue: Catalogue, parts: Parts, *, trained: bool = False) -> dict[str, str]:
    """Return the versions of what numbers depend on, strangers' plugins included, without importing it.

    Each of ``parts`` that is not the platform's own is there with the distribution that brought it, as
    ``"encoder toy-values": "toy-technique 1.0"``.

    Parameters
    ----------
    trained
        The numbers depend on what trains the parts, too: they are those of a model.
    """
    used = [f"{kind} {name}" for kind, name in parts]
    components = {f"{entry.kind} {entry.component.name}": entry.component for entry in catalogue.entries()}
    made_of = [components[part] for part in used if part in components]
    needed = [package for component in made_of for package in component.packages]
    if trained:
        needed += [package for component in made_of for package in component.trained_with]
    versions = {"spectra": __version__, "python": platform.python_version(), "platform": platform.platform()}
    for package in (*_PACKAGES, *needed):
        if version := installed(package):
            versions[package] = version
    strangers = [entry for entry in catalogue.entries() if entry.source != "built in"]
    versions |= {f"plugin {entry.plugin}": entry.source for entry in strangers}
    origins = {f"{entry.kind} {entry.component.name}": entry.source for entry in strangers}
    return versions | {part: origins[part] for part in used if part in origins}


def without_trainers(recorded: Json, now: Json) -> Json:
    """Leave out of a prediction's record what trained its model: earlier ones hold it, but no number depends on it."""
    return {key: version for key, version in recorded.items() if key in now or key not in _TRAINERS}


@contextmanager
def saying_what_to_install(catalogue: Catalogue, records: Iterable[Json]) -> Iterator[None]:
    """Let the error about a component that no plugin provides say what brought it when a record was made.

    Parameters
    ----------
    records
        Environments of records that needed it.
    """
    try:
        yield
    except ComponentNotFoundError as error:
        known = list(records)
        sources = (recorded.get(f"{error.kind} {error.name}") for recorded in known)
        source = next(filter(None, sources), None)
        hint = _where_it_was(catalogue, source) if source else _what_was_there(known) or error.hint
        raise ComponentNotFoundError(error.message, kind=error.kind, name=error.name, hint=hint) from error


def _where_it_was(catalogue: Catalogue, source: str) -> str:
    """Say how to get a component back from the distribution that brought it, such as "toy-technique 1.0"."""
    name, _, version = source.rpartition(" ")
    for status in catalogue.absent:
        if status.distribution.name == name:
            return f"It came from {source}. {status.absence}"
    if (found := installed(name)) is None:
        return f"It came from {source}, which is not installed: pip install '{name}=={version}'"
    return f"It came from {source}; installed is {found}, which has no such component: pip install '{name}=={version}'"


def _what_was_there(environments: Iterable[Json]) -> str | None:
    """Say what is known from records that do not tell which package brought which component."""
    plugins = dict.fromkeys(
        version for recorded in environments for key, version in recorded.items() if key.startswith("plugin ")
    )
    if not plugins:
        return None
    return f"The record names no package for it; with the plugins of these it was made: {', '.join(plugins)}."
