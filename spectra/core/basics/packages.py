"""Packages that come with extras of spectra: whether they are installed, and what installs them."""

from __future__ import annotations

import sys
from importlib import metadata

_EXTRAS = {"tensorflow": "train", "keras": "train"}
_TOO_NEW = {"tensorflow": (3, 14)}
"""Versions of Python from which on there is no release of a package."""


def installed(distribution: str) -> str | None:
    """Return the version of a distribution, None where it is not installed."""
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None


def how_to_install(distribution: str) -> str:
    """Say as a sentence how to install a distribution that is missing."""
    first = _TOO_NEW.get(distribution)
    if first is not None and sys.version_info >= first:
        return f"There is no {distribution} for Python {first[0]}.{first[1]} or newer: use an older Python for this."
    extra = _EXTRAS.get(distribution)
    return f"Install it with: pip install '{f'spectra-platform[{extra}]' if extra else distribution}'."
