"""What every page works with: the registry, and the command that does the same."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from spectra.core.errors import RegistryError
from spectra.registry.locations import ARTEFACTS_VARIABLE, DATABASE_VARIABLE, HOME_VARIABLE
from spectra.registry.registry import Registry


@dataclass(frozen=True, kw_only=True)
class Site:
    """One open registry as the pages see it.

    Parameters
    ----------
    opened
        The registry; pages take it from :attr:`registry`.
    db
        What ``--db`` said, to be repeated in commands.
    read_only
        Whether nothing on record may be changed.
    """

    opened: Registry
    db: str | None = None
    read_only: bool = False

    @property
    def registry(self) -> Registry:
        """The registry.

        Raises
        ------
        RegistryError
            If its file has gone: SQLite would go on with what it has open, or make an empty one.
        """
        database = self.opened.locations.database
        if isinstance(database, Path) and not database.exists():
            raise RegistryError(
                f"The registry {database} is not there any more.",
                hint="Put it back, or start 'spectra web' on another one.",
            )
        return self.opened

    def command(self, *words: str) -> str:
        """Return a command on this registry as one types it; a URL is left out, since it may hold a password."""
        where = ["--db", self.db] if self.db and "://" not in self.db else []
        return shlex.join(["spectra", *words, *where])

    @property
    def where(self) -> Sequence[str]:
        """Options that name this registry to a command in any folder; none for a URL, which may hold a password."""
        return [f"--db={Path(self.db).expanduser().absolute()}"] if self.db and "://" not in self.db else []

    @property
    def environment(self) -> Mapping[str, str]:
        """Environment variables that name this registry to a child process."""
        locations = self.opened.locations
        named = {HOME_VARIABLE: str(locations.home), ARTEFACTS_VARIABLE: str(locations.artefacts)}
        at_home = locations.database == locations.home / "registry.sqlite"
        return named | {DATABASE_VARIABLE: "" if at_home else str(locations.database)}
