"""Feature spaces on record: an encoder's state, parts with features, and failures.

Features follow from what else is on record, so archives do not hold them: they are computed again where they are
needed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from spectra.core.basics.files import pack_arrays, unpack_arrays
from spectra.core.components import Features
from spectra.core.errors import NotFoundError
from spectra.core.quantities import EstimatedQuantity, final
from spectra.core.store import FailureRecord, FeatureSpaceRecord, Json
from spectra.registry.database.connection import retried_on_conflict
from spectra.registry.database.tables import FeatureFailureRow, FeaturePartRow, FeatureSpaceRow, PredictionRow
from spectra.registry.identifiers import prefix_range
from spectra.registry.query.listing import PREDICTIONS
from spectra.registry.query.search import batches
from spectra.registry.records import prediction_summary
from spectra.registry.storage import Storage

MOST_PARTS = 32
"""Of a space, before they are joined: each is a file to open."""


class RegisteredFeatures:
    """The :class:`~spectra.core.store.FeatureStore` of a registry."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def find_space(self, digest: str) -> FeatureSpaceRecord | None:
        """Return the space of this recipe, if it is on record."""
        with self._storage.database.reading() as session:
            row = session.scalar(select(FeatureSpaceRow).filter_by(digest=digest))
            return None if row is None else _record(session, row)

    def get_space(self, id: str) -> FeatureSpaceRecord:
        """Return the space whose identifier begins with ``id``.

        Raises
        ------
        NotFoundError
            If there is none, or more than one.
        """
        bounds = prefix_range(id.lower())
        with self._storage.database.reading() as session:
            query = select(FeatureSpaceRow).where(FeatureSpaceRow.id.between(*bounds)) if bounds else None
            rows = [] if query is None else session.scalars(query.limit(2)).all()
            if len(rows) != 1:
                raise NotFoundError(
                    f"There is {'no' if not rows else 'more than one'} feature space whose identifier begins with "
                    f"{id!r}.",
                    hint="'spectra spaces list' lists them.",
                )
            return _record(session, rows[0])

    def spaces(self) -> Sequence[FeatureSpaceRecord]:
        """Return all spaces, oldest first."""
        with self._storage.database.reading() as session:
            rows = session.scalars(select(FeatureSpaceRow).order_by(FeatureSpaceRow.created, FeatureSpaceRow.id))
            return [_record(session, row) for row in rows]

    @retried_on_conflict
    def add_space(self, *, digest: str, document: Json, state: bytes, environment: Json) -> FeatureSpaceRecord:
        """Put a space on record; if another process was faster, return the one that is there."""
        artefact = self._storage.put_artefact(state)
        with self._storage.database.writing() as session:
            row = session.scalar(select(FeatureSpaceRow).filter_by(digest=digest))
            if row is None:
                row = FeatureSpaceRow(
                    digest=digest,
                    document=dict(document),
                    artefact=artefact,
                    artefact_size=len(state),
                    environment=dict(environment),
                )
                session.add(row)
                session.flush()
                session.refresh(row)
            return _record(session, row)

    def delete_space(self, space: FeatureSpaceRecord) -> None:
        """Remove a space with its features; the artefacts are garbage then."""
        with self._storage.database.writing() as session:
            session.execute(delete(FeatureSpaceRow).where(FeatureSpaceRow.id == space.id))

    def features(self, space: FeatureSpaceRecord) -> Mapping[str, Features]:
        """Return the features (m, d) of every content of a space, of which a data set has m specimens."""
        with self._storage.database.reading() as session:
            parts = session.scalars(
                select(FeaturePartRow.artefact)
                .filter_by(space_id=space.id)
                .order_by(FeaturePartRow.created, FeaturePartRow.id)
            ).all()
        found: dict[str, Features] = {}
        for artefact in parts:
            found |= _unpacked(self._storage.artefacts.read(artefact))
        return found

    @retried_on_conflict
    def add_features(self, space: FeatureSpaceRecord, features: Mapping[str, Features]) -> None:
        """Put the features (m, d) of some contents on record; many small parts are joined to one."""
        self._add_part(space, features)
        with self._storage.database.reading() as session:
            parts = session.scalar(select(func.count()).select_from(FeaturePartRow).filter_by(space_id=space.id)) or 0
        if parts > MOST_PARTS:
            self._join(space)

    def failures(self, space: FeatureSpaceRecord) -> Sequence[FailureRecord]:
        """Return what a space has no features of, by name."""
        row = FeatureFailureRow
        query = select(row.content, row.name, row.reason).filter_by(space_id=space.id).order_by(row.name, row.content)
        with self._storage.database.reading() as session:
            return [
                FailureRecord(content=content, name=name, reason=reason)
                for content, name, reason in session.execute(query)
            ]

    @retried_on_conflict
    def add_failures(self, space: FeatureSpaceRecord, failures: Sequence[FailureRecord]) -> None:
        """Put failures on record, in place of former ones of the same contents."""
        with self._storage.database.writing() as session:
            for failure in failures:
                session.merge(
                    FeatureFailureRow(
                        space_id=space.id, content=failure.content, name=failure.name, reason=failure.reason
                    )
                )

    def forget_failures(self, space: FeatureSpaceRecord) -> None:
        """Remove the failures of a space, so that the next use tries again."""
        with self._storage.database.writing() as session:
            session.execute(delete(FeatureFailureRow).where(FeatureFailureRow.space_id == space.id))

    def latest_quantities(self, measurements: Sequence[str]) -> Mapping[str, tuple[EstimatedQuantity, ...]]:
        """Return the final quantities of the newest prediction of each measurement that has one and was not doubted.

        Parameters
        ----------
        measurements
            Their identifiers.
        """
        found: dict[str, tuple[EstimatedQuantity, ...]] = {}
        for some in batches(measurements):
            query = select(PredictionRow).where(PredictionRow.measurement_id.in_(some)).options(*PREDICTIONS.options)
            with self._storage.database.reading() as session:
                for row in session.scalars(query.order_by(PredictionRow.created, PredictionRow.id)):
                    prediction = prediction_summary(row)
                    if not prediction.doubtful:
                        found[prediction.measurement_id] = final(prediction.quantities)
        return found

    def _add_part(self, space: FeatureSpaceRecord, features: Mapping[str, Features]) -> None:
        content = _packed(features)
        artefact = self._storage.put_artefact(content)
        rows = sum(map(len, features.values()))
        with self._storage.database.writing() as session:
            session.add(FeaturePartRow(space_id=space.id, rows=rows, artefact=artefact, artefact_size=len(content)))

    def _join(self, space: FeatureSpaceRecord) -> None:
        """Put one part in the place of all that are there now; a part that another process adds meanwhile stays."""
        with self._storage.database.reading() as session:
            former = session.scalars(select(FeaturePartRow.id).filter_by(space_id=space.id)).all()
        self._add_part(space, self.features(space))
        with self._storage.database.writing() as session:
            session.execute(delete(FeaturePartRow).where(FeaturePartRow.id.in_(former)))


def _packed(features: Mapping[str, Features]) -> bytes:
    return pack_arrays(
        {
            "contents": np.array(list(features)),
            "counts": np.array([len(rows) for rows in features.values()]),
            "features": np.concatenate(list(features.values())).astype(np.float32, copy=False),
        }
    )


def _unpacked(content: bytes) -> dict[str, Features]:
    arrays = unpack_arrays(content, what="part of a feature space")
    ends = np.cumsum(arrays["counts"])
    rows = np.split(arrays["features"], ends[:-1]) if len(ends) else []
    return dict(zip(map(str, arrays["contents"]), rows, strict=True))


def _record(session: Session, row: FeatureSpaceRow) -> FeatureSpaceRecord:
    part, failure = FeaturePartRow, FeatureFailureRow
    rows = session.scalar(select(func.sum(part.rows)).filter_by(space_id=row.id)) or 0
    failed = session.scalar(select(func.count()).select_from(failure).where(failure.space_id == row.id)) or 0
    return FeatureSpaceRecord(
        id=row.id,
        digest=row.digest,
        document=row.document,
        artefact=row.artefact,
        artefact_size=row.artefact_size,
        environment=row.environment,
        rows=int(rows),
        failed=failed,
        created=row.created,
    )
