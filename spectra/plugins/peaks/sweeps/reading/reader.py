"""Reader of sweeps and of recordings of a tap: a profile, or real and imaginary part of one."""

from __future__ import annotations

import re
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from spectra.core.errors import InputError
from spectra.core.measurements import Measurement, RawFile
from spectra.core.signals import Bundle, Profile
from spectra.plugins.peaks.sweeps.reading.columns import Columns, read_columns
from spectra.plugins.peaks.sweeps.reading.recognition import is_evenly_spaced
from spectra.plugins.peaks.sweeps.reading.recording import ringing

Floats = NDArray[np.float64]
Unit = Literal["Hz", "kHz", "MHz", "GHz"]

REAL, IMAGINARY = "real", "imaginary"
"""Parts of the bundle that a response with phases is."""

_SIZES = {"Hz": 1e-6, "kHz": 1e-3, "MHz": 1.0, "GHz": 1e3}
_TIME = re.compile(r"\btime\b|\bseconds\b|[(\[](s|ms|us|µs)[)\]]", re.IGNORECASE)
_TIME_UNITS = {"ms": 1e-3, "us": 1e-6, "µs": 1e-6}
_POLAR = re.compile(r"phase|degrees?\b|\bdeg\b|theta|arg\b|\brad", re.IGNORECASE)
_CARTESIAN = re.compile(r"\breal\b|imag|in-?phase|quad|\bre\b|\bim\b", re.IGNORECASE)
_ROUNDED = 0.51  # of the last digit
_HERTZ, _KILOHERTZ = 2e4, 20.0  # numbers above are no kHz, no MHz


