"""The encoder 'texture': how strong, uneven and directed a picture's waves are at seven scales.

Energies of Gabor filters describe textures (Manjunath & Ma 1996, IEEE Trans. Pattern Anal. Mach. Intell. 18, 837);
here of log-Gabor filters (Field 1987, J. Opt. Soc. Am. A 4, 2379), which leave out the mean brightness at every width.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import fft
from scipy.ndimage import distance_transform_edt

from spectra.core.components import Features, NoParameters
from spectra.core.errors import InputError
from spectra.core.signals import Signal
from spectra.plugins.images.area_means import area_means
from spectra.plugins.images.strips import information_strip
from spectra.plugins.images.symmetry.signatures.shades import levelled, shades
from spectra.plugins.images.untrained import Untrained, images_of

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Bools = NDArray[np.bool_]

SIDE = 128
"""Pixels along the shorter side to which larger pictures are reduced."""
CYCLES = (3.2, 5.1, 8.1, 12.8, 20.3, 32.3, 51.2)
"""Waves along the shorter side in each band."""
SIZE = 3 * len(CYCLES)
LEAST_SIDE = 8

_DIRECTIONS = 4
_RADIAL = 0.65  # width of a band: the logarithm of this ratio of frequencies is its standard deviation
_ANGULAR = np.pi / _DIRECTIONS / 1.2  # standard deviation
_LONGEST = 4  # sides, of which the middle part is looked at
_MARGIN = 0.25  # of the shorter side, by which a picture is mirrored beyond its edges
_FLOOR = 1e-3  # of the mean energy of all bands: below is rounding, compression and the camera's noise
_KEPT = 0.97  # share of the pixels, of the weakest energies: a scale bar and its letters are not the picture
_OF_NOISE = 0.5262  # ln⟨e⟩ − ⟨ln e⟩ of energies e distributed exponentially, up to that share
_FINEST = 2.0  # pixels of a wave


class Texture(Untrained):
    """Describes pictures by their waves, whatever their contrast, brightness, contrast sense, tilt and pixels.

    Each band of wavelengths has three numbers, in this order, each for all bands from the coarsest on:

    - strength: mean logarithm of the local energy, over the mean energy of all bands;
    - unevenness: how much more the logarithm of the mean energy is, less what it is for random noise, so that
      a few strong places (particles, cracks) and many weak ones differ;
    - directedness: from 0 where no direction is stronger than others to 0.68 for parallel waves.

    Wavelengths are shares of the shorter side, so that the same field of view has the same features whatever the number
    of pixels; a part of a picture is another field of view. There is nothing to learn, and information strips below
    pictures are left out.
    """

    name = "texture"

    def __init__(self, parameters: NoParameters) -> None:
        self.parameters = parameters

    def encode(self, signal: Signal) -> Features:
        """Return the features of each picture, shape (n, 21).

        Raises
        ------
        InputError
            If the signal is no stack of images, or one is too small, of one shade, or without values.
        """
        rows = [_features(pixels) for pixels in images_of(signal, self.name).pixels]
        return np.array(rows, dtype=np.float32).reshape(len(rows), SIZE)


def _features(pixels: NDArray[np.float32] | NDArray[np.uint8]) -> Floats:
    """Return the numbers of one picture (height, width, channels), shape (21,)."""
    values, known = levelled(_reduced(shades(pixels[: len(pixels) - information_strip(pixels)])))
    waves = min(values.shape) / np.array(CYCLES)  # pixels
    spectrum = _spectrum(values, known)
    bands = [_energies(spectrum, wave, known) for wave in waves if wave >= _FINEST]
    whole = float(np.mean([band.mean(dtype=np.float64) for band in bands]))
    rows = np.array([_described(band, whole) for band in bands]).T
    if (finer := len(CYCLES) - len(bands)) > 0:  # than the pixels: strength goes on as it falls from band to band
        fall = rows[:, -1] - rows[:, -2] if len(bands) > 1 else np.zeros(3)
        ahead = rows[:, -1:] + np.outer(fall * [1, 0, 0], np.arange(1, finer + 1))
        rows = np.hstack([rows, ahead])
    return rows.ravel()


def _reduced(values: NDArray[np.floating]) -> Singles:
    """Return the middle part of a picture with no more pixels than are needed; NaN where most is unknown."""
    height, width = values.shape
    side = min(height, width)
    if side < LEAST_SIDE:
        raise InputError(f"The picture has {width} × {height} pixels; texture needs {LEAST_SIDE} × {LEAST_SIDE}.")
    top, left = (max(0, length - _LONGEST * side) // 2 for length in (height, width))
    part = values[top : height - top, left : width - left]
    if side <= SIDE:
        return part.astype(np.float32)
    shape = tuple(round(length * SIDE / side) for length in part.shape)
    known = np.isfinite(part)
    share = area_means(known[np.newaxis, ..., np.newaxis].astype(np.float32), *shape)[0, ..., 0]
    largest = max(float(np.abs(part[known]).max(initial=0.0)), float(np.finfo(np.float32).tiny))
    filled = np.where(known, part / largest, 0).astype(np.float32)  # sums of hostile floats would overflow
    means = area_means(filled[np.newaxis, ..., np.newaxis], *shape)[0, ..., 0]
    return np.where(share > 0.5, means / np.maximum(share, 0.5), np.float32(np.nan))


def _spectrum(values: Floats, known: Bools) -> tuple[NDArray[np.complex64], int]:
    """Return the Fourier transform of a picture mirrored beyond its edges, and by how many pixels."""
    if not known.all():  # the nearest known value makes no edge around a gap
        nearest = distance_transform_edt(~known, return_distances=False, return_indices=True)
        values = values[tuple(nearest)]
    margin = round(_MARGIN * min(values.shape))
    mirrored = np.pad(values, margin, mode="symmetric")
    return fft.fft2(mirrored.astype(np.complex64)), margin


def _energies(spectrum: tuple[NDArray[np.complex64], int], wave: float, known: Bools) -> Singles:
    """Return the energy of waves of one length, in pixels, in each direction where it is least: (directions, k)."""
    transform, margin = spectrum
    height, width = known.shape
    down, across = (fft.fftfreq(length) for length in transform.shape)
    frequency = np.hypot(down[:, np.newaxis], across)
    frequency[0, 0] = 1.0
    angle = np.arctan2(down[:, np.newaxis], across)
    radial = np.exp(-0.5 * (np.log(frequency * wave) / np.log(_RADIAL)) ** 2)
    radial[0, 0] = 0.0
    kept = max(1, int(_KEPT * known.sum()))
    found = np.empty((_DIRECTIONS, kept), dtype=np.float32)
    for row, direction in zip(found, np.pi * np.arange(_DIRECTIONS) / _DIRECTIONS, strict=True):
        off = (angle - direction + np.pi) % (2 * np.pi) - np.pi  # one of each pair of waves: its modulus is local
        kernel = (radial * np.exp(-0.5 * (off / _ANGULAR) ** 2)).astype(np.float32)
        response = fft.ifft2(transform * kernel)[margin : margin + height, margin : margin + width][known]
        energy = response.real**2 + response.imag**2
        row[:] = np.partition(energy, kept - 1)[:kept]
    return found


def _described(band: Singles, whole: float) -> tuple[float, float, float]:
    """Return strength, unevenness and directedness of a band's energies (directions, k)."""
    means = band.mean(axis=1, dtype=np.float64)
    floor = _FLOOR * whole
    strength = float(np.log(band / whole + _FLOOR).mean(dtype=np.float64))
    unevenness = float(np.log(means / whole + _FLOOR).mean()) - strength - _OF_NOISE
    turned = np.exp(2j * np.pi * np.arange(_DIRECTIONS) / _DIRECTIONS)
    return strength, unevenness, float(np.abs(means @ turned) / (means.sum() + floor))
