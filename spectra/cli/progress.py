"""Progress on standard error: bars on a terminal, one line for each task elsewhere, or JSON for a program."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

from spectra.cli.printing.text import printable
from spectra.core.progress import Progress

PROGRESS_VARIABLE = "SPECTRA_PROGRESS"
"""Where this is ``json``, :func:`chosen_progress` is :class:`LineProgress`."""
_EVERY = 0.2  # seconds between two lines of a task


def chosen_progress() -> Progress:
    """Return the progress that the environment asks for; the one for a person if it asks for none."""
    return LineProgress() if os.environ.get(PROGRESS_VARIABLE) == "json" else TerminalProgress()


class TerminalProgress:
    """Progress for a person."""

    def __init__(self) -> None:
        self.console = Console(stderr=True, highlight=False)

    def say(self, text: str) -> None:
        """Print one line."""
        self.console.print(printable(text), style="dim", markup=False, soft_wrap=True)

    @contextmanager
    def task(self, description: str, total: int) -> Iterator[Callable[[int], None]]:
        """Show a bar, and how long it took in the end; of what took no second, nothing is left on a terminal."""
        start = time.monotonic()
        if self.console.is_terminal:
            columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
            with Bars(
                *columns, TimeElapsedColumn(), TimeRemainingColumn(), console=self.console, transient=True
            ) as bars:
                task = bars.add_task(description, total=total)
                yield lambda steps: bars.advance(task, steps)
        else:
            self.say(f"{description} ({total:,}) …")
            yield lambda _steps: None
        took = time.monotonic() - start
        if took >= 1 or not self.console.is_terminal:
            self.say(f"{description}: {total:,} done in {took:.0f} s.")


class LineProgress:
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
        print(json.dumps(line), file=sys.stderr, flush=True)
