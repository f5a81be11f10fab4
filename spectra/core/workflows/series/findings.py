"""What a series shows: where its ways differ, where a quantity jumps, and a smooth course."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from spectra.core.workflows.series.series import Series

Floats = NDArray[np.float64]

_FAR = 5.0  # standard deviations
_STEEP = 5.0  # times the slopes beside it
_LEAST = 5  # points of a course that can be called smooth


def findings(series: Series) -> Iterator[str]:
    """Yield a sentence for each quantity that depends on the way, or that jumps."""
    if series.contrast is None:
        return
    yield from _differing_ways(series)
    yield from _jumps(series)


def smoothed(series: Series) -> Floats:
    """Return the differences from the reference on a smooth course, shape (n, p), of each way for itself.

    A cubic smoothing spline, weighted by the inverse variances; generalized cross-validation sets how smooth (Wahba
    1990). NaN where a way has fewer than five points.
    """
    from scipy.interpolate import make_smoothing_spline

    contrast = series.contrast
    shape = (len(series.points), len(series.quantities))
    found = np.full(shape, np.nan)
    if contrast is None:
        return found
    x = series.conditions
    for places in series.ways.values():
        # the reference has no error of its own; it weighs as the others
        for k in range(shape[1]):
            known = [place for place in places if np.isfinite(contrast.differences[place, k])]
            at, which = np.unique(x[known], return_inverse=True)
            if len(at) < _LEAST:
                continue
            stds = contrast.stds[known, k]
            stds = np.where(stds > 0, stds, np.median(stds[stds > 0])) if (stds > 0).any() else np.ones(len(stds))
            weights = np.bincount(which, stds**-2.0)
            means = np.bincount(which, contrast.differences[known, k] * stds**-2.0) / weights
            width = at[-1] - at[0]
            spline = make_smoothing_spline((at - at[0]) / width, means, weights / weights.mean())
            found[known, k] = spline((x[known] - at[0]) / width)
    return found


def _differing_ways(series: Series) -> Iterator[str]:
    """Compare each two ways where both were measured, the one interpolated at the points of the other."""
    for (first, one), (second, other) in combinations(series.ways.items(), 2):
        for k, quantity in enumerate(series.quantities):
            x, y, s = _course(series, one, k)
            x_other, y_other, s_other = _course(series, other, k)
            if len(x) < 2 or len(x_other) < 2:
                continue
            inside = (x >= x_other[0]) & (x <= x_other[-1])
            apart = y[inside] - np.interp(x[inside], x_other, y_other)
            error = np.hypot(s[inside], np.interp(x[inside], x_other, s_other))
            far = np.abs(apart) > _FAR * np.maximum(error, 1e-300)
            if not far.any():
                continue
            worst = int(np.argmax(np.where(far, np.abs(apart), 0)))
            where = x[inside][far]
            yield (
                f"{quantity.name} depends on the way: between {where.min():g} and {where.max():g} {series.unit} it is "
                f"up to {abs(apart[worst]):.3g} {quantity.unit} {'higher' if apart[worst] > 0 else 'lower'} on the "
                f"way {first!r} than on {second!r} ({abs(apart[worst]) / error[worst]:.0f} σ)."
            )


def _jumps(series: Series) -> Iterator[str]:
    """Find steps that are far steeper than those on both sides; softening towards a transition is none."""
    for way, places in series.ways.items():
        for k, quantity in enumerate(series.quantities):
            x, y, s = _course(series, places, k)
            if len(x) < _LEAST or np.any(np.diff(x) <= 0):
                continue
            steps, slopes, error = np.diff(y), np.diff(y) / np.diff(x), np.hypot(s[1:], s[:-1])
            for step in range(1, len(steps) - 1):
                beside = slopes[[step - 1, step + 1]]
                steep = abs(slopes[step] - beside.mean()) > _STEEP * np.abs(beside).max()
                if steep and abs(steps[step]) > _FAR * error[step]:
                    on = f" on the way {way!r}" if way else ""
                    yield (
                        f"{quantity.name} jumps by {steps[step]:+.3g} {quantity.unit} between {x[step]:g} and "
                        f"{x[step + 1]:g} {series.unit}{on}."
                    )


def _course(series: Series, places: Sequence[int], quantity: int) -> tuple[Floats, Floats, Floats]:
    """Return the condition, and the differences of a quantity with their standard deviations, of one way."""
    contrast = series.contrast
    assert contrast is not None  # noqa: S101 - only a series with answers is looked at
    y, s = contrast.differences[places, quantity], contrast.stds[places, quantity]
    known = np.isfinite(y) & np.isfinite(s)
    return series.conditions[places][known], y[known], s[known]
