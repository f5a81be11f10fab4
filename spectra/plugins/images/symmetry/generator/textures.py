"""Pictures of given plane groups whose asymmetric unit is cut out of another picture, seams and all."""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, map_coordinates

from spectra.plugins.images.symmetry.generator.groups import PlaneGroup
from spectra.plugins.images.symmetry.generator.patterns import Cell, random_cell

Floats = NDArray[np.float64]

_TEXTURE = 160  # pixels along the edge of a random texture


def random_texture(rng: np.random.Generator) -> Floats:
    """Return a picture without any symmetry (160, 160): noise whose power falls with the fineness, or phases of it."""
    down, across = np.meshgrid(np.fft.fftfreq(_TEXTURE), np.fft.rfftfreq(_TEXTURE), indexing="ij")
    fineness = np.hypot(down, across)
    fineness[0, 0] = 1.0
    noise = rng.normal(size=fineness.shape) + 1j * rng.normal(size=fineness.shape)
    values = np.fft.irfft2(noise * fineness ** -rng.uniform(0.8, 2.2))
    values /= values.std()
    if rng.random() < 0.5:
        values = np.tanh(rng.uniform(1, 6) * (values - 0.7 * rng.normal()))
    return gaussian_filter(values, rng.uniform(0.4, 1.2), mode="wrap")


def filled(
    group: PlaneGroup, texture: Floats, rng: np.random.Generator, *, side: int = 64, noise: float = 0.0
) -> tuple[Floats, Cell]:
    """Return a picture (side, side) of a plane group, standardised, and its cell.

    Of all points that the group makes equal, the one nearest to a point in general position is looked up in the
    texture, which is repeated without end: all pixels that are equal by symmetry look up the same, to rounding.
    """
    cell = random_cell(group, side, rng)
    columns, rows = np.meshgrid(np.arange(side), side - 1 - np.arange(side))
    places = (np.stack([columns, rows], axis=-1) - side * rng.random(2)) @ np.linalg.inv(cell.edges).T
    looked_up = nearest_equivalents(places, cell, rng.random(2)) @ cell.edges.T
    looked_up = rng.uniform(1.0, 2.5) * looked_up + np.array(texture.shape) * rng.random(2)
    values = map_coordinates(texture, [looked_up[..., 1], looked_up[..., 0]], order=1, mode="grid-wrap")
    values = (values - values.mean()) / max(float(values.std()), 1e-12)
    return values + noise * rng.normal(size=values.shape), cell


def nearest_equivalents(places: Floats, cell: Cell, point: Floats) -> Floats:
    """Return for each place (…, 2), in units of the edges, how far from ``point`` its nearest equivalent is."""
    nearest = np.zeros_like(places)
    least = np.full(places.shape[:-1], np.inf)
    for matrix, translation in zip(*cell.group.operations, strict=True):
        off = places @ matrix.T + translation - point
        off -= np.rint(off)
        for step in product((-1, 0, 1), repeat=2):
            moved = off + np.array(step)
            distance = ((moved @ cell.edges.T) ** 2).sum(axis=-1)
            closer = distance < least * (1 - 1e-9)
            least, nearest = np.where(closer, distance, least), np.where(closer[..., np.newaxis], moved, nearest)
    return nearest
