"""Fixtures for all tests: a registry of its own, a PostgreSQL server, and the command line as a user calls it."""

import itertools
import os
import shutil
import socket
import subprocess
import tempfile
import tomllib
from pathlib import Path

import hypothesis
import pytest

os.environ["SPECTRA_CONFIG"] = ""  # whatever the developer has configured

if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # each core has a worker; it must be said before NumPy is there
    os.environ.pop("COLUMNS", None)  # of the terminal that xdist reports to, which is none of a command under test

from tests.command import ROOT, Commands

# By default an example may take 0.2 s of the clock, which tells of the load of the machine and of nothing else.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")

TESTS = Path(__file__).parent
_AS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A registry's home of this test's own."""
    folder = tmp_path / "home"
    monkeypatch.setenv("SPECTRA_HOME", str(folder))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("SPECTRA_DATABASE_URL", raising=False)
    return folder


@pytest.fixture(scope="session")
def commands():
    """Processes that call the command line."""
    running = Commands()
    yield running
    running.close()


@pytest.fixture
def spectra(commands, home, tmp_path):
    """Run the command line in a process of its own, in an empty folder, with the toy plugin installed."""
    (tmp_path / "work").mkdir()

    def run(*arguments, paths=(), **environment):
        return commands.run(
            arguments, cwd=tmp_path / "work", paths=[TESTS / "toy", ROOT, *paths], environment=environment
        )

    return run


@pytest.fixture
def install(tmp_path):
    """Write the metadata of a package as pip would from its pyproject.toml, and return what to put on the path."""

    def written(package):
        project = tomllib.loads((package / "pyproject.toml").read_text())["project"]
        info = tmp_path / "site" / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
        info.mkdir(parents=True)
        header = {"Metadata-Version": "2.1", "Name": project["name"], "Version": project["version"]}
        (info / "METADATA").write_text("".join(f"{key}: {value}\n" for key, value in header.items()))
        points = project["entry-points"]["spectra"]
        (info / "entry_points.txt").write_text("[spectra]\n" + "".join(f"{k} = {v}\n" for k, v in points.items()))
        return [str(tmp_path / "site"), str(package / "src")]

    return written


class Server:
    """A PostgreSQL server of this test run, in a temporary folder and on a loopback port."""

    user, password = "ada", "a secret"

    def __init__(self, binaries, folder):
        self.binaries = binaries
        self.folder = folder
        self.port = _free_port()
        self._numbers = itertools.count()

    def start(self):
        (self.folder / "password").write_text(self.password)
        for path in (self.folder, self.folder / "password"):
            if _AS_ROOT:
                shutil.chown(path, "postgres", "postgres")
        # Text in a database for Czech is not ordered like Python's: "h" before "ch", "a" before "B".
        collation = ("--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=cs")
        access = (f"--pwfile={self.folder}/password", "--auth-local=trust", "--auth-host=scram-sha-256")
        self._run("initdb", "--pgdata", self._data, f"--username={self.user}", "--no-sync", *access, *collation)
        settings = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=100"
        self._run("pg_ctl", "-D", self._data, "-w", "-l", self.folder / "log", "-o", settings, "start")

    def stop(self):
        self._run("pg_ctl", "-D", self._data, "-w", "-m", "immediate", "stop")

    def url(self, database, *, user=user, password=password):
        """The URL as a user would write it."""
        return f"postgresql://{user}:{password.replace(' ', '%20')}@127.0.0.1:{self.port}/{database}"

    def create(self, template="template0", options=""):
        """Make a database and return its name."""
        name = f"test_{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template} {options}")
        return name

    def execute(self, statement, database="postgres"):
        """Run one statement and return its rows, if it has any."""
        import psycopg

        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    @property
    def _data(self):
        return self.folder / "data"

    def _run(self, program, *arguments):
        # PostgreSQL refuses to be run by root.
        user = {"user": "postgres", "group": "postgres", "extra_groups": []} if _AS_ROOT else {}
        command = [self.binaries / program, *map(str, arguments)]
        with (self.folder / "said").open("a+") as said:  # a pipe would stay open as long as the server
            done = subprocess.run(command, stdout=said, stderr=said, cwd=self.folder, check=False, **user)
            said.seek(0)
            assert done.returncode == 0, said.read()


@pytest.fixture(scope="session")
def postgresql():
    """A PostgreSQL server; without one on this machine its tests are skipped, but not where it is required (CI)."""
    found = shutil.which("initdb") or max(map(str, Path("/usr/lib/postgresql").glob("*/bin/initdb")), default=None)
    if found is None:
        reason = "no PostgreSQL server is installed (no initdb; Debian's package is 'postgresql')"
        pytest.fail(reason) if os.environ.get("SPECTRA_REQUIRE_POSTGRESQL") else pytest.skip(reason)
    folder = Path(tempfile.mkdtemp(prefix="spectra-pg-"))  # pytest's own is closed to other users, and its path long
    server = Server(Path(found).resolve().parent, folder)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgresql_template(postgresql, tmp_path_factory):
    """Name of a database with an empty registry."""
    from spectra.registry.registry import Registry

    name = postgresql.create()
    Registry.open(tmp_path_factory.mktemp("template"), postgresql.url(name), migrate=True).close()
    return name


@pytest.fixture
def postgresql_url(postgresql, postgresql_template):
    """URL of a server's registry of this test's own."""
    name = postgresql.create(postgresql_template)
    yield postgresql.url(name)
    postgresql.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
