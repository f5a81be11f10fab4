"""Pictures as rows of numbers, and back: whole pictures, or windows around places; orientations as tensors."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import minimum_filter

from spectra.core.components import State
from spectra.core.errors import InputError
from spectra.core.signals import Image, Places, Signal, take
from spectra.plugins.images.orientations import ANGLES, SHARES, c_axes, colours_of_axes, tensors

Singles = NDArray[np.float32]

_NUMBERS = 20_000_000  # of windows that are cut out at once: 80 MB
_SYMMETRIC = np.array([[0, 5, 4], [5, 1, 3], [4, 3, 2]])  # where orientations.TENSOR has the components of a tensor


@dataclass(frozen=True, kw_only=True, eq=False)
class Windows:
    """How the pictures of a stack become rows of numbers.

    Bunge angles jump where a full turn ends, so that no average of them means anything: they become c⊗c, and a picture
    that is made of such numbers has at each pixel the axis nearest to them, without a turn about it (φ₂ = 0).

    Parameters
    ----------
    places
        Whether pictures are windows around places, or come one by one.
    shape
        Height, width and channels of a picture, before orientations become tensors.
    low, high
        Least and greatest value of a pixel.
    """

    places: bool
    shape: tuple[int, int, int]
    unit: str
    um_per_pixel: float | None
    as_bytes: bool
    low: float
    high: float

    @classmethod
    def of(cls, signal: Signal, size: int) -> Windows:
        """Describe the pictures of a stack; windows around places are ``size`` pixels wide and high.

        Raises
        ------
        InputError
            If the signal holds no pictures, or a window of this size has no pixel in its centre.
        """
        if isinstance(signal, Places) and size % 2 == 0:
            raise InputError(
                f"A window of {size} pixels has no pixel in its centre.", hint=f"Ask for {size + 1} pixels."
            )
        if not isinstance(signal, Image | Places):
            raise InputError(
                f"The generator makes pictures, and the signal is of the kind {signal.kind!r}.",
                hint="Structures can be designed with models that were trained on images or places.",
            )
        pictures = signal.pictures if isinstance(signal, Places) else signal.pixels
        shape = (size, size, pictures.shape[3]) if isinstance(signal, Places) else pictures.shape[1:]
        return cls(
            places=isinstance(signal, Places),
            shape=shape,
            unit=signal.unit,
            um_per_pixel=signal.um_per_pixel if isinstance(signal, Places) else None,
            as_bytes=pictures.dtype == np.uint8,
            low=float(np.nanmin(pictures)),
            high=float(np.nanmax(pictures)),
        )

    @property
    def oriented(self) -> bool:
        """Whether pixels are Bunge angles."""
        return self.unit == ANGLES and self.shape[2] == 3

    @property
    def number_shape(self) -> tuple[int, int, int]:
        """Height, width and channels of a picture as numbers."""
        return (*self.shape[:2], 6 if self.oriented else self.shape[2])

    def whole(self, signal: Signal) -> NDArray[np.bool_]:
        """Say of which of n spectra the whole picture is known, shape (n,)."""
        if isinstance(signal, Image):
            return np.asarray(np.isfinite(signal.pixels).all(axis=(1, 2, 3)))
        assert isinstance(signal, Places)  # noqa: S101
        known = np.isfinite(signal.pictures).all(axis=3)
        inside = minimum_filter(known, size=(1, *self.shape[:2]), mode="constant", cval=False)
        return np.asarray(inside[tuple(signal.places.T)])

    def cut(self, signal: Signal) -> Singles:
        """Return the pictures of n spectra as they are, shape (n, height, width, channels); all must be whole."""
        if isinstance(signal, Image):
            return signal.pixels.astype(np.float32)
        assert isinstance(signal, Places)  # noqa: S101
        picture, row, column = signal.places.T[:, :, None, None]
        across = np.arange(self.shape[0]) - self.shape[0] // 2
        windows = signal.pictures[picture, row + across[:, None], column + across]
        return windows.astype(np.float32)

    def numbers(self, pictures: Singles) -> Singles:
        """Return pictures (n, height, width, channels) as rows of numbers (n, m)."""
        channels = tensors(c_axes(pictures)) if self.oriented else pictures
        return channels.reshape(len(pictures), math.prod(channels.shape[1:]))  # -1 is refused for no pictures

    def rows(self, signal: Signal) -> Iterator[tuple[slice, NDArray[np.int64], Singles]]:
        """Go through a stack in parts: which part, which of its spectra are whole, and the numbers of those."""
        size = max(1, _NUMBERS // int(np.prod(self.number_shape)))
        for start in range(0, len(signal), size):
            part = take(signal, slice(start, start + size))
            whole = np.flatnonzero(self.whole(part))
            yield slice(start, start + size), whole, self.numbers(self.cut(take(part, whole)))

    def signal(self, numbers: NDArray[Any]) -> Signal:
        """Return rows of numbers (n, m) as a stack of n pictures, pixels limited to what was seen."""
        channels = numbers.reshape(len(numbers), *self.number_shape)
        if self.oriented:
            return self._stacked(_angles(channels))
        pictures = np.clip(channels, self.low, self.high)
        return self._stacked(np.rint(pictures).astype(np.uint8) if self.as_bytes else pictures.astype(np.float32))

    def colours(self, signal: Signal) -> Singles:
        """Return red, green and blue of n pictures, shape (n, height, width, 3), each from 0 to 1."""
        pictures = self.cut(signal)
        if self.oriented:
            return colours_of_axes(c_axes(pictures))
        low, high = (0.0, 255.0) if self.as_bytes else (0.0, 1.0) if self.unit == SHARES else (self.low, self.high)
        shares = np.clip((pictures - low) / (high - low if high > low else 1.0), 0, 1)
        return np.repeat(shares[..., :1], 3, axis=3) if self.shape[2] < 3 else shares[..., :3]

    def averaged(self, signal: Signal) -> Signal:
        """Return pictures that have everywhere the average of theirs: its colour, or its orientation."""
        height, width, channels = self.number_shape
        numbers = self.numbers(self.cut(signal)).reshape(len(signal), height * width, channels)
        return self.signal(np.broadcast_to(numbers.mean(axis=1, keepdims=True), numbers.shape))

    def scrambled(self, signal: Signal, rng: np.random.Generator) -> Signal:
        """Return pictures whose rows and columns are put in random order, those of each picture in another."""
        pictures = self.cut(signal)
        for axis in (1, 2):
            order = rng.permuted(np.tile(np.arange(pictures.shape[axis]), (len(pictures), 1)), axis=1)
            pictures = np.take_along_axis(
                pictures, order[:, :, None, None] if axis == 1 else order[:, None, :, None], axis
            )
        return self._stacked(pictures.astype(np.uint8) if self.as_bytes else pictures)

    def get_state(self) -> State:
        """Return everything as arrays."""
        about = {
            "places": np.array(self.places),
            "shape": np.array(self.shape),
            "unit": np.array(self.unit),
            "as_bytes": np.array(self.as_bytes),
            "ends": np.array([self.low, self.high]),
        }
        return about if self.um_per_pixel is None else about | {"um_per_pixel": np.array(self.um_per_pixel)}

    @classmethod
    def of_state(cls, state: Mapping[str, NDArray[Any]]) -> Windows:
        """Restore what :meth:`get_state` returned."""
        height, width, channels = (int(size) for size in state["shape"])
        return cls(
            places=bool(state["places"]),
            shape=(height, width, channels),
            unit=str(state["unit"]),
            um_per_pixel=float(state["um_per_pixel"]) if "um_per_pixel" in state else None,
            as_bytes=bool(state["as_bytes"]),
            low=float(state["ends"][0]),
            high=float(state["ends"][1]),
        )

    def _stacked(self, pictures: NDArray[Any]) -> Signal:
        if not self.places:
            return Image(pixels=pictures, unit=self.unit)
        centre = np.array([self.shape[0] // 2, self.shape[1] // 2], dtype=np.int32)
        places = np.column_stack([np.arange(len(pictures), dtype=np.int32), np.tile(centre, (len(pictures), 1))])
        return Places(pictures=pictures, places=places, unit=self.unit, um_per_pixel=self.um_per_pixel)


def chosen(signal: Signal, windows: Windows, count: int, rng: np.random.Generator) -> Singles:
    """Return the numbers (n, m) of at most ``count`` whole pictures of a stack, picked at random.

    Raises
    ------
    InputError
        If fewer than two are whole.
    """
    whole = np.flatnonzero(windows.whole(signal))
    if len(whole) < 2:
        raise InputError(
            f"Of {len(signal):,} places, {len(whole)} have a whole window of {windows.shape[0]} × {windows.shape[1]} "
            "pixels around them.",
            hint="Ask for a smaller one with --set generator.size=….",
        )
    if len(whole) > count:
        whole = np.sort(rng.choice(whole, count, replace=False))
    return np.concatenate([numbers for _, _, numbers in windows.rows(take(signal, whole))])


def with_size(windows: Windows, count: int) -> int:
    """Return how many of ``count`` pictures can be learned from at once: 1 GB in single precision."""
    return max(2, min(count, 250_000_000 // int(np.prod(windows.number_shape))))


def _angles(channels: NDArray[Any]) -> Singles:
    """Return Bunge angles, φ₂ = 0, of the axes that are nearest to tensors (..., 6): their principal axes."""
    matrices = channels[..., _SYMMETRIC]
    _, vectors = np.linalg.eigh(matrices)
    axis = vectors[..., 2]
    axis = axis * np.where(axis[..., 2:] < 0, -1, 1)
    first = np.degrees(np.arctan2(axis[..., 0], -axis[..., 1])) % 360
    tilt = np.degrees(np.arccos(np.minimum(axis[..., 2], 1)))
    return np.stack([first, tilt, np.zeros_like(first)], axis=-1).astype(np.float32)
