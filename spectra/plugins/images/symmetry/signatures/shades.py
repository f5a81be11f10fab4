"""Pictures as one shade per pixel, flat, with what is known of them: what the search for symmetry begins with."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from spectra.core.errors import InputError

Floats = NDArray[np.float64]
Shades = NDArray[np.floating[Any]]
Known = NDArray[np.bool_]

LEAST_SIDE = 24
"""Pixels along either edge; smaller pictures hold too few cells of any lattice that pixels resolve."""

_LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)  # red, green, blue: ITU-R BT.601
_LEAST_KNOWN = 0.3  # share of the pixels
_TAILS = 0.002  # share of the pixels, on each side, that hot pixels and dust may be
_FLATTEST = 1e-6  # of the values
_LAMP = "Was the lamp on?"
_STRIP = 0.5  # share of a row that has one shade and no other, in an information strip
_LARGEST_STRIP = 0.3  # of the height


def shades(pixels: NDArray[Any]) -> NDArray[np.float32]:
    """Return one value per pixel of a picture (height, width, channels): that of grey, the luma of colours."""
    if pixels.shape[-1] == 1:
        return pixels[..., 0].astype(np.float32)
    if pixels.shape[-1] < 3:
        return pixels.mean(axis=-1, dtype=np.float32)
    return sum((pixels[..., k] * _LUMA[k] for k in range(1, 3)), start=pixels[..., 0] * _LUMA[0])


def flattened(values: Shades, name: str = "The picture") -> tuple[Floats, Known]:
    """Do what :func:`levelled` does, to a picture that is large enough for symmetry.

    Raises
    ------
    InputError
        As :func:`levelled`, or if the picture is too small.
    """
    height, width = values.shape
    if min(height, width) < LEAST_SIDE:
        raise InputError(
            f"{name} has {width} × {height} pixels; symmetry needs at least {LEAST_SIDE} × {LEAST_SIDE}.",
            hint="Give a larger part of the specimen, not the same part enlarged.",
        )
    return levelled(values, name)


def levelled(values: Shades, name: str = "The picture") -> tuple[Floats, Known]:
    """Subtract a plane, cut off the rarest values and standardise.

    Illumination and tilted planes are no pattern. What a monotonic change of shades does to symmetry is nothing, so
    that single pixels far from all others may be cut off.

    Returns
    -------
    values : ndarray, shape (height, width)
        0 where nothing is known.
    known : ndarray, shape (height, width)

    Raises
    ------
    InputError
        If the picture has one shade all over, or hardly any value that is a finite number.
    """
    height, width = values.shape
    known = np.isfinite(values)
    if known.mean() < _LEAST_KNOWN:
        raise InputError(f"{name} has finite values at {known.mean():.0%} of its pixels; that is not enough.")
    scaled = _cut_off(values, known)
    if scaled is None:
        raise InputError(f"{name} is of one shade all over.", hint=_LAMP)
    down, across = np.meshgrid(np.linspace(-1, 1, height), np.linspace(-1, 1, width), indexing="ij")
    plane = np.stack([np.ones_like(down)[known], down[known], across[known]])
    slopes = np.linalg.solve(plane @ plane.T, plane @ scaled[known])
    flat: Floats = np.where(known, scaled - slopes[0] - slopes[1] * down - slopes[2] * across, 0.0)
    spread = float(np.sqrt((flat[known] ** 2).mean()))
    if not spread > _FLATTEST:
        raise InputError(f"{name} is of one shade all over.", hint=_LAMP)
    return flat / spread, known


def _cut_off(values: Shades, known: Known) -> Floats | None:
    """Bring all but the rarest values to 0 to 1, and those to the nearer end; nothing where all are the same."""
    values = values.astype(np.float64)
    largest = float(np.abs(values[known]).max())
    if largest < np.finfo(np.float64).tiny:
        return None
    values = np.where(known, values, 0.0) / largest  # differences of hostile floats would overflow
    low, high = np.quantile(values[known], [_TAILS, 1 - _TAILS])
    if not high - low > _FLATTEST * max(abs(low), abs(high)):
        low, high = values[known].min(), values[known].max()  # a few bright points on black
    if not high - low > _FLATTEST * max(abs(low), abs(high)):
        return None
    return np.where(known, (np.clip(values, low, high) - low) / (high - low), 0.0)


def without_strip(values: Shades) -> tuple[Shades, int]:
    """Return a picture without the information strip of a microscope below it, and the height of what was left out.

    In a strip, most of every row is of one shade, which the picture has none of in most of any row.
    """
    height, width = values.shape
    deepest = int(_LARGEST_STRIP * height)
    share = np.array([_commonest(values[height - 1 - row]) for row in range(deepest)]) / width
    strip = 0
    for row in range(deepest):
        if share[row] > _STRIP:
            strip = row + 1
        elif row - strip > 0.03 * height:  # letters, and the lines of a frame
            break
    if strip < 0.02 * height or _commonest_rows(values[: height - deepest], width) > _STRIP:
        return values, 0
    return values[: height - strip], strip


def _commonest(row: Shades) -> int:
    return int(np.unique(row, return_counts=True)[1].max())


def _commonest_rows(values: Shades, width: int) -> float:
    """Return the share of the commonest shade in a row, the median over some rows."""
    rows = values[:: max(1, len(values) // 50)]
    return float(np.median([_commonest(row) for row in rows])) / width
