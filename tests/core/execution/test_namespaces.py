"""Workers that see the scheduler and nobody else: three network namespaces without a route between the two workers."""

import json
import os
import shutil
import subprocess
import sys
import time

import pytest

from tests.core.execution.conftest import ROOTS

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not hasattr(os, "geteuid") or os.geteuid() != 0 or not shutil.which("ip"), reason="needs root and iproute2"
    ),
]
MIDDLE, ENDS = "spectra-s", ("spectra-1", "spectra-2")


def ip(*words):
    subprocess.run(["ip", *words], check=True, capture_output=True)


@pytest.fixture
def namespaces():
    names = (MIDDLE, *ENDS)
    try:
        for name in names:
            ip("netns", "add", name)
            ip("-n", name, "link", "set", "lo", "up")
        for number, name in enumerate(ENDS, 1):
            here, there = f"sp{number}a", f"sp{number}b"
            ip("link", "add", here, "netns", MIDDLE, "type", "veth", "peer", "name", there, "netns", name)
            for where, device, last in ((MIDDLE, here, 1), (name, there, 2)):
                ip("-n", where, "addr", "add", f"10.81.{number}.{last}/24", "dev", device)
                ip("-n", where, "link", "set", device, "up")
        yield names
    finally:
        for name in names:
            subprocess.run(["ip", "netns", "del", name], check=False, capture_output=True)


def test_parts_arrive_although_workers_cannot_see_each_other(namespaces, tmp_path, spectra):
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, ROOTS)), "OMP_NUM_THREADS": "1"}
    processes = []

    def start(name, *words):
        with (tmp_path / f"{name}-{len(processes)}.log").open("w") as log:
            command = ["ip", "netns", "exec", name, sys.executable, *map(str, words)]
            processes.append(
                subprocess.Popen(command, env=environment, cwd=tmp_path, stdout=log, stderr=subprocess.STDOUT)
            )

    sample = tmp_path / "sample.yaml"
    sample.write_text("name: slab\ntechnique: toy-grown\nthickness: 2 mm\n")
    command = ("generate", "-s", sample, "--set", "forward-model.seconds=0.02", "--json")
    try:
        start(MIDDLE, "-m", "dask", "scheduler", "--port", "8786", "--no-dashboard")
        time.sleep(5)
        for number, name in enumerate(ENDS, 1):
            start(
                name, "-m", "dask", "worker", f"tcp://10.81.{number}.1:8786", "--nthreads", "1", "--no-nanny",
                "--no-dashboard", "--local-directory", tmp_path / name,
            )  # fmt: skip
        time.sleep(8)
        apart = ["ip", "netns", "exec", ENDS[0], "ping", "-c", "1", "-W", "1", "10.81.2.2"]
        assert not shutil.which("ping") or subprocess.run(apart, check=False, capture_output=True).returncode != 0
        done = subprocess.run(
            ["ip", "netns", "exec", MIDDLE, sys.executable, "-c", "from spectra.cli.main import main; main()",
             *map(str, command), "--on", "tcp://10.81.1.1:8786"],
            env=environment | {"SPECTRA_HOME": str(tmp_path / "there")}, capture_output=True, text=True, check=False,
            timeout=300,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert "2 workers" in done.stderr
        assert "neither on this machine nor secured by TLS" in done.stderr
    finally:
        for process in processes:
            process.kill()
            process.wait()
    local = spectra(*command)
    assert json.loads(done.stdout)["data_set"]["artefact"] == json.loads(local.stdout)["data_set"]["artefact"]
