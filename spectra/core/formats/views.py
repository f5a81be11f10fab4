"""What a technique shows besides its figure: plain data, which every page draws in its own way."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spectra.core.errors import InputError
from spectra.core.measurements import Measurement
from spectra.core.samples import Sample
from spectra.core.store import PredictionRecord
from spectra.core.tables import Table

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
"""What the name of a view looks like: it stands in addresses, and stays."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Curve:
    """Numbers over numbers.

    Parameters
    ----------
    name
        What the legend calls it.
    x, y : array_like, shape (n,)
        Where one of them is not finite, nothing is drawn.
    std : array_like, shape (n,)
        Half the lengths of error bars; of points alone.
    marks
        ``"line"`` through all of them, or ``"points"``.
    """

    name: str
    x: ArrayLike
    y: ArrayLike
    std: ArrayLike | None = None
    marks: Literal["line", "points"] = "line"

    def __post_init__(self) -> None:
        shape = np.shape(self.x)
        others = [np.shape(array) for array in (self.y, self.std) if array is not None]
        if len(shape) != 1 or any(other != shape for other in others):
            raise InputError(f"The curve {self.name!r} has arrays of shapes {shape} and {others}; give one length.")
        if self.marks not in ("line", "points"):
            raise InputError(f"The curve {self.name!r} is drawn as {self.marks!r}; write 'line' or 'points'.")


@dataclass(frozen=True, kw_only=True, eq=False)
class Plot:
    """Curves over one axis; the labels hold the units."""

    title: str
    x_label: str
    y_label: str
    curves: Sequence[Curve]


@dataclass(frozen=True, kw_only=True, eq=False)
class Picture:
    """A picture.

    Parameters
    ----------
    title
        What it shows, also for who does not see it.
    pixels : ndarray, shape (height, width) or (height, width, 3)
        Bytes: shades of grey, or red, green and blue. Row 0 is the top.
    """

    title: str
    pixels: NDArray[np.uint8]

    def __post_init__(self) -> None:
        pixels = np.asarray(self.pixels)
        shaped = pixels.ndim == 2 or (pixels.ndim == 3 and pixels.shape[2] == 3)
        if pixels.dtype != np.uint8 or not shaped or not pixels.size:
            raise InputError(
                f"The picture {self.title!r} is {pixels.dtype} of shape {pixels.shape}.",
                hint="Give bytes (height, width) or (height, width, 3).",
            )


ViewBlock = Mapping[str, Any] | Table | str | Plot | Picture
"""Facts by their names, a table, a sentence, curves, or a picture."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Recorded:
    """A prediction on record, as a view is handed it.

    Parameters
    ----------
    sample
        What it is a prediction of.
    prediction
        The record: quantities, and the report with its tables.
    file
        Returns one of its files by name, as in ``file("map.npz")``; raises ``NotFoundError`` if it has none of it.
    measurement
        Reads the measured file again; raises ``SpectraError`` if it cannot be read any more.
    """

    sample: Sample
    prediction: PredictionRecord
    file: Callable[[str], bytes]
    measurement: Callable[[], Measurement]

    def table(self, name: str) -> Table | None:
        """Return a table of the report, if it has one of this name."""
        document = self.prediction.report.get("tables", {}).get(name)
        return None if document is None else Table.from_document(name, document)


@dataclass(frozen=True, kw_only=True)
class View:
    """A view of a prediction.

    Parameters
    ----------
    title
        What it is called on the page.
    show
        Returns what is to be seen. What it raises becomes a sentence on the page.
    """

    title: str
    show: Callable[[Recorded], Sequence[ViewBlock]]
