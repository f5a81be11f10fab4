"""The registry: samples, data sets, models, measurements and predictions on record, with their provenance.

:class:`Registry` is the :class:`~spectra.core.store.Store` that the workflows are handed, with the lists that a
person asks for. Frozen records come out of it; tables and sessions stay inside.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from spectra.core.basics.attachments import attachments_of
from spectra.core.errors import InputError
from spectra.core.measurements import Measurement
from spectra.core.quantities import EstimatedQuantity
from spectra.core.samples import Sample
from spectra.core.store import (
    AnyRecord,
    DataSetRecord,
    Json,
    MeasurementRecord,
    ModelRecord,
    PredictionRecord,
    PredictionSummary,
    SampleRecord,
)
from spectra.registry.conditions import add_conditions
from spectra.registry.curation import Curation
from spectra.registry.database.connection import retried_on_conflict
from spectra.registry.database.tables import (
    DataSetRow,
    Entry,
    MeasurementRow,
    MeasurementTagRow,
    ModelRow,
    PredictionFileRow,
    PredictionRow,
    PredictionTagRow,
    SampleRow,
)
from spectra.registry.features.store import RegisteredFeatures
from spectra.registry.lineage import Lineage, lineage
from spectra.registry.locations import Locations, locate
from spectra.registry.lookup import ROWS, find
from spectra.registry.query.listing import (
    DATA_SETS,
    MEASUREMENTS,
    MODELS,
    NEWEST_FIRST,
    PREDICTIONS,
    SAMPLES,
    Listing,
    explain,
    list_records,
)
from spectra.registry.records import (
    any_record,
    data_set_record,
    measurement_record,
    model_record,
    prediction_record,
    quantity_rows,
    sample_record,
)
from spectra.registry.storage import Storage

Row = TypeVar("Row", bound=Entry)
Record = TypeVar("Record")


class Registry:
    """An open registry. Use :meth:`open`, and close it, or use it in a ``with`` statement.

    ``locations`` are its locations, ``storage`` its storage, open and with the schema of this code.
    """

    def __init__(self, locations: Locations, storage: Storage) -> None:
        self.locations = locations
        self.storage = storage
        """For the modules of this package."""
        self.curation = Curation(storage.database)
        """Tags, notes, aliases, retiring, deleting."""
        self.features = RegisteredFeatures(storage)
        """Feature spaces."""

    @classmethod
    def open(
        cls, home: Path | None = None, url: str | None = None, *, artefacts: str | None = None, migrate: bool = False
    ) -> Self:
        """Open a registry; one in an SQLite file is made if there is none, and migrated if it is older.

        Parameters
        ----------
        home
            Folder of the artefacts and, unless ``url`` says otherwise, of the database; default ``SPECTRA_HOME``,
            then the user's data folder.
        url
            A database URL or the path of an SQLite file; default ``SPECTRA_DATABASE_URL``, then ``registry.sqlite``
            at home.
        artefacts
            A folder or a URL for fsspec; default ``SPECTRA_ARTEFACTS``, then ``artefacts`` at home.
        migrate
            Whether to create or migrate the schema on a database server.

        Raises
        ------
        RegistryError
            If the registry cannot be reached, made or used; the message says what to do.
        """
        locations = locate(home, url, artefacts)
        return cls(locations, Storage.open(locations, migrate=migrate))

    def close(self) -> None:
        """Close the connections to the database."""
        self.storage.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    # Files

    def workspace(self, digest: str) -> Path:
        """Return a folder for the unfinished work on the content address ``digest``; it outlives a kill.

        Raises
        ------
        RegistryError
            If it cannot be made.
        """
        return self.storage.work.open(digest)

    def clear_workspace(self, digest: str) -> None:
        """Remove that folder, if there is one.

        Raises
        ------
        RegistryError
            If it cannot be removed.
        """
        self.storage.work.remove(digest)

    def read_artefact(self, digest: str) -> bytes:
        """Return an artefact's bytes, checked against its digest.

        Raises
        ------
        RegistryError
            If it is missing or damaged.
        """
        return self.storage.artefacts.read(digest)

    def open_artefact(self, digest: str) -> IO[bytes]:
        """Open the file of an artefact, checked against its digest; raises like :meth:`read_artefact`."""
        return self.storage.artefacts.open(digest)

    # Whatever it is

    def get_any(self, id: str) -> AnyRecord:
        """Return the record, of any kind, of an identifier's beginning, the name of a sample or file, or an alias.

        Raises
        ------
        NotFoundError
            If no record matches, or more than one.
        """
        with self.storage.database.reading() as session:
            return any_record(find(session, ROWS, id))

    def lineage(self, id: str) -> Lineage:
        """Return the ancestors and descendants of a record; raises like :meth:`get_any`."""
        with self.storage.database.reading() as session:
            return lineage(session, find(session, ROWS, id))

    def explain(self, kind: str, query: str = "", *, sort: str = NEWEST_FIRST) -> Sequence[str]:
        """Return how a query for ``samples``, ``models`` … and an order are understood, one sentence a condition.

        Raises
        ------
        UsageError
            If query or order is invalid.
        """
        with self.storage.database.reading() as session:
            return explain(session, kind, query, sort)

    # Samples

    @retried_on_conflict
    def add_sample(self, sample: Sample) -> SampleRecord:
        """Return the record of ``sample``, made if there is none of this name and digest, with its attachments."""
        digest = sample.digest
        for attachment in attachments_of(sample):
            self.storage.put_artefact(attachment.content)
        with self.storage.database.writing() as session:
            row = session.scalar(select(SampleRow).filter_by(digest=digest, name=sample.name))
            if row is None:
                row = SampleRow(name=sample.name, technique=sample.technique, digest=digest, document=sample.document())
                _insert(session, row)
            return sample_record(row)

    def get_sample(self, id: str) -> SampleRecord:
        """Return the sample of an identifier's beginning or a name.

        Raises
        ------
        NotFoundError
            If there is none, or more than one.
        """
        return self._get(SampleRow, sample_record, id, "sample")

    def list_samples(
        self, query: str = "", *, sort: str = NEWEST_FIRST, limit: int | None = None, after: str | None = None
    ) -> Listing[SampleRecord]:
        """Return the samples that a query selects, newest first unless sorted otherwise; or those ``after`` one.

        Raises
        ------
        UsageError
            If query or order is invalid.
        NotFoundError
            If the record ``after`` which to go on is not there any more.
        """
        return list_records(self.storage.database, SAMPLES, query, sort, limit, after)

    # Data sets

    def find_data_set(self, digest: str) -> DataSetRecord | None:
        """Return the data set of this recipe, if one is on record."""
        with self.storage.database.reading() as session:
            row = session.scalar(select(DataSetRow).filter_by(digest=digest))
            return None if row is None else data_set_record(row)

    def get_data_set(self, id: str) -> DataSetRecord:
        """Return the data set of an identifier's beginning or a sample's name; raises like :meth:`get_sample`."""
        return self._get(DataSetRow, data_set_record, id, "data set")

    def list_data_sets(
        self, query: str = "", *, sort: str = NEWEST_FIRST, limit: int | None = None, after: str | None = None
    ) -> Listing[DataSetRecord]:
        """Return the data sets that a query selects; like :meth:`list_samples`."""
        return list_records(self.storage.database, DATA_SETS, query, sort, limit, after)

    def add_data_set(
        self,
        *,
        sample: SampleRecord,
        digest: str,
        recipe: Json,
        points: int,
        notes: Sequence[str],
        content: bytes | Path,
        environment: Json,
    ) -> DataSetRecord:
        """Put a data set on record; if another process was faster, return the one that is there."""
        size = content.stat().st_size if isinstance(content, Path) else len(content)
        return self._add_data_set(
            sample_id=sample.id,
            digest=digest,
            recipe=dict(recipe),
            points=points,
            notes=list(notes),
            artefact=self.storage.put_artefact(content),
            artefact_size=size,
            environment=dict(environment),
        )

    @retried_on_conflict
    def _add_data_set(self, /, *, digest: str, **columns: Any) -> DataSetRecord:
        with self.storage.database.writing() as session:
            row = session.scalar(select(DataSetRow).filter_by(digest=digest))
            if row is None:
                row = DataSetRow(digest=digest, **columns)
                _insert(session, row)
            return data_set_record(row)

    # Models

    def find_model(
        self, *, technique: str, sample_digest: str, recipe_digest: str, seed: int | None = None, retired: bool = False
    ) -> ModelRecord | None:
        """Return the newest model of this recipe for a sample with these facts, with this seed if one is given.

        Retired models are ignored; with ``retired``, only they are searched.
        """
        query = (
            select(ModelRow)
            .join(ModelRow.sample)
            .options(contains_eager(ModelRow.sample))
            .where(
                SampleRow.digest == sample_digest,
                SampleRow.technique == technique,
                ModelRow.recipe_digest == recipe_digest,
                ModelRow.retired.is_not(None) if retired else ModelRow.retired.is_(None),
            )
        )
        if seed is not None:
            query = query.where(ModelRow.seed == seed)
        with self.storage.database.reading() as session:
            row = session.scalar(query.order_by(ModelRow.created.desc(), ModelRow.id).limit(1))
            return None if row is None else model_record(row)

    def get_model(self, id: str) -> ModelRecord:
        """Return the model of an identifier's beginning, a sample's name or an alias like ``steel@production``.

        Raises
        ------
        NotFoundError
            If there is none, or more than one.
        """
        return self._get(ModelRow, model_record, id, "model")

    def list_models(
        self, query: str = "", *, sort: str = NEWEST_FIRST, limit: int | None = None, after: str | None = None
    ) -> Listing[ModelRecord]:
        """Return the models that a query selects; like :meth:`list_samples`."""
        return list_records(self.storage.database, MODELS, query, sort, limit, after)

    @retried_on_conflict
    def add_model(
        self,
        *,
        sample: SampleRecord,
        data_set: DataSetRecord,
        recipe: Json,
        recipe_digest: str,
        quantities: Sequence[Json],
        seed: int,
        metrics: Json,
        content: bytes,
        environment: Json,
    ) -> ModelRecord:
        """Put a trained model on record."""
        artefact = self.storage.put_artefact(content)
        row = ModelRow(
            sample_id=sample.id,
            data_set_id=data_set.id,
            recipe=dict(recipe),
            recipe_digest=recipe_digest,
            quantities=[dict(quantity) for quantity in quantities],
            seed=seed,
            metrics=dict(metrics),
            environment=dict(environment),
            artefact=artefact,
            artefact_size=len(content),
        )
        with self.storage.database.writing() as session:
            _insert(session, row)
            return model_record(row)

    # Measurements

    def get_measurement(self, id: str) -> MeasurementRecord:
        """Return the measurement of an identifier's beginning or a file's name; raises like :meth:`get_sample`."""
        return self._get(MeasurementRow, measurement_record, id, "measurement")

    def list_measurements(
        self, query: str = "", *, sort: str = NEWEST_FIRST, limit: int | None = None, after: str | None = None
    ) -> Listing[MeasurementRecord]:
        """Return the measurements that a query selects; like :meth:`list_samples`."""
        return list_records(self.storage.database, MEASUREMENTS, query, sort, limit, after)

    def find_measurements(self, *, sample: SampleRecord, content: str) -> tuple[MeasurementRecord, ...]:
        """Return the measurements of a sample with these bytes, one for each reader that understood them."""
        with self.storage.database.reading() as session:
            rows = session.scalars(select(MeasurementRow).filter_by(sample_id=sample.id, artefact=content))
            return tuple(map(measurement_record, rows))

    @retried_on_conflict
    def add_measurement(
        self, measurement: Measurement, *, sample: SampleRecord, tags: Sequence[str] = ()
    ) -> MeasurementRecord:
        """Return the record of this file for this sample, made if there is none; new tags and conditions are added.

        The same bytes understood by another reader are another measurement.

        Raises
        ------
        InputError
            If it is on record with another value of a condition.
        """
        artefact = self.storage.put_artefact(measurement.file.content)
        key = {"sample_id": sample.id, "artefact": artefact, "reader": measurement.reader}
        with self.storage.database.writing() as session:
            row = session.scalar(select(MeasurementRow).filter_by(**key))
            if row is None:
                row = MeasurementRow(
                    **key,
                    file_name=measurement.file.name,
                    artefact_size=len(measurement.file.content),
                    kind=measurement.signal.kind,
                    details=dict(measurement.details),
                )
                session.add(row)
            known = {tag.tag for tag in row.tags}
            row.tags += [MeasurementTagRow(tag=tag) for tag in dict.fromkeys(tags) if tag not in known]
            add_conditions(row, measurement.conditions)
            _insert(session, row)
            return measurement_record(row)

    # Predictions

    def get_prediction(self, id: str) -> PredictionRecord:
        """Return the prediction of an identifier's beginning or of a name; raises like :meth:`get_sample`."""
        return self._get(PredictionRow, prediction_record, id, "prediction")

    def predictions_of(self, measurement: MeasurementRecord) -> tuple[PredictionRecord, ...]:
        """Return all predictions from a measurement, newest first."""
        query = select(PredictionRow).filter_by(measurement_id=measurement.id)
        with self.storage.database.reading() as session:
            rows = session.scalars(query.order_by(PredictionRow.created.desc(), PredictionRow.id))
            return tuple(prediction_record(row) for row in rows)

    def list_predictions(
        self, query: str = "", *, sort: str = NEWEST_FIRST, limit: int | None = None, after: str | None = None
    ) -> Listing[PredictionSummary]:
        """Return the predictions that a query selects, without their documents; like :meth:`list_samples`."""
        return list_records(self.storage.database, PREDICTIONS, query, sort, limit, after)

    @retried_on_conflict
    def add_prediction(
        self,
        *,
        model: ModelRecord,
        measurement: MeasurementRecord,
        quantities: Sequence[EstimatedQuantity],
        misfit: float | None,
        misfit_unit: str,
        report: Json,
        command: str,
        operator: str,
        environment: Json,
        verdict: str | None = None,
        files: Mapping[str, bytes] | None = None,
        tags: Sequence[str] = (),
    ) -> PredictionRecord:
        """Put a prediction with all its quantities and files on record.

        Raises
        ------
        InputError
            If a number is not finite, or an uncertainty is missing without a note that says why.
        """
        if misfit is not None and not math.isfinite(misfit):
            raise InputError(f"The misfit of a prediction is {misfit}, which cannot go on record.")
        row = PredictionRow(
            model_id=model.id,
            measurement_id=measurement.id,
            quantities=quantity_rows(quantities),
            misfit=None if misfit is None else float(misfit),
            misfit_unit=misfit_unit,
            verdict=verdict,
            files=[
                PredictionFileRow(name=name, artefact=self.storage.put_artefact(file), artefact_size=len(file))
                for name, file in (files or {}).items()
            ],
            report=dict(report),
            command=command,
            operator=operator,
            environment=dict(environment),
            tags=[PredictionTagRow(tag=tag) for tag in dict.fromkeys(tags)],
        )
        with self.storage.database.writing() as session:
            _insert(session, row)
            return prediction_record(row)

    def _get(self, table: type[Row], to_record: Callable[[Row], Record], prefix: str, what: str) -> Record:
        with self.storage.database.reading() as session:
            return to_record(find(session, {what: table}, prefix))


def _insert(session: Session, row: Entry) -> None:
    """Write a row and read it back, so that its record is what every later reader gets."""
    session.add(row)
    session.flush()
    session.refresh(row)
