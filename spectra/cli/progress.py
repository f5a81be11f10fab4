"""Progress on standard error: bars on a terminal, one line for each task elsewhere."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

from spectra.cli.printing.text import printable
from spectra.core.progress import Lines, Progress

PROGRESS_VARIABLE = "SPECTRA_PROGRESS"
"""Where this is ``json``, :func:`chosen_progress` is :class:`~spectra.core.progress.Lines`."""


def chosen_progress() -> Progress:
    """Return the progress that the environment asks for; the one for a person if it asks for none."""
    return Lines() if os.environ.get(PROGRESS_VARIABLE) == "json" else TerminalProgress()


class TerminalProgress:
    """Progress for a person."""

    def __init__(self) -> None:
        self.console = Console(stderr=True, highlight=False, emoji=False)

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
