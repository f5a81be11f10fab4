"""What is compared: records and features as people select them, on the command line or in a notebook."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from spectra.core.basics.files import digest_bytes, read_bounded
from spectra.core.basics.number_text import whole_number
from spectra.core.errors import InputError, NotFoundError, UsageError
from spectra.core.inventory.catalogue import Catalogue
from spectra.core.session import Session, Specimen
from spectra.core.signals import Signal
from spectra.core.similarity.adding import PICTURES, read_alone
from spectra.core.similarity.archive import Archive, default_features, open_archive
from spectra.core.similarity.items import Item, Reading, Source, measured
from spectra.core.similarity.metrics import METRICS, Metric
from spectra.core.similarity.spaces import MODEL, Wanted
from spectra.core.store import DataSetRecord, MeasurementRecord, PredictionSummary, kind_of
from spectra.core.workflows.environment import saying_what_to_install
from spectra.core.workflows.reading import read_measurement
from spectra.registry.registry import Registry

MEASUREMENTS, DATA_SETS = "measurements", "data-sets"
_OF_A_FILE = "network-features"
"""The encoder that ``keras:FILE`` and ``npy:FILE`` mean."""
_LARGEST_FILE = 1_000_000_000
Settings = Mapping[str, Mapping[str, Any]]
"""Parameters by the name of an encoder, of ``keras`` or ``npy``, or of ``reader``."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Selection:
    """What was selected: the archive, and how its signals are read."""

    archive: Archive
    sources: Sequence[Source]
    reading: Reading
    metric: Metric

    def signal(self, item: Item) -> Signal:
        """Return the signal of an item of the archive, a stack of one; raises ``SpectraError`` if it cannot be read."""
        return self.reading.item(self._source_of[item.content], item)

    @cached_property
    def _source_of(self) -> Mapping[str, Source]:
        return {source.content: source for source in self.sources}


def select(
    session: Session,
    registry: Registry,
    *,
    where: str = "",
    among: str = MEASUREMENTS,
    features: Sequence[str] | None = None,
    metric: str | None = None,
    settings: Settings,
    kind: str | None = None,
    again: bool = False,
) -> Selection:
    """Return what is selected, encoded.

    Parameters
    ----------
    where
        Query of measurements, or of data sets.
    among
        ``"measurements"`` or ``"data-sets"``.
    features
        Names of encoders, ``model:ID``, ``keras:FILE`` or ``npy:FILE``; by default those for the kind of signal.
    metric
        By default the one for the kind of signal.
    kind
        Kind of signal of the query; without one, the kind that most of the selected records have.

    Raises
    ------
    InputError
        If nothing is selected, or nothing of it can be compared.
    NotFoundError
        If an encoder or a model is not there.
    UsageError
        If an option cannot be understood.
    """
    reading = Reading(session=session)
    sources = _sources(registry, reading, session, where, among)
    if not sources:
        selected = f"Nothing on record fulfils {where!r}" if where else "Nothing is selected"
        raise InputError(
            f"{selected}, so there is nothing to compare.",
            hint="'spectra measurements add FILE...' puts files on record; 'spectra measurements list' lists them.",
        )
    kinds = Counter(source.items[0].kind for source in sources)
    chosen = kind or kinds.most_common(1)[0][0]
    if left_out := sum(count for other, count in kinds.items() if other != chosen):
        session.progress.say(f"{left_out} of {sum(kinds.values())} records hold another kind of signal than {chosen}.")
    sources = [source for source in sources if source.items[0].kind == chosen]
    if not sources:
        raise InputError(
            f"The query is {chosen}, and nothing of that kind is among what was selected.",
            hint=f"Selected are {', '.join(f'{count} of kind {other}' for other, count in kinds.items())}.",
        )
    with saying_what_to_install(session.catalogue, [space.environment for space in registry.features.spaces()]):
        wanted = [_wanted(session.catalogue, name, chosen, settings) for name in features or default_features(chosen)]
    return Selection(
        archive=open_archive(session, wanted, sources, reading, again=again),
        sources=sources,
        reading=reading,
        metric=_metric(metric, chosen),
    )


