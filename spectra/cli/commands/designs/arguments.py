"""What ``--target`` and ``--step`` mean: a wanted value or a series of them, and of what."""

from __future__ import annotations

import re
from dataclasses import dataclass

from spectra.core.errors import UsageError

_PEAK = re.compile(r"peak\s*([1-9]\d*)", re.IGNORECASE)
_MOST = 200  # targets of a series
_EXAMPLE = "Write --target 4.2, --target hardness=3..6 with --step 0.5, or --target 'peak 1=200 kHz'."


@dataclass(frozen=True, kw_only=True)
class Targets:
    """Wanted values.

    Parameters
    ----------
    name
        Of what; ``None`` if it was not said.
    values
        As numbers, without the unit behind them.
    unit
        As it was written; empty if none was.
    """

    name: str | None
    values: tuple[float, ...]
    unit: str

    @property
    def peak(self) -> int | None:
        """Which line of a spectrum is meant, from 1; ``None`` if it is none."""
        match = _PEAK.fullmatch(self.name or "")
        return int(match[1]) if match else None

    @property
    def texts(self) -> tuple[str, ...]:
        """The values with their unit."""
        return tuple(f"{value:.12g} {self.unit}".strip() for value in self.values)


def parse_targets(text: str, step: float | None) -> Targets:
    """Read ``4.2``, ``3..6``, ``hardness=4.2 GPa`` or ``peak 1=200..300 kHz``.

    Raises
    ------
    UsageError
        If it is not of that form, or a series has no step, or one that does not lead from its start to its end.
    """
    from spectra.core.basics.units import split_quantity

    name, equals, ends = (part.strip() for part in text.rpartition("="))
    low, dots, high = (part.strip() for part in ends.partition(".."))
    try:
        first, unit = split_quantity(low)
        last, behind = split_quantity(high) if dots else (first, unit)
    except ValueError as error:
        raise UsageError(f"Invalid target '{text}': {error}.", hint=_EXAMPLE) from None
    if unit and unit != behind:
        raise UsageError(f"The ends of the target '{text}' have different units.", hint=_EXAMPLE)
    return Targets(name=name if equals else None, values=_series(first, last, step) if dots else (first,), unit=behind)


def _series(first: float, last: float, step: float | None) -> tuple[float, ...]:
    if step is None:
        raise UsageError("A series of targets needs --step.", hint=_EXAMPLE)
    if not step > 0 or not first < last or (last - first) / step > _MOST:
        raise UsageError(
            f"Steps of {step:g} do not lead from {first:g} to {last:g} in at most {_MOST} targets.", hint=_EXAMPLE
        )
    count = int((last - first) / step + 1e-9) + 1
    return tuple(round(first + step * k, 12) for k in range(count))
