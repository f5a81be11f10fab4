"""Reader of peak lists: one frequency per line, with the conventions of the programs of resonance spectroscopy."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from contextlib import suppress
from typing import Literal, NamedTuple

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from spectra.core.basics.number_text import Commas, meaning_of_commas, split_words
from spectra.core.basics.units import conversion_factor
from spectra.core.errors import InputError
from spectra.core.measurements import Measurement, RawFile
from spectra.core.signals import Peaks
from spectra.plugins.peaks.sweeps.reading.recognition import refuse_sweep

_MOST_PEAKS = 20_000
_COMMENT = re.compile("[#%!]|//|^\\s*;")
_END = re.compile("#{4,}")  # in the files of PALab, which end with an explanation
_NUMBERS = re.compile(r"[\s\d.,;eE+-]*\d[\s\d.,;eE+-]*")
_LARGEST_DEVIATION = 0.1  # of the frequency
_HINT = "Give one frequency per line, optionally with a weight and a standard deviation; comments begin with #."


class PeakListParameters(BaseModel):
    """Parameters of the reader 'peak-list'."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    unit: Literal["Hz", "kHz", "MHz", "GHz"] = Field(default="MHz", description="unit of the frequencies in the file")


class PeakListReader:
    """Reads one frequency per line, optionally followed by a weight and a standard deviation.

    The standard deviation has the unit of the frequencies. A weight of 0, or a frequency of 0, marks a mode that was
    not seen; other weights are not used. Also accepted: comment lines; a first line with the number of the following
    lines to use, and below a line of ``#`` an explanation without numbers (PALab); a header of one to three moduli
    (RUS_TF_GuoGroup), recognised by being far larger than any frequency; decimal commas, see
    :mod:`spectra.core.basics.number_text`.
    """

    def __init__(self, parameters: PeakListParameters) -> None:
        self.parameters = parameters

    def read(self, file: RawFile) -> Measurement:
        """Read a peak list.

        Raises
        ------
        InputError
            If the file is empty, no list of numbers but a sweep, holds a frequency that is not positive or a standard
            deviation that cannot be one, or its commas have no certain meaning.
        """
        lines = _lines(file)
        refuse_sweep(lines, file.name)
        commas = meaning_of_commas(lines, name=file.name)
        rows = _rows(lines, commas, file.name)
        notes = []
        if commas == "decimal":
            notes.append(_on_decimal_commas(lines))
        count = _count(rows)
        if count is not None:
            if count < len(rows) - 1:
                notes.append(
                    f"The first line says to use the first {count} of {len(rows) - 1} lines, as PALab does; the others "
                    "were left out. Raise that number to use more."
                )
            rows = rows[1 : 1 + count]
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
        if unused := sum(row.weight != 1 for row in seen):
            notes.append(
                f"The weights of {unused} peaks are not used: only a weight of 0 has a meaning. If some peaks are less "
                "certain than others, give their standard deviations in the third column."
            )
        return Measurement(
            signal=self._peaks(seen, file.name, notes),
            file=file,
            reader="peak-list",
            details={"unit in file": self.parameters.unit, "peaks": len(seen)},
            notes=tuple(notes),
        )

    def _peaks(self, rows: Sequence[_Row], name: str, notes: list[str]) -> Peaks:
        unit = self.parameters.unit
        factor = conversion_factor(unit, "MHz")
        order = np.argsort([row.frequency for row in rows], kind="stable")
        frequencies, deviations = np.array([(row.frequency, row.deviation or 0.0) for row in rows])[order].T * factor
        window = (0.999 * min(frequencies), 1.001 * max(frequencies))
        if all(row.deviation is None for row in rows):
            return Peaks(positions=frequencies[None], unit="MHz", window=window)
        for row in rows:
            if row.deviation and row.deviation > _LARGEST_DEVIATION * row.frequency:
                raise InputError(
                    f"{name}, line {row.line}: the third column, {row.deviation:g}, is no standard deviation of a peak "
                    f"at {row.frequency:g} {unit}.",
                    hint=f"Give standard deviations in {unit}, as the frequencies, or leave out the third column.",
                )
        given = sum(row.deviation is not None for row in rows)
        notes.append(
            f"{given} of {len(rows)} peaks have a standard deviation of their own, in {unit}; it is added in "
            "quadrature to the error that all peaks have in common."
        )
        return Peaks(positions=frequencies[None], unit="MHz", window=window, deviations=deviations[None])


