"""Measurements: a signal read from a file, with where it comes from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from spectra.core.basics.files import digest_bytes, read_bounded
from spectra.core.basics.units import absolute_quantity
from spectra.core.errors import InputError
from spectra.core.recipe import Choice
from spectra.core.signals import Signal

# What a query can ask for without quotes.
_CONDITION = re.compile(r"[A-Za-z][\w.-]{0,59}")

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


@dataclass(frozen=True, kw_only=True)
class Condition:
    """Something that was held while a measurement was taken: a temperature, a pressure, a place on the specimen.

    Parameters
    ----------
    name
        As in a query: ``temperature``.
    unit
        Empty for a plain number. Temperatures are in kelvin: a unit has no zero of its own.
    """

    name: str
    value: float
    unit: str = ""

    @property
    def amount(self) -> str:
        """Value and unit, as they are written."""
        return f"{self.value:.12g} {self.unit}".strip()

    @classmethod
    def parse(cls, text: str) -> Condition:
        """Read ``temperature=25 degC``.

        Raises
        ------
        InputError
            If it is not a name with a number and a known unit.
        """
        name, equals, quantity = (part.strip() for part in text.partition("="))
        if not equals or not _CONDITION.fullmatch(name):
            raise InputError(
                f"The condition {text!r} cannot be read.", hint="Write NAME=VALUE UNIT: 'temperature=300 K'."
            )
        try:
            value, unit = absolute_quantity(quantity)
        except ValueError as error:
            raise InputError(f"The condition {name!r} cannot be read: {error}.") from error
        return cls(name=name, value=value, unit=unit)


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
    conditions
        What was held while it was taken, each name once.
    reading
        The reader with its parameters, to read the file again; filled in by the workflow that chose it.
    processing
        The processors that made the signal of what the reader read, in their order; filled in by the workflow, too.
    """

    signal: Signal
    file: RawFile
    reader: str
    details: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    reading: Choice | None = None
    processing: tuple[Choice, ...] = ()
