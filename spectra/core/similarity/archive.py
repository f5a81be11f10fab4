"""What is searched: items with their features in one or several spaces, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from spectra.core.components import Features, WeighingEncoder
from spectra.core.errors import InputError
from spectra.core.session import Session
from spectra.core.signals import Signal
from spectra.core.similarity.blocks import Floats, Standard, combined
from spectra.core.similarity.encoding import extended
from spectra.core.similarity.items import Item, Reading, Source
from spectra.core.similarity.spaces import Space, Wanted, open_space
from spectra.core.store import FailureRecord

_DEFAULTS: Mapping[str, tuple[str, ...]] = {
    "image": ("symmetry", "texture"),
    "profile": ("binned",),
    "peaks": ("fingerprint",),
    "bundle": ("binned",),
}
"""Encoders by kind of signal, for those who name none."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Archive:
    """Items with their features, and what puts a query beside them.

    Parameters
    ----------
    items
        In the order of the rows.
    features : ndarray, shape (n, d)
        Those of all spaces, each block scaled as :func:`~spectra.core.similarity.blocks.combined` says.
    spaces
        One for each block.
    slices
        Where the block of each space stands, by its name.
    failures
        What was selected and has no features, with the reason.
    """

    items: tuple[Item, ...]
    features: Features
    spaces: tuple[Space, ...]
    slices: Mapping[str, slice]
    failures: tuple[FailureRecord, ...]
    standards: tuple[Standard | None, ...]

    def encode(self, signal: Signal) -> Features:
        """Return the features (n, d) of signals as they stand beside those of the archive.

        Raises
        ------
        InputError
            If they are not of the kind and unit of the archive.
        """
        blocks = [space.encode(signal) for space in self.spaces]
        return _side_by_side(self.spaces, blocks, self.standards)

    def query(self, signal: Signal, item: Item | None = None) -> Features:
        """Return the features (1, d) of a query: those of ``item``, which it is, if it stands in the archive."""
        if item is not None:
            for row, one in enumerate(self.items):
                if (one.content, one.row) == (item.content, item.row):
                    return self.features[row : row + 1]
        return self.encode(signal)

    def rows(self, kept: Sequence[int]) -> Archive:
        """Return an archive of some of the items."""
        items = tuple(self.items[row] for row in kept)
        return replace(self, items=items, features=self.features[list(kept)])


def default_features(kind: str) -> tuple[str, ...]:
    """Return the encoders by which signals of a kind are compared if nobody names others.

    Raises
    ------
    InputError
        If there are none.
    """
    if kind not in _DEFAULTS:
        raise InputError(f"Nothing is set by which signals of kind {kind!r} are compared.", hint="Name --features.")
    return _DEFAULTS[kind]


def open_archive(
    session: Session,
    wanted: Sequence[Wanted],
    sources: Sequence[Source],
    reading: Reading,
    *,
    again: bool = False,
) -> Archive:
    """Return the archive of sources, after encoding what the feature spaces lack.

    Parameters
    ----------
    again
        Try again what failed before.

    Raises
    ------
    InputError
        If nothing of it can be encoded.
    NotFoundError, RegistryError
        If a model or an encoder is not there.
    """
    spaces = tuple(open_space(session, one, sources, reading) for one in wanted)
    found = [extended(session, space, sources, reading, again=again) for space in spaces]
    items = tuple(
        item for source in sources if all(source.content in features for features in found) for item in source.items
    )
    selected = {source.content for source in sources}
    failures = {
        failure.content: failure
        for space in spaces
        for failure in session.store.features.failures(space.record)
        if failure.content in selected
    }
    if not items:
        first = next(iter(failures.values()))
        raise InputError(
            f"Nothing of what was selected could be encoded; the first, {first.name}: {first.reason}",
            hint="Choose other features with --features, or other measurements with --where.",
        )
    standards = tuple(_standard(space, features) for space, features in zip(spaces, found, strict=True))
    blocks = [np.stack([features[item.content][item.row] for item in items]) for features in found]
    ends = np.cumsum([block.shape[1] for block in blocks])
    return Archive(
        items=items,
        features=_side_by_side(spaces, blocks, standards),
        spaces=spaces,
        slices={
            space.name: slice(int(end) - block.shape[1], int(end))
            for space, block, end in zip(spaces, blocks, ends, strict=True)
        },
        failures=tuple(failures.values()),
        standards=standards,
    )


def _standard(space: Space, features: Mapping[str, Features]) -> Standard | None:
    """Return what features of pictures are measured by: they are of many sorts. Ordinates and a user's own stay."""
    if space.kind != "image" or "content" in space.record.document:
        return None
    return Standard.of(np.concatenate(list(features.values())))


def _side_by_side(
    spaces: Sequence[Space], blocks: Sequence[Features], standards: Sequence[Standard | None]
) -> Features:
    scaled = [block if one is None else one.applied(block) for block, one in zip(blocks, standards, strict=True)]
    if len(scaled) == 1:
        return scaled[0]
    return combined(scaled, [_weights(space, block) for space, block in zip(spaces, blocks, strict=True)])


def _weights(space: Space, features: Features) -> Floats | None:
    """Return how much features count for each item, from an encoder that says so."""
    return space.encoder.weights(features) if isinstance(space.encoder, WeighingEncoder) else None
