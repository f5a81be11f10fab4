"""What a job says on its way: stages with their progress, sentences, and in the end why it failed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import IO

from spectra.web.jobs.job import Stage

_MOST_STAGES = 50
_MOST_MESSAGES = 100
_LONGEST_LINE = 4_000
_FAULTS = ("Error: ", "Unexpected error: ")


class Listener:
    """Collects the lines of a job's standard error: what came last of too many."""

    def __init__(self) -> None:
        self._stages: dict[str, Stage] = {}
        self.messages: tuple[str, ...] = ()

    def take(self, line: str) -> None:
        """Take one line: JSON as :class:`spectra.core.progress.Lines` writes it, or any other text."""
        match _parsed(line):
            case {"task": str(task), "done": int(done), "total": int(total)}:
                self._stages[task] = Stage(task=task, done=done, total=total)
                if len(self._stages) > _MOST_STAGES:
                    del self._stages[next(iter(self._stages))]
            case {"said": str(said)}:
                self._say(said)
            case _:
                self._say(line)

    @property
    def stages(self) -> tuple[Stage, ...]:
        """Tasks in the order in which they began."""
        return tuple(self._stages.values())

    @property
    def fault(self) -> str | None:
        """The error with which a command ended, and what to do about it."""
        for place in reversed(range(len(self.messages))):
            for beginning in _FAULTS:
                if self.messages[place].startswith(beginning):
                    said = "\n".join(self.messages[place:])
                    return said.removeprefix("Error: ")
        return None

    def _say(self, text: str) -> None:
        if text := "".join(letter if letter.isprintable() else " " for letter in text).strip():
            self.messages = (*self.messages, text)[-_MOST_MESSAGES:]


def lines_of(stream: IO[bytes]) -> Iterator[str]:
    """Yield the lines of a stream; of a very long one only its beginning."""
    beginning = True
    while piece := stream.readline(_LONGEST_LINE):
        if beginning:
            yield piece.decode("utf-8", "replace").rstrip("\r\n")
        beginning = piece.endswith(b"\n")


def bounded(stream: IO[bytes], limit: int) -> bytes | None:
    """Read a stream to its end; None if it holds more than ``limit`` bytes, of which the rest is discarded."""
    kept: list[bytes] = []
    size = 0
    for piece in _pieces(stream):
        size += len(piece)
        if size <= limit:
            kept.append(piece)
    return b"".join(kept) if size <= limit else None


def _pieces(stream: IO[bytes]) -> Iterable[bytes]:
    return iter(lambda: stream.read(1 << 16), b"")


def _parsed(line: str) -> object:
    if not line.startswith("{"):
        return None
    try:
        return json.loads(line)
    except ValueError:
        return None
