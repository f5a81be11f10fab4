"""The connection to a database: transactions, SQLite's settings, and driver errors as sentences."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    IntegrityError,
    NoSuchModuleError,
    SQLAlchemyError,
    StatementError,
)
from sqlalchemy.orm import Session

from spectra.core.errors import RegistryError

BUSY_SECONDS = 30.0
ATTEMPTS = 5

P = ParamSpec("P")
S = TypeVar("S")
T = TypeVar("T")

# By the beginning of sqlite3's error names: the meaning and the remedy.
_SQLITE = {
    "SQLITE_BUSY": (
        f"is busy: another process has been writing to it for more than {BUSY_SECONDS:.0f} s",
        "Wait until that has finished and try again.",
    ),
    "SQLITE_READONLY": ("cannot be written", "Check the permissions of the file and of its folder."),
    "SQLITE_PERM": ("cannot be written", "Check the permissions of the file and of its folder."),
    "SQLITE_CANTOPEN": (
        "cannot be opened",
        "Check that its folder exists, that you may write there, and that the path is not a folder itself.",
    ),
    "SQLITE_FULL": ("cannot grow: the disk is full", "Free some space and try again; nothing was written."),
    "SQLITE_IOERR": ("cannot be read or written", "Check the disk, its free space and the network it hangs on."),
    "SQLITE_NOTADB": (
        "is not an SQLite database",
        "Choose another path with --db or SPECTRA_DATABASE_URL, or move that file away.",
    ),
    "SQLITE_CORRUPT": ("is damaged", "Restore it from a backup."),
}

# By the beginning of PostgreSQL's error codes; a failure to connect has none.
_POSTGRESQL = {
    "25006": ("cannot be written: the server or the session is read-only", "Use the primary server."),
    "42501": (
        "does not let you do this",
        "Ask who runs the server to grant you the rights to its tables, and to make tables for 'spectra db upgrade'.",
    ),
    "53100": ("cannot grow: the server's disk is full", "Free some space and try again; nothing was written."),
    "55P03": (
        f"is busy: another process has been holding what is needed for more than {BUSY_SECONDS:.0f} s",
        "Wait until that has finished and try again.",
    ),
}
_CONCURRENT = ("40001", "40P01")  # serialization failure, deadlock: the server ended one of two transactions

# How long to wait for a server, unless the URL says otherwise; https://www.postgresql.org/docs/current/libpq-connect.html
_POSTGRESQL_SETTINGS = {
    "connect_timeout": "10",
    # A host that dies during a statement is noticed; a long statement on a live one may take its time.
    "tcp_user_timeout": "10000",
    "keepalives_idle": "5",
    "keepalives_interval": "2",
    "keepalives_count": "3",
    "options": f"-c lock_timeout={BUSY_SECONDS:.0f}s",
}


class ConflictError(RegistryError):
    """A unique or foreign key forbids the write; mostly because another process was faster."""


class Database:
    """An engine, and the two kinds of transaction on it.

    Parameters
    ----------
    engine
        From :func:`connect`.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._reading_engine = self._writing_engine = engine
        if engine.dialect.name == "sqlite":
            self._writing_engine = engine.execution_options(begin="BEGIN IMMEDIATE")
        else:
            # By default each statement of a transaction would see what others have committed by then.
            self._reading_engine = engine.execution_options(isolation_level="REPEATABLE READ")

    @property
    def name(self) -> str:
        """Name of the database for messages, without a password."""
        return database_name(self.engine.url)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Run a block in one transaction that sees a single state of the registry.

        Raises
        ------
        RegistryError
            If the database refuses or fails.
        """
        with errors_explained(self.name), Session(self._reading_engine) as session, session.begin():
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Run a block in one transaction that is committed at its end, or leaves no trace.

        Raises
        ------
        ConflictError
            If a unique or foreign key forbids it.
        RegistryError
            If the database refuses or fails.
        """
        with errors_explained(self.name), Session(self._writing_engine) as session, session.begin():
            yield session

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def connect(database: Path | str) -> Engine:
    """Return an engine for an SQLite file or a database URL; it connects on first use.

    Raises
    ------
    RegistryError
        If the URL cannot be read or its driver is not installed.
    """
    try:
        url = URL.create("sqlite", database=str(database)) if isinstance(database, Path) else make_url(database)
        if url.drivername in ("postgres", "postgresql"):
            url = url.set(drivername="postgresql+psycopg")
        if url.get_backend_name() == "postgresql":
            settings = {key: value for key, value in _POSTGRESQL_SETTINGS.items() if key not in url.query}
            return create_engine(url, json_serializer=_serialize, pool_pre_ping=True, connect_args=settings)
        if url.get_backend_name() != "sqlite":
            raise NoSuchModuleError
        if url.database in (None, "", ":memory:"):
            raise RegistryError(
                "A registry in memory would be lost at once.",
                hint="Name a file, for example sqlite:////home/me/registry.sqlite.",
            )
        # sqlite3 would begin transactions too late and as readers, which makes two writers fail instead of wait.
        immediate = {"isolation_level": None, "timeout": BUSY_SECONDS}
        engine = create_engine(url, json_serializer=_serialize, connect_args=immediate)
    except NoSuchModuleError as error:
        raise RegistryError(
            f"There is no database of the kind {url.drivername!r}.",
            hint="Use the path of an SQLite file, or a URL like postgresql://user@host/database.",
        ) from error
    except ArgumentError as error:
        raise RegistryError(
            "The database URL cannot be read.",
            hint="Write it like postgresql://user@host/database, or give the path of an SQLite file.",
        ) from error
    except ModuleNotFoundError as error:
        raise RegistryError(
            f"The driver for {database_name(url)} is not installed: no module {error.name!r}.",
            hint="Install it with 'pip install spectra-platform[postgresql]'.",
        ) from error
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _serialize(document: object) -> str:
    try:
        return json.dumps(document, allow_nan=False)  # NaN is not JSON
    except (TypeError, ValueError) as error:
        raise RegistryError(f"The entry cannot be put on record: {error}.") from error


