"""Records as documents, between the client and its workers; a worker reads artefacts out of its task."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from spectra.core.errors import RegistryError
from spectra.core.inventory.catalogue import Catalogue
from spectra.core.measurements import Condition
from spectra.core.session import Draw, Session
from spectra.core.store import FeatureSpaceRecord, MeasurementRecord, ModelRecord

_MOMENTS = ("created", "retired")
_OWN = "spectra."


class Artefacts:
    """The artefacts that came with a task, in place of a registry."""

    def __init__(self, blobs: Mapping[str, bytes]) -> None:
        self._blobs = blobs

    def read_artefact(self, digest: str) -> bytes:
        """Return an artefact's bytes; raises ``RegistryError`` if it did not come with the task."""
        if digest not in self._blobs:
            raise RegistryError(f"The artefact {digest} did not come with the task.")
        return self._blobs[digest]


def worker_session(catalogue: Catalogue, blobs: Mapping[str, bytes], drawing: str | None) -> Session:
    """Return what a workflow needs on a worker: components, artefacts, and what draws figures."""
    store: Any = Artefacts(blobs)
    return Session(store=store, catalogue=catalogue, draw=_received_drawing(drawing))


def sent_drawing(draw: Draw | None) -> str | None:
    """Return the name of what draws figures, ``None`` if it is not the platform's own."""
    kind = type(draw)
    return f"{kind.__module__}:{kind.__qualname__}" if draw is not None and kind.__module__.startswith(_OWN) else None


def _received_drawing(name: str | None) -> Draw | None:
    if name is None or not name.startswith(_OWN):
        return None
    module, _, kind = name.partition(":")
    draw: Draw = getattr(importlib.import_module(module), kind)()
    return draw


def sent_record(record: ModelRecord | MeasurementRecord | FeatureSpaceRecord) -> dict[str, Any]:
    """Return a record as JSON holds it."""
    document = asdict(record)
    return document | {
        name: moment.isoformat() for name in _MOMENTS if isinstance(moment := document.get(name), datetime)
    }


def received_model(document: Mapping[str, Any]) -> ModelRecord:
    """Return the record of a model."""
    return ModelRecord(**_with_moments(document))


def received_space(document: Mapping[str, Any]) -> FeatureSpaceRecord:
    """Return the record of a feature space."""
    return FeatureSpaceRecord(**_with_moments(document))


def received_measurement(document: Mapping[str, Any]) -> MeasurementRecord:
    """Return the record of a measurement."""
    conditions = [Condition(**condition) for condition in document["conditions"]]
    return MeasurementRecord(**_with_moments(document) | {"conditions": conditions})


def _with_moments(document: Mapping[str, Any]) -> dict[str, Any]:
    moments = {name: datetime.fromisoformat(text) for name in _MOMENTS if isinstance(text := document.get(name), str)}
    return {**document, **moments}
