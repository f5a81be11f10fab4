"""Simulated training sets: made in parts that survive a kill, kept as one file, split by point and not by copy."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from spectra.core.basics.files import (
    digest_bytes,
    digest_document,
    keep_part,
    pack_arrays,
    unpack_arrays,
    written_atomically,
)
from spectra.core.basics.large import Streamed, open_arrays, rows, write_arrays
from spectra.core.components import ForwardModel, GeneratingModel, SamplingForwardModel
from spectra.core.errors import InputError, PluginError, RegistryError, SpectraError
from spectra.core.inventory.catalogue import Catalogue
from spectra.core.progress import Progress
from spectra.core.recipe import Choice, Recipe
from spectra.core.session import Session, Specimen
from spectra.core.signals import (
    Bundle,
    Signal,
    below,
    concatenate,
    from_arrays,
    names_of_stacked,
    take,
    to_arrays,
    within,
)
from spectra.core.store import DataSetRecord, Store
from spectra.core.tasks import Executor, Task, answers
from spectra.core.technique import Design
from spectra.core.workflows.environment import environment
from spectra.core.workflows.fitting import check_recipe
from spectra.core.workflows.specimens import received_specimen, sent_specimen

Floats = NDArray[np.float64]
Elsewhere = Callable[[Mapping[Path, Floats]], Iterator[tuple[Path, "DataSet"]]]

AT_ONCE = 500
"""Points that a forward model is asked for at once; they are saved together."""

_FEWEST_POINTS = 7  # that can be divided into training, validation and test
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
    groups : ndarray, shape (n,)
        As the design says: what has the same number stays together when the data are split.
    """

    values: Floats
    signal: Signal
    points: Floats | None = None
    groups: NDArray[np.int64] | None = None

    def __len__(self) -> int:
        return len(self.values)

    def rows(self, index: slice | NDArray[np.int64]) -> DataSet:
        """Return the points at ``index``."""
        points = None if self.points is None else rows(self.points, index)
        groups = None if self.groups is None else rows(self.groups, index)
        return DataSet(values=rows(self.values, index), signal=take(self.signal, index), points=points, groups=groups)

    def pack(self) -> bytes:
        """Serialise points, quantities and signals."""
        return pack_arrays(self.beside_signal() | below("signal", to_arrays(self.signal)))

    def beside_signal(self) -> dict[str, NDArray[Any]]:
        """Return the arrays that it has besides the signals, by name."""
        known = {"values": self.values, "points": self.points, "groups": self.groups}
        return {name: array for name, array in known.items() if array is not None}

    @classmethod
    def unpack(cls, content: bytes) -> DataSet:
        """Read what :meth:`pack` wrote.

        Raises
        ------
        InputError
            If it is no data set.
        """
        return cls._of_arrays(unpack_arrays(content, what="data set"))

    @classmethod
    def open(cls, stream: IO[bytes]) -> DataSet:
        """Read the same from a file, which may be closed afterwards; what is large stays in it. Raises alike."""
        return cls._of_arrays(open_arrays(stream, what="data set"))

    @classmethod
    def _of_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> DataSet:
        if "values" not in arrays:
            raise InputError("The data set holds no values.")
        signal = from_arrays(within(arrays, "signal"))
        return cls(values=arrays["values"], signal=signal, points=arrays.get("points"), groups=arrays.get("groups"))


