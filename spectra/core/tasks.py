"""Work on other machines: tasks that are documents and bytes, and who hands them out.

A task names a function of the core and holds all that it needs: no object of ours is pickled, so that a worker
needs the same plugins, not the same memory. It answers with bytes, or ends with an error, which stops no other task;
only the client writes to the registry.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, Protocol

from spectra.core.errors import SpectraError


@dataclass(frozen=True, kw_only=True)
class Task:
    """Something to do, wherever.

    Parameters
    ----------
    work
        A function of the core, as ``"workflows.training_set:part_of_document"``. It is given the worker's components,
        the document and the blobs, and returns bytes.
    document
        What JSON holds.
    blobs
        Bytes by name.
    """

    work: str
    document: Mapping[str, Any]
    blobs: Mapping[str, bytes] = field(default_factory=dict)


class WorkerError(SpectraError):
    """What a stranger's code ended with on a worker, in the words that it has here."""


Outcome = bytes | SpectraError
"""The answer of a task, or what it ended with."""


class Executor(Protocol):
    """Hands tasks out to workers."""

    @property
    def machines(self) -> str:
        """The processors of the workers, for the record."""

    def run(self, tasks: Iterable[Task]) -> Generator[tuple[int, Outcome]]:
        """Yield the place of each task with its outcome, as they are done.

        Tasks are asked for as workers need them, so that those of a generator are not all in memory at once. Whoever
        stops asking cancels what is not done.

        Raises
        ------
        SpectraError
            If there is nobody left to do them.
        """


def answers(executor: Executor, tasks: Iterable[Task]) -> Iterator[tuple[int, bytes]]:
    """Yield the place of each task with its answer; the first error ends them all, and is raised."""
    with closing(executor.run(tasks)) as outcomes:
        for place, outcome in outcomes:
            if isinstance(outcome, WorkerError):
                raise SpectraError(f"A worker failed: {outcome}.")
            if isinstance(outcome, SpectraError):
                raise outcome
            yield place, outcome


@dataclass(frozen=True)
class Installation:
    """What is installed somewhere: versions by package, and the distributions of strangers' plugins."""

    host: str
    processor: str
    versions: Mapping[str, str]
    plugins: Sequence[str]
