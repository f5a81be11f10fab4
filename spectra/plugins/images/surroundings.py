"""Hand-made features of places in pictures: what is there and around, at several scales, for whole pictures at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, PositiveFloat

from spectra.core.basics.documents import nearest
from spectra.core.components import Features, State
from spectra.core.errors import InputError
from spectra.core.signals import Places, Signal
from spectra.plugins.images.orientations import ANGLES, axes_of, shares_of_white, tensors
from spectra.plugins.images.smoothing import local_means, reach_of

Singles = NDArray[np.float32]
Maps = Iterator[tuple[str, Singles]]

_ALIKE = 0.02  # of a pixel's size
_BOUNDARY = np.float32(np.radians(5.0))  # angle between the c-axes on both sides
_SMALLEST = 1e-5  # standard deviation of a feature that says nothing; rounding makes less
_FAINTEST = np.float32(1e-6)  # variance of shares of white that is not told from none


class SurroundingsParameters(BaseModel):
    """Which features."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    scales: tuple[PositiveFloat, ...] = Field(
        default=(2.0, 4.0, 8.0),
        min_length=1,
        description="standard deviations of the Gaussian weights around a place, in µm (in pixels where their size is "
        "not known), the finest first",
    )
    orientations: bool = Field(
        default=False, description="take c-axes out of the colours of a PIC map; Bunge angles always give them"
    )
    lean: bool = Field(
        default=True,
        description="keep the two features of orientations that depend on the direction within the surface, by which a "
        "specimen shows that is not mounted quite flat",
    )
    only: tuple[str, ...] = Field(default=(), description="names of the features to give; default: all")


