"""Simulated training sets: made in parts that survive a kill, kept as one file, split by point and not by copy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spectra.core.components import Distortion, Encoder, Features, ForwardModel, PartitioningEncoder
from spectra.core.errors import InputError
from spectra.core.files import pack_arrays, unpack_arrays, write_atomically
from spectra.core.progress import Progress
from spectra.core.quantities import Quantity, to_unit_interval
from spectra.core.signals import Signal, concatenate, from_arrays, take, to_arrays, within

Floats = NDArray[np.float64]

_PART = 500  # points between two saves


@dataclass(frozen=True, kw_only=True, eq=False)
class DataSet:
    """Ideal signals and the quantities that they were computed from.

    Parameters
    ----------
    values : ndarray, shape (n, p)
        In the quantities' units.
    signal
        A stack of n.
    """

    values: Floats
    signal: Signal

    def __len__(self) -> int:
        return len(self.values)

    def part(self, index: NDArray[np.int64]) -> DataSet:
        """Return the points at ``index``."""
        return DataSet(values=self.values[index], signal=take(self.signal, index))

    def pack(self) -> bytes:
        """Serialise points and signals."""
        signal = {f"signal/{name}": array for name, array in to_arrays(self.signal).items()}
        return pack_arrays({"values": self.values} | signal)

    @classmethod
    def unpack(cls, content: bytes) -> DataSet:
        """Read what :meth:`pack` wrote.

        Raises
        ------
        InputError
            If it is no data set.
        """
        arrays = unpack_arrays(content, what="data set")
        return cls(values=arrays["values"], signal=from_arrays(within(arrays, "signal")))


def simulate(forward: ForwardModel, values: Floats, *, folder: Path, progress: Progress) -> DataSet:
    """Compute the signals of ``values``, shape (n, p), saving every part in ``folder``.

    Parts that a killed run left there are taken over.
    """
    parts = []
    with progress.task("Simulating spectra", len(values)) as advance:
        for start in range(0, len(values), _PART):
            part = values[start : start + _PART]
            path = folder / f"part-{start:08d}.npz"
            data = _finished(path, part)
            if data is None:
                data = DataSet(values=part, signal=forward.simulate(part))
                write_atomically(path, data.pack())
            parts.append(data)
            advance(len(part))
    signals: list[Any] = [part.signal for part in parts]
    return DataSet(values=values, signal=concatenate(signals))


def _finished(path: Path, values: Floats) -> DataSet | None:
    """Return the part that a former run saved, if it is whole and holds these points."""
    try:
        data = DataSet.unpack(path.read_bytes())
    except (OSError, InputError, KeyError):
        return None
    return data if np.array_equal(data.values, values) else None


def split(count: int, rng: np.random.Generator) -> tuple[NDArray[np.int64], ...]:
    """Divide points 5:1:1 into training, validation and test (Liu et al. 2023), at least one each.

    Distorted copies are made after the split, so that no point stands on two sides.
    """
    order = rng.permutation(count)
    held_out = max(count // 7, 1)
    return order[2 * held_out :], order[:held_out], order[held_out : 2 * held_out]


def distorted(signal: Signal, distortions: Sequence[Distortion], rng: np.random.Generator) -> Signal:
    """Apply the distortions one after the other."""
    for distortion in distortions:
        signal = distortion.distort(signal, rng)
    return signal


class FreshlyDistorted:
    """Training data for a regressor: ideal signals that are distorted and encoded anew at every draw."""

    def __init__(
        self,
        training: DataSet,
        validation: DataSet,
        *,
        quantities: Sequence[Quantity],
        distortions: Sequence[Distortion],
        encoder: Encoder,
        rng: np.random.Generator,
    ) -> None:
        self._distortions, self._encoder = distortions, encoder
        self._signal, self._targets = training.signal, to_unit_interval(training.values, quantities)
        self.validation = (
            self._encoded(validation.signal, rng),
            to_unit_interval(validation.values, quantities),
        )
        together = (self.validation[0].shape[1],)
        self.sizes = encoder.sizes() if isinstance(encoder, PartitioningEncoder) else together

    def ideal(self) -> tuple[Features, Floats]:
        """Encode every training signal as it was computed."""
        return self._encoder.encode(self._signal), self._targets

    def draw(self, rng: np.random.Generator) -> tuple[Features, Floats]:
        """Distort and encode every training signal once."""
        return self._encoded(self._signal, rng), self._targets

    def _encoded(self, signal: Signal, rng: np.random.Generator) -> Features:
        return self._encoder.encode(distorted(signal, self._distortions, rng))
