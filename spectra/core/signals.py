"""Signals: what a forward model computes and what a measurement holds.

There are five kinds and no more: *peaks*, *profile*, *image*, *places* in pictures, and a *bundle* of several. Every
signal object is a **stack** of ``n`` spectra with one leading axis, so that distortions and encoders are vectorised; a
measurement is a stack of one, or of the places of one picture. Arrays are never changed in place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal, Self, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from spectra.core.basics.large import rows
from spectra.core.errors import InputError

SignalKind = Literal["peaks", "profile", "image", "places", "bundle"]
Floats = NDArray[np.float64]

OF_LINES = ("widths", "amplitudes", "deviations")
"""What the lines of :class:`Peaks` may have besides their positions."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Peaks:
    """Lists of line positions, ascending, with the window in which lines were looked for.

    Without its window a peak list says nothing about what is *not* there, so the two travel together.

    Parameters
    ----------
    positions : ndarray, shape (n, m)
        Ascending along the last axis; a shorter list is filled up with NaN at its end.
    unit
        Unit of the positions and of the window.
    window
        Lowest and highest position at which a line would have been seen.
    widths, amplitudes, deviations : ndarray, shape (n, m), optional
        NaN where a line has none. ``deviations`` are standard deviations of the positions, in their unit.
    """

    kind: ClassVar[SignalKind] = "peaks"

    positions: Floats
    unit: str
    window: tuple[float, float]
    widths: Floats | None = None
    amplitudes: Floats | None = None
    deviations: Floats | None = None

    def __post_init__(self) -> None:
        if self.positions.ndim != 2:
            raise InputError(f"Peak positions must form an array (n, m), not one of shape {self.positions.shape}.")
        for name in OF_LINES:
            extra = getattr(self, name)
            if extra is not None and extra.shape != self.positions.shape:
                raise InputError(f"Peak {name} have shape {extra.shape}, their positions {self.positions.shape}.")
        if not self.window[0] < self.window[1]:
            raise InputError(f"The peak window {self.window[0]:g} to {self.window[1]:g} {self.unit} is empty.")

    @classmethod
    def from_lists(cls, lists: Iterable[Sequence[float] | Floats], *, unit: str, window: tuple[float, float]) -> Self:
        """Stack lists of different length, sorting each and filling up with NaN."""
        rows = [np.sort(np.asarray(row, dtype=np.float64)) for row in lists]
        positions = np.full((len(rows), max((len(row) for row in rows), default=0)), np.nan)
        for stacked, row in zip(positions, rows, strict=True):
            stacked[: len(row)] = row
        return cls(positions=positions, unit=unit, window=window)

    def __len__(self) -> int:
        return len(self.positions)

    @property
    def counts(self) -> NDArray[np.int64]:
        """Number of lines in each spectrum, shape (n,)."""
        return np.isfinite(self.positions).sum(axis=1, dtype=np.int64)

    def moved(self, positions: Floats) -> Self:
        """Return the same spectra with their lines at ``positions`` (n, m), put in order; NaN removes a line."""
        given = {name: values for name in OF_LINES if (values := getattr(self, name)) is not None}
        if not given:
            return replace(self, positions=np.sort(positions, axis=1))  # NaN sorts to the end
        order = np.argsort(positions, axis=1, kind="stable")
        rearranged: dict[str, Any] = {name: np.take_along_axis(values, order, axis=1) for name, values in given.items()}
        return replace(self, positions=np.take_along_axis(positions, order, axis=1), **rearranged)

    def within(self, low: float, high: float) -> Self:
        """Return the lines from ``low`` to ``high`` alone, with that window."""
        inside = (self.positions >= low) & (self.positions <= high)
        return replace(self.moved(np.where(inside, self.positions, np.nan)), window=(low, high))


@dataclass(frozen=True, kw_only=True, eq=False)
class Profile:
    """Curves over one common axis: a diffraction pattern, a sweep, a density of states.

    Parameters
    ----------
    x : ndarray, shape (k,)
        Strictly ascending axis.
    y : ndarray, shape (n, k)
    x_unit, y_unit
        Units of the two.
    """

    kind: ClassVar[SignalKind] = "profile"

    x: Floats
    y: Floats
    x_unit: str
    y_unit: str

    def __post_init__(self) -> None:
        if self.x.ndim != 1 or self.y.ndim != 2 or self.y.shape[1] != len(self.x):
            raise InputError(f"A profile needs x (k,) and y (n, k), not {self.x.shape} and {self.y.shape}.")
        if not np.all(np.diff(self.x) > 0):
            raise InputError("The axis of a profile must rise strictly.")

    def __len__(self) -> int:
        return len(self.y)


