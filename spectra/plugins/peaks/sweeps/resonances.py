"""From a sweep to its resonances: the processor, and what it says about each line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from spectra.core.errors import InputError
from spectra.core.measurements import Measurement
from spectra.core.signals import Bundle, Peaks, Profile, Signal
from spectra.plugins.peaks.sweeps.lines import Sweep
from spectra.plugins.peaks.sweeps.rate import find_rate
from spectra.plugins.peaks.sweeps.reading.reader import IMAGINARY, REAL
from spectra.plugins.peaks.sweeps.search import Found, common_quality, most_lines, search, seeds_of
from spectra.plugins.peaks.sweeps.whole import described

Floats = NDArray[np.float64]

COLUMNS = (
    "frequency (MHz)", "std (MHz)", "Q", "std of Q", "amplitude", "phase (deg)", "significance",
)  # fmt: skip
"""Of the table of resonances, one row a line."""

_FEWEST = 48
_LEAST_DESCRIBED = 0.9  # R² of the amplitude
_MOST_MISSED = 0.05
_PER_SECOND = 1e12  # Hz/s in MHz/µs


class ResonancesParameters(BaseModel):
    """Parameters of the processor 'resonances'."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    quality: float | None = Field(
        default=None, gt=5, lt=1e7, description="quality factor of most lines; default: that of the strongest"
    )
    rate: float | None = Field(
        default=None, description="rate of the sweep in Hz/s, 0 for a slow one; default: found, if the lines prove it"
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class Resonances:
    """The resonances of one sweep.

    Parameters
    ----------
    table : ndarray, shape (m, 7)
        :data:`COLUMNS`; the phase is NaN where none was recorded.
    rate
        In Hz/s; 0 for a slow sweep.
    notes
        Sentences on what was found and assumed.
    """

    found: Found
    table: Floats
    rate: float
    notes: tuple[str, ...]


class ResonancesProcessor:
    """Turns a sweep into its resonances, with widths, amplitudes and standard deviations."""

    def __init__(self, parameters: ResonancesParameters) -> None:
        self.parameters = parameters

    def process(self, measurement: Measurement) -> Measurement:
        """Return the lines of a sweep as peaks, in MHz.

        Raises
        ------
        InputError
            If the signal is no sweep, or holds no more than noise.
        """
        resonances = find_resonances(measurement, self.parameters)
        f, deviation, quality, _, amplitude = resonances.table.T[:5]
        x = resonances.found.sweep.x
        peaks = Peaks(
            positions=f[None],
            unit="MHz",
            window=(float(x[0]), float(x[-1])),
            widths=(f / quality)[None],
            amplitudes=amplitude[None],
            deviations=deviation[None],
        )
        rows = [[None if np.isnan(value) else float(value) for value in row] for row in resonances.table]
        details = {
            **measurement.details,
            "resonances": {"columns": list(COLUMNS), "rows": rows},
            "sweep rate (Hz/s)": resonances.rate,
        }
        return replace(
            measurement, signal=peaks, details=details, notes=(*measurement.notes, *resonances.notes)
        )  # fmt: skip


def find_resonances(
    measurement: Measurement, parameters: ResonancesParameters, *, report: Callable[[str], None] | None = None
) -> Resonances:
    """Find the resonances in a sweep.

    Parameters
    ----------
    measurement
        A profile over frequency in MHz; or a bundle of two, real and imaginary part.

    Raises
    ------
    InputError
        If it is none of these, or there is no line in it.
    """
    name = measurement.file.name
    x, values = _sweep_of(measurement.signal, name)
    sweep, notes = _prepared(x, values), []
    seeds = seeds_of(sweep)
    if sweep.is_complex:
        mirrored = Sweep.of_response(x, values.conj())
        others = seeds_of(mirrored)
        if _strength(others) > _strength(seeds):
            sweep, seeds = mirrored, others
            notes.append("The phase falls where that of exp(+iωt) rises: its sign was turned.")
    quality = parameters.quality or common_quality(sweep, seeds)
    if quality is None:
        raise InputError(
            f"{name}: there is nothing but noise and background in this sweep of {len(x):,} points.",
            hint="Look at it with a plot; sweep more slowly, or press the specimen less.",
        )
    if parameters.rate is not None:
        sweep = replace(sweep, rate=parameters.rate / _PER_SECOND)
    elif proof := find_rate(sweep, seeds, 1 / quality):
        sweep = replace(sweep, rate=proof.value)
        shape = f"{proof.supporting} of its {proof.lines} strongest separate lines ring as that rate says"
        notes.append(f"The sweep was too fast, {proof.value * _PER_SECOND:.0f} Hz/s: {shape}. It was corrected.")
    if sweep.rate and parameters.quality is None:
        quality = common_quality(sweep, seeds_of(sweep)) or quality
    found = search(sweep, quality, report=report)
    if found is None:
        raise InputError(
            f"{name}: {most_lines(sweep)} lines and more would not explain this curve; it is no sweep of resonances.",
            hint="Look at it with a plot.",
        )
    if not len(found.lines):
        raise InputError(
            f"{name}: there is nothing but noise and background in this sweep of {len(x):,} points.",
            hint="Look at it with a plot; sweep more slowly, or press the specimen less.",
        )
    share, missed = described(found)
    if share < _LEAST_DESCRIBED:
        raise InputError(
            f"{name}: the {len(found.lines)} lines that fit best do not describe this sweep (R² of its amplitude "
            f"{max(share, -1.0):.2f}), so none of them is to be trusted.",
            hint="Was the amplitude recorded on a logarithmic scale, or clipped? Record phases as well, or give the "
            "lines that you see as a list.",
        )
    if missed > _MOST_MISSED:
        notes.append(
            f"The fit misses {missed:.0%} of the points by more than five times the noise: lines may be missing, and "
            "deviations are too small. Compare with the figure."
        )
    if not sweep.is_complex:
        notes.append("Without phases, lines that overlap are often missed or moved; record both parts if you can.")
    notes.append(f"{len(found.lines)} resonances, quality factor about {np.median(_table(found)[:, 2]):.0f}.")
    if len(found.background):
        listed = ", ".join(f"{abs(pole):.3g} MHz" for pole in found.background.poles)
        notes.append(f"Broad resonances were taken for those of the transducers and left out: {listed}.")
    if found.inexact:
        notes.append(
            f"Far more lines look double than by chance, so their shape is not exact: errors of {found.inexact:.1%} of "
            "the amplitude count as noise. Multiplets closer than half a width may be one line here."
        )
    return Resonances(found=found, table=_table(found), rate=sweep.rate * _PER_SECOND, notes=tuple(notes))


def _sweep_of(signal: Signal, name: str) -> tuple[Floats, NDArray[np.inexact]]:
    """Return frequencies in MHz and the response.

    Raises
    ------
    InputError
        If it is no sweep.
    """
    if isinstance(signal, Profile):
        profile, values = signal, np.asarray(signal.y[0])
    elif isinstance(signal, Bundle) and set(signal.parts) == {REAL, IMAGINARY}:
        real, imaginary = signal.parts[REAL], signal.parts[IMAGINARY]
        if not (isinstance(real, Profile) and isinstance(imaginary, Profile) and np.array_equal(real.x, imaginary.x)):
            raise InputError(f"{name}: real and imaginary part are not two profiles over the same frequencies.")
        profile, values = real, np.asarray(real.y[0] + 1j * imaginary.y[0])
    else:
        raise InputError(
            f"{name} is no sweep: a sweep is a profile over frequency, or a bundle of its '{REAL}' and "
            f"'{IMAGINARY}' part."
        )
    if len(profile) != 1:
        raise InputError(f"{name} holds {len(profile)} sweeps; save each in a file of its own.")
    if profile.x_unit != "MHz":
        raise InputError(f"{name} is no sweep: its axis is in {profile.x_unit}, not in MHz.")
    if len(profile.x) < _FEWEST or profile.x[0] <= 0:
        raise InputError(f"{name} is no sweep: it needs {_FEWEST} points at positive frequencies.")
    if not np.ptp(values.real) and not np.ptp(values.imag):
        raise InputError(f"{name}: the response is the same at all frequencies.", hint="Was the right column read?")
    return profile.x, values


def _prepared(x: Floats, values: NDArray[np.inexact]) -> Sweep:
    if values.dtype.kind == "c" or (values < 0).any():
        return Sweep.of_response(x, values)
    return Sweep.of_modulus(x, np.asarray(values, dtype=float))


def _strength(seeds: list[Any]) -> float:
    return sum(seed.gain for seed in seeds[:20])


def _table(found: Found) -> Floats:
    """Return :data:`COLUMNS` of the lines.

    The frequency is |p|, that of the undamped oscillator, which a forward model computes: p is a root of
    p² = f₀² + iγp. Without phases the square of the response was fitted, whose height is that of the amplitude squared.
    """
    lines = found.lines
    f, widths = np.abs(lines.poles), lines.widths
    deviation, of_width = lines.errors[:, 0], 2 * lines.errors[:, 1]
    response = 2j * lines.residues / widths  # at resonance
    amplitude, phase = np.abs(response), np.degrees(np.angle(response))
    if not found.sweep.is_complex:
        amplitude, phase = np.sqrt(amplitude), np.full(len(f), np.nan)
    return np.column_stack(
        [f, deviation, f / widths, f / widths**2 * of_width, amplitude, phase, found.significance]
    )  # fmt: skip
