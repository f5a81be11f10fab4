"""How long work tells its caller how far it has come."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol


class Progress(Protocol):
    """Where workflows report to: the command line draws bars, a script may pass :class:`Silent`."""

    def say(self, text: str) -> None:
        """Tell the user one line about what happens now."""

    def task(self, description: str, total: int) -> AbstractContextManager[Callable[[int], None]]:
        """Open a task of ``total`` steps; the callable that it gives takes the number of steps just done."""


class Silent:
    """Progress that nobody watches."""

    def say(self, text: str) -> None:
        """Say nothing."""

    @contextmanager
    def task(self, description: str, total: int) -> Iterator[Callable[[int], None]]:  # noqa: ARG002
        """Count nothing."""
        yield lambda _steps: None
