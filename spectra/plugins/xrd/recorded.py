"""Structures that were simulated before, by ``spectra generate`` or by anyone who writes such a file."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, PositiveInt

from spectra.core.data_set_file import DataSetFile
from spectra.core.errors import InputError
from spectra.core.signals import Bundle, Profile, Signal, take
from spectra.plugins.xrd.sample import AtomisticSample
from spectra.plugins.xrd.scan import ANGLE
from spectra.plugins.xrd.vdos import WAVENUMBER

Floats = NDArray[np.float64]

_UNITS = {"xrd": ANGLE, "vdos": WAVENUMBER}


class RecordedParameters(BaseModel):
    """How many of the structures are used."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    first: PositiveInt | None = Field(
        default=None, description="use only so many, from the first, to see how errors fall with their number"
    )


class RecordedStructures:
    """Takes structures out of the data set file of a sample; a point is a row of it."""

    specimens_per_part = 1_000_000

    def __init__(self, sample: AtomisticSample, parameters: RecordedParameters) -> None:
        if sample.data_set is None:
            raise InputError(f"The sample {sample.name!r} names no 'data_set' to take structures out of.")
        self._sample, self._first = sample, parameters.first

    def generate(self, points: Floats) -> tuple[Floats, Signal]:
        """Return quantities and signals of the rows ``points``, shape (n, 1); NaN for those that are not used.

        Raises
        ------
        InputError
            If the file cannot be used, or lacks what the technique works on.
        """
        file, rows = structures_of(self._sample), points[:, 0].astype(int)
        values = file.values[rows]
        if self._first is not None:
            values[rows >= self._first] = np.nan
        return values, take(signal_of(self._sample), rows)


def structures_of(sample: AtomisticSample) -> DataSetFile:
    """Read the data set file of a sample.

    Raises
    ------
    InputError
        If it is no data set file.
    """
    assert sample.data_set is not None  # noqa: S101
    try:
        return _read(sample.data_set.content)
    except InputError as error:
        raise InputError(f"{sample.data_set.name}: {error.message}", hint=error.hint) from error


def signal_of(sample: AtomisticSample) -> Signal:
    """Return what a technique works on: a stack of one profile for each structure, or of bundles of two.

    Raises
    ------
    InputError
        If the file cannot be used, or lacks it.
    """
    signal, wanted = structures_of(sample).signal, sample.technique.split("+")
    given = signal.parts if isinstance(signal, Bundle) else {_name_of(signal): signal}
    parts = {name: part for name in wanted if isinstance(part := given.get(name), Profile)}
    if missing := [f"{name} (a profile over {_UNITS[name]})" for name in wanted if name not in parts]:
        assert sample.data_set is not None  # noqa: S101
        raise InputError(
            f"{sample.data_set.name} does not hold {' and '.join(missing)}, but {', '.join(map(str, given))}.",
            hint=f"Generate the data set with the technique {sample.technique!r} or 'xrd+vdos'.",
        )
    return parts[wanted[0]] if len(wanted) == 1 else Bundle(parts=dict(parts))


def _name_of(signal: Signal) -> str:
    """Return the technique whose axis a profile has, or else the kind of the signal."""
    unit = signal.x_unit if isinstance(signal, Profile) else ""
    return next((name for name, known in _UNITS.items() if known == unit), signal.kind)


@lru_cache(maxsize=4)
def _read(content: bytes) -> DataSetFile:
    return DataSetFile.from_bytes(content)
