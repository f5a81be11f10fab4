"""Records as a table: a line for each, with two columns for each quantity and unit: the value and its uncertainty.

``to_arrow(registry.list_predictions("sample=steel, C11>260")).to_pandas()`` is the way to pandas.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from spectra.core.errors import InputError, UsageError
from spectra.core.store import MeasurementRecord, ModelRecord, PredictionSummary, SampleRecord
from spectra.registry.query.keys import STD

if TYPE_CHECKING:
    import pyarrow as pa

Listed = SampleRecord | ModelRecord | MeasurementRecord | PredictionSummary
"""What a list consists of."""
_BATCH = 10_000


@dataclass(frozen=True, kw_only=True, eq=False)
class Column:
    """A column of a table of records.

    Parameters
    ----------
    name
        What it is called in a query.
    holds
        What its values are.
    value
        Takes the value from a record; ``None`` stands for one that is not there.
    unit
        That of numbers.
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
        *_texts(sample="sample_name", file="file_name", operator="operator"),
        *_LAST,
        *_texts(model="model_id", measurement="measurement_id"),
        Column(name="misfit", holds="number", value=attrgetter("misfit")),
        *_texts(misfit_unit="misfit_unit"),
    ],
}
"""For each kind of record, what it has whatever was measured."""
_KINDS: Mapping[type[Any], str] = {
    SampleRecord: "samples",
    ModelRecord: "models",
    MeasurementRecord: "measurements",
    PredictionSummary: "predictions",
}


def quantity_column(name: str, unit: str, part: str = "") -> Column:
    """Return a column for a quantity in a unit: the value that predictions stand for, or another ``part``.

    Parameters
    ----------
    part
        ``"std"`` for the uncertainty, or the method of which the value is wanted.
    """

    def value(record: PredictionSummary) -> float | None:
        among = record.final if part in ("", STD) else [q for q in record.quantities if q.method == part]
        found = next((q for q in among if (q.name, q.unit) == (name, unit)), None)
        return None if found is None else found.std if part == STD else found.value

    return Column(name=f"{name}.{part}" if part else name, holds="number", value=value, unit=unit)


def all_columns(kind: str, quantities: Iterable[tuple[str, str]] = ()) -> Sequence[Column]:
    """Return all columns for a kind of record and for quantities, each a name and a unit."""
    columns = [quantity_column(name, unit, part) for name, unit in quantities for part in ("", STD)]
    return [*COLUMNS[kind], *columns]


def to_arrow(records: Iterable[Listed], columns: Sequence[Column] | None = None) -> pa.Table:
    """Return records of one kind as an Arrow table; the unit of a column is in its name and in its metadata.

    Parameters
    ----------
    columns
        By default all that the records have.

    Raises
    ------
    UsageError
        If pyarrow is not installed.
    """
    arrow = _arrow()
    records = list(records)
    if columns is None:
        columns = _columns_of(records)
    arrays = [arrow.array([column.value(record) for record in records], _type(arrow, column)) for column in columns]
    return arrow.Table.from_arrays(arrays, schema=_schema(arrow, columns))


def write_parquet(records: Iterator[Listed], columns: Sequence[Column], path: Path) -> int:
    """Write records to a Parquet file, which is there once it is complete, and return how many there were.

    Raises
    ------
    UsageError
        If pyarrow is not installed.
    InputError
        If the file cannot be written.
    """
    arrow = _arrow()
    from pyarrow import parquet

    count = 0
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as folder:
            unfinished = Path(folder) / path.name
            with parquet.ParquetWriter(unfinished, _schema(arrow, columns)) as writer:
                while batch := list(islice(records, _BATCH)):
                    writer.write_table(to_arrow(batch, columns))
                    count += len(batch)
            os.replace(unfinished, path)
    except OSError as error:
        raise InputError(f"The file {path} cannot be written: {error.strerror}.", hint="Choose another.") from error
    return count


def _columns_of(records: Sequence[Listed]) -> Sequence[Column]:
    if not records:
        return []
    kind = next(name for record_type, name in _KINDS.items() if isinstance(records[0], record_type))
    quantities = (q for record in records if isinstance(record, PredictionSummary) for q in record.final)
    return all_columns(kind, dict.fromkeys((quantity.name, quantity.unit) for quantity in quantities))


def _schema(arrow: Any, columns: Sequence[Column]) -> Any:
    return arrow.schema(
        [
            arrow.field(column.heading, _type(arrow, column), metadata={"unit": column.unit} if column.unit else None)
            for column in columns
        ]
    )


def _type(arrow: Any, column: Column) -> Any:
    return {
        "text": arrow.string(),
        "texts": arrow.list_(arrow.string()),
        "number": arrow.float64(),
        "integer": arrow.int64(),
        "moment": arrow.timestamp("us", tz="UTC"),
    }[column.holds]


def _arrow() -> Any:
    try:
        import pyarrow as pa
    except ModuleNotFoundError as error:
        raise UsageError(
            "Arrow tables and Parquet files need pyarrow, which is not installed.",
            hint="Install it with 'pip install spectra-platform[table]'.",
        ) from error
    return pa
