"""Records as Arrow tables and Parquet files, one row a record.

``to_arrow(registry.list_predictions("sample=steel, C11>260")).to_pandas()`` makes a data frame.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spectra.core.basics.files import put_in_place
from spectra.core.errors import InputError, UsageError
from spectra.registry.query.columns import Column, Listed, columns_of

if TYPE_CHECKING:
    import pyarrow as pa

_BATCH = 10_000


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
        columns = columns_of(records)
    arrays = [arrow.array([column.value(record) for record in records], _type(arrow, column)) for column in columns]
    return arrow.Table.from_arrays(arrays, schema=_schema(arrow, columns))


def write_parquet(records: Iterable[Listed], columns: Sequence[Column], path: Path) -> int:
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
            remaining = iter(records)
            with parquet.ParquetWriter(unfinished, _schema(arrow, columns)) as writer:
                while batch := list(islice(remaining, _BATCH)):
                    writer.write_table(to_arrow(batch, columns))
                    count += len(batch)
            put_in_place(unfinished, path)
    except OSError as error:
        raise InputError(f"The file {path} cannot be written: {error.strerror}.", hint="Choose another.") from error
    return count


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
