"""Progress for a program: what a task says in lines of JSON."""

import json

import pytest

from spectra.core.progress import Lines


def lines(captured):
    return [json.loads(line) for line in captured.readouterr().err.splitlines()]


def test_a_task_is_told_at_its_beginning_and_its_end(capsys):
    progress = Lines()
    with progress.task("Simulating", 20) as advance:
        advance(5)
    progress.say("A sentence\nof two lines.")
    told = lines(capsys)
    assert told[0] == {"task": "Simulating", "done": 0, "total": 20}
    assert told[-2] == {"task": "Simulating", "done": 20, "total": 20}
    assert told[-1] == {"said": "A sentence\nof two lines."}


def test_a_task_that_fails_is_not_said_to_be_done(capsys):
    with pytest.raises(ZeroDivisionError), Lines().task("Fitting", 3) as advance:
        advance(1 / 0)
    assert lines(capsys) == [{"task": "Fitting", "done": 0, "total": 3}]


def test_a_long_task_is_told_now_and_then(capsys, monkeypatch):
    now = iter(0.05 * step for step in range(1000))
    monkeypatch.setattr("spectra.core.progress.time.monotonic", lambda: next(now))
    with Lines().task("Training", 100) as advance:
        for _ in range(100):
            advance(1)
    told = [line["done"] for line in lines(capsys)]
    assert told == sorted(told)
    assert 10 < len(told) < 40
