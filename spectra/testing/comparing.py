"""Signals and arrays compared, and copied so that a change can be seen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spectra.core.signals import OF_LINES, Signal, from_arrays, to_arrays
from spectra.testing.checking import require

Arrays = Mapping[str, NDArray[Any]]

ROUNDING = 1e-4
"""How far a batch may be from its members one by one, as a share of the largest number: float32 sums differ."""


def copied(signal: Signal) -> Signal:
    """Return the same signal in arrays of its own."""
    return from_arrays({name: array.copy() for name, array in to_arrays(signal).items()})


def require_same(one: Arrays, other: Arrays, sentence: str, *, tolerance: float = 0.0) -> None:
    """Compare named arrays, NaN being equal to itself; ``tolerance`` is a share of the largest number of each."""
    require(one.keys() == other.keys(), f"{sentence} {_names(one)} against {_names(other)}.")
    for name, array in one.items():
        against = other[name]
        require(array.shape == against.shape, f"{sentence} {name}: shape {array.shape} against {against.shape}.")
        if np.array_equal(array, against, equal_nan=array.dtype.kind == "f"):
            continue
        numeric = array.dtype.kind in "fiu" and tolerance > 0
        require(numeric and np.array_equal(np.isnan(array), np.isnan(against)), f"{sentence} {name} differs.")
        off = float(np.nanmax(np.abs(array - against)) / max(float(np.nanmax(np.abs(array))), np.finfo(float).tiny))
        require(off <= tolerance, f"{sentence} {name} is off by {off:.2g} of its largest number.")


def require_same_signal(one: Signal, other: Signal, sentence: str, *, tolerance: float = 0.0) -> None:
    """Compare two signals with their units and axes; lists of peaks may be filled up to different lengths."""
    require(one.kind == other.kind, f"{sentence} {one.kind} against {other.kind}.")
    require_same(_trimmed(one), _trimmed(other), sentence, tolerance=tolerance)


def _trimmed(signal: Signal) -> Arrays:
    """Return the arrays of a signal without columns of peaks that no spectrum has."""
    arrays = to_arrays(signal)
    for name, array in arrays.items():
        if name.rpartition("/")[2] in ("positions", *OF_LINES):
            arrays[name] = array[:, : int(np.isfinite(array).sum(axis=1).max(initial=0))]
    return arrays


def numbers(signal: Signal) -> list[NDArray[Any]]:
    """Return the arrays of a signal that must be finite; what peaks are filled up with is left out."""
    plain = {name: array for name, array in to_arrays(signal).items() if array.dtype.kind == "f"}
    padded = ("positions", *OF_LINES)
    return [a[~np.isnan(a)] if name.rpartition("/")[2] in padded else a for name, a in plain.items()]


def _names(arrays: Arrays) -> str:
    return ", ".join(arrays) or "nothing"