def _set_up_sqlite(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")  # what was acknowledged survives a power cut


def _begin_sqlite(connection: Connection) -> None:
    if begin := connection.get_execution_options().get("begin", "BEGIN"):
        connection.exec_driver_sql(begin)


def retried_on_conflict(
    method: Callable[Concatenate[S, P], T],
) -> Callable[Concatenate[S, P], T]:
    """Run a method again from its start if another process wrote the same record in the meantime.

    SQLite has one writer at a time, so there it only helps against the same random identifier drawn twice. The method
    is one transaction, which was rolled back.
    """

    @wraps(method)
    def retried(self: S, /, *args: P.args, **kwargs: P.kwargs) -> T:
        for _ in range(ATTEMPTS - 1):
            try:
                return method(self, *args, **kwargs)
            except ConflictError:
                continue
        return method(self, *args, **kwargs)

    return retried


@contextmanager
def errors_explained(name: str) -> Iterator[None]:
    """Turn errors of the driver of the database ``name`` into domain errors with plain messages.

    Raises
    ------
    RegistryError
        Instead of any error of SQLAlchemy or the driver.
    """
    try:
        yield
    except SQLAlchemyError as error:
        raise _explained(error, name) from error


def _explained(error: SQLAlchemyError, name: str) -> RegistryError:
    cause = error.orig if isinstance(error, StatementError) and error.orig else error
    if isinstance(cause, RegistryError):
        return cause
    said = str(cause).strip().partition("\n")[0]
    if isinstance(error, IntegrityError):
        return ConflictError(
            f"The registry {name} does not accept the entry: {said}.",
            hint="It refers to something that is not on record, or is there already.",
        )
    code = str(getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None) or "")
    if code in _CONCURRENT:
        return ConflictError(
            f"Another process was writing the same to the registry {name} ({said}).", hint="Try again."
        )
    for beginning, (what, remedy) in (_SQLITE | _POSTGRESQL).items():
        if code.startswith(beginning):
            return RegistryError(f"The registry {name} {what} ({said}).", hint=remedy)
    if code:
        return RegistryError(f"The registry {name} cannot do this: {said}.")
    if not isinstance(error, DBAPIError) and isinstance(error, StatementError):
        return RegistryError(f"The entry cannot be put on record: {said}.")
    return RegistryError(
        f"The registry {name} cannot be used: {said}.",
        hint="Check the database URL, and that the server runs and lets you in.",
    )


def database_name(url: URL) -> str:
    """Return the name of the database at ``url`` for messages: a path, or the URL without its password."""
    if url.get_backend_name() == "sqlite" and url.database:
        return url.database
    return url.set(query={}).render_as_string(hide_password=True)  # libpq takes a password there as well
