"""The whole fit of a sweep, lines and background together, and whether it describes the sweep."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spectra.plugins.peaks.sweeps.lines import Lines
from spectra.plugins.peaks.sweeps.search import Found

Floats = NDArray[np.float64]

_SMOOTH = 9.0  # widths: what the lines leave is background on that scale
_FAR = 5.0  # times the noise: a point that far from the fit is not explained


def fitted_curve(found: Found) -> tuple[NDArray[np.inexact], NDArray[np.inexact]]:
    """Return the fit (n,), and what it leaves in units of the noise (n,)."""
    sweep, lines, broad = found.sweep, found.lines, found.background
    every = Lines.none().with_more([*lines.poles, *broad.poles])
    order = np.argsort(np.concatenate([lines.poles, broad.poles]).real, kind="stable")
    residues = np.concatenate([lines.residues, broad.residues])[order]
    every = Lines(poles=every.poles, residues=residues, settled=every.settled, errors=every.errors)
    contribution = sweep.model(every)
    background = _smooth(sweep.x, sweep.y - contribution, _SMOOTH * float(np.median(lines.widths)))
    fit = contribution + background
    return fit, (sweep.y - fit) * sweep.weights


def described(found: Found) -> tuple[float, float]:
    """Return how far the fit describes a sweep.

    Returns
    -------
    share
        R² of the amplitude, in which only points count as wrong that the fit misses by more than the noise explains: 1
        for all of its variation, below 0 for a fit that is worse than its mean.
    missed
        Share of the points that lie further from the fit than five times the noise.
    """
    fit, left = fitted_curve(found)
    measured, fitted = (amplitude(values, found.sweep.is_complex) for values in (found.sweep.y, fit))
    far = np.abs(left) > _FAR
    wrong = float(np.sum((measured - fitted)[far] ** 2))
    return 1 - wrong / float(np.sum((measured - measured.mean()) ** 2)), float(np.mean(far))


def amplitude(values: NDArray[np.inexact], is_complex: bool) -> Floats:
    """Return the amplitude of a response, or of the square that was fitted where no phases were recorded."""
    return np.abs(values) if is_complex else np.sqrt(np.abs(values))


def _smooth(x: Floats, values: NDArray[np.inexact], width: float) -> NDArray[np.inexact]:
    """Return running medians over ``width``, interpolated between the centres and continued to the ends."""
    count = max(4, int((x[-1] - x[0]) / width))
    parts = np.array_split(np.arange(len(x)), count)
    centres = np.array([x[part].mean() for part in parts])
    medians = np.array([np.median(values[part].real) + 1j * np.median(values[part].imag) for part in parts])
    slopes = np.diff(medians)[[0, -1]] / np.diff(centres)[[0, -1]]
    ends = medians[[0, -1]] + slopes * (x[[0, -1]] - centres[[0, -1]])
    centres, medians = np.r_[x[0], centres, x[-1]], np.r_[ends[0], medians, ends[1]]
    smooth = np.interp(x, centres, medians.real) + 1j * np.interp(x, centres, medians.imag)
    return smooth if values.dtype.kind == "c" else smooth.real
