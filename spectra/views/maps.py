"""Maps as files: arrays for a program, or a table of places."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spectra.core.basics.files import write_atomically
from spectra.core.formats.maps import QuantityMap


def save_map(field: QuantityMap, path: Path) -> None:
    """Save a map as NumPy arrays (.npz), or as text with a line for each place (.csv).

    Raises
    ------
    OSError
        If it cannot be written.
    """
    write_atomically(path, field.to_bytes() if path.suffix.lower() == ".npz" else _table(field).encode())


def _table(field: QuantityMap) -> str:
    """Write where each place is, and for every quantity the value and its spread; then the novelty."""
    rows, columns = np.indices(field.novelty.shape).reshape(2, -1)
    header = ["row", "column"]
    values: list[NDArray[Any]] = [rows, columns]
    if field.um_per_step is not None:
        header += ["x (µm)", "y (µm)"]
        values += [columns * field.um_per_step, rows * field.um_per_step]
    for place, (name, unit) in enumerate(zip(field.names, field.units, strict=True)):
        label = f"{name} ({unit})" if unit else name
        header += [label, f"standard deviation of {label}"]
        values += [field.mean[..., place].ravel(), field.spread[..., place].ravel()]
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([*header, "novelty"])
    for row in zip(*values, field.novelty.ravel(), strict=True):
        writer.writerow([f"{number:.7g}" for number in row])
    return text.getvalue()
