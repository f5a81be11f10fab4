"""Search for the lines of a sweep: matched filter, joint fit, again on what is left, and a test of each line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from spectra.plugins.peaks.sweeps.detection import Candidate, candidates
from spectra.plugins.peaks.sweeps.fitting import fit
from spectra.plugins.peaks.sweeps.lines import Lines, Sweep

Floats = NDArray[np.float64]

_LEAST_SEED = 25.0  # gain in log-likelihood of the lines that say what the others look like
_SEEDS = 40
_WIDTHS = (0.6, 1.0, 1.7)  # of templates, by the common quality factor
_FALSE = 1e-4  # lines of noise in a sweep that the threshold lets through
_BROAD = 0.12  # of the common quality factor
_ROUNDS = 14
_POINTS_PER_LINE = 60
_AGAIN = 1.5  # times the gain at which a place was tried before
_CERTAIN = 4.0  # times the threshold: no test
# Where so many of the strong lines look double, it is their shape that is not exact.
_STRONG, _DOUBLE, _MANY, _SEVERAL = 100.0, 0.5, 0.3, 3  # of the noise; of a width; of strong lines; lines
_INEXACT = 0.08  # of what the lines around contribute: a smaller one is then taken for an error of their shape
_AROUND = 1.5  # widths


@dataclass(frozen=True, kw_only=True, eq=False)
class Found:
    """The lines of a sweep.

    Parameters
    ----------
    sweep
        With the rate that it turned out to have.
    lines
        Without those of transducers.
    background
        Those of transducers.
    significance : ndarray, shape (m,)
        By how many standard deviations the sweep is fitted worse without the line: √(2 Δ ln likelihood).
    quality
        What most lines have.
    merged
        Number of lines that were taken for errors of the shape of others.
    """

    sweep: Sweep
    lines: Lines
    background: Lines
    significance: Floats
    quality: float
    merged: int = 0


def common_quality(sweep: Sweep, seeds: Sequence[Candidate]) -> float | None:
    """Return the median quality factor of the strongest lines, each fitted alone."""
    found = []
    for seed in seeds[:_SEEDS]:
        f, width = seed.pole.real, 2 * seed.pole.imag
        piece = sweep.piece(f - 6 * width, f + 6 * width, width)
        pole = fit(piece, np.array([seed.pole]), iterations=15).poles[0]
        if abs(pole.real - f) < 2 * width and piece.x[0] < pole.real < piece.x[-1]:
            found.append(pole.real / (2 * pole.imag))
    return float(np.median(found)) if found else None


def seeds_of(sweep: Sweep) -> list[Candidate]:
    """Return the strongest lines, whatever their widths."""
    narrowest = np.sqrt(sweep.x[0] * sweep.x[-1]) / (1.5 * sweep.step)
    qualities = [quality for quality in 50.0 * 2.0 ** np.arange(16) if quality < narrowest]
    return candidates(sweep.x, sweep.y * sweep.weights, qualities, least=_LEAST_SEED, rate=sweep.rate)


def most_lines(sweep: Sweep) -> int:
    """Return beyond how many lines a curve is no sweep of resonances."""
    return 20 + len(sweep.x) // _POINTS_PER_LINE


def search(sweep: Sweep, quality: float, *, report: Callable[[str], None] | None = None) -> Found | None:
    """Find all lines of a sweep whose lines have about this quality factor; nothing if they are far too many.

    Rounds of matched filter and joint fit go on until nothing is left that would raise the likelihood by more than
    noise does in one of 10,000 sweeps; lines without which it falls by less are deleted.
    """
    sweep = replace(sweep, broad=_BROAD * quality)
    cells = 3 * quality * np.log(sweep.x[-1] / sweep.x[0])
    least = float(np.log(max(cells, 10.0) / _FALSE))
    lines, tried = Lines.none(), list[Candidate]()
    for count in range(_ROUNDS):
        found = candidates(
            sweep.x, sweep.residual(lines), [quality * width for width in _WIDTHS], least=least, rate=sweep.rate
        )
        new = [one for one in found if not _tried_before(one, tried, quality)]
        if not new:
            break
        if len(lines) + len(new) > most_lines(sweep) and count:
            return None
        tried += new
        lines = lines.with_more([complex(one.pole.real, 0.5 * one.pole.real / quality) for one in new])
        lines = _without_weak(sweep, sweep.refitted(lines, passes=3), least)
        if report:
            report(f"round {count + 1}: {len(new)} tried, {len(lines)} lines")
    lines = sweep.refitted(lines, passes=6, iterations=15, all_of_them=True)
    lines = _without_weak(sweep, lines, least)
    lines = sweep.refitted(lines, passes=3, fine=True, all_of_them=True)
    count = len(lines)
    if _looks_double(sweep, lines):
        lines = _without_doubles(sweep, lines)
    broad = sweep.is_broad(lines)
    wald = _wald(lines)
    for k in np.flatnonzero(wald < 100 * least):
        wald[k] = max(_loss(sweep, lines, int(k)), wald[k])
    return Found(
        sweep=sweep,
        lines=lines.only(~broad),
        background=lines.only(broad),
        significance=np.sqrt(2 * wald[~broad]),
        quality=quality,
        merged=count - len(lines),
    )


def _tried_before(one: Candidate, tried: Sequence[Candidate], quality: float) -> bool:
    width = one.pole.real / quality
    return any(abs(one.pole.real - o.pole.real) < 0.4 * width and one.gain < _AGAIN * o.gain for o in tried)


def _wald(lines: Lines) -> Floats:
    """Return the gains of lines as their residues and the errors of these say, shape (m,)."""
    return np.abs(lines.residues) ** 2 / (lines.errors[:, 2] ** 2 + lines.errors[:, 3] ** 2)


def _without_weak(sweep: Sweep, lines: Lines, least: float) -> Lines:
    """Delete, one after the other, lines whose loss lowers the likelihood by less than ``least``."""
    inside = (lines.poles.real > sweep.x[0]) & (lines.poles.real < sweep.x[-1])
    lines = lines.only(inside | sweep.is_broad(lines))
    wald = _wald(lines)
    kept = np.ones(len(lines), dtype=bool)
    unsettled = np.zeros(len(lines), dtype=bool)
    for k in np.argsort(wald):
        if wald[k] > _CERTAIN * least:
            break
        rest = lines.only(kept)
        if _loss(sweep, rest, int(kept[:k].sum())) < least:
            kept[k] = False
            unsettled |= np.abs(lines.poles.real - lines.poles[k].real) < 6 * lines.widths
    if kept.all():
        return lines
    lines = replace(lines, settled=lines.settled & ~unsettled).only(kept)
    return sweep.refitted(lines, passes=2)


def _loss(sweep: Sweep, lines: Lines, k: int) -> float:
    """Return by how much the log-likelihood falls without line ``k``, all lines around it fitted again."""
    piece, active = sweep.around(lines, np.array([k]))
    with_it = fit(piece, lines.poles[active], iterations=4)
    without = fit(piece, lines.poles[active[active != k]], iterations=12)
    return sweep.gain(without.cost - with_it.cost)


def _looks_double(sweep: Sweep, lines: Lines) -> bool:
    noise = 1 / np.interp(lines.poles.real, sweep.x, sweep.weights)
    strong = lines.heights > _STRONG * noise
    gaps = np.diff(lines.poles.real) < _DOUBLE * np.minimum(lines.widths[1:], lines.widths[:-1])
    double = np.concatenate([[False], gaps]) | np.concatenate([gaps, [False]])
    places = int(strong.sum()) - int((gaps & strong[1:] & strong[:-1]).sum())
    pairs = int((gaps & (strong[1:] | strong[:-1])).sum())
    return bool(double.any()) and pairs >= _SEVERAL and pairs >= _MANY * places


def _without_doubles(sweep: Sweep, lines: Lines) -> Lines:
    """Delete lines that are small beside others, or without which these still fit nearly as well."""
    for _ in range(len(lines)):
        gone = np.zeros(len(lines), dtype=bool)
        touched = np.zeros(len(lines), dtype=bool)
        for k in np.argsort(lines.heights):
            beside = np.abs(lines.poles.real - lines.poles[k].real) < 8 * lines.widths
            beside[k] = False
            if not beside.any() or touched[beside].any():
                continue
            others = sweep.model(lines.only(beside), lines.poles[[k]].real)
            if lines.heights[k] < _INEXACT * abs(others[0]) or _merges(sweep, lines, int(k)):
                gone[k] = touched[k] = True
                touched |= beside
        if not gone.any():
            break
        lines = sweep.refitted(lines.only(~gone), passes=3, iterations=15, fine=True, all_of_them=True)
    return lines


def _merges(sweep: Sweep, lines: Lines, k: int) -> bool:
    """Say whether a line beside ``k`` can stand for both."""
    near = np.abs(lines.poles.real - lines.poles[k].real) < _AROUND * np.minimum(lines.widths, lines.widths[k])
    if near.sum() < 2:
        return False
    piece, active = sweep.around(lines, np.array([k]))
    with_it = fit(piece, lines.poles[active], iterations=4)
    without = fit(piece, lines.poles[active[active != k]], iterations=15)
    signal = sweep.model(lines.only(near), piece.x, piece.blur) * piece.weights
    return without.cost - with_it.cost < _INEXACT**2 * float(np.vdot(signal, signal).real)
