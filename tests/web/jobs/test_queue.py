"""Jobs: child processes, one after the other, that leave nothing behind."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from spectra.core.errors import NotFoundError, UsageError
from spectra.web.jobs import queue
from spectra.web.jobs.job import FILE, Stage
from spectra.web.jobs.queue import Jobs
from tests.web.jobs.conftest import ended, order, until


def alive(pid):
    """Whether a process runs: one that has ended and that nobody has asked about does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def gone(pid, seconds=20):
    end = time.monotonic() + seconds
    while alive(pid) and time.monotonic() < end:
        time.sleep(0.02)
    return not alive(pid)


def test_a_job_is_a_child_in_a_folder_of_its_own_with_the_registrys_environment(jobs):
    job = jobs.submit(
        order("print(os.getpid(), os.getcwd(), os.environ['SPECTRA_TEST'], open('x').read())", files={"x": b"content"})
    )
    pid, folder, given, content = ended(jobs, job.id).result.split()
    assert int(pid) != os.getpid()
    assert folder == str(jobs.folder(job.id))
    assert (given, content) == ("given", "content")


def test_what_it_was_given_is_removed_when_it_has_ended_and_what_it_made_is_kept(jobs):
    made = order("open('map.html', 'w').write('x')", files={"upload.txt": b"1"}, keeps=["map.html"])
    job = ended(jobs, jobs.submit(made).id)
    assert job.state == "done"
    assert sorted(path.name for path in jobs.folder(job.id).iterdir()) == [FILE, "map.html"]


def test_stages_and_sentences_are_read_from_its_standard_error(jobs):
    program = (
        "e = lambda **x: print(json.dumps(x), file=sys.stderr, flush=True)\n"
        "e(task='Simulating', done=0, total=20)\ne(task='Fitting', done=1, total=3)\n"
        "e(task='Simulating', done=20, total=20)\n"
        "e(said='A sentence.')\nprint('plain \\x1b[31mtext', file=sys.stderr)\nprint(1)"
    )
    job = ended(jobs, jobs.submit(order(program)).id)
    assert job.stages == (Stage(task="Simulating", done=20, total=20), Stage(task="Fitting", done=1, total=3))
    assert job.messages == ("A sentence.", "plain  [31mtext")


def test_progress_is_seen_while_it_runs(jobs):
    program = 'print(\'{"task": "t", "done": 3, "total": 7}\', file=sys.stderr, flush=True); time.sleep(60)'
    job = jobs.submit(order(program))
    assert until(jobs, job.id, lambda now: now.stages).stages == (Stage(task="t", done=3, total=7),)


def test_the_error_of_a_command_is_its_fault_with_the_hint(jobs):
    program = "print('noise\\nError: It is wrong.\\nDo this.', file=sys.stderr); sys.exit(3)"
    job = ended(jobs, jobs.submit(order(program)).id)
    assert (job.state, job.fault) == ("failed", "It is wrong.\nDo this.")


def test_a_job_that_says_nothing_of_its_end_is_said_to_have_failed(jobs):
    assert ended(jobs, jobs.submit(order("os._exit(9)")).id).fault == "It ended with the exit code 9."
    killed = ended(jobs, jobs.submit(order("os.kill(os.getpid(), signal.SIGKILL)")).id)
    assert killed.fault == "It was ended by the signal 9."


def test_a_result_that_cannot_be_understood_is_a_fault(jobs):
    unlike = order("print('no JSON')", outcome=lambda out, _: json.loads(out)["id"])
    job = ended(jobs, jobs.submit(unlike).id)
    assert (job.state, job.result) == ("failed", None)
    assert "without a result" in job.fault


def test_one_that_cannot_be_started_or_understood_does_not_stop_the_next(jobs):
    impossible = jobs.submit(order("print(1)\0"))
    strange = jobs.submit(order("print(1)", outcome=lambda out, _: out.no_such_method()))
    after = jobs.submit(order("print(2)"))
    assert ended(jobs, after.id).result == "2"
    assert "could not be started: embedded null byte" in jobs.get(impossible.id).fault
    assert jobs.get(strange.id).state == "failed"


def test_one_runs_and_the_others_wait(jobs):
    first = jobs.submit(order("time.sleep(60)"))
    second = jobs.submit(order("print(2)"))
    until(jobs, first.id, lambda job: job.state == "running")
    assert jobs.get(second.id).state == "queued"
    jobs.stop(first.id)
    assert ended(jobs, second.id).result == "2"
    assert [job.id for job in jobs.all()] == [second.id, first.id]


def test_too_many_that_wait_are_refused(jobs, monkeypatch):
    monkeypatch.setattr(queue, "MOST_WAITING", 2)
    for _ in range(3):
        jobs.submit(order("time.sleep(60)"))
    with pytest.raises(UsageError, match="2 jobs are waiting"):
        jobs.submit(order("print(1)"))


def test_one_that_waits_can_be_stopped_and_never_runs(jobs):
    running, waiting = jobs.submit(order("time.sleep(60)")), jobs.submit(order("print(1)"))
    assert jobs.stop(waiting.id).state == "stopped"
    jobs.stop(running.id)
    assert ended(jobs, running.id).state == "stopped"
    assert jobs.get(waiting.id).started is None


