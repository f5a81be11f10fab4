"""Structures that were simulated before, by ``spectra generate`` or by anyone who writes a data set file."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, PositiveInt

from spectra.core.basics.attachments import Attachment
from spectra.core.errors import InputError
from spectra.core.formats.data_set_file import DataSetFile
from spectra.core.samples import Sample
from spectra.core.signals import Signal, take

Floats = NDArray[np.float64]


@runtime_checkable
class WithDataSet(Protocol):
    """A sample that can name a data set file to take structures out of."""

    @property
    def data_set(self) -> Attachment | None:
        """The file; ``None`` if the sample names none."""

    def measured_part(self, signal: Signal) -> Signal:
        """Return what the technique measures out of ``signal``, which may hold more.

        Raises
        ------
        InputError
            If it lacks something.
        """


class RecordedParameters(BaseModel):
    """How many of the structures are used."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    first: PositiveInt | None = Field(
        default=None, description="use only so many, from the first, to see how errors fall with their number"
    )


class RecordedStructures:
    """Takes structures out of the data set file of a sample; a point is a row of it."""

    specimens_per_part = 1_000_000

    def __init__(self, sample: Sample, parameters: RecordedParameters) -> None:
        if not isinstance(sample, WithDataSet) or sample.data_set is None:
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
        return values, take(file.signal, rows)


def structures_of(sample: WithDataSet) -> DataSetFile:
    """Read the data set file of a sample that names one; of its signals, only what the technique measures is left.

    Raises
    ------
    InputError
        If the file cannot be used, or lacks what the technique works on.
    """
    assert sample.data_set is not None  # noqa: S101
    try:
        file = _read(sample.data_set.content)
    except InputError as error:
        raise InputError(f"{sample.data_set.name}: {error.message}", hint=error.hint) from error
    return replace(file, signal=sample.measured_part(file.signal))


@lru_cache(maxsize=4)
def _read(content: bytes) -> DataSetFile:
    return DataSetFile.from_bytes(content)
