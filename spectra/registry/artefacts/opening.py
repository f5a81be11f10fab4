"""The artefacts at the place that a registry's locations name."""

from __future__ import annotations

from pathlib import Path

from spectra.registry.artefacts.folder import ArtefactFolder
from spectra.registry.artefacts.place import Artefacts
from spectra.registry.artefacts.remote import RemoteArtefacts


def open_artefacts(place: Path | str) -> Artefacts:
    """Return the artefacts in a folder or, for a string, at a URL that fsspec understands.

    Raises
    ------
    RegistryError
        If fsspec or the package that it needs for this URL is not installed.
    """
    return ArtefactFolder(place) if isinstance(place, Path) else RemoteArtefacts(place)
