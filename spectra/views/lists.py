"""Lists of records as tables, with the columns that people want first or that they name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from spectra.core.quantities import with_uncertainty
from spectra.core.store import MeasurementRecord, ModelRecord, PredictionSummary, SampleRecord
from spectra.core.tables import Table
from spectra.views.layout import table
from spectra.views.numbers import local_time, test_error
from spectra.views.records import recipe_line

if TYPE_CHECKING:
    from spectra.registry.query.columns import Column


def list_table(kind: str, records: Sequence[Any]) -> Table:
    """Return records of a kind ("predictions", …) as a table, with what people want to see first."""
    header, row = _ROWS[kind]
    return table(header, [row(record) for record in records], name=kind, priorities=_PRIORITIES)


def columns_table(columns: Sequence[Column], records: Sequence[Any]) -> Table:
    """Return the columns that someone chose."""
    cells = [[_cell(column.value(record)) for column in columns] for record in records]
    return table([column.heading for column in columns], cells)


def _cell(value: Any) -> Any:
    """Write a value for a person."""
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, list | tuple):
        return ", ".join(value)
    return local_time(value) if isinstance(value, datetime) else value


def _prediction_row(record: PredictionSummary) -> Sequence[Any]:
    best = [quantity for quantity in record.final if quantity.method != "derived"]
    answer = ", ".join(f"{q.name} {with_uncertainty(q.value, q.std)} {q.unit}".strip() for q in best)
    made = local_time(record.created)
    return record.id, made, record.sample_name, record.file_name, answer, record.verdict, record.model_id


def _model_row(record: ModelRecord) -> Sequence[Any]:
    test = record.metrics["test"]
    errors = ", ".join(f"{q['name']} {test_error(q, test[q['name']])}" for q in record.quantities)
    made = local_time(record.created)
    return record.id, made, record.technique, record.sample_name, recipe_line(record), record.seed, errors


def _measurement_row(record: MeasurementRecord) -> Sequence[Any]:
    added, tags = local_time(record.created), ", ".join(record.tags)
    return record.id, added, record.technique, record.sample_name, record.file_name, record.kind, tags


def _sample_row(record: SampleRecord) -> Sequence[Any]:
    facts = record.digest.removeprefix("sha256:")[:12]
    return record.id, local_time(record.created), record.technique, record.name, facts


_PRIORITIES = {"model": 5, "made": 4, "added": 4, "trained": 4, "facts": 3, "kind": 3, "recipe": 2, "technique": 1}

_ROWS: Mapping[str, tuple[Sequence[str], Callable[[Any], Sequence[Any]]]] = {
    "predictions": (("prediction", "made", "sample", "measurement", "result", "verdict", "model"), _prediction_row),
    "models": (("model", "trained", "technique", "sample", "recipe", "seed", "test error"), _model_row),
    "measurements": (("measurement", "added", "technique", "sample", "file", "kind", "tags"), _measurement_row),
    "samples": (("sample", "added", "technique", "name", "facts"), _sample_row),
}
