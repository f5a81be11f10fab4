"""Locations of a registry: its home folder, its database and its artefacts."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

HOME_VARIABLE = "SPECTRA_HOME"
DATABASE_VARIABLE = "SPECTRA_DATABASE_URL"
ARTEFACTS_VARIABLE = "SPECTRA_ARTEFACTS"


@dataclass(frozen=True, kw_only=True)
class Locations:
    """The locations of one registry.

    Parameters
    ----------
    home
        Folder of all its files.
    database
        Path of an SQLite file, or the URL of a database server.
    artefacts
        Folder of the content-addressed artefacts, or a URL for fsspec.
    """

    home: Path
    database: Path | str
    artefacts: Path | str

    @property
    def work(self) -> Path:
        """Folder of unfinished work."""
        return self.home / "work"


def locate(home: Path | None = None, url: str | None = None, artefacts: str | None = None) -> Locations:
    """Return the locations of the registry: arguments win over the environment, that over the user's data folder.

    The files of an SQLite registry that is named by its path lie beside it, in ``<path>.files``: whoever can open the
    one, or moves it, needs the other.

    Parameters
    ----------
    home
        Folder of all its files.
    url
        Instead of ``SPECTRA_DATABASE_URL`` and ``registry.sqlite`` at home: a database URL or the path of an SQLite
        file.
    artefacts
        Instead of ``SPECTRA_ARTEFACTS`` and ``artefacts`` at home: a folder or a URL for fsspec. The variable does not
        concern a home or SQLite file that is named by an argument.
    """
    named = url or os.environ.get(DATABASE_VARIABLE) or ""
    is_file = bool(named) and "://" not in named
    database: Path | str
    if is_file:
        database = _absolute(named)
        folder = _absolute(home) if home else Path(f"{database}.files")
    else:
        folder = _absolute(home or os.environ.get(HOME_VARIABLE) or _user_data_folder())
        database = named or folder / "registry.sqlite"
    if not (home or (is_file and url)):
        artefacts = artefacts or os.environ.get(ARTEFACTS_VARIABLE)
    return Locations(home=folder, database=database, artefacts=_place(artefacts) if artefacts else folder / "artefacts")


def _place(named: str) -> Path | str:
    return named if "://" in named else _absolute(named)


def _user_data_folder() -> Path:
    import platformdirs  # most calls name a home

    return platformdirs.user_data_path("spectra", appauthor=False)


def _absolute(path: Path | str) -> Path:
    return Path(path).expanduser().absolute()
