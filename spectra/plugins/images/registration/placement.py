"""How points lie in a picture, and how well what was measured at them correlates with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spectra.core.errors import InputError

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True, eq=False)
class Placement:
    """An affine transformation from points (x, y) in µm to pixels (column, row) of a picture.

    Parameters
    ----------
    matrix : ndarray, shape (2, 3)
        (column, row) = matrix · (x, y, 1); whole numbers are the centres of pixels.
    um_per_pixel
        Of the picture.
    """

    matrix: Floats
    um_per_pixel: float

    @classmethod
    def as_given(cls, um_per_pixel: float, origin: tuple[float, float] = (0.0, 0.0)) -> Placement:
        """Return the placement of points whose coordinates are those of the picture, which begins at ``origin``."""
        return cls(
            matrix=np.array([[1.0, 0.0, -origin[0]], [0.0, 1.0, -origin[1]]]) / um_per_pixel,
            um_per_pixel=um_per_pixel,
        )

    def pixels(self, points: Floats) -> Floats:
        """Return columns and rows, shape (n, 2), of points in µm."""
        return points @ self.matrix[:, :2].T + self.matrix[:, 2]

    def in_pixels_of(self, factor: float) -> Placement:
        """Return the same placement in a picture whose pixels are so many times larger."""
        centre = np.array([[0, 0, 0.5], [0, 0, 0.5]])
        matrix = (self.matrix + centre) / factor - centre
        return Placement(matrix=matrix, um_per_pixel=self.um_per_pixel * factor)

    def shifted(self, columns: float, rows: float) -> Placement:
        """Return the same placement, so many pixels further."""
        shift = np.array([[0, 0, columns], [0, 0, rows]])
        return Placement(matrix=self.matrix + shift, um_per_pixel=self.um_per_pixel)

    @property
    def linear(self) -> Floats:
        """The part without the shift, without unit: what happens to a vector of 1 µm."""
        return self.matrix[:, :2] * self.um_per_pixel

    @property
    def mirrored(self) -> bool:
        """Whether the points are seen from the other side."""
        return bool(np.linalg.det(self.linear) < 0)

    @property
    def turn(self) -> float:
        """Angle in degrees, from −180 to 180, by which x turns towards y, after x is mirrored if anything is."""
        linear = self.linear @ np.diag([-1.0 if self.mirrored else 1.0, 1.0])
        return float(np.degrees(np.arctan2(linear[1, 0] - linear[0, 1], linear[0, 0] + linear[1, 1])))

    @property
    def stretches(self) -> tuple[float, float]:
        """The largest and the smallest factor by which lengths grow."""
        large, small = np.linalg.svd(self.linear, compute_uv=False)
        return float(large), float(small)


class Match(NamedTuple):
    """How well values at points correlate with a feature: Pearson's r, and on how many points it rests."""

    correlation: float
    points: int


def matched(feature: Singles, placement: Placement, points: Floats, values: Floats) -> Match:
    """Correlate values with the feature at the pixels nearest to the points; unknown pixels are left out."""
    found = at_pixels(feature, placement.pixels(points))
    known = np.isfinite(found)
    if known.sum() < 3 or np.ptp(found[known]) == 0 or np.ptp(values[known]) == 0:
        return Match(0.0, int(known.sum()))
    return Match(float(np.corrcoef(found[known], values[known])[0, 1]), int(known.sum()))


def at_pixels(feature: Singles, pixels: Floats) -> Singles:
    """Return the feature at the pixels nearest to columns and rows (n, 2); NaN outside."""
    nearest = np.rint(pixels)
    height, width = feature.shape
    inside = np.all((nearest >= 0) & (nearest < (width, height)), axis=1)
    found = np.full(len(pixels), np.nan, dtype=np.float32)
    columns, rows = nearest[inside].astype(np.int64).T
    found[inside] = feature[rows, columns]
    return found


def one_pixel_off(feature: Singles, placement: Placement, points: Floats, values: Floats) -> tuple[float, float]:
    """Return the lowest and the highest |r| at the eight placements that are one pixel away."""
    around = [(column, row) for column in (-1, 0, 1) for row in (-1, 0, 1) if column or row]
    shifted = [abs(matched(feature, placement.shifted(*step), points, values).correlation) for step in around]
    return min(shifted), max(shifted)


def by_control_points(points: Floats, pixels: Floats, um_per_pixel: float) -> tuple[Placement, Floats]:
    """Return the placement that takes points nearest to given pixels, and by how many pixels it misses each.

    One pair gives a shift, two a turn with a common stretch, three and more an affine transformation (least squares).

    Raises
    ------
    InputError
        If there are none, or points coincide or lie on a line.
    """
    if not len(points):
        raise InputError("There are no control points.")
    if len(points) == 1:
        matrix = np.column_stack([np.eye(2) / um_per_pixel, pixels[0] - points[0] / um_per_pixel])
    elif len(points) == 2:
        (first, second), (start, end) = points, pixels
        if np.allclose(first, second):
            raise InputError("The two control points coincide.")
        ratio = complex(*(end - start)) / complex(*(second - first))  # a turn with a stretch is a complex factor
        linear = np.array([[ratio.real, -ratio.imag], [ratio.imag, ratio.real]])
        matrix = np.column_stack([linear, start - linear @ first])
    else:
        centred = points - points.mean(axis=0)
        large, small = np.linalg.svd(centred, compute_uv=False)
        if small < 1e-3 * large:
            raise InputError(
                "The control points lie on a line, which leaves the transformation open.",
                hint="Add one away from it, or give two only.",
            )
        terms = np.column_stack([points, np.ones(len(points))])
        matrix = np.linalg.lstsq(terms, pixels, rcond=None)[0].T
    if abs(np.linalg.det(matrix[:, :2])) == 0:
        raise InputError("The control points of the map coincide.")
    placement = Placement(matrix=matrix, um_per_pixel=um_per_pixel)
    return placement, np.hypot(*(placement.pixels(points) - pixels).T)
