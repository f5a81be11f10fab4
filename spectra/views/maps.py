"""Maps as files (arrays for a program, or a table of places), and as layers to look at."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spectra.core.basics.files import write_atomically
from spectra.core.formats.maps import QuantityMap
from spectra.core.tables import Table
from spectra.views.layout import table

_MOST_SHOWN = 400
"""Places along either side that a screen shows; of more, means of blocks."""
_PARTS = (("top", "middle", "bottom"), ("left", "middle", "right"))
_ENDS = (1.0, 99.0)  # percentiles of the values at the ends of the colours
_SHADES = 64
_COLOURS = {"value": "viridis", "standard deviation": "cividis", "novelty": "magma"}


@dataclass(frozen=True, kw_only=True, eq=False)
class Layer:
    """What a map holds of one kind: a quantity, its standard deviation, or how unlike the learned places each is.

    Parameters
    ----------
    kind
        ``"value"``, ``"standard deviation"`` or ``"novelty"``.
    name, unit
        Of the quantity; the novelty has a name alone.
    values : ndarray, shape (rows, columns)
    """

    kind: str
    name: str
    unit: str
    values: NDArray[np.float32]

    @property
    def label(self) -> str:
        """What it is called, with its unit."""
        what = f"standard deviation of {self.name}" if self.kind == "standard deviation" else self.name
        return f"{what} ({self.unit})" if self.unit else what


def layers(field: QuantityMap) -> list[Layer]:
    """Return the layers of a map: of each quantity the values and their standard deviation, then the novelty."""
    found = []
    for place, (name, unit) in enumerate(zip(field.names, field.units, strict=True)):
        for kind, values in (("value", field.mean), ("standard deviation", field.spread)):
            found.append(Layer(kind=kind, name=name, unit=unit, values=values[..., place]))
    return [*found, Layer(kind="novelty", name="unlike the learned places", unit="", values=field.novelty)]


def layer_document(layer: Layer, um_per_step: float | None) -> dict[str, Any]:
    """Return a layer for a screen: at most 400 places along either side, each the mean of a block where there are more.

    What is not known is None.
    """
    from matplotlib import colormaps
    from matplotlib.colors import to_hex

    block = max(1, -(-max(layer.values.shape) // _MOST_SHOWN))
    values = block_means(layer.values, block)
    known = layer.values[np.isfinite(layer.values)]
    low, high = np.percentile(known, _ENDS).tolist() if known.size else (0.0, 1.0)
    return {
        "label": layer.label,
        "unit": layer.unit,
        "rows": values.shape[0],
        "columns": values.shape[1],
        "block": block,
        "um_per_step": um_per_step,
        "values": [float(f"{value:.5g}") if np.isfinite(value) else None for value in values.ravel().tolist()],
        "ends": [low, high if high > low else low + (abs(low) or 1.0) * 1e-6],
        "colours": [to_hex(shade) for shade in colormaps[_COLOURS[layer.kind]](np.linspace(0, 1, _SHADES))],
    }


def block_means(values: NDArray[np.float32], block: int) -> NDArray[np.float64]:
    """Return the mean of what is known in each block of ``block`` × ``block`` places, NaN where nothing is."""
    rows, columns = (-(-side // block) for side in values.shape)
    padded = np.full((rows * block, columns * block), np.nan)
    padded[: values.shape[0], : values.shape[1]] = values
    blocks = padded.reshape(rows, block, columns, block)
    known = np.isfinite(blocks)
    count = known.sum(axis=(1, 3))
    total = np.where(known, blocks, 0.0).sum(axis=(1, 3))
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def region_tables(field: QuantityMap) -> Iterator[Table]:
    """Yield what each quantity is in nine regions of a map, for who does not see it."""
    for values, spread in zip(layers(field)[0::2], layers(field)[1::2], strict=False):
        rows = [_region("all of it", values.values, spread.values)]
        for name_down, down in zip(_PARTS[0], _thirds(values.values.shape[0]), strict=True):
            for name_across, across in zip(_PARTS[1], _thirds(values.values.shape[1]), strict=True):
                name = "centre" if name_down == name_across == "middle" else f"{name_down} {name_across}"
                rows.append(_region(name, values.values[down, across], spread.values[down, across]))
        header = ("region", "mean", "lowest", "highest", "mean standard deviation", "known (%)")
        yield table(header, rows, title=values.label, name=values.name)


def _thirds(side: int) -> Sequence[slice]:
    ends = [round(third * side / 3) for third in range(4)]
    return [slice(first, last) for first, last in itertools.pairwise(ends)]


def _region(name: str, values: NDArray[np.float32], spread: NDArray[np.float32]) -> Sequence[str]:
    known = values[np.isfinite(values)].astype(np.float64)
    certain = spread[np.isfinite(spread)].astype(np.float64)
    share = f"{100 * known.size / values.size:.0f}" if values.size else ""
    if not known.size:
        return (name, "", "", "", "", share)
    numbers = (known.mean(), known.min(), known.max())
    return (name, *(f"{number:.4g}" for number in numbers), f"{certain.mean():.3g}" if certain.size else "", share)


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
