"""Answers for every place of a picture: which places, in which order, and how unlike those of the training each is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spectra.core.components import Encoder, Features
from spectra.core.errors import InputError
from spectra.core.formats.maps import QuantityMap
from spectra.core.model import TrainedModel
from spectra.core.quantities import Quantity
from spectra.core.signals import Image, Places, take
from spectra.plugins.images.area_means import area_means
from spectra.plugins.learning.familiarity import Familiarity

MOST_PLACES = 4_000_000
"""Of a map: a larger picture is answered for at every second, third … pixel."""

_AT_ONCE = 2_000_000  # pixels whose features stand in memory
_COMPARED = 2000  # places of the training that each is compared with
_ALIKE = 0.02  # of a pixel's size, which nobody knows better


def every_place(image: Image, *, um_per_pixel: float | None) -> Places:
    """Return the pixels of a picture, a stack of one, row by row; or some of them, evenly, if there are too many."""
    height, width = image.pixels.shape[1:3]
    step = math.ceil(math.sqrt(height * width / MOST_PLACES))
    rows, columns = np.mgrid[step // 2 : height : step, step // 2 : width : step].reshape(2, -1)
    places = np.column_stack([np.zeros_like(rows), rows, columns]).astype(np.int32)
    return Places(pictures=image.pixels, places=places, unit=image.unit, um_per_pixel=um_per_pixel)


def at_scale(image: Image, *, um_per_pixel: float | None, known: Places, name: str) -> Image:
    """Return a picture with pixels of the size of those of ``known`` pictures: means over areas, or one pixel of each.

    Angles are not averaged: of several pixels, that in the middle is taken.

    Raises
    ------
    InputError
        If the size is not known on one side, or the picture is coarser.
    """
    if um_per_pixel is None and known.um_per_pixel is None:
        return image
    if um_per_pixel is None or known.um_per_pixel is None:
        without = name if um_per_pixel is None else "the pictures that the model has learned from"
        raise InputError(
            f"Nobody knows the size of a pixel of {without}, and so not whether the two show the same scale.",
            hint="Say it with '--set reader.um_per_pixel=SIZE'.",
        )
    times = known.um_per_pixel / um_per_pixel
    if abs(times - 1) <= _ALIKE:
        return image
    if times < 1:
        raise InputError(
            f"A pixel of {name} measures {um_per_pixel:g} µm, and one of the pictures that the model has learned from "
            f"{known.um_per_pixel:g} µm: what lies between would have to be invented.",
            hint="Take a picture with finer pixels, or train a model on coarser ones.",
        )
    height, width = (int(size / times) for size in image.pixels.shape[1:3])
    if not height or not width:
        raise InputError(
            f"{name} measures less than one pixel of {known.um_per_pixel:g} µm, which the model has learned from."
        )
    if image.unit == "1":
        return Image(pixels=_reduced(image.pixels, height, width), unit=image.unit)
    rows, columns = (((np.arange(size) + 0.5) * times).astype(int) for size in (height, width))
    return Image(pixels=image.pixels[:, rows[:, np.newaxis], columns], unit=image.unit)


def _reduced(pixels: Any, height: int, width: int) -> Any:
    """Return means over areas, a strip at a time where the picture is large; bytes stay bytes."""
    strips = max(1, math.ceil(pixels[0, ..., 0].size / _AT_ONCE))
    ends = np.linspace(0, height, min(strips, height) + 1).astype(int)
    scale = pixels.shape[1] / height
    parts = []
    for start, end in pairwise(ends.tolist()):
        # a strip begins and ends at whole pixels, by which its means move by less than one pixel of the original
        part = pixels[:, round(start * scale) : round(end * scale)].astype(np.float32)
        parts.append(area_means(part, end - start, width))
    means = np.concatenate(parts, axis=1)
    return np.round(means).astype(np.uint8) if pixels.dtype == np.uint8 else means


@dataclass(frozen=True, kw_only=True, eq=False)
class Mapped:
    """Answers for all places, in their order: arrays (n, p), novelty (n,)."""

    mean: NDArray[np.float64]
    spread: NDArray[np.float64]
    novelty: NDArray[np.float64]


def answers(
    model: TrainedModel, places: Places, likeness: Encoder, known: Features, groups: NDArray[np.int64] | None = None
) -> Mapped:
    """Answer for each place, a strip of the picture at a time.

    Parameters
    ----------
    likeness
        What says how unlike the training a place is; the model's encoder, unless its features are answers.
    known
        Features, by ``likeness``, of the places that the model has learned from: shape (m, d).
    groups : ndarray, shape (m,)
        Of these; more than one.
    """
    kept = np.linspace(0, len(known) - 1, min(_COMPARED, len(known))).astype(int)
    familiarity = Familiarity(known[kept], None if groups is None else groups[kept])
    size = max(1, int(len(places) * _AT_ONCE / max(places.pictures[0, ..., 0].size, 1)))
    parts = []
    for start in range(0, len(places), size):
        strip = take(places, slice(start, start + size))
        features = model.encoder.encode(strip)
        estimate = model.predict_features(features)
        if likeness is not model.encoder:
            features = likeness.encode(strip)
        parts.append((estimate.mean, estimate.spread, familiarity.strangeness(features)))
    mean, spread, novelty = map(np.concatenate, zip(*parts, strict=True))
    return Mapped(mean=mean, spread=spread, novelty=novelty)


def as_map(found: Mapped, places: Places, quantities: tuple[Quantity, ...]) -> QuantityMap:
    """Lay the answers for :func:`every_place` out as they lie in the picture."""
    rows, columns = (np.unique(places.places[:, axis]) for axis in (1, 2))
    shape = (len(rows), len(columns))
    step = int(rows[1] - rows[0]) if len(rows) > 1 else int(columns[1] - columns[0]) if len(columns) > 1 else 1
    return QuantityMap(
        mean=found.mean.reshape(*shape, -1).astype(np.float32),
        spread=found.spread.reshape(*shape, -1).astype(np.float32),
        novelty=found.novelty.reshape(shape).astype(np.float32),
        names=tuple(quantity.name for quantity in quantities),
        units=tuple(quantity.unit for quantity in quantities),
        um_per_step=None if places.um_per_pixel is None else step * places.um_per_pixel,
    )