def data_set(session: Session, specimen: Specimen, recipe: Recipe) -> tuple[DataSetRecord, DataSet]:
    """Return the training set of a sample, simulated if it is not on record.

    Raises
    ------
    InputError
        If the sample's ranges hold too few possible points, or too few specimens can be used.
    """
    store, catalogue, progress = session.store, session.catalogue, session.progress
    check_recipe(catalogue, specimen.sample.technique, recipe)
    sample = specimen.sample
    design = specimen.technique.design(sample)  # which refuses what cannot be searched
    model: ForwardModel | GeneratingModel | None = None
    if catalogue.find("forward model", recipe.forward_model.name).makes(SamplingForwardModel):
        model = specimen.simulation(catalogue, recipe.forward_model)
        assert isinstance(model, SamplingForwardModel)  # noqa: S101
        design = replace(design, points=model.training_points(), groups=None)
    if len(design.points) < _FEWEST_POINTS:
        raise InputError(
            f"The searched ranges of {sample.name!r} hold only {len(design.points)} possible points.",
            hint="Widen the ranges or narrow the steps.",
        )
    document = {
        "technique": sample.technique,
        "sample": sample.digest,
        "forward_model": recipe.forward_model.model_dump(mode="json"),
        "points": digest_bytes(np.ascontiguousarray(design.points).tobytes()),
    }
    if design.groups is not None:
        document["groups"] = digest_bytes(np.ascontiguousarray(design.groups, dtype=np.int64).tobytes())
    digest = digest_document(document)
    known = store.find_data_set(digest)
    if known is not None:
        try:
            return known, read_data_set(store, known)
        except RegistryError as error:
            progress.say(f"{error.message} Simulating it again.")
    for note in design.notes:
        progress.say(note)
    if model is None:
        model = specimen.simulation(catalogue, recipe.forward_model)
    elsewhere = None
    if session.executor is not None:
        elsewhere = partial(_elsewhere, session.executor, specimen, recipe.forward_model)
    folder = store.workspace(digest)
    parts = simulate(model, design, folder=folder, jobs=session.jobs, progress=progress, elsewhere=elsewhere)
    notes = list(design.notes)
    if unused := len(design.points) - len(parts):
        notes.append(
            f"{unused:,} of {len(design.points):,} specimens are not used: they failed or lie outside the ranges."
        )
        progress.say(notes[-1])
    if len(parts) < _FEWEST_POINTS:
        raise InputError(
            f"Only {len(parts)} of {len(design.points)} specimens of {sample.name!r} can be used.",
            hint="Widen the ranges, or ask for more specimens.",
        )
    record = store.add_data_set(
        sample=store.add_sample(sample),
        digest=digest,
        recipe=document,
        points=len(parts),
        notes=notes,
        content=parts.join(folder / "whole.npz"),
        environment=environment(
            catalogue, [("technique", sample.technique), ("forward model", recipe.forward_model.name)]
        )
        | ({} if session.executor is None else {"workers": session.executor.machines}),
    )
    store.clear_workspace(digest)
    return record, read_data_set(store, record)


def read_data_set(store: Store, record: DataSetRecord) -> DataSet:
    """Read a data set on record; what is large stays in the file of its artefact.

    Raises
    ------
    RegistryError
        If that is missing or damaged.
    InputError
        If it is no data set.
    """
    with store.open_artefact(record.artefact) as stream:
        return DataSet.open(stream)


def simulate(
    model: ForwardModel | GeneratingModel,
    design: Design,
    *,
    folder: Path,
    jobs: int | None,
    progress: Progress,
    elsewhere: Elsewhere | None = None,
) -> Parts:
    """Compute the signals of a design's points, or make specimens of them, saving every part in ``folder``.

    Parts that a killed run left there are taken over. Specimens that are not to be used are left out.

    Parameters
    ----------
    jobs
        In how many processes to make specimens, which changes nothing about them; ``None`` for one on each core.
        Signals of given quantities are computed in this process.
    elsewhere
        What does it on other machines instead.
    """
    points, generating = design.points, isinstance(model, GeneratingModel)
    size = model.specimens_per_part if isinstance(model, GeneratingModel) else AT_ONCE
    slices = {folder / f"part-{start:08d}.npz": slice(start, start + size) for start in range(0, len(points), size)}
    parts = Parts(slices, design.groups)
    with progress.task("Making specimens" if generating else "Simulating spectra", len(points)) as advance:
        missing: dict[Path, Floats] = {}
        for path, part in slices.items():
            finished = _finished(path, points[part])
            if finished is None:
                missing[path] = points[part]
            else:
                parts.add(path, finished)
                advance(len(finished))
        computed = _computed(model, missing, jobs) if elsewhere is None else elsewhere(missing)
        for path, data in computed:
            keep_part(path, data.pack())
            parts.add(path, data)
            advance(len(data))
    return parts


