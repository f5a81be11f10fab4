"""One data set of three tiers of labels: accurate, estimated and noisy ones (Lew et al., Matter 6, 1975 (2023)).

The better a label is known, the more often its example counts: the paper repeats accurate ones 100 times, estimated
ones 10 times, and noisy ones, of which only the mean and standard deviation of a whole picture are known, 5 times, each
time with another label drawn from these. It repeats before it divides, so that copies of one window are learned from
*and* tested, and the score is that of a memory. Here all copies of an example, and all examples of one grain or
picture, are one group, which the platform never divides: whether copies are made before the split or after it is then
the same.
"""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib import metadata

import numpy as np
from numpy.typing import NDArray

from spectra.core.basics.files import digest_bytes
from spectra.core.errors import InputError
from spectra.core.formats.data_set_file import DataSetFile
from spectra.core.signals import Places
from spectra.version import __version__

DEVIATION = "_deviation"
"""What the name of a second quantity ends with that holds the standard deviations of the first."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Tier:
    """Examples whose labels are known equally well.

    Parameters
    ----------
    name
        Such as ``"noisy"``, for messages.
    file
        Places with a quantity, and maybe another of the same name and ``_deviation``: the standard deviation from which
        the label of every copy is drawn anew.
    copies
        How often each example counts.
    """

    name: str
    file: DataSetFile
    copies: int


def curated(tiers: Sequence[Tier], rng: np.random.Generator) -> DataSetFile:
    """Join tiers to one data set, in which all copies of an example belong to one group.

    Examples are grouped as their files say; where a file says nothing, all of one picture belong together, because
    windows overlap.

    Raises
    ------
    InputError
        If the tiers are of different quantities, or pictures that cannot be joined.
    """
    first = tiers[0].file.quantities[0]
    signals: list[Places] = []
    values, groups, notes = [], [], []
    next_group = 0
    for tier in tiers:
        quantity, signal = tier.file.quantities[0], tier.file.signal
        if not isinstance(signal, Places):
            raise InputError(f"The {tier.name} data set holds {signal.kind}, not places in pictures.")
        if (quantity.name, quantity.unit) != (first.name, first.unit):
            raise InputError(
                f"The {tier.name} data set is of {quantity.label}, the {tiers[0].name} one of {first.label}."
            )
        deviations = _deviations(tier)
        rows = np.tile(np.arange(len(signal)), tier.copies)
        labels = tier.file.values[rows, 0]
        if deviations is not None:
            labels = labels + rng.normal(size=len(rows)) * deviations[rows]
        members = tier.file.groups if tier.file.groups is not None else signal.places[:, 0]
        numbers = np.unique(members, return_inverse=True)[1].astype(np.int64) + next_group
        next_group = int(numbers.max()) + 1
        signals.append(replace(signal, places=signal.places[rows]))
        values.append(labels)
        groups.append(numbers[rows])
        drawn = "" if deviations is None else ", each with a label drawn from its mean and standard deviation"
        notes.append(f"{len(signal):,} {tier.name} labels count {tier.copies} times{drawn}.")
    joined = np.concatenate(values)
    return DataSetFile(
        quantities=(replace(first, lower=float(joined.min()), upper=float(joined.max())),),
        values=joined[:, np.newaxis],
        signal=_joined(signals),
        points=None,
        groups=np.concatenate(groups),
        recipe={
            "made by": "spectra indenter curate",
            "tiers": {
                tier.name: {"copies": tier.copies, "digest": digest_bytes(tier.file.to_bytes())} for tier in tiers
            },
        },
        notes=tuple(notes),
        environment={
            "spectra": __version__,
            "python": platform.python_version(),
            "numpy": metadata.version("numpy"),
        },
    )


def _joined(signals: Sequence[Places]) -> Places:
    """Return all places in all pictures; smaller pictures are filled up with NaN."""
    kinds = {(signal.unit, signal.pictures.shape[3], signal.um_per_pixel) for signal in signals}
    if len(kinds) > 1:
        raise InputError(
            "The pictures of the data sets differ in kind or scale: "
            + "; ".join(f"{channels} channels in {unit!r}, {size} µm per pixel" for unit, channels, size in kinds)
            + "."
        )
    height, width = (max(signal.pictures.shape[axis] for signal in signals) for axis in (1, 2))
    (channels,) = {signal.pictures.shape[3] for signal in signals}
    pictures = np.full((sum(len(s.pictures) for s in signals), height, width, channels), np.nan, dtype=np.float32)
    places, before = [], 0
    for signal in signals:
        count, rows, columns, _ = signal.pictures.shape
        scale = np.float32(255 if signal.pictures.dtype == np.uint8 else 1)
        pictures[before : before + count, :rows, :columns] = signal.pictures / scale
        places.append(signal.places + np.array([before, 0, 0], dtype=np.int32))
        before += count
    return replace(signals[0], pictures=pictures, places=np.concatenate(places))


def _deviations(tier: Tier) -> NDArray[np.float64] | None:
    """Return the standard deviation of each label, shape (n,), if the tier has them."""
    quantities = tier.file.quantities
    if len(quantities) == 1:
        return None
    wanted = f"{quantities[0].name}{DEVIATION}"
    if len(quantities) > 2 or quantities[1].name != wanted:
        raise InputError(
            f"The {tier.name} data set holds {', '.join(quantity.name for quantity in quantities)}.",
            hint=f"Give one quantity, or {quantities[0].name!r} and {wanted!r}, the standard deviation of its labels.",
        )
    deviations: NDArray[np.float64] = tier.file.values[:, 1]
    if np.any(deviations < 0):
        raise InputError(f"The {tier.name} data set has negative standard deviations.")
    return deviations
