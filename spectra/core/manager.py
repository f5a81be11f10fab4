"""Loads plugins, each isolated from the others: what one registers counts only if all of it succeeds."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module, metadata
from typing import Any, Literal

import pluggy

from spectra.core import hookspecs
from spectra.core.catalogue import HOOK_OF_KIND, Catalogue, Entry, Kind
from spectra.core.components import Component
from spectra.core.errors import PluginError


@dataclass(frozen=True, kw_only=True)
class PluginStatus:
    """What became of a plugin.

    Parameters
    ----------
    source
        The distribution that brought it, with its version; "built in" for the platform's own.
    reason
        Why it failed or is blocked.
    contributes
        Its components, as "kind name".
    """

    name: str
    source: str
    state: Literal["active", "failed", "blocked"]
    reason: str = ""
    contributes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Plugins:
    """The loaded plugins: their components, their states, and the hooks of those that are active."""

    catalogue: Catalogue
    statuses: tuple[PluginStatus, ...]
    manager: pluggy.PluginManager


def load_plugins(built_in: Sequence[str], environment: Mapping[str, str] = os.environ) -> Plugins:
    """Load the built-in plugins, then those of installed distributions.

    Built-in ones go through the same registration and come first, so that a stranger can extend but not replace them.
    ``SPECTRA_PLUGINS=a,b`` loads only those, ``SPECTRA_BLOCK_PLUGINS=a,b`` all but those.

    Parameters
    ----------
    built_in
        Names of modules; a plugin is called after its package, the part before ``.plugin``.
    """
    only, blocked = (_names(environment.get(key)) for key in ("SPECTRA_PLUGINS", "SPECTRA_BLOCK_PLUGINS"))
    candidates: list[tuple[str, str, Callable[[], Any]]] = [
        (_short_name(module), "built in", partial(import_module, module)) for module in built_in
    ]
    for point in metadata.entry_points(group=hookspecs.PROJECT):
        source = f"{point.dist.name} {point.dist.version}" if point.dist else "unknown"
        candidates.append((point.name, source, point.load))

    plugins = Plugins(catalogue=Catalogue(), statuses=(), manager=_new_manager())
    statuses = []
    for name, source, load in candidates:
        if (only and name not in only) or name in blocked:
            variable = "SPECTRA_BLOCK_PLUGINS" if name in blocked else "SPECTRA_PLUGINS"
            statuses.append(PluginStatus(name=name, source=source, state="blocked", reason=f"by {variable}"))
            continue
        try:
            plugin = load()
            plugin = plugin() if inspect.isclass(plugin) else plugin
            entries = _staged(plugin, name, source)
            plugins.catalogue.add(entries)
            plugins.manager.register(plugin, name=f"{name} ({source})")
        except (Exception, SystemExit) as error:  # whatever a stranger's code does, the rest goes on working
            reason = str(error) if isinstance(error, PluginError) else f"{type(error).__name__}: {error}"
            statuses.append(PluginStatus(name=name, source=source, state="failed", reason=reason))
        else:
            contributes = tuple(f"{entry.kind} {entry.component.name}" for entry in entries)
            statuses.append(PluginStatus(name=name, source=source, state="active", contributes=contributes))
    return Plugins(catalogue=plugins.catalogue, statuses=tuple(statuses), manager=plugins.manager)


def _staged(plugin: Any, name: str, source: str) -> list[Entry]:
    """Let one plugin register into a list of its own.

    Raises
    ------
    PluginError
        If it is made for newer hooks, implements an unknown one, or registers what is no component.
    """
    needed = getattr(plugin, "SPECTRA_API_VERSION", hookspecs.API_VERSION)
    if needed > hookspecs.API_VERSION:
        raise PluginError(
            f"it needs version {needed} of spectra's plugin interface and this is {hookspecs.API_VERSION}; "
            "upgrade spectra-platform"
        )
    alone = _new_manager()
    alone.register(plugin, name=name)
    alone.check_pending()  # pluggy would silently ignore a misspelt hook
    entries: list[Entry] = []

    def register(kind: Kind, component: Component[Any]) -> None:
        if not isinstance(component, Component):
            raise PluginError(f"it registers {component!r} as {kind}, which is not a spectra.core Component")
        entries.append(Entry(kind=kind, plugin=name, source=source, component=component))

    for kind, hook in HOOK_OF_KIND.items():
        getattr(alone.hook, hook)(register=partial(register, kind))
    return entries


def _new_manager() -> pluggy.PluginManager:
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    return manager


def _names(text: str | None) -> set[str]:
    return {name.strip() for name in (text or "").split(",") if name.strip()}


def _short_name(module: str) -> str:
    return module.removesuffix(".plugin").rpartition(".")[2]
