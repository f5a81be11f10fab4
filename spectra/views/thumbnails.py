"""Small pictures of signals, drawn pixel by pixel: thousands of them go into one page."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spectra.core.signals import Bundle, Image, Peaks, Places, Profile, Signal

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage

_INK = (0, 64, 128)
_MARGIN = 0.04  # of the size, around a curve
_ENDS = (0.5, 99.5)  # percentiles of a picture's values that become black and white


def thumbnail(signal: Signal, size: int = 64) -> PillowImage:
    """Return the first signal of a stack as a picture of at most ``size`` × ``size`` pixels.

    Pictures are scaled down, of their own range of values; curves and lists of lines are drawn without axes.
    """
    match signal:
        case Image():
            return _picture(signal.pixels[0], size)
        case Places():
            return _picture(signal.pictures[0], size)
        case Profile():
            return _curve(signal.x, signal.y[0], size)
        case Peaks():
            return _lines(signal.positions[0], signal.window, size)
        case Bundle():
            return thumbnail(next(iter(signal.parts.values())), size)


def png(picture: PillowImage) -> bytes:
    """Return a picture as the content of a PNG file."""
    content = io.BytesIO()
    picture.save(content, format="PNG", optimize=True)
    return content.getvalue()


def _picture(pixels: NDArray[np.generic], size: int) -> PillowImage:
    from PIL import Image as Pillow

    values = pixels.astype(np.float32) / (255 if pixels.dtype == np.uint8 else 1)
    known = values[np.isfinite(values)]
    if pixels.dtype != np.uint8 and known.size:  # of any unit
        low, high = np.percentile(known, _ENDS)
        values = (values - low) / (high - low if high > low else 1)
    shades = (255 * np.clip(np.nan_to_num(values), 0, 1)).astype(np.uint8)
    if shades.shape[2] == 3:
        picture = Pillow.fromarray(shades, mode="RGB")
    else:
        picture = Pillow.fromarray(shades[..., 0], mode="L")
    picture.thumbnail((size, size))
    return picture


def _curve(x: NDArray[np.float64], y: NDArray[np.float64], size: int) -> PillowImage:
    from PIL import ImageDraw

    picture = _paper(size)
    known = np.isfinite(y)
    if known.sum() > 1 and x[-1] > x[0]:
        low, high = float(y[known].min()), float(y[known].max())
        across = _places((x[known] - x[0]) / (x[-1] - x[0]), size)
        down = size - 1 - _places((y[known] - low) / (high - low if high > low else 1.0), size)
        ImageDraw.Draw(picture).line(list(zip(across.tolist(), down.tolist(), strict=True)), fill=_INK)
    return picture


def _lines(positions: NDArray[np.float64], window: tuple[float, float], size: int) -> PillowImage:
    from PIL import ImageDraw

    picture = _paper(size)
    low, high = window
    known = positions[np.isfinite(positions)]
    draw = ImageDraw.Draw(picture)
    for place in _places((known - low) / (high - low), size).tolist():
        draw.line([(place, 0.1 * size), (place, 0.9 * size)], fill=_INK)
    return picture


def _paper(size: int) -> PillowImage:
    from PIL import Image as Pillow

    return Pillow.new("RGB", (size, size), "white")


def _places(shares: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    return size * (_MARGIN + (1 - 2 * _MARGIN) * np.clip(shares, 0, 1))
