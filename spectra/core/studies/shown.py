"""The spectra that a study shows its models: random, held out of training or measured, under every condition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spectra.core.basics.documents import nearest
from spectra.core.components import Distortion, ForwardModel
from spectra.core.errors import InputError, SpectraError
from spectra.core.inventory.catalogue import Catalogue
from spectra.core.measurements import Measurement
from spectra.core.progress import Progress
from spectra.core.quantities import Quantity
from spectra.core.signals import Signal, concatenate, take
from spectra.core.studies.study import Condition, Study
from spectra.core.workflows.training_data import batch_size, distorted
from spectra.core.workflows.training_set import AT_ONCE, DataSet

Floats = NDArray[np.float64]

# Draws of random points before we believe that the ranges hold next to nothing possible.
_MOST_DRAWS = 50


@dataclass(frozen=True, kw_only=True, eq=False)
class Shown:
    """The test spectra of one condition.

    Parameters
    ----------
    truth : ndarray, shape (n, p)
        In the quantities' units.
    ideal
        A stack of n, before the distortions.
    seed
        What the distortions draw from.
    refined
        How many of them are refined, from the first.
    repeated
        Whether all n are one spectrum, distorted anew each time.
    """

    condition: Condition
    truth: Floats
    ideal: Signal
    distortions: Sequence[Distortion]
    seed: Sequence[int]
    refined: int
    repeated: bool

    def batches(self) -> Iterator[Signal]:
        """Yield what the models are shown, in order and always the same: at once, or pictures some at a time."""
        size, rng = batch_size(self.ideal), np.random.default_rng(self.seed)
        if len(self.ideal) <= size:
            yield self._at_once
            return
        for start in range(0, len(self.ideal), size):
            yield distorted(take(self.ideal, slice(start, start + size)), self.distortions, rng)

    def spectra(self) -> Iterator[Signal]:
        """Yield the same one by one, as stacks of one."""
        return (take(batch, slice(row, row + 1)) for batch in self.batches() for row in range(len(batch)))

    @cached_property
    def _at_once(self) -> Signal:
        return distorted(self.ideal, self.distortions, np.random.default_rng(self.seed))


def condition_distortions(catalogue: Catalogue, condition: Condition) -> list[Distortion]:
    """Make the distortions of a condition.

    Raises
    ------
    InputError, NotFoundError
        If a distortion or parameter is not there; the sentence names the condition.
    """
    try:
        return [
            catalogue.distortion(catalogue.choose("distortion", part.name, part.parameters))
            for part in condition.distortions
        ]
    except SpectraError as error:
        raise type(error)(f"Condition {condition.name!r}: {error.message}", hint=error.hint) from error


def held_out_spectra(
    study: Study, distortions: Sequence[Sequence[Distortion]], share: DataSet, seed: int
) -> Iterator[Shown]:
    """Yield the test share of the models trained with ``seed`` under every condition.

    What is drawn depends on nothing but the study, the share and ``seed``, so that all variants are shown the same.
    """
    settings: Any = study.test
    share = share.rows(slice(settings.count))
    for place, condition in enumerate(study.conditions):
        yield Shown(
            condition=condition,
            truth=share.values,
            ideal=share.signal,
            distortions=distortions[place],
            seed=(settings.seed, 1 + place, seed),
            refined=min(settings.refined, len(share)),
            repeated=False,
        )


def random_or_measured_spectra(
    forward: ForwardModel,
    quantities: Sequence[Quantity],
    study: Study,
    distortions: Sequence[Sequence[Distortion]],
    measurement: Measurement | None,
    progress: Progress,
) -> Iterator[Shown]:
    """Yield the spectra of every condition; they depend on nothing but the study, the sample and the forward model."""
    truths = [_point(condition, quantities) for condition in study.conditions]
    settings: Any = study.measurement or study.test
    if study.measurement is not None:
        if measurement is None:
            raise InputError("The study names a measurement, but none was read.")
        count = study.measurement.repeats
        values, ideal = _reference(study.measurement.reference, quantities)[None], measurement.signal
    else:
        count = settings.count
        if any(truth is None for truth in truths):
            progress.say(f"Simulating {count:,} test spectra …")
            values, ideal = random_spectra(forward, quantities, count, np.random.default_rng([settings.seed, 0]))
    for place, (condition, truth) in enumerate(zip(study.conditions, truths, strict=True)):
        points, signal = (values, ideal) if truth is None else (truth[None], forward.simulate(truth[None]))
        repeated = len(points) == 1
        if repeated:  # without distortions, all draws would be the same
            draws = np.zeros(count if condition.distortions else 1, dtype=np.int64)
            points, signal = points[draws], take(signal, draws)
        yield Shown(
            condition=condition,
            truth=points,
            ideal=signal,
            distortions=distortions[place],
            seed=(settings.seed, 1 + place),
            refined=min(settings.refined, len(points)),
            repeated=repeated,
        )


def _point(condition: Condition, quantities: Sequence[Quantity]) -> Floats | None:
    """Return the truth of a condition as an array (p,), or None if it has random ones.

    Raises
    ------
    InputError
        If a quantity is missing or unknown, or no model can know it because it lies outside the searched range.
    """
    given = condition.truth
    if given is None:
        return None
    where = f"The truth of the condition {condition.name!r}"
    _check_names(given, quantities, where)
    for quantity in quantities:
        if quantity.name not in given:
            raise InputError(f"{where} does not say what {quantity.name} is.")
        if not quantity.lower <= given[quantity.name] <= quantity.upper:
            raise InputError(
                f"{where} has {quantity.name} = {given[quantity.name]:g} {quantity.unit}, outside the searched range "
                f"{quantity.lower:g} to {quantity.upper:g} {quantity.unit}."
            )
    return np.array([given[quantity.name] for quantity in quantities])


def _reference(given: Mapping[str, float], quantities: Sequence[Quantity]) -> Floats:
    """Return the values to compare with, shape (p,); NaN where there is none."""
    _check_names(given, quantities, "The reference of the measurement")
    return np.array([given.get(quantity.name, np.nan) for quantity in quantities])


def _check_names(given: Mapping[str, float], quantities: Sequence[Quantity], where: str) -> None:
    names = [quantity.name for quantity in quantities]
    for name in given:
        if name not in names:
            listed = nearest(name, names) or "; known are " + ", ".join(names)
            raise InputError(f"{where} names the quantity {name!r}, which is not searched{listed}.")


def random_spectra(
    forward: ForwardModel, quantities: Sequence[Quantity], count: int, rng: np.random.Generator
) -> tuple[Floats, Signal]:
    """Draw ``count`` points uniformly from the ranges, less those that the forward model refuses, and simulate them.

    Raises
    ------
    InputError
        If it refuses nearly all.
    """
    lower = np.array([quantity.lower for quantity in quantities])
    upper = np.array([quantity.upper for quantity in quantities])
    values: list[Floats] = []
    signals: list[Any] = []
    for _ in range(_MOST_DRAWS):
        drawn = rng.uniform(lower, upper, (count - sum(map(len, values)), len(lower)))
        for start in range(0, len(drawn), AT_ONCE):
            for possible, signal in _possible(forward, drawn[start : start + AT_ONCE]):
                values.append(possible)
                signals.append(signal)
        if sum(map(len, values)) == count:
            return np.concatenate(values), concatenate(signals)
    raise InputError("Hardly any random point of the searched ranges is possible.", hint="Narrow the ranges.")


def _possible(forward: ForwardModel, values: Floats) -> Iterator[tuple[Floats, Signal]]:
    """Simulate ``values`` (n, p), halving until what is refused stands alone and is left out."""
    try:
        yield values, forward.simulate(values)
    except InputError:
        if len(values) > 1:
            half = len(values) // 2
            yield from _possible(forward, values[:half])
            yield from _possible(forward, values[half:])