class Surroundings:
    """Features of each place and of the weighted means around it, standardised over the training.

    *Orientations*: from the c-axis c in a specimen with the normal z, at the place and at each scale from the mean T of
    c⊗c: cos²Φ = T_zz, its square and its cube; T_xz² + T_yz² and ((T_xx − T_yy)/2)² + T_xy², which do not depend on
    the direction within the surface either; 1 − tr T², zero in a single crystal; how far axes bend from pixel to pixel
    within a grain; and which share of the pixels lies at a boundary, by which fine grains are known. Besides, the
    distance of the nearest boundary, and T_xz and T_yz at the finest scale: if the specimen leans against the axis of
    the instrument by a small angle, hardness follows these to first order.

    *Shades and colours*: each channel at the place; at each scale its mean, the square of that and its standard
    deviation, and the steps from pixel to pixel.

    What is not known (NaN) counts for nothing in the means. A place that is not known itself has features of NaN:
    there is no answer.
    """

    def __init__(self, parameters: SurroundingsParameters) -> None:
        self.parameters = parameters
        self.unit_ = ""
        self.channels_ = 0
        self.um_per_pixel_: float | None = None
        self.names_: tuple[str, ...] = ()
        self.mean_: Singles
        self.scale_: Singles

    def fit(self, signal: Signal) -> Self:
        """Learn what the pictures show, and mean and standard deviation of each feature.

        Raises
        ------
        InputError
            If the signal holds no places, places lie where nothing is known, the pictures hold no orientations
            although these are asked for, or there is no feature of a name in ``only``.
        """
        places = _checked(signal)
        self.unit_, self.channels_, self.um_per_pixel_ = places.unit, places.pictures.shape[3], places.um_per_pixel
        raw = self._raw(places)
        if gaps := int(np.isnan(raw).any(axis=1).sum()):
            raise InputError(
                f"{gaps:,} of {len(raw):,} places to learn from lie where the pictures show nothing.",
                hint="Leave them out of the data set, as 'spectra indenter register' does.",
            )
        scale = raw.std(axis=0, dtype=np.float64)
        self.mean_ = raw.mean(axis=0, dtype=np.float64).astype(np.float32)
        self.scale_ = np.where(scale > _SMALLEST, scale, 1.0).astype(np.float32)
        return self

    def encode(self, signal: Signal) -> Features:
        """Compute and standardise: shape (n, d).

        Raises
        ------
        InputError
            If the pictures show something else than those of the training, or at another scale.
        """
        places = _checked(signal)
        if (places.unit, places.pictures.shape[3]) != (self.unit_, self.channels_):
            raise InputError(
                f"The pictures have {places.pictures.shape[3]} channels in {places.unit!r}; the features were learned "
                f"from {self.channels_} in {self.unit_!r}."
            )
        if not _alike(places.um_per_pixel, self.um_per_pixel_):
            raise InputError(
                f"A pixel of the pictures measures {_size(places.um_per_pixel)}, one of those that the features were "
                f"learned from {_size(self.um_per_pixel_)}.",
                hint="Bring the pictures to the scale of the training.",
            )
        features = self._raw(places)
        features -= self.mean_
        features /= self.scale_
        return features

    @property
    def reach(self) -> int:
        """How many pixels away the features still look; a window of that size gives the same as a whole picture."""
        return reach_at(self.parameters.scales, self.um_per_pixel_)

    def get_state(self) -> State:
        """Return what the pictures show, and names, means and scales of the features."""
        state = {
            "unit": np.array(self.unit_),
            "channels": np.array(self.channels_),
            "names": np.array(self.names_),
            "mean": self.mean_,
            "scale": self.scale_,
        }
        return state if self.um_per_pixel_ is None else state | {"um_per_pixel": np.array(self.um_per_pixel_)}

    def set_state(self, state: State) -> Self:
        """Take over what another instance learned."""
        self.unit_, self.channels_ = str(state["unit"]), int(state["channels"])
        self.um_per_pixel_ = float(state["um_per_pixel"]) if "um_per_pixel" in state else None
        self.names_ = tuple(map(str, state["names"]))
        self.mean_, self.scale_ = state["mean"], state["scale"]
        return self

    @property
    def _widths(self) -> list[float]:
        return _widths(self.parameters.scales, self.um_per_pixel_)

    def _raw(self, places: Places) -> Singles:
        """Return the features as they come, shape (n, d), and keep their names; only what places see is computed."""
        places = places.cropped(self.reach)
        rows: list[list[Singles]] = []
        here = [np.flatnonzero(places.places[:, 0] == number) for number in range(len(places.pictures))]
        names: list[str] = []
        for pixels, members in zip(places.pictures, here, strict=True):
            at = places.places[members, 1], places.places[members, 2]
            gaps = np.isnan(pixels[at]).any(axis=-1)
            chosen = [(name, np.where(gaps, np.float32(np.nan), values[at])) for name, values in self._maps(pixels)]
            names, picked = [name for name, _ in chosen], [values for _, values in chosen]
            rows.append(picked)
        self.names_ = tuple(names)
        features = np.empty((len(places), len(names)), dtype=np.float32)
        for members, picked in zip(here, rows, strict=True):
            for column, values in enumerate(picked):
                features[members, column] = values
        return features

    def _maps(self, pixels: Any) -> Maps:
        """Yield the features that are asked for over a whole picture (height, width, channels), by name."""
        only, found = self.parameters.only, []
        if self.unit_ == ANGLES or self.parameters.orientations:
            axes = axes_of(pixels, self.unit_)
            maps = _of_axes(axes, self._labels, self._widths, self.reach, lean=self.parameters.lean)
        else:
            maps = _of_shades(shares_of_white(pixels), self._labels, self._widths)
        for name, values in maps:
            found.append(name)
            if not only or name in only:
                yield name, values
        for name in only:
            if name not in found:
                raise InputError(
                    f"The encoder 'surroundings' has no feature {name!r} of these pictures{nearest(name, found)}.",
                    hint=f"It has: {', '.join(found)}.",
                )

    @property
    def _labels(self) -> list[str]:
        """What stands in names for the scales."""
        return [f"{scale:g}" for scale in self.parameters.scales]


def reach_at(scales: Sequence[float], um_per_pixel: float | None) -> int:
    """Return how many pixels away features at ``scales`` look."""
    return max(map(reach_of, _widths(scales, um_per_pixel))) + 1  # a boundary takes two pixels


def _widths(scales: Sequence[float], um_per_pixel: float | None) -> list[float]:
    """Return scales in pixels."""
    return [scale / (um_per_pixel or 1.0) for scale in scales]


def _of_axes(axes: Singles, labels: list[str], widths: list[float], reach: int, *, lean: bool) -> Maps:
    """Yield the features of a map of c-axes, shape (height, width, 3)."""
    known = np.asarray(np.isfinite(axes).all(axis=-1))
    beside, bend = _boundaries(axes)
    around = np.concatenate([tensors(axes), bend[..., np.newaxis], beside[..., np.newaxis]], axis=-1)
    yield from _powers(around[..., 2], "")
    yield "boundary distance", _distances(beside, reach - 1)
    for place, (label, width) in enumerate(zip(labels, widths, strict=True)):
        xx, yy, zz, yz, xz, xy, bent, share = np.moveaxis(local_means(around, known, width), -1, 0)
        yield from _powers(zz, f" {label}")
        yield f"shear {label}", xz**2 + yz**2
        yield f"in plane {label}", ((xx - yy) / 2) ** 2 + xy**2
        yield f"disorder {label}", 1 - (xx**2 + yy**2 + zz**2 + 2 * (yz**2 + xz**2 + xy**2))
        yield f"bend {label}", bent
        yield f"boundaries {label}", share
        if lean and place == 0:
            yield "lean x", xz
            yield "lean y", yz


