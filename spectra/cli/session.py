"""What a command works with: the plugins, a technique, a sample, the registry."""

from __future__ import annotations

import getpass
import re
import shlex
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from spectra.core.documents import load_document
from spectra.core.errors import InputError, UsageError
from spectra.core.manager import Plugins, load_plugins
from spectra.core.recipe import Recipe
from spectra.core.samples import Sample
from spectra.core.store import DataSetRecord, Json, ModelRecord, PredictionRecord
from spectra.core.technique import Technique
from spectra.plugins import BUILT_IN

if TYPE_CHECKING:
    from spectra.registry.registry import Registry


def load() -> Plugins:
    """Load all plugins, and say on standard error what their maintainers should know."""
    from spectra.cli.printing.text import printable

    plugins = load_plugins(BUILT_IN)
    for status in plugins.statuses:
        for note in status.notes:
            print(printable(f"The plugin {status.name!r} ({status.source}): {note}."), file=sys.stderr)
    return plugins


class _AnySample(BaseModel):
    """What tells which schema a sample file follows."""

    technique: str | None = None


def load_sample(plugins: Plugins, path: Path, technique: str | None) -> tuple[Technique, Sample]:
    """Read a sample file for ``technique``, or for the technique that it names itself.

    Raises
    ------
    UsageError
        If file and option name different techniques.
    InputError
        If the file cannot be used.
    NotFoundError
        If there is no such technique.
    """
    if technique is not None:
        plugins.catalogue.find("technique", technique)
    named = load_document(path, _AnySample, what="sample file").technique
    if named is None and technique is None:
        raise InputError(f"{path}: the key 'technique' is missing.", hint="Add it, for example 'technique: rus'.")
    if technique is not None and named not in (None, technique):
        raise UsageError(f"{path} is a sample for '{named}', not for '{technique}'.", hint="Change --technique.")
    chosen = plugins.catalogue.technique(technique or str(named))
    return chosen, load_document(path, chosen.sample_schema, what="sample file")


def chosen_recipe(
    plugins: Plugins,
    technique: Technique,
    sample: Sample,
    *,
    names: Mapping[str, str],
    parameters: Mapping[str, Mapping[str, Any]],
    no_refine: bool,
    no_network: bool,
) -> Recipe:
    """Return the technique's recipe as the options of an analysis change it.

    Raises
    ------
    InputError, NotFoundError
        If there is no such recipe, part, component or parameter.
    """
    from spectra.core.workflows.train import complete_recipe

    default = technique.recipe_without_network(sample) if no_network else technique.recipe(sample)
    if default is None:
        raise InputError(f"The technique {sample.technique!r} has no recipe without a network; leave out --no-network.")
    if no_refine:
        default = default.model_copy(update={"refiner": None})
    return complete_recipe(plugins.catalogue, default, names=names, parameters=parameters)


def recorded_sample(plugins: Plugins, registry: Registry, id: str) -> tuple[Technique, Sample]:
    """Return a sample on record with its technique.

    Raises
    ------
    NotFoundError
        If it is not there, or no plugin provides its technique; the hint says what to install.
    InputError
        If its technique no longer understands it.
    """
    from spectra.core.workflows.environment import saying_what_to_install
    from spectra.core.workflows.recorded import recorded_sample as restore

    record = registry.get_sample(id)
    with saying_what_to_install(plugins.catalogue, _environments_below(registry, id)):
        technique = plugins.catalogue.technique(record.technique)
    return technique, restore(registry, technique, record)


def _environments_below(registry: Registry, id: str) -> Iterator[Json]:
    """Yield what the newest data sets, models and predictions of a sample were made with; it has none itself."""
    for below in registry.lineage(id).descendants:
        for record in below.newest:
            if isinstance(record, DataSetRecord | ModelRecord | PredictionRecord):
                yield record.environment


def open_registry(database: str | None) -> Registry:
    """Open the registry that the options or the environment name."""
    from spectra.registry.registry import Registry

    return Registry.open(url=database)


def command_line() -> str:
    """Return the command as the user typed it, but for the password in a database URL: others will read it."""
    return re.sub(r"(://[^\s/:@]*):[^\s/@]*@", r"\1:***@", shlex.join(["spectra", *sys.argv[1:]]))


def operator() -> str:
    """Return who is working here, or nothing where the system does not tell."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
