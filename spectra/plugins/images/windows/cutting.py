"""Windows cut out of pictures: around places, enlarged and mirrored at random, with the orientations that they show."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from spectra.core.signals import Places
from spectra.plugins.images.orientations import ANGLES, axes_of, shares_of_white, tensors, turned

Singles = NDArray[np.float32]


def channels_of(picture: Any, unit: str, *, orientations: bool) -> Singles:
    """Return what a network sees of a picture (height, width, channels): shares of white, or c⊗c; NaN if not known.

    Parameters
    ----------
    orientations
        Whether to take c-axes out of colours; angles are always seen as axes.
    """
    if unit == ANGLES or orientations:
        return tensors(axes_of(picture, unit))
    return shares_of_white(picture)


class Cutter:
    """Cuts windows around places, as they are or changed at random, without a copy of every window.

    Parameters
    ----------
    places
        Pictures and places.
    window
        Height and width in pixels.
    fill : ndarray, shape (channels,)
        What a window shows where it leaves the picture, or where nothing is known.
    orientations
        See :func:`channels_of`.
    turn
        Whether mirroring a picture mirrors the orientations that its colours show. The paper leaves the colours.
    zoom
        Least and largest share of the window that is enlarged to fill it, along either axis.
    """

    def __init__(
        self,
        places: Places,
        window: int,
        *,
        fill: Singles,
        orientations: bool,
        turn: bool,
        zoom: tuple[float, float],
    ) -> None:
        self._places, self._window, self._zoom = places, window, zoom
        self._padded: dict[tuple[bool, bool], list[Singles]] = {}
        for upside_down in (False, True):
            for mirrored in (False, True):
                self._padded[upside_down, mirrored] = [
                    padded(
                        channels_of(
                            _flipped(picture, places.unit, upside_down=upside_down, mirrored=mirrored, turn=turn),
                            places.unit,
                            orientations=orientations,
                        ),
                        window,
                        fill,
                    )
                    for picture in places.pictures
                ]

    def plain(self, rows: NDArray[np.int64]) -> Singles:
        """Return the windows of some places as they are, shape (n, window, window, channels)."""
        return np.stack([self._cut(place, (False, False), (1.0, 1.0)) for place in rows])

    def changed(self, rows: NDArray[np.int64], rng: np.random.Generator) -> Singles:
        """Return the windows of some places, mirrored and enlarged at random."""
        flips = rng.random((len(rows), 2)) < 0.5
        shares = rng.uniform(*self._zoom, size=(len(rows), 2))
        return np.stack(
            [
                self._cut(place, (bool(flip[0]), bool(flip[1])), (share[0], share[1]))
                for place, flip, share in zip(rows, flips, shares, strict=True)
            ]
        )

    def _cut(self, place: int, flips: tuple[bool, bool], shares: tuple[float, float]) -> Singles:
        number, *middle = self._places.places[place].tolist()
        picture = self._padded[flips][number]
        values = picture
        for axis, (at, flipped, share) in enumerate(zip(middle, flips, shares, strict=True)):
            # of an even window the place is the first pixel after the middle; mirrored, the last before it
            size = self._places.pictures.shape[1 + axis]
            start = size - at - self._window % 2 if flipped else at
            values = _stretched(values, axis, start, self._window, share)
        return values


def padded(channels: Singles, window: int, fill: Singles) -> Singles:
    """Return a picture with half a window around it, and ``fill`` there and wherever a channel is not known.

    The window of the place (row, column) of the picture then starts at that row and column.
    """
    half = window // 2
    filled = np.where(np.isfinite(channels).all(axis=-1, keepdims=True), channels, fill).astype(np.float32)
    result = np.empty((filled.shape[0] + window, filled.shape[1] + window, filled.shape[2]), dtype=np.float32)
    result[:] = fill
    result[half : half + filled.shape[0], half : half + filled.shape[1]] = filled
    return result


def _flipped(picture: Any, unit: str, *, upside_down: bool, mirrored: bool, turn: bool) -> Any:
    if not turn:
        picture = picture[::-1] if upside_down else picture
        return picture[:, ::-1] if mirrored else picture
    # upside down is half a turn of the mirror image
    return turned(picture, unit, quarters=2 if upside_down else 0, mirrored=mirrored != upside_down)


def _stretched(values: Singles, axis: int, start: int, window: int, share: float) -> Singles:
    """Return ``window`` pixels along an axis from ``start`` on, or the middle ``share`` of them, interpolated."""
    if share == 1.0:
        return values.take(range(start, start + window), axis=axis)
    at = start + window / 2 + share * (np.arange(window) + 0.5 - window / 2) - 0.5
    before = np.floor(at).astype(int)
    weight = (at - before).astype(np.float32).reshape((-1, 1, 1) if axis == 0 else (1, -1, 1))
    return values.take(before, axis=axis) * (1 - weight) + values.take(before + 1, axis=axis) * weight
