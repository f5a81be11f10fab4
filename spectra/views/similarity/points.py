"""What a map of similarity shows, as plain data; and how values become colours, on the page and in the figure."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from spectra.core.tables import Column

Floats = NDArray[np.float64]

CATEGORIES = ("#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#F0E442")
"""Colours that colour-blind people can tell apart, too (Okabe & Ito, 2008)."""
OTHER, MISSING = "#6E6E6E", "#D0D0D0"
"""Of categories beyond those, and of points without a value."""
SEQUENCE = "viridis"
_ENDS = (1.0, 99.0)  # percentiles of a column at the ends of its colour bar


@dataclass(frozen=True, kw_only=True, eq=False)
class Part:
    """Some of the points, laid out by themselves.

    Parameters
    ----------
    name
        What it is called.
    rows : ndarray, shape (m,)
        Which points.
    places : ndarray, shape (m, 2)
        Where they are among themselves.
    """

    name: str
    rows: NDArray[np.int64]
    places: Floats


@dataclass(frozen=True, kw_only=True, eq=False)
class SimilarityMap:
    """Points of a plane with what is known of each.

    Parameters
    ----------
    title
        What is shown, in a few words.
    places : ndarray, shape (n, 2)
        Where the points are; alike ones are near.
    names
        What a person calls each, such as its file.
    records
        Identifiers by which queries find the measurements; ``None`` for what no query finds.
    columns
        What points are coloured and filtered by; of numbers, or of words.
    colour
        Name of the column to colour by first; nothing for none.
    thumbnails
        A small PNG of each, or empty; nothing at all where there are none.
    parts
        Second-level layouts.
    notes
        Sentences about how the map was made.
    """

    title: str
    places: Floats
    names: Sequence[str]
    records: Sequence[str | None]
    columns: Sequence[Column] = ()
    colour: str | None = None
    thumbnails: Sequence[bytes] = ()
    parts: Sequence[Part] = ()
    notes: Sequence[str] = field(default_factory=tuple)

    def __len__(self) -> int:
        return len(self.places)

    def column(self, name: str) -> Column:
        """Return the column of a name."""
        return next(column for column in self.columns if column.name == name)


def is_numeric(column: Column) -> bool:
    """Say whether a column holds numbers, besides values that are not there."""
    known = [value for value in column.values if value is not None]
    return bool(known) and all(isinstance(value, int | float) and not isinstance(value, bool) for value in known)


def numbers(column: Column) -> Floats:
    """Return the values of a numeric column, shape (n,); NaN where there is none."""
    return np.array([math.nan if value is None else float(value) for value in column.values])


def words(column: Column) -> list[str | None]:
    """Return the values of a column of words; ``None`` where there is none."""
    return [None if value is None or value == "" else str(value) for value in column.values]


def categories(column: Column) -> list[str]:
    """Return its different words, the most frequent first; in alphabetical order those that are equally so."""
    counts = Counter(word for word in words(column) if word is not None)
    return sorted(counts, key=lambda word: (-counts[word], word))


def ends(values: Floats) -> tuple[float, float]:
    """Return what the ends of a colour bar stand for: single values far off do not use it up."""
    known = values[np.isfinite(values)]
    if not known.size:
        return 0.0, 1.0
    low, high = np.percentile(known, _ENDS)
    if not low < high:
        low, high = known.min(), known.max()
    return (float(low), float(high)) if low < high else (float(low) - 0.5, float(high) + 0.5)


def head(column: Column) -> str:
    """Return the name of a column with its unit."""
    return f"{column.name} ({column.unit})" if column.unit else column.name
