"""How long work tells its caller how far it has come."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

_SECONDS = 10
_EVERY = 0.2  # seconds between two lines of JSON


class Progress(Protocol):
    """Where workflows report to: the command line draws bars, a script may pass :class:`Silent`."""

    def say(self, text: str) -> None:
        """Tell the user one line about what happens now."""

    def task(self, description: str, total: int) -> AbstractContextManager[Callable[[int], None]]:
        """Open a task of ``total`` steps; the callable that it gives takes the number of steps just done."""


class Spoken:
    """Progress as lines on standard error, for scripts and notebooks: what begins, and how long it took."""

    def say(self, text: str) -> None:
        """Print one line."""
        print(text, file=sys.stderr)  # noqa: T201 - this is what it is for

    @contextmanager
    def task(self, description: str, total: int) -> Iterator[Callable[[int], None]]:
        """Say what begins; every ten seconds how far it is; and how long it took."""
        start = said = time.monotonic()
        done = 0

        def advance(steps: int) -> None:
            nonlocal done, said
            done += steps
            if time.monotonic() - said > _SECONDS:
                said = time.monotonic()
                self.say(f"{description}: {done:,} of {total:,}")

        self.say(f"{description} ({total:,}) …")
        yield advance
        self.say(f"{description}: {total:,} done in {time.monotonic() - start:.0f} s.")


class Lines:
    """Progress for a program: a line of JSON for a sentence, or for how far a task is."""

    def say(self, text: str) -> None:
        """Write ``{"said": text}``."""
        self._write(said=text)

    @contextmanager
    def task(self, description: str, total: int) -> Iterator[Callable[[int], None]]:
        """Write ``{"task": description, "done": …, "total": …}`` in the beginning, now and then, and in the end."""
        done, written = 0, time.monotonic()

        def write() -> None:
            self._write(task=description, done=done, total=total)

        def advance(steps: int) -> None:
            nonlocal done, written
            done += steps
            if time.monotonic() - written >= _EVERY:
                written = time.monotonic()
                write()

        write()
        yield advance
        done = total
        write()

    def _write(self, **line: object) -> None:
        print(json.dumps(line), file=sys.stderr, flush=True)  # noqa: T201


class Silent:
    """Progress that nobody watches."""

    def say(self, text: str) -> None:
        """Say nothing."""

    @contextmanager
    def task(self, description: str, total: int) -> Iterator[Callable[[int], None]]:  # noqa: ARG002
        """Count nothing."""
        yield lambda _steps: None
