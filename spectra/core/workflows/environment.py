"""What a result was computed with."""

from __future__ import annotations

import platform
from importlib import metadata

import spectra

_PACKAGES = ("numpy", "scipy", "tensorflow", "keras")


def environment() -> dict[str, str]:
    """Return the versions of what numbers depend on, without importing it."""
    versions = {"spectra": spectra.__version__, "python": platform.python_version(), "platform": platform.platform()}
    for package in _PACKAGES:
        try:
            versions[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return versions
