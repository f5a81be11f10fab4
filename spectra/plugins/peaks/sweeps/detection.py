"""Matched filter: where in a sweep, or in what a fit has left of it, there is a line."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spectra.plugins.peaks.sweeps.response import response

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]

_PER_WIDTH = 8  # points of the template
_REACH = 5.0  # widths to either side
_RATIO = 1.2  # of highest and lowest frequency that share a template
_DEGREE = 2  # of the polynomial background to which templates are orthogonal
_MEDIAN = float(np.log(2))  # of a gain where there is only noise: its distribution is exponential
_NOISE_WINDOW = 600  # points


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A place where a line would explain something.

    Parameters
    ----------
    pole
        Frequency and width of the template, in MHz.
    gain
        By how much the log-likelihood would grow.
    """

    pole: complex
    gain: float


def noise_deviation(y: NDArray[np.inexact]) -> Floats:
    """Return the local standard deviation of white noise, from second differences, shape (n,).

    For complex data that of its modulus. A median over windows leaves out what lines contribute.
    """
    second = y[2:] - 2 * y[1:-1] + y[:-2]
    squares = np.abs(second) ** 2
    share = _MEDIAN if y.dtype.kind == "c" else 0.45494  # of the mean of a χ² with two degrees of freedom, or one
    count = max(1, min(len(squares) // _NOISE_WINDOW, 64))
    edges = np.linspace(0, len(squares), count + 1).astype(int)
    spread = np.array([np.median(squares[a:b]) or squares[a:b].mean() for a, b in itertools.pairwise(edges)])
    deviation = np.sqrt(spread / 6 / share)
    floor = 1e-9 * np.abs(y).max()  # of data without noise
    return np.interp(np.arange(len(y)), (edges[1:] + edges[:-1]) / 2, np.maximum(deviation, floor))


def candidates(
    x: Floats,
    residual: NDArray[np.inexact],
    qualities: Sequence[float],
    *,
    least: float,
    rate: float = 0.0,
) -> list[Candidate]:
    """Return local maxima of the gain above ``least``, in descending order, none in the wings of a larger one.

    Parameters
    ----------
    x : ndarray, shape (n,)
        In MHz.
    residual : ndarray, shape (n,)
        In units of the noise: E|n|² = 1.
    qualities
        Quality factors of the templates.
    """
    found: list[Candidate] = []
    low = x[0]
    while low < x[-1]:
        high = low * _RATIO if low * _RATIO**1.5 < x[-1] else x[-1]
        for quality in qualities:
            found += _of_section(x, residual, low, high, np.sqrt(low * high) / quality, least, rate)
        low = high
    return _without_wings(found)


def _of_section(
    x: Floats, residual: NDArray[np.inexact], low: float, high: float, width: float, least: float, rate: float
) -> list[Candidate]:
    margin = 2 * _REACH * width
    first, last = np.searchsorted(x, [low - margin, high + margin])
    if last - first < 16:
        return []
    grid, values, spread = _resampled(x[first:last], residual[first:last], width / _PER_WIDTH)
    reach = int(min(np.ceil(_REACH * width / (grid[1] - grid[0])), (len(grid) - 1) // 2 - 1))
    if reach < 4:
        return []
    step = grid[1] - grid[0]
    offsets = step * np.arange(-reach, reach + 1)
    template = response(offsets, np.array([0.5j * width]), rate)[0][:, 0]
    gains = _gains(values, template) / spread
    inside = (grid >= low) & (grid <= high)
    if not inside.any():
        return []
    gains /= max(1.0, float(np.median(gains[inside])) / _MEDIAN)
    peak = np.flatnonzero(
        inside[1:-1] & (gains[1:-1] > least) & (gains[1:-1] >= gains[:-2]) & (gains[1:-1] > gains[2:])
    )
    return [Candidate(pole=complex(grid[k + 1], 0.5 * width), gain=float(gains[k + 1])) for k in peak]


def _resampled(x: Floats, y: NDArray[np.inexact], step: float) -> tuple[Floats, NDArray[np.inexact], float]:
    """Return an even grid of about ``step``, or of the steps that were measured, means on it, and their variance."""
    measured = (x[-1] - x[0]) / (len(x) - 1)
    joined = max(1, int(step / measured))
    count = len(x) // joined
    grid = np.linspace(x[0], x[-1], max(count, 2))
    bins = np.rint((x - x[0]) / (grid[1] - grid[0])).astype(int)
    sizes = np.bincount(bins, minlength=len(grid))
    sums = np.bincount(bins, y.real, minlength=len(grid)).astype(y.dtype)
    if y.dtype.kind == "c":
        sums = sums + 1j * np.bincount(bins, y.imag, minlength=len(grid))
    full = sizes > 0
    means = sums[full] / sizes[full]
    values = np.interp(grid, grid[full], means.real)
    if y.dtype.kind == "c":
        values = values + 1j * np.interp(grid, grid[full], means.imag)
    return grid, values, 1.0 / joined


def _gains(values: NDArray[np.inexact], template: Complexes) -> Floats:
    """Return the gains in log-likelihood, for noise of unit variance, of a line at each place, shape (n,)."""
    reach = len(template) // 2
    smooth, _ = np.linalg.qr(np.polynomial.legendre.legvander(np.linspace(-1, 1, len(template)), _DEGREE))
    # odd continuation, so that no step at an end looks like a line
    padded = np.concatenate([2 * values[0] - values[reach:0:-1], values, 2 * values[-1] - values[-2 : -reach - 2 : -1]])
    if values.dtype.kind == "c":
        shape = template - smooth @ (smooth.T @ template)
        product = np.convolve(padded, shape.conj()[::-1], mode="valid")
        return np.abs(product) ** 2 / np.vdot(shape, shape).real
    parts = np.column_stack([template.real, template.imag])
    parts = np.linalg.qr(parts - smooth @ (smooth.T @ parts))[0]
    return 0.5 * np.sum([np.convolve(padded, part[::-1], mode="valid") ** 2 for part in parts.T], axis=0)


def _without_wings(found: list[Candidate]) -> list[Candidate]:
    """Leave out what lies within a width of a larger gain, or is no more than the wing of one."""
    kept: list[Candidate] = []
    for one in sorted(found, key=lambda candidate: -candidate.gain):
        for other in kept:
            width = 2 * max(one.pole.imag, other.pole.imag)
            distance = abs(one.pole.real - other.pole.real) / width
            if distance < 1 or one.gain < other.gain * 0.5 / (1 + 4 * distance**2):
                break
        else:
            kept.append(one)
    return kept
