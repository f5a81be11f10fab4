"""The storage of one registry: its database, its artefacts and its folders of unfinished work.

For the modules of this package. Everything else uses :class:`spectra.registry.registry.Registry`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Self

from sqlalchemy import select

from spectra.core.errors import RegistryError
from spectra.registry.artefacts.opening import open_artefacts
from spectra.registry.artefacts.place import Artefacts
from spectra.registry.database.connection import Database, connect
from spectra.registry.database.schema import prepare
from spectra.registry.database.tables import IdentityRow
from spectra.registry.locations import Locations
from spectra.registry.work import Work


class Storage:
    """An open database with the artefacts and the unfinished work that belong to it; see :meth:`open`."""

    def __init__(self, database: Database, artefacts: Artefacts, work: Work) -> None:
        self.database = database
        self.artefacts = artefacts
        self.work = work
        self._has_claimed = False

    @classmethod
    def open(cls, locations: Locations, *, migrate: bool = False) -> Self:
        """Open the storage; one in an SQLite file is made if there is none, and migrated if it is older.

        Parameters
        ----------
        migrate
            Whether to create or migrate the schema on a database server.

        Raises
        ------
        RegistryError
            If it cannot be reached, made or used; the message says what to do.
        """
        try:
            locations.home.mkdir(parents=True, exist_ok=True)
            if isinstance(locations.database, Path):
                locations.database.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise RegistryError(
                f"The registry's folder {error.filename} cannot be made: {error.strerror}.",
                hint="Choose another one with SPECTRA_HOME.",
            ) from error
        database = Database(connect(locations.database))
        try:
            prepare(database.engine, migrate=migrate)
            return cls(database, open_artefacts(locations.artefacts), Work(locations.work))
        except BaseException:
            database.close()
            raise

    def identity(self) -> str:
        """Return the identifier that was drawn when the registry was made."""
        with self.database.reading() as session:
            return session.scalars(select(IdentityRow.id)).one()

    def put_artefact(self, content: bytes | Path) -> str:
        """Store an artefact, durably once this returns, and return its digest; the record that refers to it follows.

        Parameters
        ----------
        content
            Its bytes, or a file that holds them and is moved away.

        Raises
        ------
        RegistryError
            If it cannot be written.
        """
        self.claim_artefacts()
        return self.artefacts.put_file(content) if isinstance(content, Path) else self.artefacts.put(content)

    def claim_artefacts(self) -> None:
        """Note beside the artefacts that they belong to this registry.

        Raises
        ------
        RegistryError
            If the note cannot be written.
        """
        if not self._has_claimed:
            self.artefacts.claim(self.identity(), self.database.name)
            self._has_claimed = True