class SweepParameters(BaseModel):
    """Parameters of the reader 'sweep'."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    unit: Unit | None = Field(
        default=None, description="unit of the frequencies; default: what the header says, else by their size"
    )
    start: float | None = Field(
        default=None, gt=0, description="frequency of the first point, for a file that has times; or where to begin"
    )
    stop: float | None = Field(default=None, gt=0, description="frequency of the last point; or where to end")
    columns: Literal["real-imaginary", "amplitude-phase"] | None = Field(
        default=None, description="meaning of the second and third column; default: as header and numbers say"
    )
    time: bool | None = Field(
        default=None, description="whether the file is a recording in time, of a tap; default: as the header says"
    )


class SweepReader:
    """Reads a response over frequency, in amplitude or complex, or a recording of a tap through its spectrum."""

    def __init__(self, parameters: SweepParameters) -> None:
        self.parameters = parameters

    def read(self, file: RawFile) -> Measurement:
        """Read a sweep.

        Raises
        ------
        InputError
            If the file holds no sweep, its frequencies do not rise, or are not evenly spaced as those of a sweep are;
            with the line at fault.
        """
        columns, notes = read_columns(file), list[str]()
        given = self.parameters
        swept = given.start is not None and given.stop is not None
        in_time = given.time
        if in_time is None:
            first = columns.values[:, 0]
            times = columns.values.shape[1] > 1 and (first.min() <= 0 or bool(_TIME.search(columns.header)))
            in_time = columns.sampling is not None or (times and not swept)
        if in_time:
            x, values = self._spectrum(columns, notes)
        elif swept and (columns.values.shape[1] == 1 or columns.values[0, 0] <= 0 or self._is_time(columns)):
            x, values = self._over_time(columns, notes)
        else:
            x, values = self._over_frequency(columns, notes)
        profiles = {
            name: Profile(x=x, y=part[None], x_unit="MHz", y_unit="1")
            for name, part in zip((REAL, IMAGINARY), (values.real, values.imag), strict=True)
        }
        signal = Bundle(parts=profiles) if values.dtype.kind == "c" else profiles[REAL]
        details: dict[str, Any] = {"points": len(x)}
        if columns.header:
            details["header"] = columns.header
        return Measurement(signal=signal, file=file, reader="sweep", details=details, notes=tuple(notes))

    def _is_time(self, columns: Columns) -> bool:
        """Say whether the first column cannot be the given frequencies."""
        first, start, stop = columns.values[:, 0], self.parameters.start or 0.0, self.parameters.stop or 0.0
        return bool(_TIME.search(columns.header)) or first.max() < min(start, stop) or first.min() > max(start, stop)

    def _over_time(self, columns: Columns, notes: list[str]) -> tuple[Floats, NDArray[np.inexact]]:
        """Return what was recorded while the frequency went evenly from start to stop."""
        start, stop = self.parameters.start or 0.0, self.parameters.stop or 0.0
        unit = self.parameters.unit or "MHz"
        if start == stop:
            raise InputError(f"{columns.name}: the sweep starts and stops at {start:g} {unit}.")
        x = np.linspace(start, stop, len(columns.values)) * _SIZES[unit]
        values = self._values(columns, columns.values[:, min(1, columns.values.shape[1] - 1) :], notes)
        notes.append(f"The points were taken to lie evenly from {start:g} to {stop:g} {unit}.")
        return (x, values) if x[0] < x[-1] else (x[::-1], values[::-1])

    def _over_frequency(self, columns: Columns, notes: list[str]) -> tuple[Floats, NDArray[np.inexact]]:
        if columns.values.shape[1] < 2:
            raise InputError(
                f"{columns.where(0)}: one number on each line is no sweep.",
                hint="Give frequency and response, or the range with '--set reader.start=… --set reader.stop=…'.",
            )
        x = columns.values[:, 0]
        rows = np.arange(len(x))
        if x[-1] < x[0]:
            x, rows = x[::-1], rows[::-1]
        last_digit = _last_digit(x)
        wrong = np.diff(x) < 0
        if wrong.any():
            place = int(rows[int(np.argmax(wrong)) + 1])
            raise InputError(
                f"{columns.where(place)}: the frequency {columns.values[place, 0]:g} does not follow the one before; a "
                "sweep goes one way.",
                hint="Give one pass per file.",
            )
        if x[0] <= 0:
            raise InputError(f"{columns.where(int(rows[0]))}: {x[0]:g} is no frequency.", hint="Is it a time?")
        if not is_evenly_spaced(x, last_digit):
            raise InputError(
                f"{columns.name}: the {len(x):,} rows are not evenly spaced, as those of a sweep are.",
                hint="A list of resonances is read by the reader 'peak-list'.",
            )
        even = np.linspace(x[0], x[-1], len(x))
        if np.abs(x - even).max() <= _ROUNDED * last_digit:
            x = even
        elif not (np.diff(x) > 0).all():
            place = int(rows[int(np.argmax(np.diff(x) <= 0)) + 1])
            raise InputError(
                f"{columns.where(place)}: the frequency {columns.values[place, 0]:g} stands on two lines.",
                hint="Write the frequencies with more digits, or average the points.",
            )
        unit = self._unit(columns, float(x[-1]), notes)
        values = self._values(columns, columns.values[:, 1:], notes)[rows]
        x = x * _SIZES[unit]
        kept = np.ones(len(x), dtype=bool)
        if self.parameters.start is not None:
            kept &= x >= self.parameters.start * _SIZES[unit]
        if self.parameters.stop is not None:
            kept &= x <= self.parameters.stop * _SIZES[unit]
        if kept.sum() < 48:
            raise InputError(
                f"{columns.name}: fewer than 48 points lie from {self.parameters.start or x[0] / _SIZES[unit]:g} to "
                f"{self.parameters.stop or x[-1] / _SIZES[unit]:g} {unit}.",
                hint=f"The file holds frequencies from {x[0] / _SIZES[unit]:g} to {x[-1] / _SIZES[unit]:g} {unit}.",
            )
        return x[kept], values[kept]

    def _unit(self, columns: Columns, highest: float, notes: list[str]) -> Unit:
        if self.parameters.unit:
            return self.parameters.unit
        said = re.search(r"\b([kMG]?Hz)\b", columns.header)
        if said:
            return said[1]  # type: ignore[return-value]
        unit: Unit = "Hz" if highest > _HERTZ else "kHz" if highest > _KILOHERTZ else "MHz"
        notes.append(
            f"The frequencies were taken to be in {unit}, by their size; '--set reader.unit=…' says otherwise."
        )
        return unit

    def _values(self, columns: Columns, values: Floats, notes: list[str]) -> NDArray[np.inexact]:
        if values.shape[1] == 1:
            return values[:, 0]
        one, two = values[:, 0], values[:, 1]
        polar = self.parameters.columns == "amplitude-phase"
        if self.parameters.columns is None:
            polar = bool(_POLAR.search(columns.header)) and not _CARTESIAN.search(columns.header)
            if not polar and not _CARTESIAN.search(columns.header):
                polar = bool((one >= 0).all()) and not (two >= 0).all()
        if values.shape[1] > 2:
            notes.append(f"Of {values.shape[1] + 1} columns the first three are used.")
        if not polar:
            return one + 1j * two
        if self.parameters.columns is None:
            notes.append("The second and third column were taken for amplitude and phase.")
        in_degrees = np.abs(two).max() > 2 * np.pi + 0.01
        return one * np.exp(1j * (np.radians(two) if in_degrees else two))

    def _spectrum(self, columns: Columns, notes: list[str]) -> tuple[Floats, NDArray[np.inexact]]:
        """Return the spectrum of what follows the tap: damped oscillations, whose transforms are lines."""
        sampling, trace = columns.sampling, columns.values[:, -1]
        if sampling is None:
            t = columns.values[:, 0]
            steps = np.diff(t)
            if (steps <= 0).any():
                place = int(np.argmax(steps <= 0)) + 1
                raise InputError(f"{columns.where(place)}: the time {t[place]:g} does not follow the one before.")
            said = re.search(r"[(\[](ms|us|µs)[)\]]", columns.header)
            sampling = 1 / (steps.mean() * (_TIME_UNITS[said[1]] if said else 1.0))
            trace = columns.values[:, 1]
        elif columns.header:
            notes.append(f"The spectrum is that of {columns.header}, the loudest.")
        rings = ringing(trace, columns.name, notes)
        transform = np.fft.rfft(rings) / len(rings)
        f = np.fft.rfftfreq(len(rings), 1e6 / sampling)
        low = (self.parameters.start or 0.0) * _SIZES[self.parameters.unit or "MHz"]
        high = (self.parameters.stop or np.inf) * _SIZES[self.parameters.unit or "MHz"]
        kept = (f >= max(low, 10 * f[1])) & (f <= high)
        if kept.sum() < 48:
            raise InputError(f"{columns.name}: the spectrum has fewer than 48 points in that range.")
        notes.append(f"Spectrum of {len(rings):,} samples at {sampling:g} Hz.")
        return f[kept], transform[kept]


def _last_digit(x: Floats) -> float:
    """Return the place value of the last digit in which numbers are written; 0 where they have as many as floats."""
    size = 10.0 ** np.ceil(np.log10(np.abs(x).max() or 1.0))
    for digits in range(1, 13):
        place = size * 10.0**-digits
        if np.abs(x / place - np.rint(x / place)).max() < 1e-6 * max(1.0, 10.0 ** (digits - 9)):
            return float(place)
    return 0.0
