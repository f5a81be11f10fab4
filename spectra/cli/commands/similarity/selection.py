"""What is compared: the options by which commands select records and features, and what they mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from spectra.core.errors import InputError, NotFoundError, UsageError

if TYPE_CHECKING:
    from spectra.core.inventory.catalogue import Catalogue
    from spectra.core.recipe import Choice
    from spectra.core.session import Session
    from spectra.core.signals import Signal
    from spectra.core.similarity.archive import Archive
    from spectra.core.similarity.items import Item, Reading, Source
    from spectra.core.similarity.metrics import Metric
    from spectra.registry.registry import Registry

MEASUREMENTS, DATA_SETS = "measurements", "data-sets"

Where = Annotated[
    str,
    typer.Option(
        "--where",
        metavar="QUERY",
        help="Compare only what this selects, for example 'material=Ni*,temperature>300 K'; labels and conditions of "
        "measurements are keys.",
    ),
]
Among = Annotated[
    str,
    typer.Option("--among", metavar="KIND", help=f"{MEASUREMENTS}, or {DATA_SETS}: the specimens of simulated ones."),
]
Features = Annotated[
    str | None,
    typer.Option(
        "--features",
        metavar="NAME,NAME,...",
        help="Encoders by which to compare, or model:ID for that of a trained model. Default: symmetry,texture for "
        "pictures, binned for profiles, fingerprint for lists of peaks.",
    ),
]
MetricOption = Annotated[
    str | None,
    typer.Option(
        "--metric",
        metavar="NAME",
        help="cosine, correlation, euclidean, spectral-angle, or wasserstein (tolerates shifts along the axis). "
        "Default: cosine for pictures, else correlation.",
    ),
]
NotSame = Annotated[
    str | None,
    typer.Option(
        "--not-same",
        metavar="COLUMN",
        help="Do not count what has the same value there: sample, file, or a label such as specimen.",
    ),
]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME.PARAMETER=VALUE", help="Set a parameter of an encoder or reader; repeatable."),
]
Again = Annotated[bool, typer.Option("--again", help="Try again what could not be encoded before.")]


@dataclass(frozen=True, kw_only=True, eq=False)
class Selection:
    """What was selected: the archive, and how its signals are read."""

    archive: Archive
    sources: Sequence[Source]
    reading: Reading
    metric: Metric

    def signal(self, item: Item) -> Signal:
        """Return the signal of an item of the archive, a stack of one."""
        source = next(source for source in self.sources if source.content == item.content)
        return self.reading.item(source, item)


def select(
    session: Session,
    registry: Registry,
    *,
    where: str,
    among: str,
    features: str | None,
    metric: str | None,
    settings: dict[str, dict[str, Any]],
    kind: str | None = None,
    again: bool = False,
) -> Selection:
    """Return what the options select, encoded.

    Parameters
    ----------
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
    from spectra.core.similarity.archive import default_features, open_archive
    from spectra.core.similarity.items import Reading

    reading = Reading(session=session)
    sources = _sources(registry, reading, session, where, among)
    if not sources:
        raise InputError(
            "Nothing is selected, so there is nothing to compare.",
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
    names = [name.strip() for name in features.split(",")] if features else list(default_features(chosen))
    choices = [_choice(session.catalogue, name, chosen, settings) for name in names]
    return Selection(
        archive=open_archive(session, choices, sources, reading, again=again),
        sources=sources,
        reading=reading,
        metric=_metric(metric, chosen),
    )


def query_signal(
    session: Session,
    registry: Registry,
    what: str,
    *,
    sample_file: Path | None,
    reader: str | None,
    where: str,
    settings: dict[str, dict[str, Any]],
) -> tuple[Signal, str, Item | None]:
    """Return the signal of a file or a record, its name, and the item that it is on record.

    Raises
    ------
    InputError, NotFoundError
        If there is neither a file nor a record, or it cannot be read.
    """
    from spectra.core.similarity.items import Reading, measured
    from spectra.core.store import DataSetRecord, MeasurementRecord, PredictionSummary, kind_of

    path = Path(what)
    if path.exists():
        return _file_signal(session, registry, path, sample_file, reader, where, settings), path.name, None
    identifier, _, row = what.partition(":")
    try:
        record = registry.get_any(identifier)
    except NotFoundError as error:
        raise NotFoundError(f"There is no file {what}, and no record. {error.message}", hint=error.hint) from error
    reading = Reading(session=session)
    match record:
        case PredictionSummary():
            record = registry.get_measurement(record.measurement_id)
        case DataSetRecord() if row.isdigit():
            (source,) = reading.simulated([record])
            if int(row) >= len(source.items):
                raise NotFoundError(f"The data set {record.id} has {len(source.items)} specimens, from 0.")
            item = source.items[int(row)]
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
    from spectra.core.similarity.items import measured

    if among == MEASUREMENTS:
        return measured(session, list(registry.list_measurements(where)))
    if among == DATA_SETS:
        return list(reading.simulated(list(registry.list_data_sets(where))))
    raise UsageError(f"--among {among} is unknown.", hint=f"Write --among {MEASUREMENTS} or --among {DATA_SETS}.")


def _choice(catalogue: Catalogue, name: str, kind: str, settings: dict[str, dict[str, Any]]) -> Choice | str:
    from spectra.core.similarity.spaces import MODEL

    if name.startswith(MODEL):
        return name
    name, _, argument = name.partition(":")
    given = dict(settings.get(name, {}))
    if argument:
        name, given = "network-features", given | {"file": f"{name}:{argument}"}
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
    return catalogue.choose("encoder", name, given)


def _metric(name: str | None, kind: str) -> Metric:
    from spectra.core.similarity.metrics import METRICS

    if name is None:
        return "cosine" if kind == "image" else "correlation"
    if name not in METRICS:
        raise UsageError(f"There is no metric {name!r}.", hint=f"Metrics: {', '.join(METRICS)}.")
    return name  # type: ignore[return-value]


def _file_signal(
    session: Session,
    registry: Registry,
    path: Path,
    sample_file: Path | None,
    reader: str | None,
    where: str,
    settings: dict[str, dict[str, Any]],
) -> Signal:
    """Read a file as its sample says, by the reader that is named, as a picture, or as what is compared was read."""
    from spectra.core.similarity.adding import PICTURES, read_alone
    from spectra.core.workflows.reading import read_measurement
    from spectra.core.workflows.specimens import load_specimen

    parameters = settings.get("reader")
    if sample_file is not None:
        specimen = load_specimen(session.catalogue, sample_file)
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