def test_to_stop_ends_the_processes_that_it_has_started_and_one_that_does_not_listen_is_forced(jobs, monkeypatch):
    monkeypatch.setattr(queue, "GRACE", 0.5)
    program = (
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "other = subprocess.Popen([sys.executable, '-c', 'import signal, time; signal.signal(15, signal.SIG_IGN); "
        "print(1, flush=True); time.sleep(99)'], stdout=subprocess.PIPE)\n"
        "other.stdout.readline()\nprint(os.getpid(), other.pid, file=sys.stderr, flush=True)\ntime.sleep(99)"
    )
    job = jobs.submit(order(program))
    pids = [int(pid) for pid in until(jobs, job.id, lambda now: now.messages).messages[0].split()]
    jobs.stop(job.id)
    assert ended(jobs, job.id).state == "stopped"
    assert all(gone(pid) for pid in pids)


def test_what_a_job_leaves_behind_ends_with_it(jobs):
    program = "print(subprocess.Popen(['sleep', '99'], stdout=2).pid)"
    job = ended(jobs, jobs.submit(order(program)).id)
    assert gone(int(job.result))


def test_too_much_output_is_a_fault_and_takes_no_memory(jobs, monkeypatch):
    monkeypatch.setattr(queue, "_LONGEST_OUTPUT", 1000)
    job = ended(jobs, jobs.submit(order("print('x' * 10_000_000); print('y' * 5_000_000, file=sys.stderr)")).id)
    assert job.state == "failed"
    assert "printed more than" in job.fault
    assert [len(message) for message in job.messages] == [4000]


def test_nothing_that_was_uploaded_is_imported(jobs):
    trap = b"open('sprung', 'w').close(); raise SystemExit(7)"
    traps = dict.fromkeys(["json.py", "numpy.py", "runpy.py", "sitecustomize.py", "spectra.py"], trap)
    child = "subprocess.run([sys.executable, '-c', 'import numpy']).returncode"
    program = f"import json, numpy; print({child}, os.path.exists('sprung'))"
    assert ended(jobs, jobs.submit(order(program, files=traps)).id).result == "0 False"


def test_jobs_are_found_again_by_another_server_and_those_of_one_that_was_killed_are_lost(jobs, tmp_path):
    done = ended(jobs, jobs.submit(order("print(1)")).id)
    script = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "import time, pathlib\nfrom spectra.web.jobs.queue import Jobs, Order\n"
        "jobs = Jobs(pathlib.Path(sys.argv[2]), {})\n"
        "program = 'print(os.getpid(), file=sys.stderr, flush=True); time.sleep(99)'\n"
        "given = {'kind': 'analysis', 'title': 't', 'command': None, 'outcome': None}\n"
        "made = Order(module='job_of_a_test', arguments=[program], **given)\n"
        "job, other = jobs.submit(made), jobs.submit(made)\n"
        "while not jobs.get(job.id).messages: time.sleep(0.02)\n"
        "print(job.id, other.id, jobs.get(job.id).messages[0], flush=True); time.sleep(99)"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "modules"), str(tmp_path / "jobs")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        running, waiting, pid = server.stdout.readline().split()
        assert jobs.get(running).state == "running"  # as seen from here
        with pytest.raises(UsageError, match="another server"):
            jobs.stop(running)
        server.send_signal(signal.SIGKILL)
    assert gone(int(pid))
    assert [jobs.get(id).state for id in (running, waiting, done.id)] == ["lost", "lost", "done"]
    assert "what it had finished is kept" in jobs.get(running).fault
    with Jobs(tmp_path / "jobs", {}) as later:
        assert {job.id for job in later.all()} == {running, waiting, done.id}
    assert len([*(tmp_path / "jobs").glob(".server-*")]) == 2
    ended(jobs, jobs.submit(order("print(1)")).id)
    assert len([*(tmp_path / "jobs").glob(".server-*")]) == 1  # ours
    assert jobs.get(running).state == "lost"


def test_only_the_newest_that_have_ended_are_kept(jobs, monkeypatch):
    monkeypatch.setattr(queue, "KEPT", 2)
    made = [ended(jobs, jobs.submit(order("print(1)")).id).id for _ in range(3)]
    last = jobs.submit(order("time.sleep(60)"))
    assert [job.id for job in jobs.all()] == [last.id, *reversed(made[1:])]


@pytest.mark.parametrize("id", ["", "..", "../jobs", "no-such", "0" * 12, "a/b"])
def test_there_is_no_other_job(jobs, id):
    with pytest.raises(NotFoundError, match="There is no job"):
        jobs.get(id)


def test_a_damaged_record_of_a_job_is_no_job(jobs):
    job = ended(jobs, jobs.submit(order("print(1)")).id)
    for content in ("", "[]", '{"stages": []}'):
        (jobs.folder(job.id) / FILE).write_text(content)
        with pytest.raises(NotFoundError):
            jobs.get(job.id)
        assert jobs.all() == []
