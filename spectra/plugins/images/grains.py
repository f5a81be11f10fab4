"""Grains of an orientation map, their sizes, and how far each pixel is from a boundary; blocks of any other picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spectra.core.errors import InputError
from spectra.plugins.images.orientations import ANGLES, axes_of

Singles = NDArray[np.float32]
Labels = NDArray[np.int32]

NONE = -1
"""Label of a pixel that belongs to no grain, because nothing is known of it."""
MOST_PIXELS = 10_000_000
"""Of a map that is divided into grains; there are two pairs of neighbours for each pixel."""

_SIXTH = np.radians(np.arange(6) * 30.0)  # half the angles of the sixfold axis


@dataclass(frozen=True, kw_only=True, eq=False)
class Grains:
    """A map divided into grains.

    Parameters
    ----------
    labels : ndarray, shape (height, width)
        Number of each pixel's grain from 0, in the order of their first pixels; :data:`NONE` where there is none.
    sizes : ndarray, shape (n,)
        Number of pixels of each grain.
    """

    labels: Labels
    sizes: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.sizes)

    def sizes_at_pixels(self) -> Singles:
        """Return the size of each pixel's grain, shape (height, width); NaN where there is none."""
        sizes = np.append(self.sizes.astype(np.float32), np.float32(np.nan))
        return sizes[self.labels]  # NONE takes the last

    def distances(self) -> Singles:
        """Return the distance of each pixel's centre from the nearest boundary, in pixels, shape (height, width).

        Boundaries run between pixels, so that the smallest distance is a half. Where nothing is known there is no
        boundary either, nor is the edge of the map one. A map of one grain has distances of its diagonal.
        """
        from scipy.ndimage import distance_transform_edt

        beside = np.zeros(self.labels.shape, dtype=bool)
        for axis in (0, 1):
            first, second = _neighbours(self.labels, axis)
            apart = (first != second) & (first != NONE) & (second != NONE)
            ends = _neighbours(beside, axis)
            ends[0][apart] = True
            ends[1][apart] = True
        if not beside.any():
            return np.full(beside.shape, np.hypot(*self.labels.shape), dtype=np.float32)
        return (distance_transform_edt(~beside) + 0.5).astype(np.float32)


