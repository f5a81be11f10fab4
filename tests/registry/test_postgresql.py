"""A registry on a PostgreSQL server: made only when told, shared, and its refusals as sentences."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from spectra.core.errors import RegistryError
from spectra.core.samples import Sample
from spectra.registry.database import schema
from spectra.registry.database.connection import ConflictError, Database, connect
from spectra.registry.registry import Registry

if TYPE_CHECKING:
    from tests.registry.conftest import Filler

Server = Any


@pytest.fixture
def backend() -> str:
    return "postgresql"


@pytest.fixture
def empty(postgresql: Server) -> Iterator[str]:
    """The URL of a database with nothing in it."""
    name = postgresql.create()
    yield postgresql.url(name)
    postgresql.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_an_empty_database_becomes_a_registry_only_when_told(home: Path, empty: str) -> None:
    with pytest.raises(RegistryError, match="is empty") as caught:
        Registry.open(home, empty)
    assert "spectra db upgrade" in str(caught.value)
    with Registry.open(home, empty, migrate=True) as registry:
        assert not registry.list_samples()
    Registry.open(home, empty).close()


def test_a_newer_registry_is_refused_also_by_a_migration(home: Path, url: str, postgresql: Server) -> None:
    postgresql.execute("UPDATE spectra_schema SET version_num = '9999'", url.rpartition("/")[2])
    for migrate in (False, True):
        with pytest.raises(RegistryError, match="newer version of spectra"):
            Registry.open(home, url, migrate=migrate)


def test_the_database_of_another_program_is_refused_also_by_a_migration(
    home: Path, empty: str, postgresql: Server
) -> None:
    database = empty.rpartition("/")[2]
    postgresql.execute("CREATE TABLE photos (id int)", database)
    for migrate in (False, True):
        with pytest.raises(RegistryError, match=r"another program: it has tables \(photos\)"):
            Registry.open(home, empty, migrate=migrate)
    assert postgresql.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'", database) == [("photos",)]


def test_a_database_that_cannot_hold_every_name_is_not_made_a_registry(home: Path, postgresql: Server) -> None:
    name = postgresql.create(options="ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C'")
    with pytest.raises(RegistryError, match="stores text as LATIN1") as caught:
        Registry.open(home, postgresql.url(name), migrate=True)
    assert "createdb --encoding=UTF8" in str(caught.value)
    assert postgresql.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", name) == [(0,)]


def test_a_registry_that_is_made_by_six_at_once_is_made_once(home: Path, empty: str) -> None:
    faults: list[BaseException] = []

    def make() -> None:
        try:
            Registry.open(home, empty, migrate=True).close()
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=make) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    engine = connect(empty)
    with engine.connect() as connection:
        assert connection.scalars(text("SELECT version_num FROM spectra_schema")).all() == [schema.HEAD]
        assert len(connection.scalars(text("SELECT id FROM registry_identity")).all()) == 1
    engine.dispose()


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_any_usual_spelling_of_the_url_is_understood(home: Path, url: str, scheme: str) -> None:
    with Registry.open(home, url.replace("postgresql", scheme, 1)) as registry:
        assert not registry.list_samples()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"password": "a wrong secret"}, "password authentication failed"),
        ({"user": "eve", "password": "another secret"}, "password authentication failed"),
        ({"database": "nowhere"}, "does not exist"),
    ],
)
def test_a_server_that_does_not_let_in_is_reported_without_a_password(
    home: Path, postgresql: Server, change: dict[str, str], sentence: str
) -> None:
    with pytest.raises(RegistryError, match=sentence) as caught:
        Registry.open(home, postgresql.url(**{"database": "postgres", **change}))
    assert "secret" not in str(caught.value)
    assert caught.value.exit_code == 5


@pytest.mark.parametrize(
    "url", ["postgresql://u:pw@127.0.0.1:1/lab?password=pw", "postgresql://u:pw@nowhere.invalid/lab"]
)
def test_a_server_that_is_not_there_is_reported_without_a_password(home: Path, url: str) -> None:
    with pytest.raises(RegistryError, match=r"cannot be used: .*(refused|resolve)") as caught:
        Registry.open(home, url)
    assert "pw" not in str(caught.value)


def test_a_server_that_does_not_answer_is_reported_in_time(home: Path) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        start = time.monotonic()
        with pytest.raises(RegistryError, match="timeout"):
            Registry.open(home, f"postgresql://ada@127.0.0.1:{silent.getsockname()[1]}/lab?connect_timeout=2")
        assert time.monotonic() - start < 5


def test_without_the_right_to_write_it_can_be_read_and_says_so(
    home: Path, url: str, registry: Registry, put: Filler, postgresql: Server
) -> None:
    sample = put.sample()
    database = url.rpartition("/")[2]
    postgresql.execute(
        "DO $$ BEGIN CREATE ROLE guest LOGIN PASSWORD 'guest'; EXCEPTION WHEN duplicate_object THEN END $$"
    )
    postgresql.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO guest", database)
    with Registry.open(home, postgresql.url(database, user="guest", password="guest")) as reader:
        assert list(reader.list_samples()) == [sample]
        with pytest.raises(RegistryError, match=r"does not let you do this .*permission denied"):
            reader.add_sample(Sample(name="glass", technique="toy"))


def test_a_connection_that_was_lost_in_between_is_made_again(
    registry: Registry, put: Filler, postgresql: Server, url: str
) -> None:
    put.sample()
    postgresql.execute(
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{url.rpartition('/')[2]}'"
    )
    assert len(registry.list_samples()) == 1


def test_a_registry_that_stays_locked_is_reported(registry: Registry, put: Filler, url: str, home: Path) -> None:
    put.sample()
    with (
        Registry.open(home, f"{url}?options=-clock_timeout%3D100") as impatient,
        registry.storage.database.writing() as session,
    ):
        session.execute(text("LOCK TABLE samples IN ACCESS EXCLUSIVE MODE"))
        with pytest.raises(RegistryError, match="is busy"):
            impatient.add_sample(Sample(name="glass", technique="toy"))


def test_two_transactions_that_wait_for_each_other_are_a_conflict_to_be_tried_again(
    registry: Registry, put: Filler
) -> None:
    one, two = put.sample("one"), put.sample("two")
    with Database(registry.storage.database.engine).writing() as first:
        first.execute(text("UPDATE samples SET note = '1' WHERE id = :id"), {"id": one.id})
        conflicts: list[ConflictError] = []

        def other() -> None:
            try:
                with registry.storage.database.writing() as second:
                    second.execute(text("SET LOCAL deadlock_timeout = '50ms'"))
                    second.execute(text("UPDATE samples SET note = '2' WHERE id = :id"), {"id": two.id})
                    waiting.set()
                    second.execute(text("UPDATE samples SET note = '2' WHERE id = :id"), {"id": one.id})
            except ConflictError as error:
                conflicts.append(error)

        waiting = threading.Event()
        thread = threading.Thread(target=other)
        thread.start()
        waiting.wait()
        first.execute(text("SET LOCAL deadlock_timeout = '10s'"))  # so that it is the other that notices
        first.execute(text("UPDATE samples SET note = '1' WHERE id = :id"), {"id": two.id})
        thread.join()
    assert len(conflicts) == 1
    assert {sample.note for sample in registry.list_samples()} == {"1"}


def test_a_transaction_that_reads_sees_one_state(registry: Registry, put: Filler) -> None:
    with registry.storage.database.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM samples")) == 0
        put.sample()
        assert session.scalar(text("SELECT count(*) FROM samples")) == 0


def test_text_is_ordered_by_code_points_on_a_server_for_another_language(registry: Registry, put: Filler) -> None:
    record = put.measurement(tags=("chata", "hora", "a", "B", "é"))
    assert record.tags == ("B", "a", "chata", "hora", "é")
    with registry.storage.database.reading() as session:  # what the server itself would do
        assert session.scalar(text("SELECT 'chata' < 'hora'")) is False
