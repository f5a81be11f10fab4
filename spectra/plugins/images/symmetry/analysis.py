"""The plane group of one picture, with how sure that is, and of its tiles."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spectra.core.errors import InputError
from spectra.plugins.images.symmetry.classifier import shipped
from spectra.plugins.images.symmetry.generator.groups import SYMBOLS
from spectra.plugins.images.symmetry.signatures.operations import OPERATIONS, Operation
from spectra.plugins.images.symmetry.signatures.scales import View, best_view
from spectra.plugins.images.symmetry.signatures.shades import LEAST_SIDE, Shades

Floats = NDArray[np.float64]

LINES = {
    "pm": (1, 0, 0),
    "pg": (0, 1, 0),
    "cm": (0, 0, 1),
    "p2mm": (2, 0, 0),
    "p2mg": (1, 1, 0),
    "p2gg": (0, 2, 0),
    "c2mm": (0, 0, 2),
    "p4mm": (2, 0, 2),
    "p4gm": (0, 2, 2),
    "p3m1": (0, 0, 3),
    "p31m": (0, 0, 3),
    "p6mm": (0, 0, 6),
}
"""Numbers of directions of mirrors alone, of glides alone, and of both in turns, of each plane group that has any."""

MOST_TILES = 10_000


@dataclass(frozen=True, kw_only=True, eq=False)
class Answer:
    """What symmetry a picture has.

    Parameters
    ----------
    view
        Which part of the picture was looked at, and what is periodic there.
    probabilities : ndarray, shape (17,)
        Of the plane groups; ``None`` where the picture is not periodic.
    """

    view: View
    probabilities: Floats | None

    @property
    def ranking(self) -> list[tuple[str, float]]:
        """The groups with their probabilities, the likeliest first."""
        assert self.probabilities is not None  # noqa: S101
        order = np.argsort(-self.probabilities, kind="stable")
        return [(SYMBOLS[place], float(self.probabilities[place])) for place in order]

    @property
    def group(self) -> str | None:
        """The likeliest group; ``None`` where the picture is not periodic."""
        return None if self.probabilities is None else self.ranking[0][0]

    @property
    def reason(self) -> str | None:
        """Why there is no group."""
        if self.probabilities is not None:
            return None
        if self.view.found is not None and self.view.found.stripes:
            return "periodic in one direction only"
        return "not periodic"

    def lines(self) -> list[tuple[Operation, Floats]]:
        """Return the mirrors and glides of the likeliest group: operations with their translations."""
        if self.group not in LINES or self.view.found is None:
            return []
        found = self.view.found
        strength = found.fits * found.correlations
        chosen: list[int] = []
        for count, places in zip(LINES[self.group], ((4, 6), (5, 7), range(8, len(OPERATIONS))), strict=True):
            free = [place for place in places if not {place, place ^ 1} & set(chosen) or place >= 8]
            chosen += sorted(free, key=lambda place: -strength[place])[:count]
        return [(OPERATIONS[place], found.translations[place]) for place in chosen]


@dataclass(frozen=True, kw_only=True, eq=False)
class TileMap:
    """The symmetry of the tiles of a picture, row by row and from edge to edge, each half over the next or more.

    Parameters
    ----------
    tile
        Pixels along the edge of a tile.
    tops, lefts : ndarray, shape (rows,) and (columns,)
        First row and column of each.
    groups : ndarray, shape (rows, columns)
        Place of the likeliest group among the 17, from 0; -1 where a tile is not periodic.
    probabilities, periodicities : ndarray, shape (rows, columns)
        Of that group, NaN where there is none; and of the tile.
    """

    tile: int
    tops: NDArray[np.int64]
    lefts: NDArray[np.int64]
    groups: NDArray[np.int64]
    probabilities: Floats
    periodicities: Floats

    def shares(self) -> list[tuple[str, float]]:
        """Return the groups that there are, with their shares of all tiles, the commonest first."""
        names, counts = np.unique(self.groups, return_counts=True)
        order = np.argsort(-counts, kind="stable")
        return [("none" if names[k] < 0 else SYMBOLS[names[k]], float(counts[k] / self.groups.size)) for k in order]


def analyze(values: Shades, name: str = "The picture") -> Answer:
    """Find the plane group of a picture of shades (height, width).

    Raises
    ------
    InputError
        If the picture is too small, of one shade, or has hardly any values.
    """
    view = best_view(values, name)
    if view.found is None or not view.found.convincing:
        return Answer(view=view, probabilities=None)
    return Answer(view=view, probabilities=shipped().probabilities(view.found.numbers()[np.newaxis])[0])


def analyze_tiles(values: Shades, tile: int, name: str = "The picture") -> TileMap:
    """Find the plane group of every tile of a picture.

    Raises
    ------
    InputError
        If a tile is too small, larger than the picture, or there would be too many.
    """
    height, width = values.shape
    if tile < LEAST_SIDE:
        raise InputError(f"A tile of {tile} pixels is too small.", hint=f"Take at least {LEAST_SIDE}, better 64.")
    if tile > min(height, width):
        raise InputError(
            f"A tile of {tile} pixels does not fit into {name}, which has {width} × {height}.",
            hint="Take a smaller tile, or none.",
        )
    tops, lefts = _starts(height, tile), _starts(width, tile)
    if len(tops) * len(lefts) > MOST_TILES:
        raise InputError(
            f"{name} has {len(tops) * len(lefts):,} tiles of {tile} pixels; at most {MOST_TILES:,} are looked at.",
            hint="Take a larger tile.",
        )
    shape = (len(tops), len(lefts))
    groups = np.full(shape, -1, dtype=np.int64)
    probabilities, periodicities = np.full(shape, np.nan), np.zeros(shape)
    for row, top in enumerate(tops):
        for column, left in enumerate(lefts):
            try:
                answer = analyze(values[top : top + tile, left : left + tile], name)
            except InputError:  # a tile of one shade, or of gaps
                continue
            if answer.view.found is not None:
                periodicities[row, column] = answer.view.found.periodicity
            if answer.probabilities is not None:
                groups[row, column] = np.argmax(answer.probabilities)
                probabilities[row, column] = answer.probabilities.max()
    return TileMap(
        tile=tile, tops=tops, lefts=lefts, groups=groups, probabilities=probabilities, periodicities=periodicities
    )


def _starts(size: int, tile: int) -> NDArray[np.int64]:
    """Return where tiles start that cover ``size`` pixels evenly, each half over the next or more."""
    count = 1 + math.ceil((size - tile) / (tile // 2))
    return np.rint(np.linspace(0, size - tile, count)).astype(np.int64)
