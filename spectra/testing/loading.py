"""Plugins loaded for a test, whatever else is installed."""

from __future__ import annotations

from spectra.core.manager import Plugins, load_plugins


def load_only(*modules: str) -> Plugins:
    """Load the plugins of these modules alone; none at all if none is named.

    Examples
    --------
    >>> plugins = load_only("spectra.plugins.rus.plugin")
    >>> [status.name for status in plugins.statuses if status.state == "active"]
    ['rus']
    """
    names = [module.removesuffix(".plugin").rpartition(".")[2] for module in modules]
    return load_plugins(modules, {"SPECTRA_PLUGINS": ",".join(names) or "none"})
