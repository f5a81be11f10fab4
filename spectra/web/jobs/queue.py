"""The jobs of one server: in each lane one after the other, each a child process whose group ends with it.

``umask``, standard error and the seeds of some libraries belong to a whole process, so that nothing of the work may
run in the server.
"""

from __future__ import annotations

import os
import queue
import secrets
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from spectra.core.errors import NotFoundError, RegistryError, UsageError
from spectra.web.jobs.ending import end_group
from spectra.web.jobs.job import FILE, Job, now
from spectra.web.jobs.listening import Listener, bounded, lines_of
from spectra.web.jobs.locks import ServerLock, forget_dead, is_alive

MOST_WAITING = 20
"""Jobs that wait at once."""
KEPT = 60
"""Jobs of which something is kept after their end."""
GRACE = 5.0
"""Seconds between the request to end and its enforcement."""
_LONGEST_OUTPUT = 64_000_000  # bytes
_LAST_WORDS = 5  # lines that stand for an error that nobody explained

Outcome = Callable[[bytes, Path], str]
"""Takes what a job printed and its folder, and returns its result; raises whatever it likes if there is none."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is to be done.

    Parameters
    ----------
    module, arguments
        What runs, as ``python -m MODULE ARGUMENTS…``.
    good
        Exit codes with which it has a result.
    files
        Contents of files in its folder, by their names.
    lane
        Of the jobs in one lane, one runs at a time.
    keeps
        Files in its folder that stay when it has ended.
    """

    kind: str
    title: str
    command: str | None
    module: str
    arguments: Sequence[str]
    outcome: Outcome
    good: Sequence[int] = (0,)
    files: Mapping[str, bytes] = field(default_factory=dict)
    keeps: Sequence[str] = ()
    lane: str = "analyses"
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(eq=False)
class _Running:
    """A job of this server that has not ended."""

    job: Job
    order: Order
    listener: Listener = field(default_factory=Listener)
    process: subprocess.Popen[bytes] | None = None
    stopped: bool = False


