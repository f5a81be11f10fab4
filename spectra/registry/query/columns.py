"""The columns of a table of records.

A quantity in a unit has two, for its value and its uncertainty; a condition in a unit has one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any, Literal

from spectra.core.store import DataSetRecord, MeasurementRecord, ModelRecord, PredictionSummary, SampleRecord
from spectra.registry.query.keys import CONDITION, KINDS, LABELLED, STD

Listed = SampleRecord | DataSetRecord | ModelRecord | MeasurementRecord | PredictionSummary
"""A record as it stands in a list."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Column:
    """A column of a table of records.

    Parameters
    ----------
    name
        Its name in a query.
    holds
        Type of its values.
    value
        Returns the value of a record; ``None`` if it is missing.
    unit
        Unit of numbers.
    """

    name: str
    holds: Literal["text", "texts", "number", "integer", "moment"]
    value: Callable[[Any], Any]
    unit: str = ""

    @property
    def heading(self) -> str:
        """Name and unit."""
        return f"{self.name} ({self.unit})" if self.unit else self.name


def _texts(**attributes: str) -> list[Column]:
    return [Column(name=name, holds="text", value=attrgetter(path)) for name, path in attributes.items()]


_FIRST = [
    Column(name="id", holds="text", value=attrgetter("id")),
    Column(name="created", holds="moment", value=attrgetter("created")),
    Column(name="technique", holds="text", value=attrgetter("technique")),
]
_LAST = [
    Column(name="tag", holds="texts", value=attrgetter("tags")),
    Column(name="note", holds="text", value=attrgetter("note")),
]
COLUMNS: Mapping[str, Sequence[Column]] = {
    "samples": [*_FIRST, *_texts(sample="name"), *_LAST],
    "data sets": [*_FIRST, Column(name="points", holds="integer", value=attrgetter("points"))],
    "models": [
        *_FIRST,
        *_texts(sample="sample_name"),
        Column(name="seed", holds="integer", value=attrgetter("seed")),
        Column(name="alias", holds="texts", value=attrgetter("aliases")),
        Column(name="retired", holds="moment", value=attrgetter("retired")),
        *_LAST,
    ],
    "measurements": [
        *_FIRST,
        *_texts(sample="sample_name", file="file_name", reader="reader", kind="kind"),
        *_LAST,
    ],
    "predictions": [
        *_FIRST,
        *_texts(sample="sample_name", file="file_name", operator="operator", verdict="verdict"),
        *_LAST,
        *_texts(model="model_id", measurement="measurement_id"),
        Column(name="misfit", holds="number", value=attrgetter("misfit")),
        *_texts(misfit_unit="misfit_unit"),
    ],
}
"""For each kind of record, its columns apart from conditions and quantities."""
_KINDS: Mapping[type[Any], str] = {
    SampleRecord: "samples",
    DataSetRecord: "data sets",
    ModelRecord: "models",
    MeasurementRecord: "measurements",
    PredictionSummary: "predictions",
}


def quantity_column(name: str, unit: str, part: str = "") -> Column:
    """Return a column for a quantity in a unit: the final value of predictions, or another ``part``.

    Parameters
    ----------
    part
        ``"std"`` for the uncertainty, or a method for its value.
    """

    def value(record: PredictionSummary) -> float | None:
        among = record.final if part in ("", STD) else [q for q in record.quantities if q.method == part]
        found = next((q for q in among if (q.name, q.unit) == (name, unit)), None)
        return None if found is None else found.std if part == STD else found.value

    return Column(name=f"{name}.{part}" if part else name, holds="number", value=value, unit=unit)


def condition_column(name: str, unit: str) -> Column:
    """Return a column for a condition in a unit."""

    def value(record: MeasurementRecord | PredictionSummary) -> float | None:
        return next((c.value for c in record.conditions if (c.name, c.unit) == (name, unit)), None)

    return Column(name=name, holds="number", value=value, unit=unit)


def label_column(name: str) -> Column:
    """Return a column for a label of measurements, a tag like ``material=nickel``."""
    prefix = f"{name}{LABELLED}"

    def value(record: MeasurementRecord) -> str | None:
        return next((tag.removeprefix(prefix) for tag in record.tags if tag.startswith(prefix)), None)

    return Column(name=name, holds="text", value=value)


def all_columns(
    kind: str, conditions: Iterable[tuple[str, str]] = (), quantities: Iterable[tuple[str, str]] = ()
) -> Sequence[Column]:
    """Return all columns for a kind of record, and for conditions and quantities, each a name and a unit."""
    of_quantities = [quantity_column(name, unit, part) for name, unit in quantities for part in ("", STD)]
    taken = {*KINDS[kind].keys, *(column.name for column in of_quantities)}
    of_conditions = [
        replace(column, name=f"{CONDITION}.{column.name}") if column.name in taken else column
        for column in (condition_column(name, unit) for name, unit in conditions)
    ]
    return [*COLUMNS[kind], *of_conditions, *of_quantities]


def columns_of(records: Sequence[Listed]) -> Sequence[Column]:
    """Return all columns that records of one kind have."""
    if not records:
        return []
    kind = next(name for record_type, name in _KINDS.items() if isinstance(records[0], record_type))
    conditions = {
        (condition.name, condition.unit)
        for record in records
        if isinstance(record, MeasurementRecord | PredictionSummary)
        for condition in record.conditions
    }
    quantities = (q for record in records if isinstance(record, PredictionSummary) for q in record.final)
    return all_columns(
        kind, sorted(conditions), dict.fromkeys((quantity.name, quantity.unit) for quantity in quantities)
    )