@dataclass(frozen=True, kw_only=True, eq=False)
class Image:
    """Pictures of one size.

    Parameters
    ----------
    pixels : ndarray, shape (n, height, width, channels)
        Single precision, or bytes as cameras give them: a quarter of the memory.
    unit
        What a pixel's value means.
    """

    kind: ClassVar[SignalKind] = "image"

    pixels: NDArray[np.float32] | NDArray[np.uint8]
    unit: str

    def __post_init__(self) -> None:
        if self.pixels.ndim != 4:
            raise InputError(f"Images need pixels (n, height, width, channels), not {self.pixels.shape}.")

    def __len__(self) -> int:
        return len(self.pixels)


@dataclass(frozen=True, kw_only=True, eq=False)
class Places:
    """Places in pictures, each with all that surrounds it: where something was measured, or is to be predicted.

    The pictures are shared by all places and never cut into windows, so that what describes the surroundings of one
    place is computed for all of them at once.

    Parameters
    ----------
    pictures : ndarray, shape (m, height, width, channels)
        Single precision, NaN where nothing is known, or bytes. Smaller pictures are filled up with NaN.
    places : ndarray, shape (n, 3)
        Picture, row and column, from 0; row 0 is the top.
    unit
        What a pixel's value means: ``"1"`` for shares of white, ``"°"`` for Bunge's angles φ₁, Φ, φ₂ in three channels.
    um_per_pixel
        Size of a pixel on the specimen in µm; ``None`` where nobody knows.
    """

    kind: ClassVar[SignalKind] = "places"

    pictures: NDArray[np.float32] | NDArray[np.uint8]
    places: NDArray[np.int32]
    unit: str
    um_per_pixel: float | None = None

    def __post_init__(self) -> None:
        if self.pictures.ndim != 4:
            raise InputError(f"Places need pictures (m, height, width, channels), not {self.pictures.shape}.")
        if self.places.ndim != 2 or self.places.shape[1] != 3 or self.places.dtype.kind != "i":
            raise InputError("Places need whole numbers (n, 3): picture, row and column of each.")
        if np.any(self.places < 0) or np.any(self.places >= self.pictures.shape[:3]):
            raise InputError("A place lies outside of its picture.")
        if self.um_per_pixel is not None and not 0 < self.um_per_pixel < np.inf:
            raise InputError(f"A pixel cannot measure {self.um_per_pixel:g} µm.")

    def __len__(self) -> int:
        return len(self.places)

    def cropped(self, reach: int) -> Places:
        """Return the same places in the part of the pictures within ``reach`` pixels of any, for less to compute."""
        if not len(self):
            return self
        low = np.maximum(self.places[:, 1:].min(axis=0) - reach, 0)
        high = self.places[:, 1:].max(axis=0) + reach + 1
        pictures, numbers = np.unique(self.places[:, 0], return_inverse=True)
        part: Any = self.pictures[:, low[0] : high[0], low[1] : high[1]]
        if len(pictures) < len(part):
            part = part[pictures]
        places = np.column_stack([numbers, self.places[:, 1:] - low]).astype(self.places.dtype)
        return replace(self, pictures=part, places=places)


@dataclass(frozen=True, kw_only=True, eq=False)
class Bundle:
    """Several signals of the same specimens, by name: what a multimodal technique works on."""

    kind: ClassVar[SignalKind] = "bundle"

    parts: Mapping[str, Peaks | Profile | Image]

    def __post_init__(self) -> None:
        lengths = {name: len(part) for name, part in self.parts.items()}
        if not lengths or len(set(lengths.values())) != 1:
            raise InputError(f"The parts of a bundle must hold equally many spectra, not {lengths}.")

    def __len__(self) -> int:
        return len(next(iter(self.parts.values())))


Signal = Peaks | Profile | Image | Places | Bundle
S = TypeVar("S", bound=Signal)
_PLAIN: dict[str, type[Peaks] | type[Profile] | type[Image] | type[Places]] = {
    "peaks": Peaks,
    "profile": Profile,
    "image": Image,
    "places": Places,
}
# What runs along the leading axis; everything else belongs to the stack as a whole.
_STACKED = {"peaks": ("positions", *OF_LINES), "profile": ("y",), "image": ("pixels",), "places": ("places",)}


def take(signal: S, index: slice | NDArray[Any]) -> S:
    """Return the spectra of ``signal`` at ``index`` as a stack of the same kind."""
    return _mapped([signal], lambda arrays: rows(arrays[0], index))


def concatenate(signals: Sequence[S]) -> S:
    """Join stacks of one kind end to end.

    Raises
    ------
    InputError
        If they differ in kind, unit, window, axis or parts.
    """
    return _mapped(signals, _join)