class Jobs:
    """Jobs, and the threads that run them.

    Parameters
    ----------
    folder
        Where each has a folder; made when it is first needed.
    environment
        Environment variables of the children, besides our own.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._folder = folder
        self._environment = environment
        self._lock = threading.RLock()
        self._own: dict[str, _Running] = {}
        self._lanes: dict[str, queue.SimpleQueue[str | None]] = {}
        self._server: ServerLock | None = None
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def submit(self, order: Order) -> Job:
        """Put a job at the end of the queue.

        Raises
        ------
        UsageError
            If too many wait.
        RegistryError
            If it cannot have a folder.
        """
        with self._lock:
            if len(self._own) > MOST_WAITING:
                raise UsageError(
                    f"{MOST_WAITING} jobs are waiting, and no more are taken.", hint="Wait for one, or stop some."
                )
            try:
                self._folder.mkdir(parents=True, exist_ok=True)
                self._server = self._server or ServerLock(self._folder)
                job = Job(
                    id=secrets.token_hex(6),
                    kind=order.kind,
                    title=order.title,
                    command=order.command,
                    server=self._server.name,
                    created=now(),
                    details=order.details,
                )
                folder = self.folder(job.id)
                folder.mkdir()
                for name, content in order.files.items():
                    (folder / name).write_bytes(content)
                job.write(folder)
            except OSError as error:
                raise RegistryError(f"The folder of a job cannot be made: {error}.") from error
            self._own[job.id] = _Running(job, replace(order, files={}))
            if order.lane not in self._lanes:
                lane = self._lanes[order.lane] = queue.SimpleQueue()
                self._threads.append(threading.Thread(target=self._work, args=[lane], daemon=True))
                self._threads[-1].start()
            self._lanes[order.lane].put(job.id)
        self._forget()
        return job

    def folder(self, id: str) -> Path:
        """Return the folder of a job."""
        return self._folder / id

    def get(self, id: str) -> Job:
        """Return a job as it is now.

        Raises
        ------
        NotFoundError
            If there is none of this identifier.
        """
        with self._lock:
            if own := self._own.get(id):
                return replace(own.job, stages=own.listener.stages, messages=own.listener.messages)
        try:
            if not id.isalnum():
                raise ValueError
            job = Job.read(self.folder(id))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise NotFoundError(
                f"There is no job {id[:20]!r}.", hint=f"Of jobs that have ended, the last {KEPT} are kept."
            ) from error
        if job.going_on and not is_alive(self._folder, job.server):
            return replace(job, state="lost", fault="The server ended before this did; what it had finished is kept.")
        return job

    def all(self) -> list[Job]:
        """Return all jobs, newest first."""
        found = []
        for path in self._folder.glob(f"*/{FILE}"):
            with suppress(NotFoundError):
                found.append(self.get(path.parent.name))
        return sorted(found, key=lambda job: job.created, reverse=True)

    def stop(self, id: str) -> Job:
        """Ask a job to end, and see to it; one that has ended stays as it is.

        Raises
        ------
        NotFoundError
            If there is none of this identifier.
        UsageError
            If another server runs it.
        """
        with self._lock:
            if own := self._own.get(id):
                own.stopped = True
                if own.process is not None:
                    self._end(own.process)
                else:
                    self._ended(own, state="stopped")
                return own.job
        job = self.get(id)
        if job.going_on:
            raise UsageError("This job is run by another server.", hint="Stop it on that one's page.")
        return job

    def close(self) -> None:
        """Stop everything, and wait for it."""
        with self._lock:
            for waiting in list(self._own):
                self.stop(waiting)
            for lane in self._lanes.values():
                lane.put(None)
        for thread in self._threads:
            thread.join(2 * GRACE)
        if self._server is not None:
            self._server.release()

    # The threads

    def _work(self, lane: queue.SimpleQueue[str | None]) -> None:
        while (next_one := lane.get()) is not None:
            with self._lock:
                own = self._own.get(next_one)
                if own is None:  # stopped before it began
                    continue
                try:
                    process = own.process = self._start(own)
                except (OSError, ValueError) as error:  # no memory; a zero byte in an argument
                    self._ended(own, state="failed", fault=f"The process could not be started: {error}.")
                    continue
            self._follow(own, process)

    def _start(self, own: _Running) -> subprocess.Popen[bytes]:
        folder = self.folder(own.job.id)
        process = subprocess.Popen(  # noqa: S603 - our own modules, and no shell
            # -P: what was uploaded lies in its current folder, and is not to be imported from there
            [sys.executable, "-P", "-m", "spectra.web.jobs.child", own.order.module, *own.order.arguments],
            cwd=folder,
            env=os.environ | _OF_CHILDREN | {"PYTHONPATH": _import_path()} | dict(self._environment),
            stdin=subprocess.PIPE,  # closed when this server ends
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        own.job = replace(own.job, state="running", started=now())
        with suppress(OSError):
            own.job.write(folder)
        return process

    def _follow(self, own: _Running, process: subprocess.Popen[bytes]) -> None:
        """Listen to a process until it ends, and put down what came of it."""
        printed: list[bytes | None] = []
        assert process.stdout is not None and process.stderr is not None  # noqa: S101, PT018
        out, talk = process.stdout, process.stderr

        def listen() -> None:
            for line in lines_of(talk):
                with self._lock:
                    own.listener.take(line)

        readers = [
            threading.Thread(target=lambda: printed.append(bounded(out, _LONGEST_OUTPUT)), daemon=True),
            threading.Thread(target=listen, daemon=True),
        ]
        with process:  # closes the pipes
            for reader in readers:
                reader.start()
            code = process.wait()
            with suppress(OSError):  # what it has started and left behind, which would keep the pipes open
                end_group(process.pid, at_once=True)
            for reader in readers:
                reader.join()
        with self._lock:
            self._ended(own, **self._came_of(own, code, printed[0]))

    def _came_of(self, own: _Running, code: int, printed: bytes | None) -> dict[str, Any]:
        if own.stopped:
            return {"state": "stopped"}
        if code in own.order.good:
            if printed is None:
                return {"state": "failed", "fault": f"It printed more than {_LONGEST_OUTPUT / 1e6:.0f} MB."}
            try:
                return {"state": "done", "result": own.order.outcome(printed, self.folder(own.job.id))}
            except Exception:  # whatever it has left behind, the next one is to run
                return {"state": "failed", "fault": "It ended without a result that this page understands."}
        said = own.listener.fault or "\n".join(own.listener.messages[-_LAST_WORDS:])
        how = f"It was ended by the signal {-code}." if code < 0 else f"It ended with the exit code {code}."
        return {"state": "failed", "fault": said or how}

    def _ended(self, own: _Running, **outcome: Any) -> None:
        """Put down how a job ended, and remove what it no longer needs."""
        listener = own.listener
        own.job = replace(own.job, ended=now(), stages=listener.stages, messages=listener.messages, **outcome)
        folder = self.folder(own.job.id)
        with suppress(OSError):
            own.job.write(folder)
        _clear(folder, {FILE, *own.order.keeps})
        self._own.pop(own.job.id, None)

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        """End a process with all that it has started: first asked, then forced."""

        def end(*, at_once: bool) -> None:
            with self._lock, suppress(OSError):
                if process.poll() is None:
                    end_group(process.pid, at_once=at_once)

        end(at_once=False)
        timer = threading.Timer(GRACE, end, kwargs={"at_once": True})
        timer.daemon = True
        timer.start()

    def _forget(self) -> None:
        """Remove the oldest jobs that have ended, and what servers have left that were killed."""
        forget_dead(self._folder)
        for job in [job for job in self.all() if not job.going_on][KEPT:]:
            shutil.rmtree(self.folder(job.id), ignore_errors=True)


_OF_CHILDREN = {
    "PYTHONSAFEPATH": "1",  # for the processes that a child starts
    "PYTHONUNBUFFERED": "1",
    "NO_COLOR": "1",
    "SPECTRA_PROGRESS": "json",
}


def _import_path() -> str:
    """Return where a child imports from: the same places as we, of which the current folder is none."""
    own = Path(__file__).parents[3]
    return os.pathsep.join(dict.fromkeys([str(own), *(str(Path(path).absolute()) for path in sys.path if path)]))


def _clear(folder: Path, kept: set[str]) -> None:
    for path in folder.glob("*"):
        if path.name not in kept:
            with suppress(OSError):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