class _Row(NamedTuple):
    line: int
    columns: int
    frequency: float
    weight: float
    deviation: float | None


def _lines(file: RawFile) -> list[tuple[int, str]]:
    """Return the lines that hold anything, without comments, and their numbers."""
    try:
        text = file.content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{file.name}: this is not a text file.", hint="Give one frequency per line.") from error
    lines = []
    split = _without_explanation(text.splitlines())
    for number, line in enumerate(split, start=1):
        bare = _COMMENT.split(line, maxsplit=1)[0]
        if not _NUMBERS.fullmatch(bare):
            bare = bare.split(";", 1)[0]  # a comment; between numbers, a semicolon separates columns
        if bare.strip(" \t\r\n\f\v;,"):
            lines.append((number, bare))
    return lines


def _without_explanation(lines: list[str]) -> list[str]:
    """Leave out what stands below a line of ``#`` that follows a list in two columns, unless it is numbers again."""
    end = next((k for k, line in enumerate(lines) if _END.fullmatch(line.strip())), len(lines))
    columns = [len(line.split()) for line in lines[1:end] if line.strip()]
    goes_on = any(_NUMBERS.fullmatch(line) for line in lines[end:])
    return lines if goes_on or not columns or min(columns) < 2 else lines[:end]


def _rows(lines: Sequence[tuple[int, str]], commas: Commas, name: str) -> list[_Row]:
    if len(lines) > _MOST_PEAKS:
        where = f"{name}, line {lines[_MOST_PEAKS][0]}"
        raise InputError(f"{where}: more than {_MOST_PEAKS:,} lines; this is not a peak list.")
    return [_row(number, split_words(line, commas), line, f"{name}, line {number}") for number, line in lines]


def _row(number: int, words: Sequence[str], line: str, where: str) -> _Row:
    """Read frequency, weight and standard deviation; what follows them, such as a label, is ignored."""
    try:
        numbers = [float(word) if word or not place else None for place, word in enumerate(words[:2])]
    except ValueError:
        raise InputError(f"{where}: {line.strip()[:60]!r} is not a frequency.", hint=_HINT) from None
    with suppress(ValueError):
        numbers += [float(word) for word in words[2:3] if word]
    frequency, weight, deviation = (*numbers, None, None)[:3]
    assert frequency is not None  # noqa: S101 - the first word is never empty
    for value, word in zip((frequency, weight, deviation), words, strict=False):
        if value is not None and not math.isfinite(value):
            raise InputError(f"{where}: {word} is not a finite number.", hint="Correct or remove the line.")
        if value is not None and value < 0:
            raise InputError(f"{where}: {value:g} is negative.", hint="Correct or remove the line.")
    used = 1.0 if weight is None else weight
    return _Row(line=number, columns=len(words), frequency=frequency, weight=used, deviation=deviation)


def _count(rows: Sequence[_Row]) -> int | None:
    """Return how many of the following lines to use, if that is what the first one says.

    It says so if it is their number, or a smaller whole number alone above lines in two columns.
    """
    if len(rows) < 2:
        return None
    first, others = rows[0], rows[1:]
    if first.frequency != int(first.frequency) or not 0 < first.frequency <= len(others):
        return None
    alone = first.columns == 1 and all(row.columns > 1 for row in others)
    return int(first.frequency) if alone or first.frequency == len(others) else None


def _on_decimal_commas(lines: Sequence[tuple[int, str]]) -> str:
    words = (word for _, line in lines for word in line.replace(";", " ").split())
    example = next((f": {word} is {word.replace(',', '.')}" for word in words if "," in word.strip(",")), "")
    return f"Commas were read as decimal commas{example}."


def _header_length(frequencies: list[float]) -> int:
    """Return how many leading numbers, at most three, are more than five times as large as all that follow."""
    return next((k for k in (3, 2, 1) if len(frequencies) > k and min(frequencies[:k]) > 5 * max(frequencies[k:])), 0)
