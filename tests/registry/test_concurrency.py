"""Many processes at one registry, and processes that die while they write."""

from __future__ import annotations

import random
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from spectra.core.files import digest_bytes
from spectra.registry.registry import Registry

sqlite_only = pytest.mark.parametrize("backend", ["sqlite"])
Reopen = Callable[[], Registry]
StartWorker = Callable[..., "subprocess.Popen[str]"]


def finish(processes: list[subprocess.Popen[str]]) -> list[list[str]]:
    """Let all waiting processes begin at once and return the lines that each printed."""
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    outputs = [process.communicate(timeout=120) for process in processes]
    for process, (_, errors) in zip(processes, outputs, strict=True):
        assert process.returncode == 0, errors
        assert errors == ""
    return [lines.split() for lines, _ in outputs]


def open_at_once(home: Path, start_worker: StartWorker, rounds: int) -> None:
    for _ in range(rounds):
        shutil.rmtree(home, ignore_errors=True)
        workers = [start_worker("open") for _ in range(6)]
        time.sleep(1.5)  # until all have imported what they need
        finish(workers)
        with Registry.open(home) as registry:
            assert registry.list_samples() == ()
        assert list(home.glob("*.backup*")) == []


@sqlite_only
def test_six_processes_open_a_fresh_registry_at_once(home: Path, start_worker: StartWorker) -> None:
    open_at_once(home, start_worker, rounds=2)


@pytest.mark.slow
@sqlite_only
def test_six_processes_open_a_fresh_registry_at_once_fifty_times(home: Path, start_worker: StartWorker) -> None:
    open_at_once(home, start_worker, rounds=50)


def test_eight_processes_write_and_nothing_is_lost_or_doubled(reopen: Reopen, start_worker: StartWorker) -> None:
    outputs = finish([start_worker("predict", 25) for _ in range(8)])
    acknowledged = [line for lines in outputs for line in lines]
    assert len(set(acknowledged)) == 200
    with reopen() as registry:
        predictions = registry.list_predictions()
        assert sorted(prediction.id for prediction in predictions) == sorted(acknowledged)
        assert all(len(prediction.quantities) == 2 for prediction in predictions)
        assert len(registry.list_samples()) == 1
        assert len(registry.list_data_sets()) == 1
        assert len(registry.list_models()) == 8
        (measurement,) = registry.list_measurements()
        assert len(measurement.tags) == 9


def kill_while_writing(reopen: Reopen, start_worker: StartWorker, rounds: int) -> None:
    rng = random.Random(20_260_131)
    acknowledged: list[str] = []
    for number in range(rounds):
        worker = start_worker("predict", 0)
        assert worker.stdin is not None
        assert worker.stdout is not None
        worker.stdin.close()
        worker.stdin = None  # for communicate
        if number % 2:  # in the midst of predictions
            acknowledged += [worker.stdout.readline() for _ in range(3)]
            time.sleep(rng.uniform(0, 0.1))
        else:  # while it opens, or puts the first things on record
            time.sleep(rng.uniform(0.3, 0.8))
        worker.kill()
        output, errors = worker.communicate()
        assert errors == ""
        acknowledged += [line for line in output.splitlines(keepends=True) if line.endswith("\n")]

        with reopen() as registry:
            on_record = registry.list_predictions()
            assert {line.strip() for line in acknowledged} <= {prediction.id for prediction in on_record}
            assert all(len(prediction.quantities) == 2 for prediction in on_record)
            artefacts = [record.artefact for record in registry.list_data_sets()]
            artefacts += [record.artefact for record in registry.list_models()]
            artefacts += [record.artefact for record in registry.list_measurements()]
            for artefact in artefacts:
                assert digest_bytes(registry.read_artefact(artefact)) == artefact
    assert len(acknowledged) >= 3 * (rounds // 2)


def test_a_killed_process_loses_nothing_that_was_acknowledged(reopen: Reopen, start_worker: StartWorker) -> None:
    kill_while_writing(reopen, start_worker, rounds=6)


@pytest.mark.slow
def test_a_hundred_killed_processes_lose_nothing(reopen: Reopen, start_worker: StartWorker) -> None:
    kill_while_writing(reopen, start_worker, rounds=100)
