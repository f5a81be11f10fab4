"""What a notebook or script begins with: a session on a registry, and a sample."""

from __future__ import annotations

from pathlib import Path

from spectra.core.basics.configuration import configure
from spectra.core.progress import Silent, Spoken
from spectra.core.session import Specimen
from spectra.interactive.arguments import SampleLike, all_components, to_specimen
from spectra.interactive.session import InteractiveSession


def load_sample(sample: SampleLike, *, technique: str | None = None) -> Specimen:
    """Read a sample file, or take its content as a mapping, and return it with its technique.

    Raises
    ------
    InputError
        If it cannot be used; the sentence gives line and key.
    NotFoundError
        If there is no such technique.
    """
    return to_specimen(all_components(), sample, technique)


def open_session(
    home: str | Path | None = None, *, database: str | None = None, jobs: int | None = None, quiet: bool = False
) -> InteractiveSession:
    """Open a registry, made if there is none, and return a session on it.

    What ``spectra config`` keeps in the configuration file holds here, too: it is put into the environment.

    Parameters
    ----------
    home
        Folder of the registry; default ``SPECTRA_HOME``, then the user's data folder.
    database
        A database URL or the path of an SQLite file; default ``SPECTRA_DATABASE_URL``, then the one at home.
    jobs
        Number of worker processes; default one for each core.
    quiet
        Whether long work says nothing on standard error.

    Raises
    ------
    RegistryError
        If the registry cannot be opened; the sentence says what to do.
    """
    from spectra.registry.registry import Registry

    configure()
    registry = Registry.open(None if home is None else Path(home), database)
    return InteractiveSession(registry, all_components(), progress=Silent() if quiet else Spoken(), jobs=jobs)
