"""Loads plugins, each isolated from the others: what one registers counts only if all of it succeeds."""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module, metadata
from typing import Any

import pluggy

from spectra.core import hookspecs
from spectra.core.components import Component
from spectra.core.errors import PluginError, fault
from spectra.core.inventory.catalogue import HOOK_OF_KIND, Catalogue, Entry
from spectra.core.inventory.status import Distribution, PluginStatus
from spectra.core.recipe import Kind


@dataclass(frozen=True, kw_only=True, eq=False)
class Plugins:
    """The loaded plugins: their components, their states, and the hooks of those that are active, each by itself."""

    catalogue: Catalogue
    statuses: tuple[PluginStatus, ...]
    hooks: Mapping[str, pluggy.HookRelay]


def load_plugins(
    built_in: Sequence[str], environment: Mapping[str, str] = os.environ, *, always: Collection[str] = ()
) -> Plugins:
    """Load the built-in plugins, then those of installed distributions.

    Built-in ones go through the same registration and come first, so that a stranger can extend but not replace them.
    ``SPECTRA_PLUGINS=a,b`` loads only those, ``SPECTRA_BLOCK_PLUGINS=a,b`` all but those. What a plugin prints
    meanwhile goes to standard error.

    Parameters
    ----------
    built_in
        Names of modules; a plugin is called after its package, the part before ``.plugin``.
    always
        Those of them that ``SPECTRA_PLUGINS`` does not leave out.
    """
    only, blocked = (_names(environment.get(key)) for key in ("SPECTRA_PLUGINS", "SPECTRA_BLOCK_PLUGINS"))
    if only:
        only |= {_short_name(module) for module in always}
    catalogue, statuses = Catalogue(), []
    hooks: dict[str, pluggy.HookRelay] = {}
    for found, load in _candidates(built_in):
        if (only and found.name not in only) or found.name in blocked:
            variable = "SPECTRA_BLOCK_PLUGINS" if found.name in blocked else "SPECTRA_PLUGINS"
            statuses.append(replace(found, state="blocked", reason=f"by {variable}"))
            continue
        try:
            with redirect_stdout(sys.stderr):
                plugin = load()
                plugin = plugin() if inspect.isclass(plugin) else plugin
                api_version, notes = _checked_version(plugin)
                manager, entries = _staged(plugin, found)
            if found.name in hooks:
                raise PluginError(f"another plugin is called {found.name!r}, too, and was found first")
            catalogue.add(entries)
        except (Exception, SystemExit) as error:  # whatever a stranger's code does, the rest goes on working
            reason = str(error) if isinstance(error, PluginError) else fault(error)
            statuses.append(replace(found, state="failed", reason=reason))
        else:
            hooks[found.name] = manager.hook
            contributes = tuple(f"{entry.kind} {entry.component.name}" for entry in entries)
            statuses.append(replace(found, api_version=api_version, contributes=contributes, notes=notes))
    catalogue.absent += [status for status in statuses if status.state != "active"]
    return Plugins(catalogue=catalogue, statuses=tuple(statuses), hooks=hooks)


def _candidates(built_in: Sequence[str]) -> Iterator[tuple[PluginStatus, Callable[[], Any]]]:
    """Yield each plugin that is there, as if it were active, with what loads it."""
    platform = Distribution.of_platform()
    for module in built_in:
        name = _short_name(module)
        status = PluginStatus(name=name, source="built in", distribution=platform, state="active")
        yield status, partial(import_module, module)
    for point in metadata.entry_points(group=hookspecs.PROJECT):
        distribution = Distribution.of(point.dist)
        source = f"{distribution.name} {distribution.version}"
        yield PluginStatus(name=point.name, source=source, distribution=distribution, state="active"), point.load


def _checked_version(plugin: Any) -> tuple[int | None, tuple[str, ...]]:
    """Return the version of the hooks that a plugin is made for, and what is to be said about it.

    Raises
    ------
    PluginError
        If plugins for that version are not accepted.
    """
    made_for = getattr(plugin, "SPECTRA_API_VERSION", None)
    if made_for is None:
        return None, ()
    oldest, current = hookspecs.OLDEST_API_VERSION, hookspecs.API_VERSION
    if not isinstance(made_for, int):
        raise PluginError(f"its SPECTRA_API_VERSION is {made_for!r} and should be a whole number, such as {current}")
    if made_for > current:
        raise PluginError(
            f"it needs version {made_for} of spectra's plugin interface and this is {current}; upgrade spectra-platform"
        )
    if made_for < oldest:
        raise PluginError(
            f"it is made for version {made_for} of spectra's plugin interface, and this spectra takes plugins for "
            f"versions {oldest} to {current}; upgrade the plugin"
        )
    if made_for < current:
        note = (
            f"it is made for version {made_for} of spectra's plugin interface; that still works, but this is version "
            f"{current}, and a later spectra will refuse it: look for an upgrade of the plugin"
        )
        return made_for, (note,)
    return made_for, ()


def _staged(plugin: Any, found: PluginStatus) -> tuple[pluggy.PluginManager, list[Entry]]:
    """Let one plugin register into a list of its own.

    Raises
    ------
    PluginError
        If it implements an unknown hook, or registers what is no component.
    """
    alone = pluggy.PluginManager(hookspecs.PROJECT)
    alone.add_hookspecs(hookspecs)
    alone.register(plugin, name=found.name)
    alone.check_pending()  # pluggy would silently ignore a misspelt hook
    entries: list[Entry] = []

    def register(kind: Kind, component: Component[Any]) -> None:
        if not isinstance(component, Component):
            raise PluginError(f"it registers {component!r} as {kind}, which is not a spectra.core Component")
        if not (isinstance(component.name, str) and isinstance(component.summary, str)):
            raise PluginError(f"name and summary of the {kind} {component.name!r} should be text")
        entries.append(Entry(kind=kind, plugin=found.name, source=found.source, component=component))

    for kind, hook in HOOK_OF_KIND.items():
        getattr(alone.hook, hook)(register=partial(register, kind))
    return alone, entries


def _names(text: str | None) -> set[str]:
    return {name.strip() for name in (text or "").split(",") if name.strip()}


def _short_name(module: str) -> str:
    return module.removesuffix(".plugin").rpartition(".")[2]
