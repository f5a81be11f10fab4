"""What a result was computed with."""

from __future__ import annotations

import platform
from importlib import metadata

import spectra
from spectra.core.catalogue import Catalogue

_PACKAGES = ("numpy", "scipy", "tensorflow", "keras")


def environment(catalogue: Catalogue) -> dict[str, str]:
    """Return the versions of what numbers depend on, strangers' plugins included, without importing it."""
    versions = {"spectra": spectra.__version__, "python": platform.python_version(), "platform": platform.platform()}
    for package in _PACKAGES:
        try:
            versions[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    strangers = (entry for entry in catalogue.entries() if entry.source != "built in")
    return versions | {f"plugin {entry.plugin}": entry.source for entry in strangers}
