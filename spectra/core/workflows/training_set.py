"""Simulated training sets: made in parts that survive a kill, kept as one file, split by point and not by copy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from spectra.core.components import (
    Distortion,
    Encoder,
    Features,
    ForwardModel,
    GeneratingModel,
    PartitioningEncoder,
)
from spectra.core.errors import InputError, PluginError, SpectraError
from spectra.core.files import pack_arrays, unpack_arrays, write_atomically
from spectra.core.progress import Progress
from spectra.core.quantities import Quantity, to_unit_interval
from spectra.core.signals import Signal, concatenate, from_arrays, take, to_arrays, within

Floats = NDArray[np.float64]

_PART = 500  # points between two saves, where the model does not say
_IDLE = 20  # seconds


@dataclass(frozen=True, kw_only=True, eq=False)
class DataSet:
    """Ideal signals and the quantities behind them.

    Parameters
    ----------
    values : ndarray, shape (n, p)
        In the quantities' units.
    signal
        A stack of n.
    points : ndarray, shape (n, k)
        What each was made from, by a generating model; ``None`` if it was computed from its values.
    """

    values: Floats
    signal: Signal
    points: Floats | None = None

    def __len__(self) -> int:
        return len(self.values)

    def part(self, index: NDArray[np.int64]) -> DataSet:
        """Return the points at ``index``."""
        points = None if self.points is None else self.points[index]
        return DataSet(values=self.values[index], signal=take(self.signal, index), points=points)

    def pack(self) -> bytes:
        """Serialise points, quantities and signals."""
        signal = {f"signal/{name}": array for name, array in to_arrays(self.signal).items()}
        points = {} if self.points is None else {"points": self.points}
        return pack_arrays({"values": self.values} | points | signal)

    @classmethod
    def unpack(cls, content: bytes) -> DataSet:
        """Read what :meth:`pack` wrote.

        Raises
        ------
        InputError
            If it is no data set.
        """
        arrays = unpack_arrays(content, what="data set")
        signal = from_arrays(within(arrays, "signal"))
        return cls(values=arrays["values"], signal=signal, points=arrays.get("points"))


def simulate(
    model: ForwardModel | GeneratingModel, points: Floats, *, folder: Path, jobs: int | None, progress: Progress
) -> DataSet:
    """Compute the signals of ``points``, shape (n, k), or make specimens of them, saving every part in ``folder``.

    Parts that a killed run left there are taken over. Specimens that are not to be used are left out.

    Parameters
    ----------
    jobs
        In how many processes to make specimens, which changes nothing about them; ``None`` for one on each core.
        Signals of given quantities are computed in this process.
    """
    generating = isinstance(model, GeneratingModel)
    size = model.specimens_per_part if isinstance(model, GeneratingModel) else _PART
    planned = {folder / f"part-{start:08d}.npz": points[start : start + size] for start in range(0, len(points), size)}
    with progress.task("Making specimens" if generating else "Simulating spectra", len(points)) as advance:
        finished = {path: data for path, part in planned.items() if (data := _finished(path, part)) is not None}
        advance(sum(map(len, finished.values())))
        missing = {path: part for path, part in planned.items() if path not in finished}
        for path, data in _computed(model, missing, jobs):
            write_atomically(path, data.pack())
            finished[path] = data
            advance(len(data))
    parts = [finished[path] for path in planned]
    signals: list[Any] = [part.signal for part in parts]
    values, signal = np.concatenate([part.values for part in parts]), concatenate(signals)
    if not generating:
        return DataSet(values=values, signal=signal)
    used = np.flatnonzero(np.isfinite(values).all(axis=1))
    return DataSet(values=values, signal=signal, points=points).part(used)


def _finished(path: Path, points: Floats) -> DataSet | None:
    """Return the part that a former run saved, if it is whole and was made of these points."""
    try:
        data = DataSet.unpack(path.read_bytes())
    except (OSError, InputError, KeyError):
        return None
    made_of = data.values if data.points is None else data.points
    return data if np.array_equal(made_of, points) else None


def _computed(
    model: ForwardModel | GeneratingModel, missing: Mapping[Path, Floats], jobs: int | None
) -> Iterator[tuple[Path, DataSet]]:
    """Yield parts as they are ready, each with the place where it belongs."""
    if not isinstance(model, GeneratingModel):
        for path, points in missing.items():
            yield path, DataSet(values=points, signal=model.simulate(points))
    elif missing:
        from joblib import Parallel, cpu_count, delayed, parallel_config
        from joblib.externals.loky.process_executor import TerminatedWorkerError

        # idle_worker_timeout: processes end by themselves, also if this one is killed
        with parallel_config(backend="loky", inner_max_num_threads=1, idle_worker_timeout=_IDLE):
            # batch_size: parts in one batch would only be saved together; max_nbytes: no files to leave behind
            parallel = Parallel(
                n_jobs=min(jobs or cpu_count(), len(missing)),
                return_as="generator_unordered",
                batch_size=1,
                max_nbytes=None,
            )
        try:
            yield from parallel(delayed(_generated)(model, path, points) for path, points in missing.items())
        except TerminatedWorkerError as error:
            raise SpectraError(
                "A process that made specimens crashed or was killed.",
                hint="If the memory did not suffice, use fewer --jobs; finished parts are kept.",
            ) from error


def _generated(model: GeneratingModel, path: Path, points: Floats) -> tuple[Path, DataSet]:
    # joblib limits the threads of other processes, but one job is done in this one; the sums must come out the same.
    with threadpool_limits(limits=1):
        values, signal = model.generate(points)
    if len(values) != len(points) or len(signal) != len(points):
        raise PluginError(
            f"A forward model made {len(values)} rows of quantities and {len(signal)} signals of {len(points)} points."
        )
    return path, DataSet(values=values, signal=signal, points=points)


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
