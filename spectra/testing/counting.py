"""A progress that remembers what it was told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from spectra.core.progress import Silent


class Counted(Silent):
    """Progress that keeps the steps of each task: how many were announced, and those done."""

    def __init__(self) -> None:
        self.tasks: dict[str, tuple[int, list[int]]] = {}

    @contextmanager
    def task(self, description: str, total: int) -> Iterator[Callable[[int], None]]:
        """Keep what is said."""
        self.tasks[description] = total, []
        yield self.tasks[description][1].append