def query_signal(
    session: Session,
    registry: Registry,
    what: str,
    *,
    specimen: Specimen | None,
    reader: str | None,
    where: str,
    settings: Settings,
) -> tuple[Signal, str, Item | None]:
    """Return the signal of a file or a record, its name, and the item that it is on record.

    A file is read as a measurement of ``specimen``, by the reader that is named, as a picture, or else by the readers
    of what ``where`` selects.

    Raises
    ------
    InputError, NotFoundError
        If there is neither a file nor a record, or it cannot be read.
    """
    path = Path(what)
    if path.exists():
        return _file_signal(session, registry, path, specimen, reader, where, settings), path.name, None
    identifier, _, row = what.partition(":")
    try:
        record = registry.get_any(identifier)
    except NotFoundError as error:
        raise NotFoundError(f"There is no file {what}, and no record. {error.message}", hint=error.hint) from error
    reading = Reading(session=session)
    match record:
        case PredictionSummary():
            record = registry.get_measurement(record.measurement_id)
        case DataSetRecord() if (number := whole_number(row)) is not None:
            (source,) = reading.simulated([record])
            if number >= len(source.items):
                raise NotFoundError(f"The data set {record.id} has {len(source.items)} specimens, from 0.")
            item = source.items[number]
            return reading.item(source, item), item.id, item
        case MeasurementRecord():
            pass
        case _:
            raise InputError(
                f"{record.id} is a {kind_of(record)}, which is not alike to anything.",
                hint="Give a measurement, a prediction, a specimen of a data set as in ID:17, or a file.",
            )
    assert isinstance(record, MeasurementRecord)  # noqa: S101
    (source,) = measured(session, [record])
    return reading.signal(source), record.file_name, source.items[0]


def _sources(registry: Registry, reading: Reading, session: Session, where: str, among: str) -> list[Source]:
    if among == MEASUREMENTS:
        return measured(session, list(registry.list_measurements(where)))
    if among == DATA_SETS:
        return list(reading.simulated(list(registry.list_data_sets(where))))
    raise UsageError(f"--among {among} is unknown.", hint=f"Write --among {MEASUREMENTS} or --among {DATA_SETS}.")


def _wanted(catalogue: Catalogue, named: str, kind: str, settings: Settings) -> Wanted:
    if named.startswith(MODEL):
        return Wanted(model=named.removeprefix(MODEL))
    sort, _, file = named.partition(":")
    name = _OF_A_FILE if file else named
    given = dict(settings.get(sort, {}))
    content = ""
    if file:
        given["file"] = named
        content = digest_bytes(read_bounded(Path(file).expanduser(), limit=_LARGEST_FILE, what=f"{sort} file"))
    takes = catalogue.find("encoder", name).component.takes
    if takes and kind not in takes:
        suiting = [
            entry.component.name
            for entry in catalogue.entries("encoder")
            if not entry.component.takes or kind in entry.component.takes
        ]
        raise InputError(
            f"The encoder {name!r} takes {' or '.join(takes)}, and what is compared is {kind}.",
            hint=f"Encoders that take it: {', '.join(suiting)}.",
        )
    return Wanted(encoder=catalogue.choose("encoder", name, given), content=content)


def _metric(name: str | None, kind: str) -> Metric:
    if name is None:
        return "cosine" if kind == "image" else "correlation"
    if name not in METRICS:
        raise UsageError(f"There is no metric {name!r}.", hint=f"Metrics: {', '.join(METRICS)}.")
    return name  # type: ignore[return-value]


def _file_signal(
    session: Session,
    registry: Registry,
    path: Path,
    specimen: Specimen | None,
    reader: str | None,
    where: str,
    settings: Settings,
) -> Signal:
    parameters = settings.get("reader")
    if specimen is not None:
        return read_measurement(session.catalogue, specimen, path, reader=reader, parameters=parameters).signal
    if reader is not None or path.suffix.lower() in PICTURES:
        return read_alone(session, path, reader, parameters).signal
    used = Counter(record.reader for record in registry.list_measurements(where, limit=1000))
    refusals = []
    for name, _ in used.most_common():
        if "=" in name:
            continue
        try:
            return read_alone(session, path, name, parameters).signal
        except InputError as error:
            refusals.append(f"  {name}: {error.message}")
    raise InputError(
        "\n".join([f"{path.name} cannot be read by any reader of what it is compared with.", *refusals]),
        hint="Name the sample with --sample, or a reader with --reader.",
    )
