"""Axes: where ticks stand and what is written at them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_MINUTE, _HOUR, _DAY = 60.0, 3600.0, 86400.0
# Steps of dates in seconds, and how a date is then written; longer steps are whole months.
_STEPS = (
    *((minutes * _MINUTE, "%H:%M") for minutes in (1, 5, 15, 30)),
    *((hours * _HOUR, "%m-%d %H:%M") for hours in (1, 3, 6, 12)),
    *((days * _DAY, "%Y-%m-%d") for days in (1, 2, 7, 14)),
)
_MONTHS = (1, 3, 6, 12, 24, 60, 120)


@dataclass(frozen=True, kw_only=True)
class Scale:
    """A range of numbers as a range of pixels, with ticks.

    Parameters
    ----------
    low, high
        Ends of the range.
    start, end
        Pixels at these ends.
    ticks
        Numbers at which ticks stand, and their texts.
    """

    low: float
    high: float
    start: float
    end: float
    ticks: Sequence[tuple[float, str]]

    def __call__(self, value: float) -> float:
        """Return the pixel of a value."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


def number_scale(values: Sequence[float], start: float, end: float, *, most: int = 7) -> Scale:
    """Return a scale around ``values`` with at most ``most`` ticks at round numbers.

    Examples
    --------
    >>> number_scale([0.0, 10.0], 0, 100, most=6).ticks
    [(0.0, '0'), (2.0, '2'), (4.0, '4'), (6.0, '6'), (8.0, '8'), (10.0, '10')]
    """
    low, high = _spread(values, least=0.01 * max(map(abs, values), default=0.0) or 1.0)
    step = _round_step((high - low) / most)
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    first = math.ceil(low / step - 1e-9)
    ticks = []
    for count in range(first, math.floor(high / step + 1e-9) + 1):
        value = count * step
        text = f"{value:.{decimals}f}" if step >= 1e-4 and abs(high) + abs(low) < 1e7 else f"{value:.6g}"
        ticks.append((value, text))
    return Scale(low=low, high=high, start=start, end=end, ticks=ticks)


def date_scale(seconds: Sequence[float], start: float, end: float, *, most: int = 6) -> Scale:
    """Return a scale around moments, in seconds since 1970, with ticks at whole minutes, hours, days or months."""
    low, high = _spread(seconds, least=_HOUR)
    for step, form in _STEPS:
        if (high - low) / step <= most:
            zone = datetime.fromtimestamp(low, UTC).astimezone().utcoffset() or timedelta(0)
            shift = zone.total_seconds()  # ticks stand at whole hours and days of local time
            first = math.ceil((low + shift) / step)
            values = [count * step - shift for count in range(first, math.floor((high + shift) / step) + 1)]
            return Scale(low=low, high=high, start=start, end=end, ticks=[(at, _date(at, form)) for at in values])
    begun, ended = (datetime.fromtimestamp(at, UTC).astimezone() for at in (low, high))
    whole = 12 * (ended.year - begun.year) + ended.month - begun.month
    months = next((step for step in _MONTHS if whole / step <= most), _MONTHS[-1])
    ticks = []
    for count in range(12 * begun.year // months, (12 * ended.year + 11) // months + 1):
        year, month = divmod(count * months, 12)
        at = datetime(year, month + 1, 1).astimezone().timestamp()
        if low <= at <= high:
            ticks.append((at, _date(at, "%Y-%m" if months < 12 else "%Y")))
    return Scale(low=low, high=high, start=start, end=end, ticks=ticks)


def category_scale(names: Sequence[str], start: float, end: float) -> Scale:
    """Return a scale on which the names stand at whole numbers from 0 on."""
    ticks = [(float(place), name) for place, name in enumerate(names)]
    return Scale(low=-0.5, high=max(len(names), 1) - 0.5, start=start, end=end, ticks=ticks)


def _spread(values: Sequence[float], *, least: float) -> tuple[float, float]:
    """Return the ends of ``values`` with a margin of a twentieth on either side, or ``least`` around one alone."""
    low, high = min(values, default=0.0), max(values, default=1.0)
    alone = high - low <= 1e-9 * max(abs(low), abs(high))
    margin = least if alone else 0.05 * (high - low)
    return low - margin, high + margin


def _round_step(step: float) -> float:
    """Return the next larger of 1, 2 and 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(step))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= step * (1 - 1e-9))


def _date(seconds: float, form: str) -> str:
    return datetime.fromtimestamp(seconds, UTC).astimezone().strftime(form)
