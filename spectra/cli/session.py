"""What a command works with: the plugins, a technique, a sample, the registry."""

from __future__ import annotations

import getpass
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel

from spectra.core.documents import load_document
from spectra.core.errors import InputError, UsageError
from spectra.core.manager import Plugins, load_plugins
from spectra.core.samples import Sample
from spectra.core.technique import Technique
from spectra.plugins import BUILT_IN

if TYPE_CHECKING:
    from spectra.registry.registry import Registry


def load() -> Plugins:
    """Load all plugins."""
    return load_plugins(BUILT_IN)


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
    made = plugins.catalogue.technique(technique or str(named))
    return made, load_document(path, made.sample_schema, what="sample file")


def open_registry(database: str | None) -> Registry:
    """Open the registry that the options or the environment name."""
    from spectra.registry.registry import Registry

    return Registry.open(url=database)


def command_line() -> str:
    """Return the command as the user typed it, to be repeated."""
    return shlex.join(["spectra", *sys.argv[1:]])


def operator() -> str:
    """Return who is working here, or nothing where the system does not tell."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
