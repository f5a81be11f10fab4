"""What a command works with: the plugins, the registry, a specimen, its recipe."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from spectra.cli.printing.text import printable
from spectra.core.basics.documents import nearest
from spectra.core.errors import InputError
from spectra.core.manager import Plugins, load_plugins
from spectra.core.recipe import Recipe
from spectra.core.store import DataSetRecord, Json, ModelRecord, PredictionRecord
from spectra.plugins import BUILT_IN, SHARED

if TYPE_CHECKING:
    from spectra.core.inventory.catalogue import Catalogue
    from spectra.core.session import Draw, Session, Specimen
    from spectra.registry.registry import Registry


def load() -> Plugins:
    """Load all plugins, and say on standard error what their maintainers should know."""
    plugins = load_plugins(BUILT_IN, always=SHARED)
    for status in plugins.statuses:
        for note in status.notes:
            print(printable(f"The plugin {status.name!r} ({status.source}): {note}."), file=sys.stderr)
    return plugins


def chosen_recipe(
    catalogue: Catalogue,
    specimen: Specimen,
    name: str,
    *,
    names: Mapping[str, str],
    parameters: Mapping[str, Mapping[str, Any]],
    no_refine: bool,
) -> Recipe:
    """Return the technique's recipe as the options of an analysis change it.

    Raises
    ------
    InputError, NotFoundError
        If there is no such recipe, role, component or parameter.
    """
    from spectra.core.workflows.recipes import complete_recipe

    recipe = specimen.recipe(name)
    if no_refine:
        recipe = recipe.model_copy(update={"refiner": None})
    return complete_recipe(catalogue, recipe, names=names, parameters=parameters)


def session_on(
    registry: Registry, plugins: Plugins, *, jobs: int | None = None, draw: Draw | None = None, on: str | None = None
) -> Session:
    """Return what tasks work with: a registry, plugins, where their progress goes, and the cluster ``on``."""
    from spectra.cli.progress import chosen_progress
    from spectra.core.session import Context, Session, operator

    context, progress = Context(command=command_line(), operator=operator()), chosen_progress()
    executor = None
    if on is not None:
        from spectra.core.execution.cluster import Cluster

        executor = Cluster(on, BUILT_IN, progress)
    return Session(
        store=registry,
        catalogue=plugins.catalogue,
        progress=progress,
        context=context,
        jobs=jobs,
        draw=draw,
        executor=executor,
    )


def open_session(
    plugins: Plugins,
    database: str | None = None,
    *,
    jobs: int | None = None,
    draw: Draw | None = None,
    on: str | None = None,
) -> Session:
    """Return what tasks work with, on the registry that ``database`` or the environment names."""
    return session_on(open_registry(database), plugins, jobs=jobs, draw=draw, on=on)


def specimen_on_record(session: Session, registry: Registry, id: str) -> Specimen:
    """Return a sample on record with its technique.

    Raises
    ------
    NotFoundError
        If it is not there, or no plugin provides its technique; the hint says what to install.
    InputError
        If its technique no longer understands it.
    """
    from spectra.core.workflows.environment import saying_what_to_install
    from spectra.core.workflows.specimens import recorded_specimen

    record = registry.get_sample(id)
    with saying_what_to_install(session.catalogue, _environments_below(registry, id)):
        return recorded_specimen(session, record)


def _environments_below(registry: Registry, id: str) -> Iterator[Json]:
    """Yield what the newest data sets, models and predictions of a sample were made with; it has none itself."""
    for below in registry.lineage(id).descendants:
        for record in below.newest:
            if isinstance(record, DataSetRecord | ModelRecord | PredictionRecord):
                yield record.environment


def open_registry(database: str | None) -> Registry:
    """Open the registry that the options or the environment name.

    Raises
    ------
    InputError
        If ``--db`` names a file that is not there, and whoever was asked does not want it made.
    """
    from spectra.registry.registry import Registry

    if database is not None and "://" not in database:
        _ask_for_new(Path(database).expanduser())
    return Registry.open(url=database)


def _ask_for_new(path: Path) -> None:
    """Ask on a terminal, and say elsewhere, that ``--db`` makes a registry, for the path may be mistyped."""
    if path.exists():
        return
    beside = sorted(other.name for other in path.parent.glob("*.sqlite")) if path.parent.is_dir() else []
    there = nearest(path.name, beside)
    said = f"There is no registry {printable(str(path))}{printable(there)}."
    if not sys.stdin.isatty():
        print(f"{said} It is made now.", file=sys.stderr)
    elif not typer.confirm(f"{said} Make it?", err=True):
        raise InputError("No registry was made.", hint="Give the path of the one that you mean with --db.")


def command_line() -> str:
    """Return the command as the user typed it, but for the password in a database URL: others will read it."""
    return without_password(shlex.join(["spectra", *sys.argv[1:]]))


def without_password(text: str) -> str:
    """Return a text without the passwords of the URLs in it: before the host, and among the parameters."""
    return re.sub(r"([?&]\w*password=)[^&\s'\"]*", r"\1***", re.sub(r"(://[^\s/:@]*):[^\s/@]*@", r"\1:***@", text))
