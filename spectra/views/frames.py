"""Tables and records as data frames, for notebooks; pandas is imported when the first one is made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spectra.core.basics.files import write_atomically
from spectra.core.errors import UsageError
from spectra.core.quantities import EstimatedQuantity, Quantity

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from spectra.core.tables import Table
    from spectra.registry.query.columns import Column


def table_frame(table: Table) -> pd.DataFrame:
    """Return a table with its units in the names of its columns."""
    import pandas as pd

    names = [f"{column.name} ({column.unit})" if column.unit else column.name for column in table.columns]
    return pd.DataFrame(dict(zip(names, (list(column.values) for column in table.columns), strict=True)))


def quantities_frame(quantities: Iterable[EstimatedQuantity]) -> pd.DataFrame:
    """Return estimated quantities by their names: value, one standard deviation, unit, where they come from, why."""
    import pandas as pd

    rows = [(q.name, q.value, q.std, q.unit, q.method, q.note) for q in quantities]
    frame = pd.DataFrame(rows, columns=["quantity", "value", "std", "unit", "method", "note"])
    return frame.astype({"value": float, "std": float}).set_index("quantity")


def values_frame(values: NDArray[np.float64], quantities: Sequence[Quantity]) -> pd.DataFrame:
    """Return values (n, p), a column for each quantity with its unit."""
    import pandas as pd

    return pd.DataFrame(values, columns=[quantity.label for quantity in quantities])


def records_frame(records: Iterable[Any], columns: Sequence[Column]) -> pd.DataFrame:
    """Return records by their identifiers, with the columns that a list of them has for programs."""
    import pandas as pd

    rows = [[column.value(record) for column in columns] for record in records]
    frame = pd.DataFrame(rows, columns=[column.heading for column in columns])
    return frame.set_index("id") if "id" in frame else frame


def objects_frame(objects: Iterable[Any], names: Sequence[str]) -> pd.DataFrame:
    """Return attributes of objects, a column for each name."""
    import pandas as pd

    return pd.DataFrame([[getattr(one, name) for name in names] for one in objects], columns=list(names))


def write_parquet(frame: pd.DataFrame, path: Path) -> None:
    """Write a data frame to a Parquet file, which is there once it is complete.

    Raises
    ------
    UsageError
        If pyarrow is not installed.
    OSError
        If the file cannot be written.
    """
    try:
        content = frame.to_parquet(index=False)
    except ImportError as error:
        raise UsageError(
            "Parquet files need pyarrow, which is not installed.",
            hint="Install it with 'pip install spectra-platform[table]'.",
        ) from error
    write_atomically(path, content)