class Parts:
    """A training set in parts, each in its file; in memory is only what is small beside the signals.

    Parameters
    ----------
    slices
        Where the part of each file stands among the points of the design.
    groups : ndarray, shape (n,)
        Of all points.
    """

    def __init__(self, slices: Mapping[Path, slice], groups: NDArray[np.int64] | None) -> None:
        self._slices, self._groups = slices, groups
        self._known: dict[Path, dict[str, NDArray[Any]]] = {}
        self._empty: Signal | None = None

    def __len__(self) -> int:
        """Return how many specimens can be used."""
        return sum(len(known["values"]) for known in self._known.values())

    def add(self, path: Path, data: DataSet) -> None:
        """Take note of a part that is in its file.

        Raises
        ------
        InputError
            If its signals cannot be joined with those of the others.
        """
        groups = None if self._groups is None else self._groups[self._slices[path]]
        part = _usable(replace(data, groups=groups))
        self._known[path] = part.beside_signal()
        nothing = take(part.signal, np.arange(0))
        self._empty = nothing if self._empty is None else concatenate([self._empty, nothing])

    def join(self, file: Path) -> Path:
        """Write all parts into one file, as :meth:`DataSet.open` reads it, and return it."""
        parts = [self._known[path] for path in self._slices]
        arrays: dict[str, NDArray[Any] | Streamed] = {
            name: np.concatenate([part[name] for part in parts]) for name in parts[0]
        }
        assert self._empty is not None  # noqa: S101
        stacked, signal = names_of_stacked(self._empty), to_arrays(self._empty)
        # parts of a bundle keep their order, in which encoders read them
        for name in signal if isinstance(self._empty, Bundle) else sorted(signal):
            empty = signal[name]
            whole = Streamed(dtype=empty.dtype, shape=(len(self), *empty.shape[1:]), pieces=self._pieces(name))
            arrays[f"signal/{name}"] = whole if name in stacked else empty
        with written_atomically(file) as stream:
            write_arrays(stream, {name: arrays[name] for name in sorted(arrays, key=_first_word)})
        return file

    def _pieces(self, name: str) -> Iterator[NDArray[Any]]:
        """Yield an array of the signals of each part, lists of peaks filled up to the longest of all parts."""
        for path in self._slices:
            signals: list[Any] = [self._empty, _usable(DataSet.unpack(path.read_bytes())).signal]
            yield to_arrays(concatenate(signals))[name]


def _first_word(name: str) -> str:
    return name.partition("/")[0]


def _usable(part: DataSet) -> DataSet:
    """Leave out the specimens that are not to be used, which have no finite values."""
    used = np.flatnonzero(np.isfinite(part.values).all(axis=1))
    return part if len(used) == len(part) else part.rows(used)


def _finished(path: Path, points: Floats) -> DataSet | None:
    """Return the part that a former run saved, if it is whole and was made of these points."""
    try:
        data = DataSet.unpack(path.read_bytes())
    except (OSError, InputError):
        return None
    made_of = data.values if data.points is None else data.points
    return data if np.array_equal(made_of, points) else None


def _computed(
    model: ForwardModel | GeneratingModel, missing: Mapping[Path, Floats], jobs: int | None
) -> Iterator[tuple[Path, DataSet]]:
    """Yield parts as they are ready, each with the place where it belongs."""
    if not isinstance(model, GeneratingModel):
        for path, points in missing.items():
            yield path, _simulated(model, points)
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


