"""A training set as a file of its own: quantities, signals, and all that says where they come from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from spectra.core.basics.documents import describe_validation_error
from spectra.core.basics.files import pack_arrays, unpack_arrays
from spectra.core.errors import InputError
from spectra.core.quantities import Quantity
from spectra.core.signals import Bundle, Image, Peaks, Places, Profile, Signal, below, from_arrays, to_arrays, within

Floats = NDArray[np.float64]

_LIMIT = 1_000_000_000  # bytes, unpacked
_WHAT = "data set file"


class _QuantityDocument(BaseModel):
    name: str = Field(min_length=1)
    unit: str
    description: str
    lower: float
    upper: float


class _About(BaseModel):
    """The JSON text beside the arrays."""

    model_config = ConfigDict(extra="forbid")

    format: Literal[1] = 1
    quantities: list[_QuantityDocument] = Field(min_length=1)
    recipe: dict[str, Any]
    notes: list[str]
    environment: dict[str, str]


@dataclass(frozen=True, kw_only=True, eq=False)
class DataSetFile:
    """What a data set file holds.

    It is a compressed NumPy archive without pickles: ``values``, ``signal/*``, ``points`` and ``about``, a JSON text.
    What runs along the stack of a signal is kept in single precision, which moves it by at most 6e-8 of itself.

    Parameters
    ----------
    quantities
        What the columns of ``values`` are, with the ranges searched.
    values : ndarray, shape (n, p)
        In the quantities' units.
    signal
        A stack of n.
    points : ndarray, shape (n, k)
        What each was made from, by a generating model; ``None`` if it was computed from its values.
    groups : ndarray, shape (n,)
        Which of them come from one specimen, grain, micrograph or trajectory and are never divided; ``None`` where each
        is for itself.
    recipe
        The document that repeats it: technique, sample, forward model with parameters and version.
    notes
        What a reader should keep in mind, such as how many specimens were left out.
    environment
        Versions of what it was made with.
    """

    quantities: tuple[Quantity, ...]
    values: Floats
    signal: Signal
    points: Floats | None
    recipe: Mapping[str, Any]
    notes: tuple[str, ...]
    environment: Mapping[str, str]
    groups: NDArray[np.int64] | None = None

    def to_bytes(self) -> bytes:
        """Serialise everything; equal contents give equal bytes."""
        about = _About(
            quantities=[_QuantityDocument(**asdict(quantity)) for quantity in self.quantities],
            recipe=dict(self.recipe),
            notes=list(self.notes),
            environment=dict(self.environment),
        )
        signal = below("signal", {name: _shortened(array) for name, array in to_arrays(self.signal).items()})
        arrays = {"about": np.array(about.model_dump_json()), "values": self.values} | signal
        if self.points is not None:
            arrays["points"] = self.points.astype(np.float64)
        if self.groups is not None:
            arrays["groups"] = self.groups.astype(np.int64)
        return pack_arrays(arrays, compressed=True)

    @classmethod
    def from_bytes(cls, content: bytes) -> DataSetFile:
        """Read what :meth:`to_bytes` wrote, whoever sent it.

        Raises
        ------
        InputError
            If it is no such file, would unpack to more than 1 GB, or holds what a data set cannot: arrays that do not
            go together, values that are not finite, a text that does not say what they are.
        """
        arrays = unpack_arrays(content, what=_WHAT, limit=_LIMIT)
        if "about" not in arrays:
            raise InputError(
                f"The {_WHAT} does not say what it holds: it has no 'about'.",
                hint="'spectra generate --output' writes such files.",
            )
        about = _read_about(str(arrays["about"]))
        quantities = tuple(Quantity(**quantity.model_dump()) for quantity in about.quantities)
        values = _table(arrays, "values")
        if values.shape[1] != len(quantities):
            raise InputError(f"The {_WHAT} has {values.shape[1]} columns of values for {len(quantities)} quantities.")
        signal = _read_signal(within(arrays, "signal"))
        points = _table(arrays, "points") if "points" in arrays else None
        groups = _groups(arrays) if "groups" in arrays else None
        counts = {"values": len(values), "signals": len(signal)}
        counts |= {} if points is None else {"points": len(points)}
        counts |= {} if groups is None else {"groups": len(groups)}
        if len(set(counts.values())) > 1 or not len(values):
            listed = ", ".join(f"{count:,} {name}" for name, count in counts.items())
            raise InputError(f"The {_WHAT} holds {listed}; they must be equally many, and at least one.")
        return cls(
            quantities=quantities,
            values=values,
            signal=signal,
            points=points,
            recipe=about.recipe,
            notes=tuple(about.notes),
            environment=about.environment,
            groups=groups,
        )


def _read_about(text: str) -> _About:
    try:
        document = json.loads(text)
        json.dumps(document, ensure_ascii=False).encode()  # an escape sequence may stand for half a character
        about = _About.model_validate(document)
    except ValidationError as error:
        fault = describe_validation_error(error, _About)
        raise InputError(f"The 'about' of the {_WHAT} cannot be used: {fault:.300}.") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"The 'about' of the {_WHAT} is no JSON text.") from error
    names = [quantity.name for quantity in about.quantities]
    if len(set(names)) < len(names):
        raise InputError(f"The {_WHAT} names a quantity twice: {', '.join(names)}.")
    return about


def _table(arrays: Mapping[str, NDArray[Any]], name: str) -> Floats:
    """Return a finite array of two axes."""
    array = arrays.get(name, np.empty(0))
    if array.ndim != 2 or array.dtype != np.float64 or not np.isfinite(array).all():
        raise InputError(f"The {name!r} of the {_WHAT} are missing, or are no table of finite numbers.")
    return array


def _groups(arrays: Mapping[str, NDArray[Any]]) -> NDArray[np.int64]:
    """Return one whole number for each specimen."""
    groups = arrays["groups"]
    if groups.ndim != 1 or groups.dtype != np.int64:
        raise InputError(f"The 'groups' of the {_WHAT} are no row of whole numbers.")
    return groups


def _read_signal(arrays: Mapping[str, NDArray[Any]]) -> Signal:
    numbers = {name: array for name, array in arrays.items() if array.ndim > 0}  # kind and units have none
    if any(array.dtype.kind not in "fi" and array.dtype != np.uint8 for array in numbers.values()):
        raise InputError(f"The signals of the {_WHAT} hold something that is no number.")
    try:
        signal = from_arrays(dict(arrays) | {name: _lengthened(array) for name, array in numbers.items()})
    except (TypeError, ValueError, AttributeError, RecursionError) as error:
        raise InputError(f"The signals of the {_WHAT} cannot be read: {error}.") from error
    parts: list[Any] = [*signal.parts.values()] if isinstance(signal, Bundle) else [signal]
    if not all(map(_is_sound, parts)):
        raise InputError(f"The signals of the {_WHAT} are not finite, or not in order.")
    return signal


def _is_sound(signal: Signal) -> bool:
    """Say whether a forward model can have made this: no infinities, no gaps, no bundle within a bundle."""
    match signal:
        case Peaks():
            ascending = np.array_equal(np.sort(signal.positions, axis=1), signal.positions, equal_nan=True)
            return ascending and not np.isinf(signal.positions).any()
        case Profile():
            return bool(np.isfinite(signal.x).all() and np.isfinite(signal.y).all())
        case Image():
            return signal.pixels.dtype == np.uint8 or bool(np.isfinite(signal.pixels).all())
        case Places():  # of which the pictures may have gaps
            return signal.pictures.dtype == np.uint8 or not bool(np.isinf(signal.pictures).any())
        case _:
            return False


def _shortened(array: NDArray[Any]) -> NDArray[Any]:
    """Return what runs along the stack in single precision; an axis or a window, with one axis, stays as it is."""
    return array.astype(np.float32) if array.ndim > 1 and array.dtype.kind == "f" else array


def _lengthened(array: NDArray[Any]) -> NDArray[Any]:
    """Return peaks and profiles in double precision, as they were; pictures, with four axes, stay as they are."""
    return array.astype(np.float64) if array.ndim <= 2 and array.dtype.kind == "f" else array
