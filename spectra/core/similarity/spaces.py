"""Feature spaces: one encoder with its state, and the features of everything on record that it suits."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from spectra.core.basics.files import digest_document, pack_arrays, unpack_arrays
from spectra.core.components import Encoder, Features, Floats
from spectra.core.errors import InputError, RegistryError, SpectraError
from spectra.core.recipe import Choice, Recipe
from spectra.core.session import Session
from spectra.core.signals import Peaks, Profile, Signal, below, concatenate, take, within
from spectra.core.similarity.axes import common_axis, on_axis, unit_of
from spectra.core.similarity.items import Reading, Source
from spectra.core.store import FeatureSpaceRecord
from spectra.core.workflows.environment import environment, saying_what_to_install

MODEL = "model:"
"""Prefix of the identifier of a trained model whose encoder is asked for."""
FITTED_ON = 200
"""Signals from which an encoder learns axis and scale, at most."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """By what to compare: an encoder, or that of a trained model.

    Parameters
    ----------
    model
        Its identifier, in place of ``encoder``.
    content
        Digest of the file that a parameter of the encoder names, so that another file under that name is another space.
    """

    encoder: Choice | None = None
    model: str = ""
    content: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class Space:
    """An encoder that is ready, for signals of one kind over an axis of one unit."""

    record: FeatureSpaceRecord
    encoder: Encoder
    kind: str
    unit: str
    axis: Floats | None
    """Of profiles, which are brought on it; ``None`` for everything else."""

    @property
    def name(self) -> str:
        """Name of the encoder, as it was asked for."""
        document = self.record.document
        return f"{MODEL}{document['model']}" if "model" in document else str(document["encoder"]["name"])

    def encode(self, signal: Signal) -> Features:
        """Return the features (n, d) of a stack of n signals.

        Raises
        ------
        InputError
            If they are not of the kind and unit of the space, or the encoder cannot work with them.
        """
        if signal.kind != self.kind or unit_of(signal) != self.unit:
            raise InputError(
                f"It is a {_described(signal.kind, unit_of(signal))}; {self.name!r} compares "
                f"{_described(self.kind, self.unit)}."
            )
        if isinstance(signal, Profile) and self.axis is not None:
            signal = on_axis(signal, self.axis)
        features = self.encoder.encode(signal)
        if features.ndim != 2 or len(features) != len(signal):
            raise InputError(f"The encoder {self.name!r} gave features of shape {features.shape}.")
        if not np.all(np.isfinite(features)):
            raise InputError(f"The encoder {self.name!r} gave features that are not finite.")
        return features.astype(np.float32, copy=False)


def open_space(session: Session, wanted: Wanted, sources: Sequence[Source], reading: Reading) -> Space:
    """Return the space of an encoder for the kind and unit of the first of ``sources`` that can be read.

    If it is not on record, the encoder learns axis and scale from the first of them, and that goes on record.

    Raises
    ------
    InputError
        If nothing can be read, or the encoder must be trained with quantities.
    NotFoundError
        If the model is not on record, or no plugin provides the encoder; the hint says what to install.
    """
    first = next(_signals(sources, reading), None)
    if first is None:
        raise InputError("Nothing of what was selected can be read, so there is nothing to compare.")
    document: dict[str, Any] = {"kind": first.kind, "unit": unit_of(first)}
    model = session.store.get_model(wanted.model) if wanted.model else None
    choice = wanted.encoder if model is None else Recipe.model_validate(model.recipe).encoder
    assert choice is not None  # noqa: S101
    document["encoder"] = choice.model_dump(mode="json")
    if model is not None:
        document["model"] = model.id
    if wanted.content:
        document["content"] = wanted.content
    digest = digest_document(document)
    record = session.store.features.find_space(digest)
    if record is None:
        state = (
            within(unpack_arrays(session.store.read_artefact(model.artefact), what="model file"), "encoder")
            if model is not None
            else None
        )
        record = _made(session, digest, document, sources, reading, state)
    return load_space(session, record)


def load_space(session: Session, record: FeatureSpaceRecord) -> Space:
    """Return a space on record, ready to encode.

    Raises
    ------
    NotFoundError
        If no plugin provides its encoder any more; the hint says what to install.
    RegistryError
        If its state is missing, damaged, or of an older version of the encoder.
    """
    choice = Choice.model_validate(record.document["encoder"])
    with saying_what_to_install(session.catalogue, [record.environment]):
        entry = session.catalogue.find("encoder", choice.name)
    if entry.component.version != choice.version:
        raise RegistryError(
            f"The feature space {record.id} was made by version {choice.version} of the encoder {choice.name!r}; "
            f"installed is version {entry.component.version}.",
            hint="The next search makes a new one; 'spectra spaces delete' removes the old.",
        )
    arrays = unpack_arrays(session.store.read_artefact(record.artefact), what="feature space")
    return Space(
        record=record,
        encoder=session.catalogue.encoder(choice).set_state(within(arrays, "encoder")),
        kind=str(record.document["kind"]),
        unit=str(record.document["unit"]),
        axis=arrays.get("axis"),
    )


def _made(
    session: Session,
    digest: str,
    document: Mapping[str, Any],
    sources: Sequence[Source],
    reading: Reading,
    state: Mapping[str, Any] | None,
) -> FeatureSpaceRecord:
    """Fit the encoder, or take over its state, and put the space on record."""
    choice = Choice.model_validate(document["encoder"])
    encoder = session.catalogue.encoder(choice)
    arrays: dict[str, Any] = {}
    if state is not None:
        encoder.set_state(state)
    else:
        if "targets" in inspect.signature(encoder.fit).parameters:
            raise InputError(
                f"The encoder {choice.name!r} is trained with quantities, so it has no features of its own.",
                hint=f"Train a model with it and search by '--features {MODEL}ID'.",
            )
        signals = _alike(sources, reading, document["unit"])
        if isinstance(signals[0], Profile):
            arrays["axis"] = common_axis(signals)
            signals = list(_on_axis(signals, arrays["axis"]))
        encoder.fit(concatenate(_joinable(signals)))
    return session.store.features.add_space(
        digest=digest,
        document=document,
        state=pack_arrays(below("encoder", dict(encoder.get_state())) | arrays),
        environment=environment(session.catalogue, [("encoder", choice.name)]),
    )


def _signals(sources: Sequence[Source], reading: Reading) -> Iterator[Signal]:
    """Yield the signals of those sources that can be read."""
    for source in sources:
        try:
            yield reading.signal(source)
        except SpectraError:
            continue


def _alike(sources: Sequence[Source], reading: Reading, unit: str) -> list[Any]:
    """Return at most :data:`FITTED_ON` signals of one kind and unit, of a long stack the first."""
    found: list[Any] = []
    count = 0
    for signal in _signals(sources, reading):
        if unit_of(signal) == unit and (not found or signal.kind == found[0].kind):
            found.append(take(signal, slice(0, FITTED_ON - count)))
            count += len(found[-1])
        if count >= FITTED_ON:
            break
    return found


def _on_axis(profiles: Sequence[Profile], axis: Floats) -> Iterator[Profile]:
    for profile in profiles:
        try:
            yield on_axis(profile, axis)
        except InputError:
            continue


def _joinable(signals: Sequence[Any]) -> list[Any]:
    """Return those that can be joined with the first: pictures of one size; lists of peaks get one window for all."""
    if isinstance(signals[0], Peaks):
        low, high = (function(s.window[end] for s in signals) for end, function in enumerate((min, max)))
        signals = [replace(peaks, window=(low, high)) for peaks in signals]
    joined = [signals[0]]
    for signal in signals[1:]:
        try:
            concatenate([signals[0], signal])
        except (InputError, ValueError):
            continue
        joined.append(signal)
    return joined


def _described(kind: str, unit: str) -> str:
    return f"{kind} over {unit}" if unit else kind
