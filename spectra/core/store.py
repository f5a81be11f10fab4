"""What the workflows need from a registry, and the records that come out of one.

The workflows are handed a :class:`Store`; :mod:`spectra.registry` implements it. Records are frozen and carry no
connection to a database. Documents (``dict``) in them are JSON as it was written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Protocol

from spectra.core.basics.verdict import TRUSTED
from spectra.core.components import Features
from spectra.core.measurements import Condition, Measurement
from spectra.core.quantities import EstimatedQuantity, final
from spectra.core.samples import Sample

Json = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class SampleRecord:
    """A sample on record; ``digest`` covers everything that a model depends on, and is unique with the name."""

    id: str
    name: str
    technique: str
    digest: str
    document: Json
    note: str
    tags: Sequence[str]
    created: datetime


@dataclass(frozen=True, kw_only=True)
class DataSetRecord:
    """A simulated training set: its recipe, and the artefact that holds points and signals."""

    id: str
    sample_id: str
    technique: str
    digest: str
    """Content address of the recipe: equal recipes need no second simulation."""
    recipe: Json
    points: int
    notes: Sequence[str]
    artefact: str
    artefact_size: int
    environment: Json
    created: datetime


@dataclass(frozen=True, kw_only=True)
class ModelRecord:
    """A trained model: its recipe, its quality and the artefact that holds what was learned."""

    id: str
    sample_id: str
    sample_name: str
    data_set_id: str
    technique: str
    recipe: Json
    recipe_digest: str
    quantities: Sequence[Json]
    seed: int
    metrics: Json
    environment: Json
    artefact: str
    artefact_size: int
    note: str
    tags: Sequence[str]
    aliases: Sequence[str]
    """Names under which it is to be used for its sample, as in ``steel@production``."""
    retired: datetime | None
    """Since when it is no longer taken for new analyses."""
    created: datetime


@dataclass(frozen=True, kw_only=True)
class MeasurementRecord:
    """A measured file on record, for one sample; the raw bytes are an artefact."""

    id: str
    sample_id: str
    sample_name: str
    technique: str
    file_name: str
    artefact: str
    artefact_size: int
    reader: str
    kind: str
    details: Json
    conditions: Sequence[Condition]
    """By name, each once."""
    note: str
    tags: Sequence[str]
    created: datetime


@dataclass(frozen=True, kw_only=True)
class FileRecord:
    """A file that belongs to a prediction, and the artefact that holds it."""

    name: str
    artefact: str
    artefact_size: int


FIGURE, POSTERIOR, MAP = "figure.svg", "posterior.npz", "map.npz"
"""Names of the files of a prediction: what its technique drew, a sample of the posterior as an array ``draws``, and a
:class:`~spectra.core.formats.maps.QuantityMap`."""


@dataclass(frozen=True, kw_only=True)
class PredictionSummary:
    """One model applied to one measurement, as it stands in a list."""

    id: str
    model_id: str
    measurement_id: str
    sample_name: str
    technique: str
    file_name: str
    conditions: Sequence[Condition]
    """Those of the measurement."""
    quantities: Sequence[EstimatedQuantity]
    misfit: float | None
    misfit_unit: str
    verdict: str | None
    """"trusted", "doubtful" or "refused"; ``None`` from a technique that does not judge, or up to schema 0003."""
    command: str
    operator: str
    note: str
    tags: Sequence[str]
    created: datetime

    @property
    def doubtful(self) -> bool:
        """Whether something speaks against it; not so if nobody judged it."""
        return self.verdict not in (None, TRUSTED)

    @property
    def final(self) -> tuple[EstimatedQuantity, ...]:
        """What it stands for: its quantities without those that were on the way to others."""
        return final(self.quantities)


@dataclass(frozen=True, kw_only=True)
class PredictionRecord(PredictionSummary):
    """One model applied to one measurement, with everything that was printed and is needed to repeat it."""

    report: Json
    """Covariance, tables, notes, reasons of the verdict and the choice of refiner."""
    environment: Json
    files: Sequence[FileRecord]
    """By name, each once."""

    @property
    def reasons(self) -> tuple[str, ...]:
        """What speaks against it, as sentences."""
        return tuple(self.report.get("reasons", ()))


@dataclass(frozen=True, kw_only=True)
class FeatureSpaceRecord:
    """An encoder with its state, and how much it has features of; ``document`` says what it is made for."""

    id: str
    digest: str
    """Content address of the document."""
    document: Json
    artefact: str
    """What the encoder learned."""
    artefact_size: int
    environment: Json
    rows: int
    failed: int
    created: datetime


@dataclass(frozen=True, kw_only=True)
class FailureRecord:
    """Something on record that a feature space has no features of."""

    content: str
    """Content address of what was to be encoded, and of how it is read."""
    name: str
    reason: str


AnnotatedRecord = SampleRecord | ModelRecord | MeasurementRecord | PredictionRecord
"""What carries tags and a note."""
AnyRecord = AnnotatedRecord | DataSetRecord

_KINDS: Mapping[type[AnyRecord], str] = {
    SampleRecord: "sample",
    DataSetRecord: "data set",
    ModelRecord: "model",
    MeasurementRecord: "measurement",
    PredictionRecord: "prediction",
}


def kind_of(record: AnyRecord) -> str:
    """Return what a record is called in a sentence."""
    return _KINDS[type(record)]


class FeatureStore(Protocol):
    """Where similarity searches keep features."""

    def find_space(self, digest: str) -> FeatureSpaceRecord | None:
        """Return the space of this recipe, if it is on record."""

    def add_space(self, *, digest: str, document: Json, state: bytes, environment: Json) -> FeatureSpaceRecord:
        """Put a space on record; if another process was faster, return the one that is there."""

    def features(self, space: FeatureSpaceRecord) -> Mapping[str, Features]:
        """Return the features (m, d) of every content of a space, of which a data set has m specimens."""

    def add_features(self, space: FeatureSpaceRecord, features: Mapping[str, Features]) -> None:
        """Put the features (m, d) of some contents on record."""

    def failures(self, space: FeatureSpaceRecord) -> Sequence[FailureRecord]:
        """Return what a space has no features of, by name."""

    def add_failures(self, space: FeatureSpaceRecord, failures: Sequence[FailureRecord]) -> None:
        """Put failures on record, in place of former ones of the same contents."""

    def latest_quantities(self, measurements: Sequence[str]) -> Mapping[str, tuple[EstimatedQuantity, ...]]:
        """Return the final quantities of the newest undoubted prediction of each measurement that has one, by id."""


class Store(Protocol):
    """Where workflows look for what is already known, and put on record what is new.

    Every ``add_*`` is one transaction after its artefact is safely on disk: what it returned is never lost, and a kill
    before leaves nothing that counts.
    """

    @property
    def features(self) -> FeatureStore:
        """Feature spaces."""

    def workspace(self, digest: str) -> Path:
        """Return a folder for the unfinished work on the content address ``digest``; it outlives a kill."""

    def clear_workspace(self, digest: str) -> None:
        """Remove that folder, if there is one."""

    def read_artefact(self, digest: str) -> bytes:
        """Return an artefact's bytes, checked against its digest.

        Raises
        ------
        RegistryError
            If it is missing or damaged.
        """

    def open_artefact(self, digest: str) -> IO[bytes]:
        """Open the file of an artefact, checked against its digest without reading it into memory.

        It has a descriptor, so that it can be mapped. Raises like :meth:`read_artefact`.
        """

    def add_sample(self, sample: Sample) -> SampleRecord:
        """Return the record of ``sample``, made if there is none of this name and digest."""

    def find_data_set(self, digest: str) -> DataSetRecord | None:
        """Return the data set of this recipe, if one is on record."""

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
        """Put a data set on record; if another process was faster, return the one that is there.

        Parameters
        ----------
        content
            Its bytes, or a file that holds them and is moved away.
        """

    def find_model(
        self, *, technique: str, sample_digest: str, recipe_digest: str, seed: int | None = None, retired: bool = False
    ) -> ModelRecord | None:
        """Return the newest model of this recipe for a sample with these facts, with this seed if one is given.

        Retired models are passed over; with ``retired``, all others are.
        """

    def get_model(self, id: str) -> ModelRecord:
        """Return the model of an identifier's beginning, a sample's name or an alias like ``steel@production``.

        Raises
        ------
        NotFoundError
            If there is none, or more than one.
        """

    def get_sample(self, id: str) -> SampleRecord:
        """Return the sample of an identifier's beginning or a name; raises like :meth:`get_model`."""

    def get_measurement(self, id: str) -> MeasurementRecord:
        """Return the measurement of an identifier's beginning or a file's name; raises like :meth:`get_model`."""

    def find_measurements(self, *, sample: SampleRecord, content: str) -> tuple[MeasurementRecord, ...]:
        """Return the measurements of a sample whose file has this content address, one for each reader."""

    def predictions_of(self, measurement: MeasurementRecord) -> tuple[PredictionRecord, ...]:
        """Return all predictions from a measurement, newest first."""

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
        """Put a prediction with all its quantities and files on record."""
