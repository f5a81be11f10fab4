"""What can be similar: measurements on record, and the specimens of simulated data sets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from spectra.core.basics.files import digest_document
from spectra.core.components import Floats
from spectra.core.errors import InputError
from spectra.core.measurements import Condition, Measurement, RawFile
from spectra.core.quantities import EstimatedQuantity, Quantity
from spectra.core.recipe import Choice
from spectra.core.session import Session, Specimen
from spectra.core.signals import Signal, take
from spectra.core.store import DataSetRecord, MeasurementRecord
from spectra.core.workflows.reading import default_reading
from spectra.core.workflows.recorded import recorded_measurement, recorded_processors, recorded_reader
from spectra.core.workflows.specimens import recorded_specimen
from spectra.core.workflows.training_set import DataSet, read_data_set

ARCHIVE = "archive"
"""Technique of samples that are only kept and compared, never analyzed: no plugin provides it."""
READING = "reading"
"""Among the details of a measurement: the reader with those of its parameters that are not its defaults."""


@dataclass(frozen=True, kw_only=True)
class Item:
    """One measurement, or one specimen of a data set, with what is known of it."""

    id: str
    """Identifier of the measurement; of a data set with the number of the specimen: ``k3b9x2m4qa:17``."""
    content: str
    """Content address under which a feature space knows it."""
    row: int
    """Number among the specimens of that content, from 0."""
    name: str
    sample: str
    technique: str
    kind: str
    conditions: tuple[Condition, ...] = ()
    tags: tuple[str, ...] = ()
    quantities: tuple[EstimatedQuantity, ...] = ()

    @property
    def labels(self) -> Mapping[str, str]:
        """What its tags of the form ``material=nickel`` say."""
        pairs = (tag.partition("=") for tag in self.tags)
        return {name: text for name, equals, text in pairs if name and equals}

    def column(self, name: str) -> str | float | None:
        """Return what it has under a name: sample, file, technique, a label, condition or quantity."""
        plain = {"sample": self.sample, "file": self.name, "technique": self.technique, "id": self.id}
        if name in plain:
            return plain[name]
        if name in (labels := self.labels):
            return labels[name]
        numbers = {condition.name: condition.value for condition in self.conditions}
        numbers |= {quantity.name: quantity.value for quantity in self.quantities}
        return numbers.get(name)

    def text(self, name: str) -> str | None:
        """Return the same as a word, by which items are told apart."""
        value = self.column(name)
        return f"{value:.12g}" if isinstance(value, float) else value


@dataclass(frozen=True, kw_only=True, eq=False)
class Source:
    """A record with the items that come from it: one, or the specimens of a data set."""

    record: MeasurementRecord | DataSetRecord
    items: tuple[Item, ...]

    @property
    def content(self) -> str:
        """Content address of all its items."""
        return self.items[0].content

    @property
    def name(self) -> str:
        """What it is called in a sentence."""
        return self.items[0].name if isinstance(self.record, MeasurementRecord) else f"data set {self.record.id}"


def measured(session: Session, records: Sequence[MeasurementRecord]) -> list[Source]:
    """Return measurements with the quantities of their newest predictions that were not doubted."""
    quantities = session.store.features.latest_quantities([record.id for record in records])
    return [
        Source(
            record=record,
            items=(
                Item(
                    id=record.id,
                    content=digest_document(
                        {
                            "artefact": record.artefact,
                            "reader": record.reader,
                            "reading": record.details.get(READING),
                            "sample": None if record.technique == ARCHIVE else record.sample_id,
                        }
                    ),
                    row=0,
                    name=record.file_name,
                    sample=record.sample_name,
                    technique=record.technique,
                    kind=record.kind,
                    conditions=tuple(record.conditions),
                    tags=tuple(record.tags),
                    quantities=quantities.get(record.id, ()),
                ),
            ),
        )
        for record in records
    ]


@dataclass(frozen=True, kw_only=True, eq=False)
class Way:
    """How a measured file becomes a signal; ``specimen`` is ``None`` for one that is only kept."""

    specimen: Specimen | None
    reader: Choice
    processors: Sequence[Choice] = ()


def read_again(session: Session, record: MeasurementRecord, way: Way) -> Measurement:
    """Read a measured file again; raises like :meth:`Reading.signal`."""
    if way.specimen is None:
        file = RawFile(name=record.file_name, content=session.store.read_artefact(record.artefact))
        return session.catalogue.reader(way.reader).read(file)
    return recorded_measurement(session, way.specimen, record, way.reader, way.processors)


@dataclass(frozen=True, kw_only=True, eq=False)
class Reading:
    """Reads the signals of sources, each sample and data set once."""

    session: Session
    _specimens: dict[str, Specimen] = field(default_factory=dict, init=False, repr=False)
    _data_sets: dict[str, DataSet] = field(default_factory=dict, init=False, repr=False)

    def signal(self, source: Source) -> Signal:
        """Return the signals of a source, a stack of as many as it has items.

        A measurement of a technique is prepared as for an analysis; what is only kept is as it was read.

        Raises
        ------
        SpectraError
            If it can no longer be read.
        """
        if isinstance(source.record, DataSetRecord):
            return self.data_set(source.record).signal
        return self.measurement(source.record).signal

    def item(self, source: Source, item: Item) -> Signal:
        """Return the signal of one item, a stack of one; raises like :meth:`signal`."""
        signal = self.signal(source)
        return signal if len(source.items) == 1 else take(signal, slice(item.row, item.row + 1))

    def measurement(self, record: MeasurementRecord) -> Measurement:
        """Read a measured file again; raises like :meth:`signal`."""
        return read_again(self.session, record, self.way(record))

    def way(self, record: MeasurementRecord) -> Way:
        """Return how a measured file is read again; raises like :meth:`signal`."""
        if record.technique == ARCHIVE:
            return Way(specimen=None, reader=self._kept_reading(record))
        former = next((one for one in self.session.store.predictions_of(record) if recorded_reader(one)), None)
        return Way(
            specimen=self.specimen(record.sample_id),
            reader=(former and recorded_reader(former)) or self._kept_reading(record),
            processors=recorded_processors(former) if former else (),
        )

    def specimen(self, sample_id: str) -> Specimen:
        """Return a sample on record with its technique."""
        if sample_id not in self._specimens:
            record = self.session.store.get_sample(sample_id)
            self._specimens[sample_id] = recorded_specimen(self.session, record)
        return self._specimens[sample_id]

    def data_set(self, record: DataSetRecord) -> DataSet:
        """Return a data set on record."""
        if record.id not in self._data_sets:
            self._data_sets[record.id] = read_data_set(self.session.store, record)
        return self._data_sets[record.id]

    def simulated(self, records: Sequence[DataSetRecord]) -> Iterator[Source]:
        """Yield data sets with the quantities of their specimens; what cannot be read is left out and said."""
        for record in records:
            try:
                quantities = self.specimen(record.sample_id).quantities
                data = self.data_set(record)
            except InputError as error:
                self.session.progress.say(f"The data set {record.id} is left out: {error.message}")
                continue
            sample = self.session.store.get_sample(record.sample_id)
            yield Source(record=record, items=tuple(_specimens(record, sample.name, quantities, data)))

    def _kept_reading(self, record: MeasurementRecord) -> Choice:
        kept = record.details.get(READING)
        return Choice.model_validate(kept) if kept else default_reading(self.session.catalogue, record.reader)


def with_reading(catalogue_default: Choice, measurement: Measurement) -> Measurement:
    """Return a measurement whose details say how it was read, if not with the reader's defaults."""
    if measurement.reading is None or measurement.reading == catalogue_default:
        return measurement
    return replace(measurement, details={**measurement.details, READING: measurement.reading.model_dump(mode="json")})


