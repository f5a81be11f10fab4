"""Many processes at one registry, and processes that die while they write."""

from __future__ import annotations

import itertools
import random
import shutil
import subprocess
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from spectra.core.progress import Silent
from spectra.registry.archive.moving import export
from spectra.registry.checking import check
from spectra.registry.garbage import collect, find_garbage
from spectra.registry.registry import Registry
from tests.registry.conftest import Filler

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
            assert not registry.list_samples()
        assert list(home.glob("*.backup*")) == []


@sqlite_only
def test_six_processes_open_a_fresh_registry_at_once(home: Path, start_worker: StartWorker) -> None:
    open_at_once(home, start_worker, rounds=2)


@pytest.mark.slow
@sqlite_only
def test_six_processes_open_a_fresh_registry_at_once_fifty_times(home: Path, start_worker: StartWorker) -> None:
    open_at_once(home, start_worker, rounds=50)


def write_at_once(reopen: Reopen, start_worker: StartWorker, processes: int, each: int) -> None:
    outputs = finish([start_worker("predict", each) for _ in range(processes)])
    acknowledged = [line for lines in outputs for line in lines]
    assert len(set(acknowledged)) == processes * each
    with reopen() as registry:
        predictions = registry.list_predictions()
        assert sorted(prediction.id for prediction in predictions) == sorted(acknowledged)
        assert all(len(prediction.quantities) == 2 for prediction in predictions)
        assert len(registry.list_samples()) == 1
        assert len(registry.list_data_sets()) == 1
        assert len(registry.list_models()) == processes
        (measurement,) = registry.list_measurements()
        assert len(measurement.tags) == processes + 1
        assert check(registry, Silent()).faults == ()


def test_eight_processes_write_and_nothing_is_lost_or_doubled(reopen: Reopen, start_worker: StartWorker) -> None:
    write_at_once(reopen, start_worker, processes=8, each=25)


@pytest.mark.slow
def test_sixteen_processes_write_a_hundred_predictions_each(reopen: Reopen, start_worker: StartWorker) -> None:
    write_at_once(reopen, start_worker, processes=16, each=100)


def kill_while_writing(reopen: Reopen, start_worker: StartWorker, rounds: int) -> None:
    rng = random.Random(20_260_131)
    acknowledged: set[str] = set()
    orphans = 0
    for number in range(rounds):
        worker = start_worker("predict", 0)
        assert worker.stdin is not None
        assert worker.stdout is not None
        worker.stdin.close()
        worker.stdin = None  # for communicate
        lines: list[str] = []
        if number % 2:  # in the midst of predictions
            lines += [worker.stdout.readline() for _ in range(3)]
            time.sleep(rng.uniform(0, 0.1))
        else:  # while it opens, or puts the first things on record
            time.sleep(rng.uniform(0.3, 0.8))
        worker.kill()
        output, errors = worker.communicate()
        assert errors == ""
        lines += output.splitlines(keepends=True)
        now_acknowledged = {line.strip() for line in lines if line.endswith("\n")}
        with reopen() as registry:
            for identifier in now_acknowledged:
                assert len(registry.get_prediction(identifier).quantities) == 2
            findings = check(registry, Silent())
            assert findings.faults == ()
            orphans = len(findings.orphans)
        acknowledged |= now_acknowledged
    with reopen() as registry:
        assert acknowledged <= {prediction.id for prediction in registry.list_predictions()}
        assert len(find_garbage(registry).artefacts) == orphans
        collect(registry, now=datetime.now(UTC) + timedelta(days=2))
        findings = check(registry, Silent())
        assert (findings.faults, findings.orphans) == ((), ())
        files = [path for path in (registry.locations.home / "artefacts" / "sha256").rglob("*") if path.is_file()]
        assert len(files) == findings.artefacts
    assert len(acknowledged) >= 3 * (rounds // 2)
    print(f"{rounds} kills, {len(acknowledged)} predictions acknowledged, {orphans} orphans found")


def test_a_killed_process_loses_nothing_that_was_acknowledged(reopen: Reopen, start_worker: StartWorker) -> None:
    kill_while_writing(reopen, start_worker, rounds=6)


@pytest.mark.slow
def test_five_hundred_killed_processes_lose_nothing(reopen: Reopen, start_worker: StartWorker) -> None:
    kill_while_writing(reopen, start_worker, rounds=500)


@pytest.fixture(scope="module")
def sixty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a registry with predictions of sixty samples, and their archive."""
    home = tmp_path_factory.mktemp("sixty")
    with Registry.open(home, str(home / "registry.sqlite")) as registry:
        put = Filler(registry)
        for number in range(60):
            put.prediction(put.sample(f"sample {number}"))
        export(registry, home / "all.zip", Silent())
    return home


@sqlite_only
@pytest.mark.parametrize("into", ["sqlite", "postgresql"])
@pytest.mark.parametrize("job", ["import", "copy"])
def test_a_killed_import_or_copy_is_completed_by_the_next(
    sixty: Path,
    home: Path,
    start_worker: StartWorker,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    job: str,
    into: str,
) -> None:
    shutil.copytree(sixty, home)
    url = str(tmp_path / "target.sqlite") if into == "sqlite" else request.getfixturevalue("postgresql_url")
    start = partial(start_worker, "import", home / "all.zip", SPECTRA_DATABASE_URL=url)
    if job == "copy":
        start = partial(start_worker, "copy", url)
    rng = random.Random(5)
    arrived: set[int] = set()
    with Registry.open(tmp_path / "home", url) if into == "postgresql" else Registry.open(url=url) as target:
        for _ in range(5):
            worker = start()
            assert worker.stdin is not None
            worker.stdin.close()
            worker.stdin = None
            time.sleep(rng.uniform(0.4, 1.2))
            worker.kill()
            assert worker.communicate()[1] == ""
            assert check(target, Silent()).faults == ()
            arrived.add(len(target.list_predictions()))
        finish([start()])
        with Registry.open(home) as registry:
            assert list(target.list_predictions()) == list(registry.list_predictions())
    assert job == "copy" or arrived <= {0, 60}


def test_an_identifier_that_is_taken_is_drawn_again(
    registry: Registry, put: Filler, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters = itertools.chain("a" * 20, itertools.repeat("b"))  # twice the same identifier, then another
    monkeypatch.setattr("spectra.registry.identifiers.secrets.choice", lambda _: next(letters))
    assert [put.sample(name).id for name in ("steel", "brass")] == ["a" * 10, "b" * 10]
    assert [sample.name for sample in registry.list_samples(sort="sample")] == ["brass", "steel"]
