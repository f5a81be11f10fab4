"""Registration: where in a picture points lie at which something was measured, found by what correlates with it.

A structure feature of the picture (such as |cos Φ| of the crystals) is compared with the measured values at the points.
Whatever turns and mirrors the points (the stages of two instruments), and every shift, is tried on a coarse grid, where
the correlation at all shifts is computed at once by Fourier transforms over the points that have a pixel [1]_; what
looks best is refined, first as a turn with a shift, then as an affine transformation.

References
----------
.. [1] D. Padfield, Masked object registration in the Fourier domain, IEEE Trans. Image Process. 21, 2706 (2012).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spectra.core.errors import InputError
from spectra.plugins.images.registration.coarse import LEAST_OVERLAP, OF_ROOM, apart, candidates, fewest_points
from spectra.plugins.images.registration.placement import Match, Placement, matched

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]

FEWEST_POINTS = 10
"""From fewer a correlation says nothing."""

_MOST_STRAIN = 0.15  # how far an affine transformation may bend the points' rectangle, as a share of its sides
_WORTH = 0.003  # what an affine transformation must add to the correlation, to be preferred to a turn with a shift
_BY_CHANCE = 10.0  # the same over the number of points: its three more unknowns add something in any case
_BLURS = (2.0, 1.0, 0.0)  # pixels: a refinement starts on a smoother picture
_SOME = 3000  # points, drawn at random, with which matches are compared; the best is refined with all
_UNIQUE = 0.8  # of the best correlation: if a match elsewhere is as good as this, neither is certain
_CHANCE = 6.0  # over the square root of the number of points: what the best of so many trials has by chance


@dataclass(frozen=True, kw_only=True, eq=False)
class Registration:
    """What a search found.

    Parameters
    ----------
    rigid
        The best match by turn, mirror image and shift.
    elsewhere
        The best match of the points anywhere else, for comparison; 0 without a search.
    """

    placement: Placement
    match: Match
    rigid: Match
    elsewhere: float = 0.0


def registered(
    feature: Singles, points: Floats, values: Floats, start: Placement, *, turns: bool = True, what: str = "the feature"
) -> Registration:
    """Find the placement of the points at which values and feature correlate most, positively or negatively.

    Parameters
    ----------
    feature : ndarray, shape (height, width)
        NaN where it is not known.
    points : ndarray, shape (n, 2)
        x and y in µm.
    values : ndarray, shape (n,)
    start
        The placement by the coordinates as they are given.
    turns
        Whether mirror images and turns are tried, or shifts alone.
    what
        Name of the feature, for messages.

    Raises
    ------
    InputError
        If there are too few points, values or feature do not vary, the best match lies at the edge of the search, or
        another match is as good.
    """
    if len(points) < FEWEST_POINTS:
        raise InputError(
            f"{len(points)} indents are too few to be found in a map; at least {FEWEST_POINTS} are needed."
        )
    if np.ptp(values) == 0:
        raise InputError("All indents have the same value, which correlates with nothing.")
    known = feature[np.isfinite(feature)]
    if not len(known) or np.ptp(known) == 0:
        raise InputError(f"The map has the same {what} everywhere: it is one grain, or uniform.")
    found = candidates(feature, points, values, start, turns=turns)
    if not found:
        raise InputError(
            f"The indents cannot be placed so that {LEAST_OVERLAP:.0%} of them, or {OF_ROOM:.0%} of those it has room "
            "for, lie on the map.",
            hint="Do both show the same place, and is the size of a pixel right?",
        )
    some = np.random.default_rng(0).permutation(len(points))[:_SOME]
    trial = _Search(feature, points[some], values[some], start)
    refined = [trial.refined(candidate.placement, affine=False) for candidate in found]
    scores = [trial.score(placement) for placement in refined]
    best = int(np.argmax(scores))
    search = _Search(feature, points, values, start)
    rigid = search.refined(refined[best], affine=False)
    others = [score for score, placement in zip(scores, refined, strict=True) if apart(placement, rigid, points)]
    elsewhere = max(others, default=0.0)
    if elsewhere > _UNIQUE * scores[best] or scores[best] < _CHANCE / np.sqrt(len(some)):
        raise InputError(
            f"Where the indents lie is not certain: r = {scores[best]:.2f} with {what} at best, and {elsewhere:.2f} "
            "elsewhere.",
            hint="Give control points (--points), or '--search none' if the coordinates are right as they are.",
        )
    if found[best].edge:
        raise InputError(
            f"The best match of the indents, r = {scores[best]:.2f} with {what}, lies at the edge of the search, where "
            f"{LEAST_OVERLAP:.0%} of them, or {OF_ROOM:.0%} of those it has room for, are still on the map.",
            hint="Do both show the same place? Give a larger map, or control points (--points).",
        )
    placement = search.affine(rigid, what)
    return Registration(
        placement=placement,
        match=matched(feature, placement, points, values),
        rigid=matched(feature, rigid, points, values),
        elsewhere=elsewhere,
    )


class _Search:
    """The correlation as a function of the placement, on pictures that are less and less blurred."""

    def __init__(self, feature: Singles, points: Floats, values: Floats, start: Placement) -> None:
        self._fewest = fewest_points(feature, points, start)
        self._levels = [_blurred(feature, blur) for blur in _BLURS]
        self._points, self._values = points, values
        self._middle = (points.min(axis=0) + points.max(axis=0)) / 2
        self._half = np.maximum(np.ptp(points, axis=0) / 2, 1e-9)

    def score(self, placement: Placement, level: int = -1) -> float:
        """Return |r| with the feature between pixels; 0 where too few points are on the map."""
        from scipy.ndimage import map_coordinates

        smooth, known = self._levels[level]
        columns, rows = placement.pixels(self._points).T
        there = map_coordinates(known, [rows, columns], order=1, cval=0.0) > 0.5
        if there.sum() < self._fewest:
            return 0.0
        found = map_coordinates(smooth, [rows[there], columns[there]], order=1, mode="nearest")
        values = self._values[there]
        if np.ptp(found) == 0 or np.ptp(values) == 0:
            return 0.0
        return float(abs(np.corrcoef(found, values)[0, 1]))

    def affine(self, rigid: Placement, what: str) -> Placement:
        """Return the best affine transformation near a rigid one, or the latter if it is hardly worse."""
        affine = self.refined(rigid, affine=True)
        before, after = self.score(rigid), self.score(affine)
        if after < before + max(_WORTH, _BY_CHANCE / len(self._points)):
            return rigid
        if _strain(affine, rigid) > 0.95 * _MOST_STRAIN:
            raise InputError(
                f"The best match of the indents, r = {after:.2f} with {what}, lies at the edge of the search: it "
                f"would stretch or shear them by {_MOST_STRAIN:.0%}.",
                hint="Is the size of a pixel right? Give control points (--points).",
            )
        return affine

    def refined(self, start: Placement, *, affine: bool) -> Placement:
        """Move a placement to the next maximum, by the simplex of Nelder and Mead."""
        from scipy.optimize import minimize

        unknowns = np.zeros(6 if affine else 3)
        for level, size in enumerate((3.0, 1.5, 0.7)):  # pixels

            def loss(trial: Floats, level: int = level) -> float:
                placement = self._moved(start, trial)
                return 1.0 if _strain(placement, start) > _MOST_STRAIN else -self.score(placement, level)

            simplex = np.vstack([unknowns, unknowns + size * np.eye(len(unknowns))])
            options = {"initial_simplex": simplex, "xatol": 0.02, "fatol": 1e-5, "maxfev": 120 * len(unknowns)}
            unknowns = minimize(loss, unknowns, method="Nelder-Mead", options=options).x
        return self._moved(start, unknowns)

    def _moved(self, start: Placement, unknowns: Floats) -> Placement:
        """Return a placement moved by so many pixels: two of the shift, and of the rim by a turn or by four bends."""
        linear = start.matrix[:, :2]
        if len(unknowns) == 3:
            angle = unknowns[2] / np.linalg.norm(linear @ self._half)
            change = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        else:
            change = np.eye(2) + unknowns[2:].reshape(2, 2) / np.maximum(np.abs(linear) @ self._half, 1.0)
        offset = start.matrix @ [*self._middle, 1.0] + unknowns[:2] - change @ linear @ self._middle
        return Placement(matrix=np.column_stack([change @ linear, offset]), um_per_pixel=start.um_per_pixel)


def _strain(placement: Placement, start: Placement) -> float:
    """Return the largest component of what a placement does beyond another, without a turn."""
    left, _, right = np.linalg.svd(placement.linear @ np.linalg.inv(start.linear))
    change = (left @ right).T @ placement.linear @ np.linalg.inv(start.linear)
    return float(np.abs(change - np.eye(2)).max())


def _blurred(feature: Singles, pixels: float) -> tuple[Singles, Singles]:
    """Return the feature blurred over known pixels, without gaps, and which pixels are known."""
    from scipy.ndimage import gaussian_filter

    known = np.isfinite(feature).astype(np.float32)
    mean = np.float32(np.nanmean(feature))
    centred = np.where(known > 0, feature - mean, 0).astype(np.float32)
    if pixels:
        weight = gaussian_filter(known, pixels)
        centred = gaussian_filter(centred, pixels) / np.maximum(weight, 1e-3)
    return centred + mean, known
