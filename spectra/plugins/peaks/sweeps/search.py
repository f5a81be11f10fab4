"""Search for the lines of a sweep: matched filter, joint fit, again on what is left, and a test of each line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from spectra.plugins.peaks.sweeps.detection import Candidate, candidates
from spectra.plugins.peaks.sweeps.doubles import doubles, loss, shape_error, with_shape_error
from spectra.plugins.peaks.sweeps.fitting import fit
from spectra.plugins.peaks.sweeps.lines import Lines, Sweep
from spectra.plugins.peaks.sweeps.splitting import split

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]

_LEAST_SEED = 25.0  # gain in log-likelihood of the lines that say what the others look like
_SEEDS = 40
_WIDTHS = (0.6, 1.0, 1.7)  # of templates, by the common quality factor
_FALSE = 1e-4  # lines of noise in a sweep that the threshold lets through
_BROAD = 0.12  # of the common quality factor
_ROUNDS = 30
_RESTARTS = 3
_APART = 2.5  # widths, of lines that are added at once
_POINTS_PER_LINE = 60
_AGAIN = 1.5  # times the gain at which a place was tried before
_BESIDE = 8.0  # widths
_CERTAIN = 4.0  # times the threshold: no test


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
    inexact
        Errors of the shape of the lines, as a share of the amplitude.
    """

    sweep: Sweep
    lines: Lines
    background: Lines
    significance: Floats
    quality: float
    inexact: float = 0.0


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
    narrowest = sweep.x[-1] / (1.5 * sweep.step)
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
    exact, inexact = sweep, 0.0
    for again in range(_RESTARTS, -1, -1):
        lines = _all_lines(sweep, quality, least, report, stop=bool(again))
        if lines is None or not again or not len(weaker := doubles(sweep, lines)):
            break
        inexact = shape_error(exact, lines, weaker, quality, least, inexact)
        sweep = with_shape_error(exact, inexact, quality)
        if report:
            report(f"{len(weaker)} doubles: errors of the shape of {inexact:.2%}")
    if lines is None:
        return None
    broad = sweep.is_broad(lines)
    wald = _wald(lines)
    for k in np.flatnonzero(wald < 100 * least):
        wald[k] = max(loss(sweep, lines, int(k)), wald[k])
    return Found(
        sweep=sweep,
        lines=lines.only(~broad),
        background=lines.only(broad),
        significance=np.sqrt(2 * wald[~broad]),
        quality=quality,
        inexact=inexact,
    )


def _all_lines(
    sweep: Sweep, quality: float, least: float, report: Callable[[str], None] | None, *, stop: bool
) -> Lines | None:
    """Return all lines; with ``stop`` those so far, once too many of them look double."""
    lines, tried = Lines.none(), list[Candidate]()
    for count in range(_ROUNDS):
        found = candidates(
            sweep.x, sweep.residual(lines), [quality * width for width in _WIDTHS], least=least, rate=sweep.rate
        )
        new = _apart([one for one in found if not _tried_before(one, tried, quality)], quality)
        if not new:
            parted = split(sweep, lines, least)
            if parted is None:
                break
            lines = _without_weak(sweep, sweep.refitted(parted, passes=3), least)
            continue
        if len(lines) + len(new) > most_lines(sweep) and count:
            return None
        tried += new
        poles = np.array([complex(one.pole.real, 0.5 * one.pole.real / quality) for one in new])
        lines = _without_weak(sweep, sweep.refitted(lines.with_more(poles), passes=3), least, beside=poles)
        if report:
            report(f"round {count + 1}: {len(new)} tried, {len(lines)} lines")
        if stop and count and len(doubles(sweep, lines)):
            return lines
    lines = sweep.refitted(lines, passes=6, iterations=15, all_of_them=True)
    lines = _without_weak(sweep, lines, least)
    return sweep.refitted(lines, passes=3, fine=True, all_of_them=True)


def _apart(found: Sequence[Candidate], quality: float) -> list[Candidate]:
    """Return the largest of those that lie in each other's reach, which change once it is fitted."""
    kept: list[Candidate] = []
    for one in found:
        if all(abs(one.pole.real - other.pole.real) > _APART * one.pole.real / quality for other in kept):
            kept.append(one)
    return kept


def _tried_before(one: Candidate, tried: Sequence[Candidate], quality: float) -> bool:
    width = one.pole.real / quality
    return any(abs(one.pole.real - o.pole.real) < 0.4 * width and one.gain < _AGAIN * o.gain for o in tried)


def _wald(lines: Lines) -> Floats:
    """Return the gains of lines as their residues and the errors of these say, shape (m,)."""
    return np.abs(lines.residues) ** 2 / (lines.errors[:, 2] ** 2 + lines.errors[:, 3] ** 2)


def _without_weak(sweep: Sweep, lines: Lines, least: float, beside: Complexes | None = None) -> Lines:
    """Delete, one after the other, lines whose loss lowers the likelihood by less than ``least``.

    Only lines ``beside`` new ones, if any are given, since the others have stood the test before.
    """
    inside = (lines.poles.real > sweep.x[0]) & (lines.poles.real < sweep.x[-1])
    lines = lines.only(inside | sweep.is_broad(lines))
    wald = _wald(lines)
    kept = np.ones(len(lines), dtype=bool)
    unsettled = np.zeros(len(lines), dtype=bool)
    for k in np.argsort(wald):
        if wald[k] > _CERTAIN * least:
            break
        if beside is not None and np.abs(beside.real - lines.poles[k].real).min() > _BESIDE * lines.widths[k]:
            continue
        rest = lines.only(kept)
        if loss(sweep, rest, int(kept[:k].sum())) < least:
            kept[k] = False
            unsettled |= np.abs(lines.poles.real - lines.poles[k].real) < 6 * lines.widths
    if kept.all():
        return lines
    lines = replace(lines, settled=lines.settled & ~unsettled).only(kept)
    return sweep.refitted(lines, passes=2)
