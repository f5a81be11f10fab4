"""Jobs that run small programs of the tests' own."""

import time

import pytest

from spectra.web.jobs.queue import Jobs, Order

PROGRAM = """
import json, os, pathlib, signal, subprocess, sys, time

if __name__ == "__main__":
    pathlib.Path("arguments").write_text(json.dumps(sys.argv[1:]))
    exec(sys.argv[1])
"""


@pytest.fixture
def jobs(tmp_path, monkeypatch):
    (tmp_path / "modules").mkdir()
    (tmp_path / "modules" / "job_of_a_test.py").write_text(PROGRAM)
    monkeypatch.syspath_prepend(tmp_path / "modules")
    with Jobs(tmp_path / "jobs", {"SPECTRA_TEST": "given"}) as started:
        yield started


def order(program, **options):
    """An order for some lines of Python."""
    given = {
        "kind": "analysis",
        "title": "a job",
        "command": "spectra x",
        "outcome": lambda out, _: out.decode().strip(),
    }
    return Order(module="job_of_a_test", arguments=[program], **(given | options))


def until(jobs, id, reached, seconds=60):
    """Return the job as soon as something is true of it."""
    end = time.monotonic() + seconds
    while not reached(job := jobs.get(id)):
        assert time.monotonic() < end, job
        time.sleep(0.02)
    return job


def ended(jobs, id):
    """Return the job when it has ended."""
    return until(jobs, id, lambda job: not job.going_on)