def _powers(cosines: Singles, label: str) -> Maps:
    """Yield powers of a map of cos²Φ."""
    yield f"cos2{label}", cosines
    yield f"cos4{label}", cosines**2
    yield f"cos6{label}", cosines**3


def _boundaries(axes: Singles) -> tuple[Singles, Singles]:
    """Return 1 where a pixel lies at a boundary and else 0, and the mean angle to neighbours within the grain."""
    shape = axes.shape[:2]
    beside, angles, counts = np.zeros((3, *shape), dtype=np.float32)
    for axis in (0, 1):
        along = np.moveaxis(axes, axis, 0)
        # the shorter distance between their ends, which loses fewer digits than the cosine between them
        angle = np.sqrt(np.minimum(*(((along[1:] + end * along[:-1]) ** 2).sum(axis=-1) for end in (-1, 1))))
        apart, together = angle > _BOUNDARY, angle <= _BOUNDARY  # neither, where one is not known
        angle = np.where(together, angle, np.float32(0))
        for side in (slice(1, None), slice(None, -1)):
            np.moveaxis(beside, axis, 0)[side][apart] = 1
            np.moveaxis(angles, axis, 0)[side] += angle
            np.moveaxis(counts, axis, 0)[side] += together
    return beside, np.divide(angles, np.maximum(counts, np.float32(1)), dtype=np.float32)


def _distances(beside: Singles, most: int) -> Singles:
    """Return the logarithm of the distance in pixels from what lies at a boundary, up to ``most``."""
    from scipy.ndimage import distance_transform_edt

    if not beside.any():
        return np.full(beside.shape, np.log1p(most), dtype=np.float32)
    distances: Singles = np.log1p(np.minimum(distance_transform_edt(beside == 0), most)).astype(np.float32)
    return distances


def _of_shades(shares: Singles, labels: list[str], widths: list[float]) -> Maps:
    """Yield the features of a grey or coloured picture, shape (height, width, channels)."""
    known = np.asarray(np.isfinite(shares).all(axis=-1))
    channels = shares.shape[2]
    centred = shares - np.float32(0.5)  # so that variances lose few digits
    around = np.concatenate([centred, centred**2, _steps(shares)[..., np.newaxis]], axis=-1)
    for channel in range(channels):
        yield f"shade{channel}", centred[..., channel]
    for label, width in zip(labels, widths, strict=True):
        means = local_means(around, known, width)
        for channel in range(channels):
            mean, square = means[..., channel], means[..., channels + channel]
            yield f"mean{channel} {label}", mean
            yield f"square{channel} {label}", mean**2
            yield f"deviation{channel} {label}", np.sqrt(np.maximum(square - mean**2, 0) + _FAINTEST)
        yield f"steps {label}", means[..., -1]


def _steps(shares: Singles) -> Singles:
    """Return how much channels change from a pixel to its neighbours, on average."""
    steps, counts = np.zeros((2, *shares.shape[:2]), dtype=np.float32)
    for axis in (0, 1):
        along = np.moveaxis(shares, axis, 0)
        step = np.sqrt(((along[1:] - along[:-1]) ** 2).sum(axis=-1))
        known = np.isfinite(step)
        for side in (slice(1, None), slice(None, -1)):
            np.moveaxis(steps, axis, 0)[side] += np.where(known, step, np.float32(0))
            np.moveaxis(counts, axis, 0)[side] += known
    return np.divide(steps, np.maximum(counts, np.float32(1)), dtype=np.float32)


def _checked(signal: Signal) -> Places:
    if not isinstance(signal, Places):
        raise InputError(f"The encoder 'surroundings' takes places in pictures, not {signal.kind}.")
    return signal


def _alike(one: float | None, other: float | None) -> bool:
    return one == other if one is None or other is None else abs(one / other - 1) <= _ALIKE


def _size(um_per_pixel: float | None) -> str:
    return "nobody knows what" if um_per_pixel is None else f"{um_per_pixel:g} µm"
