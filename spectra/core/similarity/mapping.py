"""The task *map*: an archive laid out in a plane, and each region of the map by itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from spectra.core.components import Features, Floats
from spectra.core.progress import Progress, Silent
from spectra.core.recipe import Choice
from spectra.core.session import Session

_CELLS = 96  # along the longer side of the map
_WIDTH = 8.0  # standard deviation of the smoothing to begin with, in cells, times n^(1/6) (Silverman, 1986)
_MOST_REGIONS = 30
_FEWEST = 30  # points of a region; what is smaller belongs to the nearest that is not


@dataclass(frozen=True, kw_only=True, eq=False)
class Region:
    """A part of a map, laid out by itself.

    Parameters
    ----------
    rows : ndarray, shape (m,)
        Which points of the map it consists of.
    places : ndarray, shape (m, 2)
        Their places when only they are laid out.
    """

    rows: NDArray[np.int64]
    places: Floats


@dataclass(frozen=True, kw_only=True, eq=False)
class LaidOut:
    """A map of features.

    Parameters
    ----------
    places : ndarray, shape (n, 2)
    regions
        Every point belongs to one of them; none where the map is all of one piece.
    """

    places: Floats
    regions: tuple[Region, ...]


def laid_out(session: Session, features: Features, layout: Choice, *, seed: int = 0) -> LaidOut:
    """Lay out features (n, d), and those of each region again: what differs within it then has all the room.

    Raises
    ------
    InputError
        If they cannot be laid out.
    NotFoundError
        If a package that the layout needs is not installed.
    """

    def placed(rows: Features, *stream: int, progress: Progress) -> Floats:
        made = session.catalogue.layout(layout)
        return made.fit(rows, rng=np.random.default_rng([seed, *stream]), progress=progress).embedding_

    places = placed(features, progress=session.progress)
    labels = regions(places)
    members = [np.flatnonzero(labels == label) for label in range(labels.max(initial=-1) + 1)]
    if len(members) < 2:
        return LaidOut(places=places, regions=())
    within = []
    with session.progress.task("Laying out regions", len(members)) as advance:
        for number, rows in enumerate(members, start=1):
            within.append(Region(rows=rows, places=placed(features[rows], number, progress=Silent())))
            advance(1)
    return LaidOut(places=places, regions=tuple(within))


def regions(places: Floats) -> NDArray[np.int64]:
    """Divide a map into the basins of its density: every point belongs to the peak that lies uphill.

    Points are counted in square cells and smoothed, the more widely the more peaks there would be.

    Parameters
    ----------
    places : ndarray, shape (n, 2)

    Returns
    -------
    labels : ndarray, shape (n,)
        Numbers from 0, the region with most points first.
    """
    if len(places) < 2 * _FEWEST:
        return np.zeros(len(places), dtype=np.int64)
    low = places.min(axis=0)
    step = float(np.ptp(places, axis=0).max()) / _CELLS or 1.0
    cells = np.minimum(((places - low) / step).astype(np.int64), _CELLS - 1) + 1  # a margin of one cell
    counts = np.zeros((_CELLS + 2, _CELLS + 2))
    np.add.at(counts, tuple(cells.T), 1.0)
    width = _WIDTH * len(places) ** (-1 / 6)
    while True:
        peaks = _uphill(ndimage.gaussian_filter(counts, width))[tuple(cells.T)]
        _, labels = np.unique(peaks, return_inverse=True)
        labels = _merged(labels, places)
        if labels.max() < _MOST_REGIONS:
            return labels
        width *= 1.4


def _uphill(density: Floats) -> NDArray[np.int64]:
    """Return the number of the peak that each cell leads to, going to the highest of the eight around it."""
    numbers = np.arange(density.size).reshape(density.shape)
    to, best = numbers.copy(), density.copy()
    for shift in ((-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1)):
        other, number = (np.roll(array, shift, axis=(0, 1)) for array in (density, numbers))
        higher = other > best
        best[higher], to[higher] = other[higher], number[higher]
    flat = to.ravel()
    while not np.array_equal(flat, further := flat[flat]):
        flat = further
    return flat.reshape(density.shape)


def _merged(labels: NDArray[np.int64], places: Floats) -> NDArray[np.int64]:
    """Give the points of small regions to the nearest large one, and number them by size."""
    sizes = np.bincount(labels)
    large = np.flatnonzero(sizes >= _FEWEST)
    if not len(large):
        return np.zeros(len(labels), dtype=np.int64)
    centres = np.stack([np.bincount(labels, weights=column) / sizes for column in places.T], axis=1)
    apart = np.linalg.norm(centres[:, np.newaxis] - centres[large], axis=2)
    apart[large, np.arange(len(large))] = -1.0
    into = apart.argmin(axis=1)[labels]
    order = np.argsort(-np.bincount(into, minlength=len(large)), kind="stable")
    return np.argsort(order)[into]