def grains_of(
    picture: NDArray[np.float32] | NDArray[np.uint8], unit: str, *, threshold: float = 5.0, name: str = "The map"
) -> Grains:
    """Divide an orientation map into grains: neighbours belong together whose orientations differ less than so much.

    Bunge angles are compared as whole crystals with the symmetry of hexagonal ones (6/mmm), PIC colours by the c-axis.

    Parameters
    ----------
    picture : ndarray, shape (height, width, 3)
        Bunge angles in degrees (``unit`` "°") or PIC colours (``unit`` "1").
    threshold
        Smallest angle over a boundary, in degrees.
    name
        Of the map, for messages.

    Raises
    ------
    InputError
        If the map holds no orientations, or is too large.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    height, width = picture.shape[:2]
    if height * width > MOST_PIXELS:
        raise InputError(
            f"{name} has {width:,} × {height:,} pixels; at most {MOST_PIXELS // 10**6} million can be divided.",
            hint="Cut out a part, or use blocks of the map.",
        )
    axes = axes_of(picture, unit, name=name)
    known = np.isfinite(axes).all(axis=-1)
    crystals = quaternions(picture) if unit == ANGLES else None
    pixels = np.arange(height * width, dtype=np.int32).reshape(height, width)
    pairs = []
    for axis in (0, 1):
        if crystals is None:
            angles = angles_between_axes(*_neighbours(axes, axis))
        else:
            angles = misorientations(*_neighbours(crystals, axis))
        first, second = _neighbours(pixels, axis)
        together = angles < threshold  # not where either is NaN
        pairs.append((first[together], second[together]))
    rows, columns = (np.concatenate(ends) for ends in zip(*pairs, strict=True))
    graph = coo_array((np.ones(len(rows), dtype=np.uint8), (rows, columns)), shape=(height * width,) * 2)
    found = connected_components(graph.tocsr(), directed=False)[1].reshape(height, width)
    return _numbered(np.where(known, found, NONE))


def blocks_of(height: int, width: int, *, rows: int, columns: int) -> Labels:
    """Divide a picture into ``rows`` by ``columns`` blocks of nearly equal size, numbered row by row from 0.

    Raises
    ------
    InputError
        If the picture has fewer pixels along a side than blocks are asked for.
    """
    if not (0 < rows <= height and 0 < columns <= width):
        raise InputError(f"A picture of {width} × {height} pixels cannot be divided into {columns} × {rows} blocks.")
    down, across = np.arange(height) * rows // height, np.arange(width) * columns // width
    return (down[:, np.newaxis] * columns + across).astype(np.int32)


def quaternions(angles: NDArray[np.float32] | NDArray[np.uint8]) -> Singles:
    """Return the rotations of Bunge angles in degrees as unit quaternions, shape (..., 4), real part first."""
    half = np.radians(np.asarray(angles, dtype=np.float32)) / 2
    total, difference = half[..., 0] + half[..., 2], half[..., 0] - half[..., 2]
    cosine, sine = np.cos(half[..., 1]), np.sin(half[..., 1])
    parts = (cosine * np.cos(total), sine * np.cos(difference), sine * np.sin(difference), cosine * np.sin(total))
    return np.stack(parts, axis=-1)


def misorientations(one: Singles, other: Singles) -> Singles:
    """Return the smallest angles, in degrees, that turn hexagonal crystals into others.

    The twelve rotations of the group 622 are those about the c-axis by multiples of 60°, and half turns about axes
    across it. Since an angle does not change under conjugation, applying them on one side is enough.

    Parameters
    ----------
    one, other : ndarray, shape (..., 4)
        Unit quaternions, see :func:`quaternions`.
    """
    w1, x1, y1, z1 = np.moveaxis(one, -1, 0)
    w2, x2, y2, z2 = np.moveaxis(other, -1, 0)
    w = w1 * w2 + x1 * x2 + y1 * y2 + z1 * z2  # of the rotation from one to the other, in the crystal's axes
    x = w1 * x2 - x1 * w2 - y1 * z2 + z1 * y2
    y = w1 * y2 - y1 * w2 - z1 * x2 + x1 * z2
    z = w1 * z2 - z1 * w2 - x1 * y2 + y1 * x2
    best = np.zeros_like(w)
    for cosine, sine in zip(np.cos(_SIXTH).astype(np.float32), np.sin(_SIXTH).astype(np.float32), strict=True):
        best = np.maximum(best, np.abs(w * cosine - z * sine))
        best = np.maximum(best, np.abs(x * cosine + y * sine))
    return np.degrees(2 * np.arccos(np.minimum(best, 1)))


def angles_between_axes(one: Singles, other: Singles) -> Singles:
    """Return the angles between axes, shape (..., 3) each, in degrees from 0 to 90."""
    return np.degrees(np.arccos(np.minimum(np.abs(np.sum(one * other, axis=-1)), 1)))


def _neighbours(array: NDArray[Any], axis: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return views of all but the last and all but the first pixels along an axis."""
    return (array[:-1], array[1:]) if axis == 0 else (array[:, :-1], array[:, 1:])


def _numbered(found: Labels) -> Grains:
    """Renumber labels from 0 in the order of their first pixels, and count pixels."""
    labels, first, inverse = np.unique(found, return_index=True, return_inverse=True)
    order = np.argsort(first)
    order = order[labels[order] != NONE]
    numbers = np.full(len(labels), NONE, dtype=np.int32)
    numbers[order] = np.arange(len(order), dtype=np.int32)
    renumbered = numbers[inverse].reshape(found.shape)
    return Grains(labels=renumbered, sizes=np.bincount(renumbered[renumbered != NONE], minlength=len(order)))
