"""The version of the database schema: the stored one, and the migration to the one of this code.

Alembic takes a tenth of a second to import, so an up-to-date database is recognised without it.
"""

from __future__ import annotations

import os
import random
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, column, inspect, select, table, text
from sqlalchemy.exc import OperationalError

from spectra.core.errors import RegistryError
from spectra.registry.database.connection import BUSY_SECONDS, database_name, errors_explained

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0005"
"""The newest revision in ``migrations/versions``."""
VERSION_TABLE = "spectra_schema"
"""Alembic's default name would be shared with any other tool that keeps its tables in the same database."""
_LOCK = 0x73706563747261
"""A number that no other program in the same database is likely to lock: "spectra" in ASCII."""
MIGRATIONS = Path(__file__).with_name("migrations")


def prepare(engine: Engine, *, migrate: bool) -> None:
    """Make sure that the database has the schema of this code.

    An SQLite file is created, or backed up and migrated, without asking. A database server belongs to a group, whose
    other members may still use the older schema, so it is only migrated when told.

    Parameters
    ----------
    migrate
        Whether to create or migrate the schema on a database server.

    Raises
    ------
    RegistryError
        If the database belongs to another program or to a newer version of spectra, is a server's that has to be
        migrated first, or cannot be used.
    """
    name = database_name(engine.url)
    with errors_explained(name):
        with engine.connect() as connection:
            stored = _stored_revision(connection)
        if stored == HEAD:
            return
        if stored is not None:
            _refuse_newer(stored, name)
        if engine.dialect.name == "sqlite":
            _migrate_sqlite(engine)
        elif migrate:
            _migrate_server(engine)
        else:
            state = "is empty" if stored is None else f"has the schema {stored}, which is older than {HEAD}"
            raise RegistryError(
                f"The registry {name} {state}.",
                hint="Run 'spectra db upgrade' once, with the same database; what it holds is worth a pg_dump first.",
            )


def is_current(engine: Engine) -> bool:
    """Say whether a database has the schema of this code; raises like :func:`prepare`."""
    with errors_explained(database_name(engine.url)), engine.connect() as connection:
        return _stored_revision(connection) == HEAD


def alembic_config(connection: Connection | None = None) -> Config:
    """Return the settings of Alembic: the folder of the migrations, and the connection on which they run."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _stored_revision(connection: Connection) -> str | None:
    """Return the revision of the stored schema, or ``None`` for an empty database."""
    tables = inspect(connection).get_table_names()
    if VERSION_TABLE in tables:
        return connection.scalar(select(column("version_num")).select_from(table(VERSION_TABLE)))
    if tables:
        raise RegistryError(
            f"The database {database_name(connection.engine.url)} belongs to another program: it has tables "
            f"({', '.join(sorted(tables)[:3])}), but no registry.",
            hint="Choose another path with --db or SPECTRA_DATABASE_URL.",
        )
    return None


def _refuse_newer(stored: str, name: str) -> None:
    from alembic.script import ScriptDirectory

    known = {script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()}
    if stored not in known:
        raise RegistryError(
            f"The registry {name} was written by a newer version of spectra (schema {stored}; this one knows {HEAD}).",
            hint="Upgrade spectra with 'pip install --upgrade spectra-platform', or choose another registry.",
        )


def _migrate_sqlite(engine: Engine) -> None:
    """Create or migrate an SQLite registry in one transaction, however many processes try to at once."""
    with engine.execution_options(begin=None).connect() as connection:
        connection.detach()  # so that the settings below end with this connection
        _use_write_ahead_log(connection)
        # A migration may replace a table by its altered copy, and dropping the original must not cascade.
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        stored = _stored_revision(connection)
        if stored == HEAD:
            return  # another process was faster
        if stored is not None:
            _back_up(engine, stored)
        _upgrade(connection)
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if broken is not None:
            raise RegistryError(
                f"The registry {database_name(engine.url)} was left at schema {stored}: in its table {broken[0]}, "
                f"an entry refers to something that is not on record.",
                hint="Restore it from a backup.",
            )
        connection.commit()


def _migrate_server(engine: Engine) -> None:
    """Create or migrate the registry on a PostgreSQL server in one transaction, one process at a time."""
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        stored = _stored_revision(connection)
        if stored == HEAD:
            return
        if stored is None and (encoding := connection.scalar(text("SHOW server_encoding"))) != "UTF8":
            raise RegistryError(
                f"The database {database_name(engine.url)} stores text as {encoding}, which cannot hold all names.",
                hint="Make one with 'createdb --encoding=UTF8 --template=template0'.",
            )
        _upgrade(connection)


def _upgrade(connection: Connection) -> None:
    from alembic import command

    command.upgrade(alembic_config(connection), "head")


def _use_write_ahead_log(connection: Connection) -> None:
    """Turn on the write-ahead log, with which readers do not wait for a writer; the file remembers it."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.exec_driver_sql("PRAGMA journal_mode = WAL")
        except OperationalError as error:
            # For this statement alone SQLite does not wait for other connections by itself.
            busy = str(getattr(error.orig, "sqlite_errorname", "")).startswith("SQLITE_BUSY")
            if not busy or time.monotonic() > deadline:
                raise
            time.sleep(random.uniform(0.005, 0.02))  # noqa: S311 - no secret
        else:
            return


def _back_up(engine: Engine, stored: str) -> None:
    """Copy an SQLite registry beside itself; a half-written copy never has the backup's name."""
    original = Path(engine.url.database or "")
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    backup = original.with_name(f"{original.name}.schema-{stored}.{moment}.backup")
    unfinished = backup.with_name(f"{backup.name}.part")
    # On a second connection, because the first is inside its transaction: this one sees the state before it.
    with engine.execution_options(begin=None).connect() as connection:
        connection.exec_driver_sql("VACUUM INTO ?", (str(unfinished),))
    os.replace(unfinished, backup)
