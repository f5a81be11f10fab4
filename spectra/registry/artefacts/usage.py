"""The records that refer to artefacts, and the attachments of samples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from spectra.registry.artefacts.addresses import is_digest
from spectra.registry.database.tables import (
    DataSetRow,
    FeaturePartRow,
    FeatureSpaceRow,
    MeasurementRow,
    ModelRow,
    PredictionFileRow,
    SampleRow,
)

_TABLES: Mapping[str, type[Any]] = {
    "data set": DataSetRow,
    "model": ModelRow,
    "measurement": MeasurementRow,
    "feature space": FeatureSpaceRow,
    "part of a feature space": FeaturePartRow,
}


@dataclass(frozen=True, kw_only=True)
class Usage:
    """One record that refers to an artefact; the size of a sample's attachment is not on record."""

    digest: str
    record: str
    size: int | None


def usages(session: Session) -> Iterator[Usage]:
    """Yield every artefact that a record refers to, once for each record."""
    for what, table in _TABLES.items():
        query = select(table.id, table.artefact, table.artefact_size).order_by(table.id)
        for identifier, digest, size in session.execute(query.execution_options(yield_per=1000)):
            yield Usage(digest=digest, record=f"{what} {identifier}", size=size)
    file = PredictionFileRow
    files = select(file.prediction_id, file.artefact, file.artefact_size).order_by(file.prediction_id, file.name)
    for identifier, digest, size in session.execute(files.execution_options(yield_per=1000)):
        yield Usage(digest=digest, record=f"prediction {identifier}", size=size)
    for identifier, document in session.execute(select(SampleRow.id, SampleRow.document).order_by(SampleRow.id)):
        for digest in attached(document):
            yield Usage(digest=digest, record=f"sample {identifier}", size=None)


def attached(document: Any) -> Iterator[str]:
    """Yield the digests of the attachments in a sample, at any depth; see `spectra.core.basics.attachments`."""
    if isinstance(document, dict):
        if document.keys() == {"name", "digest"} and is_digest(document["digest"]):
            yield document["digest"]
        document = list(document.values())
    if isinstance(document, list):
        for item in document:
            yield from attached(item)