def _elsewhere(
    executor: Executor, specimen: Specimen, choice: Choice, missing: Mapping[Path, Floats]
) -> Iterator[tuple[Path, DataSet]]:
    """Yield the same, computed by workers."""
    document, attached = sent_specimen(specimen)
    document["forward_model"] = choice.model_dump(mode="json")
    tasks = [
        Task(work=PART, document=document, blobs=attached | {"points": pack_arrays({"points": points})})
        for points in missing.values()
    ]
    paths = list(missing)
    for place, content in answers(executor, tasks):
        yield paths[place], DataSet.unpack(content)


PART = "workflows.training_set:part_of_document"


def part_of_document(catalogue: Catalogue, document: Mapping[str, Any], blobs: Mapping[str, bytes]) -> bytes:
    """Compute one part of a training set on a worker, as :meth:`DataSet.pack` writes it."""
    points = unpack_arrays(blobs["points"], what="points")["points"]
    key = digest_document(document)
    if key not in _MODELS:
        _MODELS.clear()  # one sample at a time
        specimen = received_specimen(catalogue, document, blobs)
        _MODELS[key] = specimen.simulation(catalogue, Choice.model_validate(document["forward_model"]))
    model = _MODELS[key]
    if isinstance(model, GeneratingModel):
        return _generated(model, Path(), points)[1].pack()
    return _simulated(model, points).pack()


_MODELS: dict[str, ForwardModel | GeneratingModel] = {}
"""The model that this worker made last."""


def _simulated(model: ForwardModel, points: Floats) -> DataSet:
    compute = model.simulate_roughly if isinstance(model, SamplingForwardModel) else model.simulate
    return DataSet(values=points, signal=compute(points))


def _generated(model: GeneratingModel, path: Path, points: Floats) -> tuple[Path, DataSet]:
    # joblib limits the threads of other processes, but one job is done in this one; the sums must come out the same.
    with threadpool_limits(limits=1):
        values, signal = model.generate(points)
    if len(values) != len(points) or len(signal) != len(points):
        raise PluginError(
            f"A forward model made {len(values)} rows of quantities and {len(signal)} signals of {len(points)} points."
        )
    return path, DataSet(values=values, signal=signal, points=points)


def split(data: DataSet, rng: np.random.Generator) -> tuple[DataSet, DataSet, DataSet]:
    """Divide points 5:1:1 into training, validation and test (Liu et al. 2023), at least one each.

    Distorted copies are made after the split, so that no point stands on two sides, and groups stay together.

    Raises
    ------
    InputError
        If there are fewer than three groups.
    """
    shares = _split_points(len(data), rng) if data.groups is None else _split_groups(data.groups, rng)
    training, validation, test = (data.rows(index) for index in shares)
    return training, validation, test


def _split_points(count: int, rng: np.random.Generator) -> tuple[NDArray[np.int64], ...]:
    order, held_out = rng.permutation(count), max(count // 7, 1)
    return order[2 * held_out :], order[:held_out], order[held_out : 2 * held_out]


def _split_groups(groups: NDArray[np.int64], rng: np.random.Generator) -> tuple[NDArray[np.int64], ...]:
    """Fill validation, then test, with whole groups in random order until each has a seventh of the points."""
    names, group_of, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    if len(names) < 3:
        raise InputError(
            f"The training set has {len(names)} groups; training, validation and test need one each.",
            hint="Groups are never divided: add specimens.",
        )
    order = rng.permutation(len(names))
    seventh = len(groups) / 7
    order = order[np.argsort(sizes[order] > seventh, kind="stable")]  # what is larger than a share is learned from
    ends = np.cumsum(sizes[order])
    first = min(int(np.searchsorted(ends, seventh)) + 1, len(names) - 2)
    second = min(int(np.searchsorted(ends, ends[first - 1] + seventh)) + 1, len(names) - 1)
    shares = order[second:], order[:first], order[first:second]
    return tuple(np.flatnonzero(np.isin(group_of, share)) for share in shares)
