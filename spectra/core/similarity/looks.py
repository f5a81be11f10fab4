"""Whether two signals are the same, point by point: what near-duplicates have in common beyond their features."""

from __future__ import annotations

import numpy as np

from spectra.core.components import Floats
from spectra.core.errors import InputError
from spectra.core.signals import Bundle, Image, Peaks, Profile, Signal
from spectra.core.similarity.axes import on_axis

_SIDE = 32  # areas along a side of a picture


def likeness(one: Signal, other: Signal) -> float | None:
    """Return the correlation of two signals (stacks of one), from −1 to 1; ``None`` for kinds that have none.

    Pictures of any size are compared by the mean shades of 32 × 32 areas, profiles on the axis of the first, lists of
    peaks by the share of lines that the other has within a thousandth.
    """
    match one, other:
        case Image(), Image():
            return _correlation(_areas(one), _areas(other))
        case Profile(), Profile():
            try:
                return _correlation(one.y[0], on_axis(other, one.x).y[0])
            except InputError:
                return 0.0
        case Peaks(), Peaks():
            return min(_shared(one, other), _shared(other, one))
        case Bundle(), Bundle():
            parts = [likeness(part, other.parts[name]) for name, part in one.parts.items() if name in other.parts]
            known = [part for part in parts if part is not None]
            return min(known) if known else None
    return None


def _areas(picture: Image) -> Floats:
    """Return the mean shades of equal areas, shape (1024,)."""
    grey = np.nan_to_num(picture.pixels[0].astype(np.float64)).mean(axis=2)
    rows, columns = (np.linspace(0, size, _SIDE, endpoint=False).astype(int) for size in grey.shape)
    counts = np.outer(np.diff([*rows, grey.shape[0]]).clip(1), np.diff([*columns, grey.shape[1]]).clip(1))
    sums = np.add.reduceat(np.add.reduceat(grey, rows, axis=0), columns, axis=1)
    return (sums / counts).ravel()


def _correlation(one: Floats, other: Floats) -> float:
    one, other = one - one.mean(), other - other.mean()
    scale = float(np.sqrt((one @ one) * (other @ other)))
    if scale > 0:
        return float(one @ other) / scale
    return float(not one.any() and not other.any())  # both without any contrast


def _shared(one: Peaks, other: Peaks) -> float:
    lines, others = (peaks.positions[0][np.isfinite(peaks.positions[0])] for peaks in (one, other))
    if not len(lines) or not len(others):
        return 0.0
    near = np.abs(lines[:, np.newaxis] - others).min(axis=1)
    return float(np.mean(near <= 1e-3 * np.abs(lines)))