def _mapped(signals: Sequence[S], function: Callable[[Sequence[Floats]], Floats]) -> S:
    """Make one stack of several by ``function``, which is handed the arrays of one name from all of them."""
    first: Any = signals[0]
    if any(type(signal) is not type(first) for signal in signals):
        raise InputError("Signals of different kinds cannot be joined.")
    if isinstance(first, Bundle):
        bundles: list[Any] = list(signals)
        if any(bundle.parts.keys() != first.parts.keys() for bundle in bundles):
            raise InputError("Bundles with different parts cannot be joined.")
        parts: Any = {name: _mapped([bundle.parts[name] for bundle in bundles], function) for name in first.parts}
        return cast("S", replace(first, parts=parts))
    along = [name for name in _STACKED[first.kind] if getattr(first, name) is not None]
    shared = set(vars(first)).difference(_STACKED[first.kind])
    if any(not _same(getattr(s, name), getattr(first, name)) for s in signals for name in shared):
        raise InputError(f"Only {first.kind} of one axis, unit and window can be joined.")
    return cast("S", replace(first, **{name: function([getattr(s, name) for s in signals]) for name in along}))


def _same(one: Any, other: Any) -> bool:
    """Say whether two attributes are equal; gaps in pictures are."""
    if one is other:
        return True
    with_gaps = isinstance(one, np.ndarray) and one.dtype.kind == "f"
    return np.array_equal(one, other, equal_nan=with_gaps)


def _join(arrays: Sequence[Floats]) -> Floats:
    """Concatenate along the first axis; lists of peaks are first filled up to one length."""
    if arrays[0].ndim == 2 and len({array.shape[1] for array in arrays}) > 1:
        width = max(array.shape[1] for array in arrays)
        arrays = [np.pad(a, ((0, 0), (0, width - a.shape[1])), constant_values=np.nan) for a in arrays]
    return np.concatenate(arrays)


def stacked(signal: Peaks | Profile | Image | Places) -> NDArray[Any]:
    """Return the array that says what the spectra of a stack are, along its leading axis."""
    return getattr(signal, _STACKED[signal.kind][0])


def numbers_per_spectrum(signal: Signal) -> int:
    """Return how many numbers one spectrum of a stack holds, whatever their precision."""
    if isinstance(signal, Bundle):
        return sum(map(numbers_per_spectrum, signal.parts.values()))
    arrays = (getattr(signal, name) for name in _STACKED[signal.kind])
    return sum(int(np.prod(array.shape[1:])) for array in arrays if array is not None)


def names_of_stacked(signal: Signal) -> tuple[str, ...]:
    """Return which arrays of :func:`to_arrays` run along the leading axis."""
    if isinstance(signal, Bundle):
        return tuple(f"{name}/{key}" for name, part in signal.parts.items() for key in names_of_stacked(part))
    return tuple(name for name in _STACKED[signal.kind] if getattr(signal, name) is not None)


def to_arrays(signal: Signal) -> dict[str, NDArray[Any]]:
    """Lay a signal out as named arrays, for a file without pickled objects."""
    arrays: dict[str, NDArray[Any]] = {"kind": np.array(signal.kind)}
    if isinstance(signal, Bundle):
        for name, part in signal.parts.items():
            arrays |= {f"{name}/{key}": array for key, array in to_arrays(part).items()}
        return arrays
    return arrays | {name: np.asarray(value) for name, value in vars(signal).items() if value is not None}


def from_arrays(arrays: Mapping[str, NDArray[Any]]) -> Signal:
    """Rebuild the signal that :func:`to_arrays` laid out.

    Raises
    ------
    InputError
        If the arrays do not describe a signal.
    """
    kind = str(arrays.get("kind"))
    if kind == "bundle":
        names = dict.fromkeys(key.split("/", 1)[0] for key in arrays if "/" in key)
        parts: dict[str, Any] = {name: from_arrays(within(arrays, name)) for name in names}
        return Bundle(parts=parts)
    if kind not in _PLAIN:
        raise InputError(f"A stored signal has the kind {kind!r}, which is none of {', '.join(_PLAIN)} or bundle.")
    fields: dict[str, Any] = {key: array for key, array in arrays.items() if key != "kind"}
    for name in ("unit", "x_unit", "y_unit"):
        if name in fields:
            fields[name] = str(fields[name])
    try:
        if "window" in fields:
            fields["window"] = tuple(float(end) for end in fields["window"])
        if "um_per_pixel" in fields:
            fields["um_per_pixel"] = float(fields["um_per_pixel"])
        return _PLAIN[kind](**fields)
    except (TypeError, ValueError) as error:
        raise InputError(f"The stored {kind} signal does not hold the right arrays: {error}.") from error


def below(name: str, arrays: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """Return the arrays with the prefix ``name/``, to be stored beside others; :func:`within` finds them again."""
    return {f"{name}/{key}": array for key, array in arrays.items()}


def within(arrays: Mapping[str, NDArray[Any]], name: str) -> dict[str, NDArray[Any]]:
    """Return the arrays below ``name/``, without that prefix."""
    return {key.removeprefix(f"{name}/"): array for key, array in arrays.items() if key.startswith(f"{name}/")}