def numbers_of(items: Sequence[Item], name: str) -> Floats:
    """Return a number of each item by its name, shape (n,); NaN where it has none."""
    found = [item.column(name) for item in items]
    return np.array([value if isinstance(value, float | int) else np.nan for value in found], dtype=np.float64)


def labels_of(items: Sequence[Item], name: str) -> NDArray[np.str_]:
    """Return a word of each item by the name of the column, shape (n,).

    Raises
    ------
    InputError
        If an item has none.
    """
    found = [item.text(name) for item in items]
    if lacking := [item.name for item, value in zip(items, found, strict=True) if value is None]:
        raise InputError(
            f"{len(lacking)} of {len(items)} have no {name!r}, the first is {lacking[0]}.",
            hint="Columns are sample, file, technique, labels (tags like material=nickel), conditions and quantities; "
            "leave out what has none with --where.",
        )
    return np.array(found, dtype=np.str_)


def _specimens(record: DataSetRecord, sample: str, quantities: Sequence[Quantity], data: DataSet) -> Iterator[Item]:
    for row, values in enumerate(data.values):
        yield Item(
            id=f"{record.id}:{row}",
            content=record.artefact,
            row=row,
            name=f"specimen {row}",
            sample=sample,
            technique=record.technique,
            kind=data.signal.kind,
            quantities=tuple(
                EstimatedQuantity(
                    name=quantity.name,
                    unit=quantity.unit,
                    method="simulated",
                    value=float(value),
                    std=None,
                    note="simulated",
                )
                for quantity, value in zip(quantities, values, strict=True)
            ),
        )
