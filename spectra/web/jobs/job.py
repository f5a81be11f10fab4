"""A job as pages show it, and as it stands in its folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from spectra.core.basics.files import write_atomically

State = Literal["queued", "running", "done", "failed", "stopped", "lost"]
FILE = ".job.json"
"""Begins with a dot, as no uploaded file does."""


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A task of a job, and how far it is."""

    task: str
    done: int
    total: int


@dataclass(frozen=True, kw_only=True)
class Job:
    """One job at one moment.

    Parameters
    ----------
    kind
        What sort of job it is: which page shows its result.
    title
        What is done, for a heading.
    command
        The command that does the same, as one types it; ``None`` if none does.
    server
        Which server runs it.
    messages
        What it said, besides its stages.
    fault
        Why it did not succeed.
    result
        What it led to: the identifier of a record, or the name of a file in its folder.
    details
        What its page needs to know, as plain data.
    """

    id: str
    kind: str
    title: str
    command: str | None
    server: str
    created: datetime
    state: State = "queued"
    started: datetime | None = None
    ended: datetime | None = None
    stages: tuple[Stage, ...] = ()
    messages: tuple[str, ...] = ()
    fault: str | None = None
    result: str | None = None
    details: Mapping[str, Any]

    @property
    def going_on(self) -> bool:
        """Whether it has not ended."""
        return self.state in ("queued", "running")

    @property
    def seconds(self) -> int | None:
        """How long it has run, or did."""
        return None if self.started is None else round(((self.ended or now()) - self.started).total_seconds())

    def document(self) -> dict[str, Any]:
        """Return the job as JSON."""
        times = {name: time and time.isoformat() for name in _TIMES for time in [getattr(self, name)]}
        return asdict(self) | times

    def write(self, folder: Path) -> None:
        """Write the job into its folder."""
        write_atomically(folder / FILE, json.dumps(self.document(), ensure_ascii=False).encode())

    @classmethod
    def read(cls, folder: Path) -> Job:
        """Read what :meth:`write` wrote.

        Raises
        ------
        OSError, ValueError, KeyError, TypeError
            If there is no job in the folder, or one of another version.
        """
        document = json.loads((folder / FILE).read_bytes())
        stages = tuple(Stage(**stage) for stage in document.pop("stages"))
        messages = tuple(document.pop("messages"))
        for name in _TIMES:
            document[name] = document[name] and datetime.fromisoformat(document[name])
        return cls(stages=stages, messages=messages, **document)


_TIMES = ("created", "started", "ended")


def now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)
