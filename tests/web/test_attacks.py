"""A running server under attack: endless uploads, crowds, and its own sudden death."""

import http.client
import json
import os
import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from spectra.registry.registry import Registry
from spectra.web.security import TOKEN_HEADER
from spectra.web.uploads import LARGEST_UPLOAD
from tests.web.jobs.test_queue import gone
from tests.web.test_analyses import SAMPLE, line
from tests.web.test_serving import serve  # noqa: F401 - a fixture

BOUNDARY = "a-boundary"


def form(fields, **files):
    """A form with files as a browser would write it."""
    parts = [f'name="{name}"\r\n\r\n{value}'.encode() for name, value in fields.items()]
    parts += [
        f'name="{field}"; filename="{name}"\r\nContent-Type: text/plain\r\n\r\n'.encode() + content
        for field, (name, content) in files.items()
    ]
    start = f"--{BOUNDARY}\r\nContent-Disposition: form-data; ".encode()
    return b"".join(start + part + b"\r\n" for part in parts) + f"--{BOUNDARY}--\r\n".encode()


def sent(server, path, body, **headers):
    """Send a form to a server, and return its answer's status, where it leads, and its text."""
    host = server.root.removeprefix("http://")
    connection = http.client.HTTPConnection(host, timeout=60)
    given = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}", TOKEN_HEADER: server.token}
    connection.request("POST", path, body, given | headers)
    answer = connection.getresponse()
    status, leads, text = answer.status, answer.getheader("location"), answer.read().decode()
    connection.close()
    return status, leads, text


def peak_memory(pid):
    """The most memory that a process has had, in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1000


def endless(server, path, token):
    """Send a form whose file has no end; return how many MiB were taken, and how the answer begins."""
    host, port = server.root.removeprefix("http://").split(":")
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {host}:{port}\r\n{TOKEN_HEADER}: {token}\r\n"
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    begin = form({}, file=("endless.yaml", b"")).partition(f"\r\n--{BOUNDARY}--".encode())[0]
    piece = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
    count = 0
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        try:
            connection.sendall(head.encode() + f"{len(begin):x}\r\n".encode() + begin + b"\r\n")
            while count < 10_000:  # 10 GB, if nobody stops it
                connection.sendall(piece)
                count += 1
        except OSError:
            pass  # the server has hung up
        try:
            return count, connection.recv(100)
        except OSError:
            return count, b""


def test_an_endless_upload_is_refused_at_the_limit_and_takes_no_memory(serve, home):  # noqa: F811
    server = serve("--port", "0")
    server.get("/new")
    before = peak_memory(server.process.pid)
    on_the_way = 50  # MiB that the system takes before anyone has read them
    count, answer = endless(server, "/new/sample", server.token)
    assert count < LARGEST_UPLOAD / 2**20 + on_the_way
    assert answer == b"" or answer.startswith(b"HTTP/1.1 413")  # it may be lost where the connection ends
    print(f"{count} MiB sent, {peak_memory(server.process.pid) - before:.0f} MB more memory")
    assert peak_memory(server.process.pid) - before < 60
    count, answer = endless(server, "/new/sample", "guessed")
    assert count < on_the_way
    assert answer == b"" or answer.startswith(b"HTTP/1.1 401")
    assert "No job has been started" in server.get("/jobs")
    status, _, text = sent(server, "/new/sample", b"", **{"Content-Length": str(10**10)})
    assert (status, "longer than" in text) == (413, True)


def test_fifty_at_once_are_answered(serve, home):  # noqa: F811
    with Registry.open():
        pass
    server = serve("--port", "0")
    with ThreadPoolExecutor(50) as crowd:
        pages = list(crowd.map(server.get, ["/new", "/jobs", "/map", "/predictions", "/samples"] * 10))
    assert len(pages) == 50


@pytest.mark.parametrize("by", [getattr(signal, "SIGKILL", None), signal.SIGTERM])
def test_a_server_that_ends_takes_its_jobs_with_it(serve, home, by):  # noqa: F811
    server = serve("--port", "0", PYTHONPATH=os.pathsep.join(map(str, (_TOY, _ROOT))))
    sample_file = SAMPLE.replace("toy", "toy-grown").encode()
    status, leads, text = sent(server, "/new/sample", form({}, file=("slab.yaml", sample_file)))
    assert status == 303, text
    fields = {"sample": leads.partition("=")[2], "settings": "forward-model.seconds=5"}
    status, leads, text = sent(server, "/new/analysis", form(fields, file=("run.txt", line())))
    assert status == 303, text
    end = time.monotonic() + 60
    while not (job := json.loads(server.get(f"{leads}.json")))["stages"]:
        assert job["state"] in ("queued", "running"), job
        assert time.monotonic() < end
        time.sleep(0.05)
    assert job["stages"][0]["total"] == 300
    group = _group_of_job(home)
    assert group
    server.process.send_signal(by)
    server.process.wait(30)
    assert all(gone(pid) for pid in group)
    again = serve("--port", "0")
    assert json.loads(again.get(f"{leads}.json"))["state"] == "lost"
    assert "The server ended before this did" in again.get(leads)


_ROOT = Path(__file__).parents[2]
_TOY = _ROOT / "tests" / "toy"


def _group_of_job(home):
    """The processes that work in the folder of a job."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if (path / "cwd").readlink().is_relative_to(home / "jobs"):
                found.append(int(path.name))
        except OSError:
            continue
    return found


def test_a_registry_that_has_gone_is_said_and_nothing_is_started(serve, home):  # noqa: F811
    server = serve("--port", "0")
    (home / "registry.sqlite").unlink()
    for path in ("/new/sample", "/new/analysis"):
        status, _, text = sent(server, path, form({"sample": "x"}, file=("slab.yaml", SAMPLE.encode())))
        assert status in (404, 503), text
        assert "Traceback" not in text
    assert not (home / "jobs").exists()
