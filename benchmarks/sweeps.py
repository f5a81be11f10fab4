"""How many lines of simulated sweeps are found, how well, and in what time; scipy.signal.find_peaks beside it.

Run with ``python benchmarks/sweeps.py [COUNT [FAST-SWEEP | amplitude]]``: COUNT boxes of steel for each cell of the
table. Their modes and the motion of the two corners that are touched are those of our own forward model; Q scatters by
a fifth, and two broad transducer resonances lie below. SNR is the height of the median line over the noise of each
part; the highest line is a hundred times as high, or more.

All lines stay in the sweep. *Detectable* are those whose amplitude the Cramér-Rao bound knows to six standard
deviations; of lines that lie too close together to be told apart, the least certain is left out first, until that holds
for the rest with each other. Errors are those of detectable lines, over two bounds: that of all lines together, which
is what can be measured; and that of somebody who is told the lines that are not detectable, which lie under the others
and shift them. *False* are lines that are neither detectable nor within a width of one that is not. FAST-SWEEP is a
file of kHz, real and imaginary part. With ``amplitude`` phases are thrown away, in the bound, too.
"""

import sys
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.signal import find_peaks

from spectra.core.measurements import Measurement, RawFile
from spectra.core.signals import Bundle, Profile
from spectra.plugins.peaks.sweeps.reading.reader import SweepParameters, SweepReader
from spectra.plugins.peaks.sweeps.resonances import ResonancesParameters, find_resonances
from spectra.plugins.peaks.sweeps.response import response
from spectra.plugins.rus.bodies.basis import box_basis
from spectra.plugins.rus.crystals.elasticity import SYMMETRIES
from spectra.plugins.rus.modes.rayleigh_ritz import RayleighRitz

X = np.linspace(0.2, 1.3, 32_000)
CELLS = [(quality, snr) for quality in (300, 1000, 4000) for snr in (10, 100, 1000)]
DETECTABLE = 18.0  # half the square of six standard deviations
FAST = """
303.07 304.37 304.54 376.22 376.40 377.82 377.93 386.19 386.61 425.21 442.82 446.05 446.29 466.98 467.12 500.37
500.43 521.04 521.15 523.27 544.95 545.26 554.71 554.77 586.78 586.86 597.53 597.78"""


@cache
def body(seed):
    """Return frequencies in MHz and what two contacts at opposite corners make of them."""
    rng = np.random.default_rng(seed)
    lengths = np.array([3.1, 3.6, 4.2]) * 1e-3 * rng.uniform(0.9, 1.1, 3)
    solver = RayleighRitz(box_basis(tuple(lengths), 12), SYMMETRIES["isotropic"], 7820.0)
    modes = solver.modes(np.array([270e9, 80e9]) * rng.uniform(0.9, 1.1, 2), highest=1e6 * X[-1])
    motion = solver.displacements(modes, np.array([lengths / 2, -lengths / 2])).sum(axis=2) / np.sqrt(3)
    inside = modes.frequencies > 1e6 * X[0]
    return 1e-6 * modes.frequencies[inside], motion[inside].prod(axis=1)


def oscillators(f, widths, amplitudes):
    total = np.zeros(len(X), dtype=complex)
    for one, width, amplitude in zip(f, widths, amplitudes, strict=True):
        total += amplitude * one * width / (one**2 - X**2 + 1j * X * width)
    return total


def bound(f, widths, amplitudes, noise, phases=None):
    """Return the Cramér-Rao bounds of frequencies, and what lines gain in likelihood.

    All lines and a straight background are unknown. Without phases of their own, real numbers are known of the response
    in the direction that it has, which is given.
    """
    residues, count = -amplitudes * widths / 2, len(f)
    poles, information = f + 0.5j * widths, 0
    for some in np.array_split(np.arange(len(X)), 16):
        lines, slopes = response(X[some], poles)
        columns = np.concatenate([slopes * residues, lines, np.ones((len(some), 1)), X[some, None]], axis=1)
        if phases is not None:
            columns = columns * phases[some, None].conj()
            columns = np.concatenate([columns.real, -columns.imag], axis=1)
        information = information + columns.conj().T @ columns
    scale = np.sqrt(np.diagonal(information).real)
    rcond = 1e-15 if phases is None else 1e-12  # the phase of all is free
    inverse = np.linalg.pinv(information / scale / scale[:, None], rcond=rcond, hermitian=True) / scale / scale[:, None]
    deviations = noise * np.sqrt(np.maximum(np.diagonal(inverse).real, 0))
    if phases is None:
        return deviations[:count], np.abs(residues) ** 2 / (2 * deviations[count : 2 * count] ** 2)
    gains = np.empty(count)
    for k in range(count):
        both = np.array([count + k, 3 * count + 2 + k])  # real and imaginary part
        value = np.array([residues[k].real, residues[k].imag])
        gains[k] = value @ np.linalg.pinv(noise**2 * inverse[np.ix_(both, both)]) @ value / 2
    return deviations[:count], gains


def detectable(f, widths, amplitudes, noise, phases=None):
    kept = np.ones(len(f), dtype=bool)
    while True:
        deviations, gains = bound(f[kept], widths[kept], amplitudes[kept], noise, phases)
        if gains.min() > DETECTABLE:
            return kept, deviations
        kept[np.flatnonzero(kept)[np.argmin(gains)]] = False


