"""Where a registry lives: its home folder and its database."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

HOME_VARIABLE = "SPECTRA_HOME"
DATABASE_VARIABLE = "SPECTRA_DATABASE_URL"


@dataclass(frozen=True, kw_only=True)
class Locations:
    """The places that one registry occupies.

    Parameters
    ----------
    home
        Folder of everything that is a file.
    database
        Path of an SQLite file, or the URL of a database server.
    """

    home: Path
    database: Path | str

    @property
    def artefacts(self) -> Path:
        """Folder of the content-addressed artefacts."""
        return self.home / "artefacts"

    @property
    def work(self) -> Path:
        """Folder of unfinished work."""
        return self.home / "work"


def locate(home: Path | None = None, url: str | None = None) -> Locations:
    """Decide where the registry is: an argument wins over the environment, that over the user's data folder.

    The files of an SQLite registry that is named by its path lie beside it, in ``<path>.files``: whoever can open the
    one, or moves it, needs the other.

    Parameters
    ----------
    home
        Folder of everything that is a file.
    url
        Instead of ``SPECTRA_DATABASE_URL`` and ``registry.sqlite`` at home: a database URL or the path of an SQLite
        file.
    """
    named = url or os.environ.get(DATABASE_VARIABLE) or ""
    if named and "://" not in named:
        database = _absolute(named)
        return Locations(home=_absolute(home) if home else Path(f"{database}.files"), database=database)
    folder = _absolute(home or os.environ.get(HOME_VARIABLE) or _user_data_folder())
    return Locations(home=folder, database=named or folder / "registry.sqlite")


def _user_data_folder() -> Path:
    import platformdirs  # most calls name a home

    return platformdirs.user_data_path("spectra", appauthor=False)


def _absolute(path: Path | str) -> Path:
    return Path(path).expanduser().absolute()
