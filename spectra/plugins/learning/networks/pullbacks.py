"""Layers of networks on pictures that return, beside their values, how gradients go back through them.

A *pullback* turns the gradient with respect to a layer's values into that with respect to what it was given; a network
composes them in reverse (reverse-mode differentiation). Values are (n, height, width, channels) in single or double
precision; who does not need the pullback drops it, and the memory that it keeps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import reduce
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spectra.plugins.learning.networks.layers import Layer

Values = NDArray[Any]
Pullback = Callable[[Values], Values]
Differentiated = tuple[Values, Pullback]

_UNFOLDED = 400_000  # numbers that a convolution unfolds at once: they stay in the cache


class Section(NamedTuple):
    """What a part of the network gives, and how gradients go back from there to the picture."""

    name: str
    values: Values  # (n, height, width, filters)
    pullback: Pullback


def convolved(values: Values, layer: Layer, *, step: int = 1, padding: tuple[int, int] = (0, 0)) -> Differentiated:
    """Correlate with a square kernel (taps, taps, channels in, channels out) at every ``step``-th pixel.

    Parameters
    ----------
    padding
        Rows and columns of zeros before and after.
    """
    kernel, bias = (weights.astype(values.dtype, copy=False) for weights in layer)
    taps, _, channels, filters = kernel.shape
    flat = kernel.reshape(-1, filters)
    padded = np.pad(values, ((0, 0), padding, padding, (0, 0))) if any(padding) else values
    height, width = (1 + (size - taps) // step for size in padded.shape[1:3])
    rows = max(1, _UNFOLDED // (width * len(flat)))
    strips = [(start, min(start + rows, height)) for start in range(0, height, rows)]

    def places(start: int, stop: int, row: int, column: int) -> tuple[Any, ...]:
        """Return the index of what one tap of the kernel meets in the rows ``start`` to ``stop`` of the result."""
        return (
            slice(row + start * step, row + (stop - 1) * step + 1, step),
            slice(column, column + (width - 1) * step + 1, step),
        )

    result = np.empty((len(values), height, width, filters), dtype=values.dtype)
    unfolded = np.empty((rows, width, taps, taps, channels), dtype=values.dtype)
    for picture, answer in zip(padded, result, strict=True):
        for start, stop in strips:
            part = unfolded[: stop - start]
            for row, column in np.ndindex(taps, taps):
                part[:, :, row, column] = picture[places(start, stop, row, column)]
            np.matmul(part.reshape(-1, len(flat)), flat, out=answer[start:stop].reshape(-1, filters))
            answer[start:stop] += bias

    def pullback(gradient: Values) -> Values:
        spread = np.zeros_like(padded)
        for picture, given in zip(spread, gradient, strict=True):
            for start, stop in strips:
                part = (given[start:stop].reshape(-1, filters) @ flat.T).reshape(-1, width, taps, taps, channels)
                for row, column in np.ndindex(taps, taps):
                    picture[places(start, stop, row, column)] += part[:, :, row, column]
        before, (rows_given, columns_given) = padding[0], values.shape[1:3]
        return spread[:, before : before + rows_given, before : before + columns_given]

    return result, pullback


def scaled(values: Values, layer: Layer) -> Differentiated:
    """Multiply every channel by a scale and add a shift: what batch normalisation is once training is over."""
    scale, shift = (weights.astype(values.dtype, copy=False) for weights in layer)
    result = values * scale
    result += shift
    return result, lambda gradient: gradient * scale


def rectified(values: Values) -> Differentiated:
    """Set what is negative to zero."""
    result = np.maximum(values, 0)
    return result, lambda gradient: gradient * (result > 0)


def cropped(values: Values, first: int, step: int, height: int, width: int) -> Differentiated:
    """Keep every ``step``-th pixel from the row and column ``first`` on."""
    kept = (
        slice(None),
        slice(first, first + (height - 1) * step + 1, step),
        slice(first, first + (width - 1) * step + 1, step),
    )

    def pullback(gradient: Values) -> Values:
        spread = np.zeros_like(values)
        spread[kept] = gradient
        return spread

    return values[kept], pullback


def pooled(values: Values, size: int) -> Differentiated:
    """Average squares of ``size`` × ``size`` pixels side by side; what is left over at the end is dropped."""
    count, (rows, columns) = len(values), np.array(values.shape[1:3]) // size
    used = values[:, : rows * size, : columns * size]
    result = used.reshape(count, rows, size, columns, size, -1).mean(axis=(2, 4))

    def pullback(gradient: Values) -> Values:
        spread = np.zeros_like(values)
        shares = gradient / size**2
        spread[:, : rows * size, : columns * size] = shares.repeat(size, axis=1).repeat(size, axis=2)
        return spread

    return result, pullback


def composed(pullbacks: Iterable[Pullback]) -> Pullback:
    """Return the pullback of layers that were applied one after the other."""
    reverse = tuple(pullbacks)[::-1]
    return lambda gradient: reduce(lambda value, pullback: pullback(value), reverse, gradient)
