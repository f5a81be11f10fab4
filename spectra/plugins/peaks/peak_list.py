"""Reader of peak lists: one frequency per line, with the conventions of the programs of resonance spectroscopy."""

from __future__ import annotations

import math
import re
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from spectra.core.basics.units import conversion_factor
from spectra.core.errors import InputError
from spectra.core.measurements import Measurement, RawFile
from spectra.core.signals import Peaks

_MOST_PEAKS = 20_000
_COMMENT = re.compile("[#%;!]|//")


class PeakListParameters(BaseModel):
    """Parameters of the reader 'peak-list'."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    unit: Literal["Hz", "kHz", "MHz", "GHz"] = Field(default="MHz", description="unit of the frequencies in the file")


class PeakListReader:
    """Reads one frequency per line, optionally followed by a weight.

    Also accepted: comment lines; a first line with the number of peaks that follow (PALab); a header of one to three
    moduli (RUS_TF_GuoGroup), recognised by being far larger than any frequency; weight 0 or frequency 0 for a mode
    that was not seen.
    """

    def __init__(self, parameters: PeakListParameters) -> None:
        self.parameters = parameters

    def read(self, file: RawFile) -> Measurement:
        """Read a peak list.

        Raises
        ------
        InputError
            If the file is empty, no list of numbers, or holds a frequency that is not positive.
        """
        rows = _rows(file)
        notes = []
        if len(rows) > 1 and rows[0].frequency == len(rows) - 1:
            rows = rows[1:]
        header = _header_length([row.frequency for row in rows])
        if header:
            listed = ", ".join(f"{row.frequency:g}" for row in rows[:header])
            notes.append(f"The first {header} numbers ({listed}) were taken for a header of moduli, not for peaks.")
            rows = rows[header:]
        seen = [row for row in rows if row.frequency != 0 and row.weight != 0]
        if len(seen) < len(rows):
            notes.append(f"{len(rows) - len(seen)} entries have weight or frequency 0 and count as not seen.")
        if not seen:
            raise InputError(f"{file.name}: there are no peaks in this file.", hint="Give one frequency per line.")
        factor = conversion_factor(self.parameters.unit, "MHz")
        frequencies = [row.frequency * factor for row in seen]
        window = (0.999 * min(frequencies), 1.001 * max(frequencies))
        return Measurement(
            signal=Peaks.from_lists([frequencies], unit="MHz", window=window),
            file=file,
            reader="peak-list",
            details={"unit in file": self.parameters.unit, "peaks": len(seen)},
            notes=tuple(notes),
        )


class _Row(NamedTuple):
    frequency: float
    weight: float


def _rows(file: RawFile) -> list[_Row]:
    try:
        text = file.content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{file.name}: this is not a text file.", hint="Give one frequency per line.") from error
    rows: list[_Row] = []
    for number, line in enumerate(text.splitlines(), start=1):
        words = _COMMENT.split(line, maxsplit=1)[0].replace(",", " ").split()
        if not words:
            continue
        where = f"{file.name}, line {number}"
        if len(rows) == _MOST_PEAKS:
            raise InputError(f"{where}: more than {_MOST_PEAKS:,} lines; this is not a peak list.")
        try:
            numbers = [float(word) for word in words[:2]]
        except ValueError:
            raise InputError(
                f"{where}: {line.strip()[:60]!r} is not a frequency.",
                hint="Give one frequency per line, optionally with a weight; comments begin with #.",
            ) from None
        if not all(math.isfinite(value) for value in numbers):
            raise InputError(f"{where}: {words[0]} is not a finite number.", hint="Correct or remove the line.")
        if min(numbers) < 0:
            raise InputError(f"{where}: {min(numbers):g} is negative.", hint="Correct or remove the line.")
        rows.append(_Row(frequency=numbers[0], weight=numbers[1] if len(numbers) > 1 else 1.0))
    return rows


def _header_length(frequencies: list[float]) -> int:
    """Return how many leading numbers, at most three, are more than five times as large as all that follow."""
    return next((k for k in (3, 2, 1) if len(frequencies) > k and min(frequencies[:k]) > 5 * max(frequencies[k:])), 0)
