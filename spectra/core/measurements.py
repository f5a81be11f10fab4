"""Measurements: a signal read from a file, with where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from spectra.core.files import digest_bytes, read_bounded
from spectra.core.recipe import Choice
from spectra.core.signals import Signal

LARGEST_FILE = 100_000_000
"""Bytes of a measured file."""


@dataclass(frozen=True, kw_only=True)
class RawFile:
    """The bytes of a measured file, exactly as they came."""

    name: str
    content: bytes

    @classmethod
    def read(cls, path: Path) -> RawFile:
        """Read ``path``.

        Raises
        ------
        InputError
            If it is missing, unreadable or larger than 100 MB.
        """
        return cls(name=path.name, content=read_bounded(path, limit=LARGEST_FILE, what="measurement"))

    @property
    def digest(self) -> str:
        """Content address of the bytes."""
        return digest_bytes(self.content)


@dataclass(frozen=True, kw_only=True, eq=False)
class Measurement:
    """One measured spectrum.

    Parameters
    ----------
    signal
        A stack of one.
    file
        What it was read from; kept so that it can be read again, differently.
    reader
        Name of the reader that understood the file.
    details
        What the file says about itself: instrument, operator, date, comments.
    notes
        What the user should know about how the file was understood.
    reading
        The reader with its parameters, to read the file again; filled in by the workflow that chose it.
    """

    signal: Signal
    file: RawFile
    reader: str
    details: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    reading: Choice | None = None
