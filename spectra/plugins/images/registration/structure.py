"""Structure features: one number at each pixel that measured values may follow."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from spectra.plugins.images.orientations import ANGLES, axes_of, shares_of_white
from spectra.plugins.images.registration.coarse import reduced

Singles = NDArray[np.float32]
Pixels = NDArray[np.float32] | NDArray[np.uint8]

TILT, BRIGHTNESS, CONTRAST = "|cos Φ|", "brightness", "contrast"

_MOST_PIXELS = 4_000_000  # of a feature: a larger picture is reduced, since a registration needs no more
_STRIP = 2_000_000  # pixels that stand in memory as floats
_LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)  # red, green, blue: ITU-R BT.601


def structure_features(picture: Pixels, unit: str, *, spacing: float) -> tuple[Mapping[str, Singles], int]:
    """Return the features that suit a picture, by name, and by what factor their pixels are larger than its own.

    Orientations have |cos Φ|, how far the c-axis points out of the surface. Colours have it too, if they are those of a
    PIC map; they and grey pictures have the brightness and the contrast (standard deviation of the brightness), both
    over a Gaussian window of a quarter of the spacing of the measured points.

    Parameters
    ----------
    picture : ndarray, shape (height, width, channels)
    unit
        What its channels mean.
    spacing
        Of the points, in pixels.
    """
    factor = int(np.ceil(np.sqrt(picture.shape[0] * picture.shape[1] / _MOST_PIXELS)))
    features: dict[str, Singles] = {}
    if picture.shape[2] == 3:
        features[TILT] = _in_strips(picture, factor, lambda strip: np.abs(axes_of(strip, unit)[..., 2]))
    if unit == ANGLES:
        return features, factor
    brightness = _in_strips(picture, factor, _brightness)
    squares = _in_strips(picture, factor, lambda strip: _brightness(strip) ** 2)
    width = max(spacing / factor / 4, 0.5)
    mean = _windowed(brightness, width)
    features[BRIGHTNESS] = mean
    features[CONTRAST] = np.sqrt(np.maximum(_windowed(squares, width) - mean**2, np.float32(0)))
    return {name: feature for name, feature in features.items() if np.isfinite(feature).any()}, factor


def _in_strips(picture: Pixels, factor: int, function: Callable[[Pixels], Singles]) -> Singles:
    """Compute a feature a few rows at a time, reduced."""
    rows = max(1, _STRIP // (picture.shape[1] * factor)) * factor
    strips = [reduced(function(picture[top : top + rows]), factor) for top in range(0, len(picture), rows)]
    return np.concatenate(strips)


def _brightness(strip: Pixels) -> Singles:
    shares = shares_of_white(strip)
    return np.asarray(shares @ _LUMA if shares.shape[2] == 3 else shares.mean(axis=2))


def _windowed(feature: Singles, width: float) -> Singles:
    """Return means over a Gaussian window, of known pixels alone; NaN stays NaN."""
    from scipy.ndimage import gaussian_filter

    known = np.isfinite(feature)
    total = gaussian_filter(np.where(known, feature, 0).astype(np.float32), width)
    weight = gaussian_filter(known.astype(np.float32), width)
    return np.where(known, total / np.maximum(weight, np.float32(1e-6)), np.float32(np.nan))