@dataclass(frozen=True, kw_only=True)
class Simulated:
    """A sweep and what it is made of; deviations are those of the detectable lines."""

    values: np.ndarray
    f: np.ndarray
    widths: np.ndarray
    detectable: np.ndarray
    deviations: np.ndarray
    told: np.ndarray


def simulated(seed, quality, snr, with_phases=True):
    f, amplitudes = body(seed)
    rng = np.random.default_rng(seed + 1000)
    widths = f / (quality * np.exp(rng.normal(0, 0.2, len(f))))
    amplitudes = amplitudes / np.median(np.abs(amplitudes)) * np.exp(1j * rng.normal(0, 0.2, len(f)))
    clean = oscillators(f, widths, amplitudes) + 0.05 + 0.03j + 0.02j * X
    clean += oscillators(np.array([0.45, 0.95]), np.array([0.45 / 12, 0.95 / 20]), np.array([0.5, 0.5]))
    phases = None if with_phases else clean / np.abs(clean)
    kept, told = detectable(f, widths, amplitudes, 1 / snr, phases)
    deviations = bound(f, widths, amplitudes, 1 / snr, phases)[0][kept]
    values = clean + (rng.standard_normal(len(X)) + 1j * rng.standard_normal(len(X))) / snr
    values = values if with_phases else np.abs(values)
    return Simulated(values=values, f=f, widths=widths, detectable=kept, deviations=deviations, told=told)


def matched(found, f, widths):
    distance = np.abs(f[:, None] - found) / widths[:, None]
    rows, columns = linear_sum_assignment(np.where(distance < 0.5, distance, 1e3))
    right = distance[rows, columns] < 0.5
    return rows[right], columns[right]


def unexplained(others, sweep):
    """Count lines further than a width from every line that is not detectable, which may be seen all the same."""
    f, widths = (values[~sweep.detectable] for values in (sweep.f, sweep.widths))
    return int((np.abs(others[:, None] - f) > widths).all(axis=1).sum())


def picked(values, width):
    """Return the peaks of |response| that stand out of its noise by six deviations, as a careful user would."""
    size = np.abs(values)
    noise = np.median(np.abs(np.diff(size))) / 0.954
    return X[find_peaks(size, prominence=6 * noise, distance=max(1, int(width / (X[1] - X[0]))))[0]]


def as_measured(values):
    parts = {
        name: Profile(x=X, y=part[None], x_unit="MHz", y_unit="1")
        for name, part in (("real", values.real), ("imaginary", values.imag))
    }
    signal = Bundle(parts=parts) if np.iscomplexobj(values) else parts["real"]
    return Measurement(signal=signal, file=RawFile(name="simulated", content=b""), reader="sweep")


def spread(errors):
    """Return the standard deviation of normal errors as their median says it, and as their mean square does."""
    return f"{np.median(np.abs(errors)) / 0.6745:.2f}, {np.sqrt(np.mean(np.square(errors))):.2f}"


def table(count, with_phases=True):
    print(
        "| Q | SNR | lines: all, detectable | found | false | error / bound: median, rms | told the others | ", end=""
    )
    print("CPU-s: mean, most | find_peaks: found, false |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for quality, snr in CELLS:
        every = lines = hits = false = simple_hits = simple_false = 0
        errors, told, spent = [], [], []
        for seed in range(count):
            sweep = simulated(seed, quality, snr, with_phases)
            f, widths = sweep.f[sweep.detectable], sweep.widths[sweep.detectable]
            start = time.process_time()
            found = find_resonances(as_measured(sweep.values), ResonancesParameters()).table[:, 0]
            spent.append(time.process_time() - start)
            rows, columns = matched(found, f, widths)
            errors += list((found[columns] - f[rows]) / sweep.deviations[rows])
            told += list((found[columns] - f[rows]) / sweep.told[rows])
            every, lines, hits = every + len(sweep.f), lines + len(f), hits + len(rows)
            false += unexplained(np.delete(found, columns), sweep)
            simple = picked(sweep.values, float(np.median(widths)))
            rows, columns = matched(simple, f, widths)
            simple_hits += len(rows)
            simple_false += unexplained(np.delete(simple, columns), sweep)
        print(
            f"| {quality} | {snr} | {every / count:.0f}, {lines / count:.0f} | {hits / lines:.3f} | "
            f"{false / count:.2f} | {spread(errors)} | {spread(told)} | {np.mean(spent):.1f}, {max(spent):.1f} | "
            f"{simple_hits / lines:.2f}, {simple_false / count:.0f} |",
            flush=True,
        )


def fast(path):
    measurement = SweepReader(SweepParameters(unit="kHz")).read(RawFile.read(path))
    found = find_resonances(measurement, ResonancesParameters())
    lines = 1e3 * found.table[:, 0]
    known = np.array([float(word) for word in FAST.split()])
    apart = [1e3 * np.abs(lines - one).min() for one in known]
    print(f"{len(lines)} lines of the fast sweep; the {len(known)} known ones within {max(apart):.0f} Hz")
    print("\n".join(found.notes))


if __name__ == "__main__":
    boxes, *others = sys.argv[1:] or ["6"]
    table(int(boxes), with_phases="amplitude" not in others)
    if others and "amplitude" not in others:
        fast(Path(others[0]))
