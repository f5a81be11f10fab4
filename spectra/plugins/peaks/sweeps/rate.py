"""Was a sweep too fast? One rate for the whole file, accepted on strong evidence only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from spectra.plugins.peaks.sweeps.detection import Candidate
from spectra.plugins.peaks.sweeps.fitting import Piece, fit
from spectra.plugins.peaks.sweeps.lines import Sweep

Floats = NDArray[np.float64]

_MOST = 6  # lines that are looked at, the strongest that stand alone
_FEWEST = 3
_REACH = 10.0  # widths
_LEAST = 50.0  # gain in log-likelihood, of each line that is to count
_SHARE = 0.7  # of what a second line in place of the rate would gain
_RATES = np.geomspace(0.05, 8, 5)  # by the square of a width
_NARROWER = (1.0, 0.4)  # the width without the ringing, by what it looks like


@dataclass(frozen=True, kw_only=True)
class Rate:
    """The rate of a sweep.

    Parameters
    ----------
    value
        In MHz per µs; negative if it fell.
    gain
        By how much the log-likelihood of the lines that were looked at grows.
    supporting, lines
        How many of how many say so.
    """

    value: float
    gain: float
    supporting: int
    lines: int


def find_rate(sweep: Sweep, seeds: Sequence[Candidate], widths: float) -> Rate | None:
    """Return the rate at which a sweep was too fast, if the strongest lines agree that it was.

    Parameters
    ----------
    seeds
        By descending gain.
    widths
        Common width of lines by their frequency, which is one over the quality factor.

    A line supports a rate if the rate improves its fit by far, and by most of what a second line beside it would: a
    multiplet is no evidence. Half of the lines, and three, have to.
    """
    if not sweep.is_complex:
        return None  # the square of a ringing response is no sum of lines
    pieces = list(_pieces(sweep, seeds, widths))
    if len(pieces) < _FEWEST:
        return None
    plain = np.array([_cost(piece, pole, 0.0) for piece, pole in pieces])
    scale = float(np.median([(2 * pole.imag) ** 2 for _, pole in pieces]))
    trials = {sign * r * scale: _costs(pieces, sign * r * scale) for r in _RATES for sign in (1, -1)}
    best = min(trials, key=lambda rate: float(np.minimum(trials[rate], plain).sum()))
    if float(np.minimum(trials[best], plain).sum()) > plain.sum() - _LEAST * _FEWEST:
        return None
    best, costs = _refined(pieces, best, plain)
    two = np.array([_cost_of_two(piece, pole) for piece, pole in pieces])
    gains = plain - costs
    supporting = int(((gains > _LEAST) & (gains > _SHARE * (plain - two))).sum())
    if supporting < max(_FEWEST, len(pieces) / 2):
        return None
    return Rate(value=best, gain=float(gains.sum()), supporting=supporting, lines=len(pieces))


def _pieces(sweep: Sweep, seeds: Sequence[Candidate], widths: float) -> list[tuple[Piece, complex]]:
    taken: list[float] = []
    pieces = []
    for seed in seeds:
        f = seed.pole.real
        width = f * widths
        if any(abs(f - other) < 2 * _REACH * width for other in taken):
            continue
        taken.append(f)
        pieces.append((sweep.piece(f - _REACH * width, f + _REACH * width, width / 2), complex(f, 0.5 * width)))
        if len(pieces) == _MOST:
            break
    return pieces


def _cost(piece: Piece, pole: complex, rate: float) -> float:
    piece = replace(piece, rate=rate)
    trials = [complex(pole.real, pole.imag * share) for share in _NARROWER]
    return min(fit(piece, np.array([trial]), iterations=8).cost for trial in trials)


def _costs(pieces: Sequence[tuple[Piece, complex]], rate: float) -> Floats:
    return np.array([_cost(piece, pole, rate) for piece, pole in pieces])


def _cost_of_two(piece: Piece, pole: complex) -> float:
    width = 2 * pole.imag
    starts = [np.array([pole - apart * width, pole + apart * width]) for apart in (0.25, 0.7)]
    return min(fit(piece, start, iterations=15).cost for start in starts)


def _refined(pieces: Sequence[tuple[Piece, complex]], rate: float, plain: Floats) -> tuple[float, Floats]:
    """Return the rate nearby that fits best, each line no worse than without any, and the costs."""
    from scipy.optimize import minimize_scalar

    ratio = float(_RATES[1] / _RATES[0])
    found = minimize_scalar(
        lambda factor: float(np.minimum(_costs(pieces, factor * rate), plain).sum()),
        bounds=(1 / ratio, ratio),
        method="bounded",
        options={"xatol": 1e-3},
    )
    return float(found.x) * rate, _costs(pieces, float(found.x) * rate)
