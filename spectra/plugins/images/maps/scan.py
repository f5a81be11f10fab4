"""Points of an orientation map, and how they become a picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from spectra.core.errors import InputError

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]

MOST_PIXELS = 10_000_000
"""Of an orientation map; files are smaller than 100 MB, so that only one with gaps could have more."""

_OFF_GRID = 0.2  # share of a step by which a point may miss its pixel's centre
_FEWEST_FILLED = 0.1  # of the pixels: with fewer points the steps were misread


@dataclass(frozen=True, kw_only=True)
class Phase:
    """A phase of the map, with its crystal system where the file says it, such as ``hexagonal`` or ``cubic``."""

    name: str
    system: str | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Scan:
    """What a file of an orientation map holds, point by point.

    Parameters
    ----------
    x, y : ndarray, shape (n,)
        In µm; y counts downwards.
    angles : ndarray, shape (n, 3)
        Bunge angles in degrees, NaN where a point was not indexed.
    numbers : ndarray, shape (n,)
        Of each point's phase.
    phases
        By their number, those at least that the file describes.
    hexagonal
        Distances of points along x and of rows, in µm, if every second row is shifted by half a step.
    """

    file_name: str
    x: Floats
    y: Floats
    angles: Singles
    numbers: NDArray[np.int64]
    phases: Mapping[int, Phase] = field(default_factory=dict)
    hexagonal: tuple[float, float] | None = None
    notes: tuple[str, ...] = ()

    @property
    def indexed(self) -> NDArray[np.bool_]:
        """Which points have an orientation, shape (n,)."""
        return np.asarray(np.isfinite(self.angles).all(axis=1))

    def of_phase(self, wanted: str | None) -> tuple[Scan, Phase]:
        """Return the map with the points of all other phases not indexed, and the phase.

        Parameters
        ----------
        wanted
            Name or number of the phase; not needed where there is one.

        Raises
        ------
        InputError
            If nothing is indexed, there are several phases or none of that name.
        """
        indexed = self.indexed
        present, counts = np.unique(self.numbers[indexed], return_counts=True)
        if not len(present):
            raise InputError(f"{self.file_name}: no point is indexed.")
        names = {int(number): self._phase(int(number)) for number in present}
        listed = ", ".join(
            f"{number} {names[int(number)].name!r} ({count / counts.sum():.1%})"
            for number, count in zip(present, counts, strict=True)
        )
        if wanted is None and len(present) > 1:
            raise InputError(
                f"{self.file_name} holds several phases: {listed}.",
                hint="Choose one by its number or name ('--phase', '--set reader.phase=1'); the rest is not indexed.",
            )
        chosen = next(
            (n for n, phase in names.items() if wanted is None or wanted in (str(n), phase.name)),
            None,
        )
        if chosen is None:
            raise InputError(f"{self.file_name} has no indexed point of a phase {wanted!r}; there are {listed}.")
        angles = np.where((self.numbers == chosen)[:, np.newaxis], self.angles, np.float32(np.nan))
        scan = Scan(**{**vars(self), "angles": angles})
        return scan, names[chosen]

    def _phase(self, number: int) -> Phase:
        return self.phases.get(number, Phase(name=f"phase {number}"))

    def picture(self) -> tuple[Singles, float, tuple[str, ...]]:
        """Return the map as a picture, shape (height, width, 3), its µm per pixel, and remarks on how it was made.

        Pixels without an indexed point are NaN. Hexagonal grids are resampled: each pixel takes the nearest point.

        Raises
        ------
        InputError
            If the points form no grid, or one whose steps differ along x and y.
        """
        if self.hexagonal is not None:
            return self._from_hexagons(*self.hexagonal)
        (columns, across), (rows, down) = self._steps(self.x, "x"), self._steps(self.y, "y")
        step = across or down
        if step is None:
            raise InputError(f"{self.file_name} holds a single point; a map has several.")
        if across and down and not np.isclose(across, down, rtol=0.01):
            raise InputError(
                f"{self.file_name}: the steps along x and y differ, {across:g} and {down:g} µm; pixels must be square."
            )
        picture = self._placed(rows, columns, self.angles)
        return picture, float(step), ()

    def _steps(self, along: Floats, name: str) -> tuple[NDArray[np.int64], float | None]:
        """Return each point's number along an axis, from 0, and the step; None if all are at one place."""
        places = np.unique(along - along.min())
        span = places[-1]
        gaps = np.diff(places)
        gaps = gaps[gaps > 1e-6 * span]  # places that only rounding tells apart
        if not len(gaps):
            return np.zeros(len(along), dtype=np.int64), None
        step = float(np.median(gaps))
        step = span / max(round(span / step), 1)
        numbers = np.rint((along - along.min()) / step)
        off = np.abs((along - along.min()) / step - numbers)
        if off.max() > _OFF_GRID:
            worst = int(np.argmax(off))
            raise InputError(
                f"{self.file_name}: the points form no square grid; {name} = {along[worst]:g} µm lies between the "
                f"columns or rows of a step of {step:g} µm.",
                hint="Export the map on a square grid.",
            )
        return numbers.astype(np.int64), step

    def _placed(self, rows: NDArray[np.int64], columns: NDArray[np.int64], angles: Singles) -> Singles:
        height, width = int(rows.max()) + 1, int(columns.max()) + 1
        if height * width > MOST_PIXELS or len(rows) < _FEWEST_FILLED * height * width:
            raise InputError(
                f"{self.file_name}: {len(rows):,} points on a grid of {width:,} × {height:,} are no map.",
                hint=f"A map fills its grid and has at most {MOST_PIXELS // 10**6} million points.",
            )
        pixels = rows * width + columns
        if len(np.unique(pixels)) < len(pixels):
            order = np.argsort(pixels, kind="stable")
            twice = order[1:][np.diff(pixels[order]) == 0][0]
            raise InputError(
                f"{self.file_name}: two points lie at x = {self.x[twice]:g}, y = {self.y[twice]:g} µm.",
                hint="Give one map in a file.",
            )
        picture = np.full((height * width, 3), np.nan, dtype=np.float32)
        picture[pixels] = angles
        return picture.reshape(height, width, 3)

    def _from_hexagons(self, step: float, row_step: float) -> tuple[Singles, float, tuple[str, ...]]:
        """Take for each pixel of a square grid of the same step the nearest point along its row."""
        x, y = self.x - self.x.min(), self.y - self.y.min()
        rows = np.rint(y / row_step).astype(np.int64)
        shifts = np.zeros(int(rows.max()) + 1)
        np.minimum.at(starts := np.full(len(shifts), np.inf), rows, x)
        shifts = np.where(np.isfinite(starts), starts % step, 0)
        shifts[np.isclose(shifts, step, atol=0.05 * step)] = 0
        columns = np.rint((x - shifts[rows]) / step).astype(np.int64)
        if np.abs((x - shifts[rows]) / step - columns).max() > _OFF_GRID:
            raise InputError(f"{self.file_name}: the points do not lie on the hexagonal grid that its header gives.")
        points = self._placed(rows, columns, self.angles)
        height = int(np.floor((points.shape[0] - 1) * row_step / step + 1e-9)) + 1
        nearest = np.rint(np.arange(height) * step / row_step).astype(np.int64)
        wanted = np.arange(points.shape[1])[np.newaxis, :] - shifts[nearest][:, np.newaxis] / step
        found = np.clip(np.rint(wanted).astype(np.int64), 0, points.shape[1] - 1)
        note = f"The hexagonal grid was resampled on squares of {step:g} µm, each from the nearest point of its row."
        return points[nearest[:, np.newaxis], found], step, (note,)
