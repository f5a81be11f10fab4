"""Recognising what is often handed in for a list of peaks: sweeps, time traces and numbered lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from spectra.core.basics.number_text import Commas, split_words
from spectra.core.errors import InputError

Floats = NDArray[np.float64]

_FEWEST_ROWS = 24
_ROWS = 12  # of one window
_EVEN = 0.15  # of the step: standard deviation of the rows of a sweep; of lines at random 0.9, of levels that repel 0.5
_OF_ROUNDING = 0.3  # of the last digit, which is spread evenly
_MOST_WINDOWS = 0.8  # a sweep in several ranges is uneven where they meet
_FEWEST_NUMBERED = 5
_HEADER = 3  # rows of numbers above a sweep, such as temperature and drive
_LARGEST = 1e30  # of no unit a frequency
_LOOKED_AT = 20_000  # rows
_READINGS: tuple[Commas, ...] = ("separate", "decimal")


def refuse_sweep(lines: Sequence[tuple[int, str]], name: str) -> None:
    """Refuse a file whose first column rises in even steps, or counts the lines.

    Parameters
    ----------
    lines
        Number and text of the lines, without comments; those without numbers are passed over.

    Raises
    ------
    InputError
        With what the file holds, and what to give instead.
    """
    for commas in _READINGS if any("," in text for _, text in lines) else _READINGS[:1]:
        rows = list(islice(_numbers(lines, commas), _LOOKED_AT))
        if not rows:
            continue
        first = np.array([float(row[0]) for row in rows])
        if is_numbered(first) and min(len(row) for row in rows) > 1:
            raise InputError(
                f"{name}: the first column of this list numbers its lines from {first[0]:g} to {first[-1]:g}.",
                hint="Leave that column out: the frequency comes first.",
            )
        last_digit = 10.0 ** min(_places(row[0]) for row in rows)
        if any(is_evenly_spaced(first[k:], last_digit) for k in range(_HEADER + 1)):
            what = "a sweep or a time trace" if first[_HEADER:].min() <= 0 else "a sweep"
            count = f"more than {_LOOKED_AT:,}" if len(rows) == _LOOKED_AT < len(lines) else f"{len(rows):,}"
            raise InputError(
                f"{name}: this is {what}, not a list of peaks: its {count} rows are evenly spaced.",
                hint="Find the resonances in it first: 'spectra peaks SWEEP' does; 'spectra analyze' takes sweeps.",
            )


def is_evenly_spaced(column: Floats, last_digit: float) -> bool:
    """Say whether the rows of a file stand at even steps, as in a sweep.

    A sweep in several ranges, of logarithmic steps or with rounded numbers counts, too: evenness is that of short
    windows of rows.

    Parameters
    ----------
    column : ndarray, shape (n,)
        First column, in the order of the file.
    last_digit
        Place value of the last digit that is written.
    """
    count = len(column) // _ROWS
    if len(column) < _FEWEST_ROWS:
        return False
    windows = column[: count * _ROWS].reshape(count, _ROWS)
    place = np.arange(_ROWS) - (_ROWS - 1) / 2
    steps = windows @ place / (place @ place)  # (count,), of straight lines by least squares
    errors = (windows - windows.mean(axis=1, keepdims=True) - steps[:, None] * place).std(axis=1)
    even = (errors < np.hypot(_EVEN * steps, _OF_ROUNDING * last_digit)) & (steps**2 > (0.5 * last_digit) ** 2)
    return bool(even.mean() >= _MOST_WINDOWS)


def is_numbered(counted: Floats) -> bool:
    """Say whether a column counts the lines, from 0 or 1 on."""
    if len(counted) < _FEWEST_NUMBERED or counted[0] not in (0, 1):
        return False
    return bool(np.array_equal(counted, counted[0] + np.arange(len(counted))))


def _numbers(lines: Sequence[tuple[int, str]], commas: Commas) -> Iterator[list[Decimal]]:
    """Yield the leading numbers of the lines that begin with one."""
    for _, line in lines:
        row: list[Decimal] = []
        for word in split_words(line, commas)[:2]:
            try:
                number = Decimal(word)
            except InvalidOperation:
                break
            if not number.is_finite():
                break
            row.append(number)
        if row and row[0].copy_abs() < _LARGEST:
            yield row


def _places(number: Decimal) -> int:
    """Return the power of ten of the last digit."""
    exponent = number.as_tuple().exponent
    return max(exponent, -300) if isinstance(exponent, int) else 0
