"""The side of the workers: does one task after the other, and says what is installed there.

Plugins are loaded once in each process.
"""

from __future__ import annotations

import importlib
import json
import platform
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from threadpoolctl import threadpool_limits

from spectra.core import errors
from spectra.core.basics.packages import installed
from spectra.core.errors import InputError, SpectraError, fault
from spectra.core.inventory.catalogue import Catalogue
from spectra.core.manager import load_plugins
from spectra.core.tasks import Installation, Outcome, WorkerError
from spectra.version import __version__

_CORE = "spectra.core."
_COMPARED = ("numpy", "scipy", "dask", "distributed")
_DONE, _FAILED = b"+", b"-"
_ALONE = threading.Lock()
"""Models keep what they computed last, and the limit of threads is one for a process."""

Work = Callable[[Catalogue, Mapping[str, Any], Mapping[str, bytes]], bytes]


def perform(built_in: Sequence[str], work: str, document: str, blobs: Mapping[str, bytes]) -> bytes:
    """Do a task on a worker, one at a time and on one thread; an error comes back as bytes, too.

    Parameters
    ----------
    built_in
        Modules of the plugins that ship with the platform.
    document
        JSON.
    """
    module, _, name = work.partition(":")
    try:
        function: Work = getattr(importlib.import_module(f"{_CORE}{module}"), name)
        with _ALONE, threadpool_limits(limits=1):
            return _DONE + function(_catalogue(tuple(built_in)), json.loads(document), blobs)
    except SpectraError as error:
        told = {"class": type(error).__name__, "message": error.message, "hint": error.hint}
    except Exception as error:  # whatever a stranger's code does, the client is told
        told = {"class": WorkerError.__name__, "message": fault(error), "hint": None}
    return _FAILED + json.dumps(told).encode()


def outcome_of(content: bytes) -> Outcome:
    """Return what a task answered, or the error that it ended with."""
    if content[:1] == _DONE:
        return content[1:]
    told = json.loads(content[1:])
    kind = WorkerError if told["class"] == WorkerError.__name__ else getattr(errors, told["class"], SpectraError)
    if not (isinstance(kind, type) and issubclass(kind, SpectraError)):  # a plugin's own class may be called anything
        kind = SpectraError
    return kind(told["message"], hint=told["hint"])


def installation(built_in: Sequence[str] = ()) -> dict[str, Any]:
    """Return what is installed here, in plain values, for :class:`Installation`."""
    versions = {"spectra": __version__, "python": platform.python_version()}
    for package in _COMPARED:
        if version := installed(package):
            versions[package] = version
    strangers = {entry.source for entry in _catalogue(tuple(built_in)).entries() if entry.source != "built in"}
    return {
        "host": platform.node(),
        "processor": _processor(),
        "versions": versions,
        "plugins": sorted(strangers),
    }


def check_alike(here: Installation, others: Mapping[str, Installation]) -> Sequence[str]:
    """Return what differs on workers from here, as sentences, for numbers that may come out otherwise.

    Raises
    ------
    InputError
        If a worker has another version of spectra, or lacks a plugin.
    """
    told = []
    for address, other in others.items():
        where = f"The worker {address} on {other.host}"
        if other.versions["spectra"] != here.versions["spectra"]:
            raise InputError(
                f"{where} has spectra {other.versions['spectra']}, this machine {here.versions['spectra']}.",
                hint="Install the same version on all machines; 'spectra workers check' lists them.",
            )
        if missing := sorted(set(here.plugins) - set(other.plugins)):
            raise InputError(
                f"{where} lacks plugins that this machine has: {', '.join(missing)}.",
                hint="Install them there in the same version; 'spectra workers check' lists them.",
            )
        for package, version in here.versions.items():
            theirs = other.versions.get(package, "none")
            if theirs != version:
                told.append(f"{where} has {package} {theirs}, this machine {version}.")
    return told


@cache
def _catalogue(built_in: tuple[str, ...]) -> Catalogue:
    return load_plugins(built_in).catalogue


def _processor() -> str:
    """Return the name of the processor, as far as the system tells it."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as lines:  # noqa: PTH123 - not a path of ours
            named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
            return next(named, "") or platform.machine()
    except OSError:
        return platform.processor() or platform.machine()
