"""Bring indents and a map together."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import metadata
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spectra.core.errors import InputError, SpectraError, UsageError
from spectra.core.formats.data_set_file import DataSetFile
from spectra.core.measurements import RawFile
from spectra.core.quantities import Quantity
from spectra.core.signals import Places
from spectra.plugins.images.grains import NONE
from spectra.plugins.images.maps.columns import find_column, lengths, read_table
from spectra.plugins.images.orientations import ANGLES
from spectra.plugins.images.registration.placement import Match, Placement, at_pixels, by_control_points, matched
from spectra.plugins.images.registration.placement import one_pixel_off as off_by_one
from spectra.plugins.images.registration.search import Registration, registered
from spectra.plugins.images.registration.structure import structure_features
from spectra.plugins.indenter.registration.failures import outliers, stripes
from spectra.plugins.indenter.registration.indents import Indents, chosen
from spectra.plugins.indenter.registration.map_file import MapFile
from spectra.version import __version__

Floats = NDArray[np.float64]

ALL, SHIFT, NONE_AT_ALL = "all", "shift", "none"
"""What is searched: mirror images, turns and shifts; shifts; nothing, since the coordinates are right."""
_MARGIN = 512  # pixels about the indents that a data set keeps of a picture
POINTS_HINT = "Control points are a CSV file with columns x_um, y_um (of indents) and map_x_um, map_y_um (in the map)."


@dataclass(frozen=True, kw_only=True, eq=False)
class Registered:
    """Indents in a map.

    Parameters
    ----------
    reasons
        Why an indent is not used, empty for those that are; for each of the indents.
    pixels : ndarray, shape (n, 2)
        Column and row of each indent, as real numbers.
    placement
        Of the indents in the map.
    feature_name, feature
        What was correlated with, and its array of the map (reduced by ``factor``).
    given, rigid, match
        Correlation with the coordinates as given, after turn and shift, and at the end.
    off
        Lowest and highest size of r one pixel of the feature away.
    elsewhere
        Best size of r anywhere else; ``None`` if nothing was searched.
    misses : ndarray, shape (k,)
        By how many µm each control point is missed; ``None`` without.
    """

    map: MapFile
    indents: Indents
    reasons: tuple[str, ...]
    pixels: Floats
    placement: Placement
    feature_name: str
    feature: NDArray[np.float32]
    factor: int
    given: Match
    rigid: Match | None
    match: Match
    off: tuple[float, float]
    elsewhere: float | None
    misses: Floats | None
    notes: tuple[str, ...] = field(default=())

    @property
    def used(self) -> NDArray[np.bool_]:
        """Which indents are used, shape (n,)."""
        return np.array([not reason for reason in self.reasons])

    @property
    def places(self) -> NDArray[np.int32]:
        """Rows and columns of the used indents, shape (m, 2)."""
        return np.rint(self.pixels[self.used][:, ::-1]).astype(np.int32)

    def data_set(self, indents_digest: str) -> DataSetFile:
        """Return the used indents as a data set of places in the map, with their grains as groups.

        Of a picture, which may have a hundred million pixels, the part within 512 pixels of any indent is kept.

        Raises
        ------
        InputError
            If all used indents have one value.
        """
        rows_and_columns, values = self.places, self.indents.values[self.used]
        places = np.column_stack([np.zeros(len(rows_and_columns), dtype=np.int32), rows_and_columns])
        labels = None if self.map.grains is None else self.map.grains.labels
        groups = None if labels is None else labels[rows_and_columns[:, 0], rows_and_columns[:, 1]].astype(np.int64)
        signal = Places(
            pictures=self.map.pixels[np.newaxis],
            places=places,
            unit=self.map.unit,
            um_per_pixel=self.map.um_per_pixel,
        )
        quantity = Quantity(
            name=self.indents.quantity,
            unit=self.indents.unit,
            description=f"{self.indents.quantity} measured by indentation",
            lower=float(values.min()),
            upper=float(values.max()),
        )
        return DataSetFile(
            quantities=(quantity,),
            values=values[:, np.newaxis].astype(np.float64),
            signal=signal if self.map.unit == ANGLES else signal.cropped(_MARGIN),
            points=None,
            groups=groups,
            recipe={
                "made by": "spectra indenter register",
                "map": {"name": self.map.name, "digest": self.map.digest},
                "indents": {"digest": indents_digest},
                "placement": self.placement.matrix.tolist(),
            },
            notes=self.notes,
            environment={
                "spectra": __version__,
                "python": platform.python_version(),
                **{package: metadata.version(package) for package in ("numpy", "scipy")},
            },
        )


def register(
    map_file: MapFile,
    indents: Indents,
    *,
    search: str = ALL,
    control: RawFile | None = None,
    feature: str | None = None,
    exclude: Sequence[str] = (),
    keep: Sequence[str] = (),
) -> Registered:
    """Find where the indents lie in the map, and which of them can be used.

    Parameters
    ----------
    search
        One of :data:`ALL`, :data:`SHIFT`, :data:`NONE_AT_ALL`.
    control
        A file of control points, which takes the place of a search.
    feature
        Name of the structure feature; default: whichever correlates most.
    exclude, keep
        Names of indents that failed, and of those that did not, whatever they look like.

    Raises
    ------
    UsageError
        If there is no such feature.
    InputError
        If the indents cannot be placed, or none of them can be used.
    """
    reasons = _failed(indents, exclude, keep)
    good = np.array([not reason for reason in reasons])
    if good.sum() < 3:
        raise InputError(f"{int(good.sum())} of the {len(indents)} indents can be used; a correlation needs 3.")
    points, values = indents.points[good], indents.values[good]
    features, factor = structure_features(
        map_file.pixels, map_file.unit, spacing=indents.spacing / map_file.um_per_pixel
    )
    features = _wanted(features, feature)
    start = Placement.as_given(map_file.um_per_pixel, map_file.origin).in_pixels_of(factor)
    misses = None
    if control is not None:
        placement, misses = _by_hand(control, map_file)
        placement = placement.in_pixels_of(factor)
        name = _best(features, placement, points, values)
        found = Registration(placement=placement, match=Match(0.0, 0), rigid=Match(0.0, 0))
    elif search == NONE_AT_ALL:
        name = _best(features, start, points, values)
        found = Registration(placement=start, match=Match(0.0, 0), rigid=Match(0.0, 0))
    else:
        if map_file.grains is not None and len(map_file.grains) == 1:
            raise InputError(
                f"{map_file.name} is one grain: there is no structure by which indents could be found in it.",
                hint="Give control points (--points), or '--search none' if the coordinates are right as they are.",
            )
        name, found = _searched(features, points, values, start, turns=search == ALL)
    placement = found.placement.in_pixels_of(1 / factor)
    pixels = placement.pixels(indents.points)
    reasons = _placed(reasons, map_file, pixels)
    striped = _striped(reasons, indents, at_pixels(features[name], found.placement.pixels(indents.points)), keep)
    used = np.array([not reason for reason in striped])
    if used.sum() < 3:
        raise InputError(f"{int(used.sum())} of the {len(indents)} indents lie on known pixels of {map_file.name}.")
    points, values = indents.points[used], indents.values[used]
    match = matched(features[name], found.placement, points, values)
    off = off_by_one(features[name], found.placement, points, values)
    searched = control is None and search != NONE_AT_ALL
    return Registered(
        map=map_file,
        indents=indents,
        reasons=tuple(striped),
        pixels=pixels,
        placement=placement,
        feature_name=name,
        feature=features[name],
        factor=factor,
        given=matched(features[name], start, points, values),
        rigid=found.rigid if searched else None,
        match=match,
        off=off,
        elsewhere=found.elsewhere if searched else None,
        misses=misses,
        notes=(*map_file.notes, *indents.notes, *_remarks(map_file, match, off, striped, points)),
    )


def _failed(indents: Indents, exclude: Sequence[str], keep: Sequence[str]) -> list[str]:
    """Return why each indent failed, as far as it shows without the map."""
    kept, excluded = chosen(keep, indents, where="--keep"), chosen(exclude, indents, where="--exclude")
    far = outliers(indents.points, np.where(excluded, np.nan, indents.values)) & ~kept
    nowhere = ~np.isfinite(indents.points).all(axis=1)
    reasons = np.select(
        [~np.isfinite(indents.values), nowhere, excluded, far],
        ["no value", "no place", "excluded by name", "outlier"],
        default="",
    )
    return [str(reason) for reason in reasons]


def _wanted(features: Mapping[str, Any], name: str | None) -> Mapping[str, Any]:
    if name is None:
        return features
    if name not in features:
        raise UsageError(f"The map has no feature {name!r}.", hint=f"It has {', '.join(features)}.")
    return {name: features[name]}


def _searched(
    features: Mapping[str, Any], points: Floats, values: Floats, start: Placement, *, turns: bool
) -> tuple[str, Registration]:
    """Return the feature with the best match, and the match; if none has one, say why the first has not."""
    found: dict[str, Registration] = {}
    fault: SpectraError | None = None
    for name, feature in features.items():
        try:
            found[name] = registered(feature, points, values, start, turns=turns, what=name)
        except InputError as error:
            fault = fault or error
    if not found:
        assert fault is not None  # noqa: S101 - there is a feature
        raise fault
    name = max(found, key=lambda name: abs(found[name].match.correlation))
    return name, found[name]


def _best(features: Mapping[str, Any], placement: Placement, points: Floats, values: Floats) -> str:
    return max(features, key=lambda name: abs(matched(features[name], placement, points, values).correlation))


def _by_hand(control: RawFile, map_file: MapFile) -> tuple[Placement, Floats]:
    """Return the placement by control points, and by how many µm it misses each."""
    table = read_table(control, hint=POINTS_HINT)
    columns = []
    for name in ("x", "y", "map_x", "map_y"):
        column = find_column(table.names, (name,))
        if column is None:
            raise InputError(f"{control.name} has no column {name}_um.", hint=POINTS_HINT)
        columns.append(lengths(table, column, hint=POINTS_HINT))
    pairs = np.stack(columns, axis=1)
    missing = ~np.isfinite(pairs).all(axis=1)
    if missing.any():
        raise InputError(f"{table.where(int(np.argmax(missing)))}: a coordinate is missing.", hint=POINTS_HINT)
    pixels = (pairs[:, 2:] - map_file.origin) / map_file.um_per_pixel
    try:
        placement, misses = by_control_points(pairs[:, :2], pixels, map_file.um_per_pixel)
    except InputError as error:
        raise InputError(f"{control.name}: {error.message}", hint=error.hint) from error
    return placement, misses * map_file.um_per_pixel


def _placed(reasons: list[str], map_file: MapFile, pixels: Floats) -> list[str]:
    """Add which indents lie outside of the map, or where nothing is indexed."""
    labels = map_file.grains.labels != NONE if map_file.grains is not None else map_file.known
    inside = at_pixels(np.ones(labels.shape, dtype=np.float32), pixels)
    known = at_pixels(np.where(labels, np.float32(1), np.float32(np.nan)), pixels)
    return [
        reason or ("outside of the map" if np.isnan(inside[k]) else "not indexed" if np.isnan(known[k]) else "")
        for k, reason in enumerate(reasons)
    ]


def _striped(reasons: list[str], indents: Indents, feature: NDArray[np.float32], keep: Sequence[str]) -> list[str]:
    """Add which indents belong to stripes, of what the feature does not explain."""
    kept = chosen(keep, indents, where="--keep")
    there = np.flatnonzero([not reason for reason in reasons] & np.isfinite(feature))
    if len(there) < 4:
        return reasons
    known = feature[there].astype(np.float64)
    rest = indents.values[there] - np.polyval(np.polyfit(known, indents.values[there], 2), known)
    marked = list(reasons)
    for stripe in stripes(indents.points[there], rest):
        words = ("softer", "harder") if indents.quantity == "hardness" else ("lower", "higher")
        side = words[0] if stripe.lower else words[1]
        line, other = ("row", "y") if stripe.along == "x" else ("column", "x")
        for member in there[list(stripe.indents)]:
            if not kept[member]:
                marked[member] = f"stripe ({line} at {other} = {stripe.at:g} µm, {side})"
    return marked


def _remarks(
    map_file: MapFile, match: Match, off: tuple[float, float], reasons: Sequence[str], points: Floats
) -> list[str]:
    remarks = [f"Left out: {reasons.count(reason):,} indents, {reason}." for reason in dict.fromkeys(reasons) if reason]
    if again := len(points) - len(np.unique(points, axis=0)):
        remarks.append(f"{again:,} indents have the same place as another one; all of them are used.")
    if off[1] > abs(match.correlation):
        remarks.append(
            f"One pixel off the correlation is higher ({off[1]:.3f}) than where the indents are "
            f"({abs(match.correlation):.3f})."
        )
    if map_file.grains is not None and len(map_file.grains) == 1:
        remarks.append(f"{map_file.name} is one grain: nothing can be tested on grains that a model has not seen.")
    return remarks
