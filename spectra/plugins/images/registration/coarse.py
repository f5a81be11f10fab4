"""The coarse search: whatever turns and mirrors points, and every shift, on a picture with few pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spectra.plugins.images.registration.placement import Placement

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]

LEAST_OVERLAP = 0.5
"""Share of the points that must lie on known pixels wherever they are tried."""
OF_ROOM = 0.8
"""Where the map is the smaller of the two: share of the points that it has room for."""

_COARSE = 128  # pixels along the longer side of the picture
_TURN_STEP = 5.0  # degrees
_KEPT = 8  # maxima
_LARGEST_FRAME = 20  # times the picture's longer side: points that span more cannot lie on it
_DISTINCT = 0.1  # of the points' extent: closer maxima are one


class Candidate(NamedTuple):
    """A placement with its |r|, and whether neighbours would have too few points on the picture."""

    score: float
    placement: Placement
    edge: bool


def candidates(
    feature: Singles, points: Floats, values: Floats, start: Placement, *, turns: bool
) -> Sequence[Candidate]:
    """Return the best placements on a coarse grid, each in its own place, the best first.

    Parameters
    ----------
    feature : ndarray, shape (height, width)
        NaN where it is not known.
    points : ndarray, shape (n, 2)
        x and y in µm.
    values : ndarray, shape (n,)
    start
        Gives the size of pixels, and the orientation from which turns count.
    turns
        Whether mirror images and turns are tried, or shifts alone.
    """
    factor = max(1, int(np.ceil(max(feature.shape) / _COARSE)))
    extent, fewest = _extent(points, start), fewest_points(feature, points, start)
    if extent > _LARGEST_FRAME * max(feature.shape):
        return []
    field = _Field.of(reduced(feature, factor), extent / factor)
    middle = points.mean(axis=0)
    found: list[Candidate] = []
    angles = np.arange(0.0, 360.0, _TURN_STEP) if turns else np.zeros(1)
    for mirror in (1.0, -1.0) if turns else (1.0,):
        for angle in np.radians(angles):
            turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) @ np.diag([mirror, 1.0])
            linear = turn @ start.matrix[:, :2]
            pixels = (points - middle) @ linear.T / factor
            for score, shift, edge in field.maxima(pixels, values, fewest):
                offset = (shift + 0.5) * factor - 0.5  # from centres of coarse pixels to those of fine ones
                matrix = np.column_stack([linear, offset - linear @ middle])
                found.append(Candidate(score, Placement(matrix=matrix, um_per_pixel=start.um_per_pixel), edge))
    found.sort(key=lambda candidate: -candidate.score)
    kept: list[Candidate] = []
    for candidate in found:
        if all(apart(candidate.placement, other.placement, points) for other in kept):
            kept.append(candidate)
        if len(kept) == _KEPT:
            break
    return kept


@dataclass(frozen=True, kw_only=True, eq=False)
class _Field:
    """A coarse feature with its Fourier transforms, in a frame that also holds the points at every turn."""

    shape: tuple[int, int]  # of the feature
    frame: tuple[int, int]
    transforms: tuple[NDArray[np.complex64], NDArray[np.complex64], NDArray[np.complex64]]

    @classmethod
    def of(cls, feature: Singles, reach: float) -> _Field:
        from scipy import fft

        height, width = feature.shape
        side = int(np.ceil(reach)) + 2
        frame = (fft.next_fast_len(height + side, real=True), fft.next_fast_len(width + side, real=True))
        known = np.isfinite(feature)
        centred = np.where(known, feature - np.nanmean(feature), 0).astype(np.float32)
        arrays = (known.astype(np.float32), centred, centred**2)
        return cls(shape=(height, width), frame=frame, transforms=tuple(fft.rfft2(a, frame) for a in arrays))

    def maxima(self, pixels: Floats, values: Floats, fewest: float) -> list[tuple[float, Floats, bool]]:
        """Return the best two shifts (column, row) of points, with |r| and whether they lie at the edge of the search.

        Parameters
        ----------
        pixels : ndarray, shape (n, 2)
            Columns and rows, from the middle of the points.
        fewest
            So many points must lie on known pixels.
        """
        from scipy import fft

        low = np.floor(pixels.min(axis=0)) - 1
        columns, rows = np.rint(pixels - low).astype(np.int64).T
        size = self.frame[0] * self.frame[1]
        cells = rows * self.frame[1] + columns
        centred = values - values.mean()
        sums = [
            np.bincount(cells, weights, minlength=size).astype(np.float32).reshape(self.frame)
            for weights in (np.ones(len(cells)), centred, centred**2)
        ]
        ones, first, second = (np.conj(fft.rfft2(array)) for array in sums)
        known, feature, square = self.transforms
        pairs = (known * ones, known * first, known * second, feature * ones, square * ones, feature * first)
        n, h, hh, f, ff, fh = (fft.irfft2(pair, self.frame) for pair in pairs)
        with np.errstate(invalid="ignore", divide="ignore"):
            spread = np.maximum(n * hh - h * h, 0) * np.maximum(n * ff - f * f, 0)
            scores = np.abs(n * fh - f * h) / np.sqrt(spread)
        enough = n >= fewest - 0.5
        scores[~enough | ~np.isfinite(scores) | (spread < 1e-9 * spread.max())] = 0
        found = []
        for _ in range(2):
            row, column = divmod(int(np.argmax(scores)), scores.shape[1])
            score = float(scores[row, column])
            if score == 0:
                break
            edge = not enough[self._around(row, column, 1)].all()
            shift = np.array([column, row], dtype=np.float64)
            shift -= np.where(shift >= self.shape[::-1], self.frame[::-1], 0)  # beyond the picture: from its other side
            found.append((min(score, 1.0), shift - low, edge))
            scores[self._around(row, column, min(self.frame) // 10)] = 0
        return found

    def _around(self, row: int, column: int, reach: int) -> tuple[NDArray[np.int64], ...]:
        """Return the index of a square about a shift, in a frame that goes on at its other side."""
        steps = np.arange(-reach, reach + 1)
        return np.ix_((row + steps) % self.frame[0], (column + steps) % self.frame[1])


def fewest_points(feature: Singles, points: Floats, start: Placement) -> float:
    """Return how many points must lie on known pixels; where the map is the smaller of the two, it counts."""
    from scipy.spatial import ConvexHull, QhullError

    try:
        area = float(ConvexHull(start.pixels(points)).volume)  # which is what it calls an area in two dimensions
    except QhullError:
        area = 0.0  # of points on a line
    room = min(1.0, float(np.isfinite(feature).sum()) / max(area, 1.0))
    return max(min(LEAST_OVERLAP, OF_ROOM * room) * len(points), 3.0)


def reduced(feature: Singles, factor: int) -> Singles:
    """Return means over squares of so many pixels, leaving out what is not known, and a rest at the far ends."""
    if factor == 1:
        return feature
    height, width = (length // factor for length in feature.shape)
    squares = feature[: height * factor, : width * factor].reshape(height, factor, width, factor)
    known = np.isfinite(squares)
    count = known.sum(axis=(1, 3))
    total = np.where(known, squares, 0).sum(axis=(1, 3), dtype=np.float64)
    return np.where(2 * count >= factor * factor, total / np.maximum(count, 1), np.nan).astype(np.float32)


def _extent(points: Floats, start: Placement) -> float:
    """Return the length of the diagonal of the points, in pixels."""
    return float(np.linalg.norm(start.matrix[:, :2] @ np.ptp(points, axis=0)))


def apart(one: Placement, other: Placement, points: Floats) -> bool:
    """Say whether two placements put the points elsewhere, and not nearly to the same pixels."""
    far = np.sqrt(np.mean(np.sum((one.pixels(points) - other.pixels(points)) ** 2, axis=1)))
    return bool(far > max(_DISTINCT * _extent(points, one), 3.0))
