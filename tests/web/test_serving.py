"""``spectra web`` as a process: it answers soon, imports nothing heavy, and stops quietly."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import spectra as package
from spectra.cli.commands.web.serve import web
from spectra.core.errors import UsageError
from spectra.registry.registry import Registry
from spectra.web.security import TOKEN_HEADER
from tests.web.conftest import Laboratory

COMMAND = [sys.executable, "-c", "from spectra.cli.main import main; main()", "web"]


class Server:
    """A running ``spectra web``."""

    def __init__(self, *arguments, **environment):
        self.process = subprocess.Popen(
            [*COMMAND, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": str(Path(package.__file__).parents[1])} | environment,
        )
        self.address = self.process.stdout.readline().strip()
        self.root, _, self.token = self.address.partition("/?token=")

    def get(self, path, **headers):
        request = urllib.request.Request(self.root + path, headers={TOKEN_HEADER: self.token} | headers)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.read().decode()

    def stop(self, by=signal.SIGINT):
        self.process.send_signal(by)
        _, said = self.process.communicate(timeout=30)
        return said


@pytest.fixture
def serve(home):
    started = []

    def start(*arguments, **environment):
        started.append(Server(*arguments, **environment))
        return started[-1]

    yield start
    for server in started:
        server.process.kill()
        server.process.communicate()


def test_it_prints_an_address_that_works_and_stops_quietly(serve, home):
    with Registry.open() as registry:
        made = Laboratory(registry).prediction().id
    begun = time.monotonic()
    server = serve("--port", "0", "--allow-host", "Lab.example")
    assert made in server.get("/predictions")
    print(f"answered after {time.monotonic() - begun:.2f} s")
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", server.root)
    assert made in server.get("/predictions", Host="lab.example:8080")
    with pytest.raises(urllib.error.HTTPError, match="403"):
        server.get("/predictions", Host="evil.example")
    said = server.stop()
    assert server.process.returncode == 0
    assert said == "Open this address in a browser; Ctrl-C stops the server.\n"


def test_the_port_is_another_where_the_usual_one_is_taken_unless_it_was_named(serve):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = str(other.getsockname()[1])
        server = serve("--port", taken)
        assert server.address == ""
        assert f"cannot listen on 127.0.0.1, port {taken}: Address already in use." in server.process.stderr.read()
        assert server.process.wait() == 2


def test_fifty_clients_at_once_are_all_answered(serve, home):
    with Registry.open() as registry:
        made = Laboratory(registry).prediction().id
    server = serve("--port", "0")
    with ThreadPoolExecutor(50) as clients:
        pages = list(clients.map(server.get, ["/predictions", "/samples"] * 50))
    assert sum(made in page for page in pages) == 50


def test_other_machines_are_refused_without_a_token_of_ones_own(monkeypatch):
    monkeypatch.delenv("SPECTRA_WEB_TOKEN", raising=False)
    for host in ("0.0.0.0", "::", "192.0.2.1", "example.org", "localhost.example.org"):
        with pytest.raises(UsageError, match="opens the registry to other machines, and no token is set"):
            web(host=host)
    monkeypatch.setenv("SPECTRA_WEB_TOKEN", "short")
    with pytest.raises(UsageError, match="has 5 characters, and 20 are needed"):
        web(host="0.0.0.0")


def test_nothing_heavy_is_imported_to_serve(home):
    code = (
        "import sys; sys.argv = ['spectra', 'web', '--port', '0']\n"
        "import spectra.web.serving as serving\n"
        "serving.serve = lambda app, listening: None\n"
        "from spectra.cli.main import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = ('tensorflow', 'keras', 'matplotlib', 'scipy', 'pandas', 'pint', 'rich.markdown')\n"
        "print([name for name in heavy if name in sys.modules], file=sys.stderr)"
    )
    Registry.open().close()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.splitlines()[-1] == "[]"


def test_help_imports_no_server(home):
    code = (
        "import sys; sys.argv = ['spectra', 'web', '--help']\n"
        "from spectra.cli.main import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print([name for name in ('starlette', 'jinja2', 'uvicorn', 'sqlalchemy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
