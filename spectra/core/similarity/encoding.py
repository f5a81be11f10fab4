"""What a feature space lacks is encoded: here, or by workers."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any

import numpy as np

from spectra.core.basics.files import pack_arrays, unpack_arrays
from spectra.core.components import Features
from spectra.core.errors import SpectraError, fault
from spectra.core.inventory.catalogue import Catalogue
from spectra.core.recipe import Choice
from spectra.core.session import Session
from spectra.core.signals import Signal, take
from spectra.core.similarity.items import Reading, Source, Way, read_again
from spectra.core.similarity.spaces import Space, load_space
from spectra.core.store import FailureRecord, MeasurementRecord
from spectra.core.tasks import Task
from spectra.core.workflows.sent import received_measurement, received_space, sent_record, worker_session
from spectra.core.workflows.specimens import received_specimen, sent_specimen

_AT_ONCE = 500  # specimens of a data set that are encoded together
_SAVED_AFTER = 10.0  # seconds of work that a kill may cost


def extended(
    session: Session, space: Space, sources: Sequence[Source], reading: Reading, *, again: bool = False
) -> Mapping[str, Features]:
    """Return the features (m, d) of sources by content, after encoding those that the space lacks.

    What fails is on record with the reason, and not tried again unless ``again``; a kill costs ten seconds of work.
    """
    store = session.store.features
    features = dict(store.features(space.record))
    failed = {} if again else {failure.content for failure in store.failures(space.record)}
    lacking = {
        source.content: source for source in sources if source.content not in features and source.content not in failed
    }
    if not lacking:
        return features
    new: dict[str, Features] = {}
    failures: list[FailureRecord] = []
    began = time.monotonic()

    def keep() -> None:
        if new:
            store.add_features(space.record, new)
            features.update(new)
            new.clear()
        if failures:
            store.add_failures(space.record, failures)
            failures.clear()

    with session.progress.task(f"Encoding by {space.name}", sum(len(s.items) for s in lacking.values())) as advance:
        for source, outcome in _outcomes(session, space, list(lacking.values()), reading):
            if isinstance(outcome, str):
                failures.append(FailureRecord(content=source.content, name=source.name, reason=outcome))
            else:
                new[source.content] = outcome
            advance(len(source.items))
            if time.monotonic() - began > _SAVED_AFTER:
                keep()
                began = time.monotonic()
    keep()
    return features


def _outcomes(
    session: Session, space: Space, sources: Sequence[Source], reading: Reading
) -> Iterator[tuple[Source, Features | str]]:
    """Yield each source with its features, or with the sentence that it ended with.

    Workers encode measured files; the signals of data sets are here, and so is a file that the encoder's parameters
    name.
    """
    if session.executor is None or "content" in space.record.document:
        yield from _here(space, sources, reading)
        return
    measured = [one for one in sources if isinstance(one.record, MeasurementRecord)]
    yield from _here(space, [one for one in sources if not isinstance(one.record, MeasurementRecord)], reading)
    yield from _elsewhere(session, space, measured, reading)


def _here(space: Space, sources: Sequence[Source], reading: Reading) -> Iterator[tuple[Source, Features | str]]:
    for source in sources:
        try:
            yield source, _encoded(space, reading.signal(source))
        except SpectraError as error:
            yield source, error.message
        except Exception as error:  # whatever a stranger's code does with one file, the others are encoded
            yield source, fault(error)


def _elsewhere(
    session: Session, space: Space, sources: Sequence[Source], reading: Reading
) -> Iterator[tuple[Source, Features | str]]:
    assert session.executor is not None  # noqa: S101
    state = {space.record.artefact: session.store.read_artefact(space.record.artefact)}
    sent: list[Source] = []
    refused: list[tuple[Source, str]] = []

    def tasks() -> Iterator[Task]:
        for source in sources:
            try:
                task = _task(session, space, source.record, reading, state)
            except SpectraError as error:
                refused.append((source, error.message))
                continue
            sent.append(source)
            yield task

    with closing(session.executor.run(tasks())) as outcomes:
        for place, outcome in outcomes:
            if isinstance(outcome, SpectraError):
                yield sent[place], outcome.message
            else:
                yield sent[place], unpack_arrays(outcome, what="answer of a worker")["features"]
    yield from refused


ENCODE = "similarity.encoding:features_of_document"


def _task(session: Session, space: Space, record: Any, reading: Reading, state: Mapping[str, bytes]) -> Task:
    way = reading.way(record)
    specimen, attached = ({}, {}) if way.specimen is None else sent_specimen(way.specimen)
    asks = {
        "space": sent_record(space.record),
        "measurement": sent_record(record),
        "reader": way.reader.model_dump(mode="json"),
        "processors": [choice.model_dump(mode="json") for choice in way.processors],
    }
    file = {record.artefact: session.store.read_artefact(record.artefact)}
    return Task(work=ENCODE, document=specimen | asks, blobs={**attached, **state, **file})


def features_of_document(catalogue: Catalogue, document: Mapping[str, Any], blobs: Mapping[str, bytes]) -> bytes:
    """Encode one measured file on a worker."""
    session = worker_session(catalogue, blobs, None)
    record = received_space(document["space"])
    if record.id not in _SPACES:
        _SPACES.clear()
        _SPACES[record.id] = load_space(session, record)
    way = Way(
        specimen=received_specimen(catalogue, document, blobs) if "sample" in document else None,
        reader=Choice.model_validate(document["reader"]),
        processors=[Choice.model_validate(choice) for choice in document["processors"]],
    )
    signal = read_again(session, received_measurement(document["measurement"]), way).signal
    return pack_arrays({"features": _encoded(_SPACES[record.id], signal)})


_SPACES: dict[str, Space] = {}
"""The feature space that this worker used last."""


def _encoded(space: Space, signal: Signal) -> Features:
    parts = [space.encode(take(signal, slice(at, at + _AT_ONCE))) for at in range(0, len(signal), _AT_ONCE)]
    return np.concatenate(parts)
