"""What became of a plugin, and how to install what brought it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib import metadata
from typing import Any, Literal, Self

from spectra.version import __version__

_PLATFORM = "spectra-platform"


@dataclass(frozen=True, kw_only=True)
class Distribution:
    """What pip installed to bring a plugin.

    Parameters
    ----------
    url
        What it was installed from, if not from a package index: a folder, a file, a repository at a commit.
    """

    name: str
    version: str
    url: str | None = None

    @classmethod
    def of(cls, installed: metadata.Distribution | None) -> Self:
        """Describe an installed distribution; an interrupted installation lacks some of its metadata."""
        if installed is None:
            return cls(name="unknown", version="unknown")
        return cls(name=installed.name or "unknown", version=installed.version or "unknown", url=_url(installed))

    @classmethod
    def of_platform(cls) -> Self:
        """Describe the platform itself, which may run from a folder without being installed."""
        try:
            url = _url(metadata.distribution(_PLATFORM))
        except metadata.PackageNotFoundError:
            url = None
        return cls(name=_PLATFORM, version=__version__, url=url)

    @property
    def requirement(self) -> str:
        """A line for pip's requirement files; a comment if it came from a place on this machine."""
        if self.url is None:
            return f"{self.name}=={self.version}"
        if self.url.startswith("file:"):
            return f"# {self.name}=={self.version} was installed from {self.url}; install it from there"
        return f"{self.name} @ {self.url}"


@dataclass(frozen=True, kw_only=True)
class PluginStatus:
    """What became of a plugin.

    Parameters
    ----------
    source
        The distribution that brought it, with its version; "built in" for the platform's own.
    reason
        Why it failed or is blocked.
    api_version
        The version of the plugin interface that it is made for; ``None`` if it does not say or was not loaded.
    contributes
        Its components, as "kind name".
    notes
        Sentences for who maintains it.
    """

    name: str
    source: str
    distribution: Distribution
    state: Literal["active", "failed", "blocked"]
    reason: str = ""
    api_version: int | None = None
    contributes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def absence(self) -> str:
        """Say in a sentence why what it contributes is not there."""
        done = "is blocked " if self.state == "blocked" else "could not be loaded: "
        return f"The plugin {self.name!r} ({self.source}) {done}{self.reason}."


def _url(installed: metadata.Distribution) -> str | None:
    """Return what pip noted (PEP 610) of a distribution that came from no index, as a requirement names it."""
    text = installed.read_text("direct_url.json")
    if text is None:
        return None
    try:
        noted: dict[str, Any] = json.loads(text)
        if "vcs_info" in noted:
            return f"{noted['vcs_info']['vcs']}+{noted['url']}@{noted['vcs_info']['commit_id']}"
        return str(noted["url"])
    except (ValueError, KeyError, TypeError):  # damaged: as if nothing had been noted
        return None
