"""A dask cluster of two processes on this machine, with and without the toy plugin."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import spectra as package

ROOTS = [Path(package.__file__).parents[1], Path(__file__).parents[2] / "toy"]


class Processes:
    """A scheduler and its workers, each a process of its own."""

    def __init__(self, folder, roots):
        self.file = folder / "scheduler.json"
        self.folder, self.workers = folder, []
        self.environment = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, roots)), "OMP_NUM_THREADS": "1"}
        at = ("--scheduler-file", self.file)
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", *at)
        for number in range(2):
            self.add(f"worker-{number}")

    @property
    def address(self):
        return str(self.file)

    def add(self, name):
        self.workers.append(
            self._start(
                "worker", "--scheduler-file", self.file, "--nthreads", "1", "--no-dashboard", "--name", name,
                "--no-nanny", "--local-directory", self.folder / name, "--host", "127.0.0.1",
            )
        )  # fmt: skip

    def wait(self, count=2):
        from distributed import Client

        for _ in range(200):
            if self.file.exists():
                break
            time.sleep(0.1)
        with Client(scheduler_file=str(self.file), set_as_default=False) as client:
            client.wait_for_workers(count, timeout=60)

    def stop(self):
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()

    def _start(self, *arguments):
        with (self.folder / f"{arguments[0]}-{len(self.workers)}.log").open("w") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "dask", *map(str, arguments)],
                env=self.environment, cwd=self.folder, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """Two workers that stay for all tests of a module."""
    processes = Processes(tmp_path_factory.mktemp("cluster"), ROOTS)
    try:
        processes.wait()
        yield processes
    finally:
        processes.stop()


@pytest.fixture
def own_cluster(tmp_path):
    """Two workers for one test, which may kill them."""
    (tmp_path / "cluster").mkdir()
    processes = Processes(tmp_path / "cluster", ROOTS)
    try:
        processes.wait()
        yield processes
    finally:
        processes.stop()


@pytest.fixture
def started(home, tmp_path):
    """Start the command line and return at once."""
    begun = []

    def start(*arguments):
        process = subprocess.Popen(
            [sys.executable, "-c", "from spectra.cli.main import main; main()", *map(str, arguments)],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(map(str, ROOTS)), "NO_COLOR": "1"},
            cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )  # fmt: skip
        begun.append(process)
        return process

    yield start
    for process in begun:
        if process.poll() is None:
            process.kill()
        process.communicate()
