"""Work on other machines: tasks that are documents and bytes, and who hands them out.

A task names a function of the workflows and holds all that it needs: no object of ours is pickled, so that a worker
needs the same plugins, not the same memory. It answers with bytes; only the client writes to the registry.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, kw_only=True)
class Task:
    """Something to do, wherever.

    Parameters
    ----------
    work
        A function of the workflows, as ``"training_set:part_of_document"``. It is given the worker's components, the
        document and the blobs, and returns bytes.
    document
        What JSON holds.
    blobs
        Bytes by name.
    """

    work: str
    document: Mapping[str, Any]
    blobs: Mapping[str, bytes] = field(default_factory=dict)


class Executor(Protocol):
    """Hands tasks out to workers."""

    @property
    def machines(self) -> str:
        """The processors of the workers, for the record."""

    def run(self, tasks: Sequence[Task]) -> Iterator[tuple[int, bytes]]:
        """Yield the place of each task with its answer, as they are done.

        Whoever stops asking cancels what is not done.

        Raises
        ------
        SpectraError
            The one that a task ended with, or that there is nobody left to do it.
        """


@dataclass(frozen=True)
class Installation:
    """What is installed somewhere: versions by package, and the distributions of strangers' plugins."""

    host: str
    processor: str
    versions: Mapping[str, str]
    plugins: Sequence[str]
