"""The map as a figure, with a colour bar or a legend."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spectra.core.tables import Column
from spectra.views.figures.canvas import blank_figure
from spectra.views.similarity.points import (
    CATEGORIES,
    MISSING,
    OTHER,
    SEQUENCE,
    SimilarityMap,
    categories,
    ends,
    head,
    is_numeric,
    numbers,
    words,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SIZE = (8.0, 6.5)  # inches
_AREA = 12_000.0  # of all points together, in square points of type
_LONGEST = 28  # characters of a word in the legend


def map_figure(shown: SimilarityMap) -> Figure:
    """Draw the points, coloured by the map's column; those without a value are grey and lie below."""
    figure = blank_figure()
    figure.set_size_inches(*_SIZE)
    figure.set_layout_engine("constrained")
    axes = figure.subplots()
    size = float(np.clip(_AREA / max(1, len(shown)), 1.5, 40))
    if shown.colour is None:
        axes.scatter(shown.places[:, 0], shown.places[:, 1], s=size, c=CATEGORIES[0], linewidths=0, rasterized=True)
    elif is_numeric(column := shown.column(shown.colour)):
        _draw_numbers(axes, shown, column, size)
    else:
        _draw_words(axes, shown, column, size)
    axes.set_aspect("equal", adjustable="datalim")
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_title(_plain(shown.title), fontsize=11)
    axes.set_xlabel("\n".join(map(_plain, shown.notes)), fontsize=7)
    return figure


def _draw_numbers(axes: Axes, shown: SimilarityMap, column: Column, size: float) -> None:
    values = numbers(column)
    known, (x, y) = np.isfinite(values), shown.places.T
    low, high = ends(values)
    axes.scatter(x[~known], y[~known], s=size, c=MISSING, linewidths=0, rasterized=True)
    order = np.random.default_rng(0).permutation(np.flatnonzero(known))  # nothing lies on top because it comes last
    drawn = axes.scatter(
        x[order],
        y[order],
        s=size,
        c=values[order],
        cmap=SEQUENCE,
        vmin=low,
        vmax=high,
        linewidths=0,
        rasterized=True,
    )
    below, above = bool((values[known] < low).any()), bool((values[known] > high).any())
    extend = "both" if below and above else "min" if below else "max" if above else "neither"
    axes.figure.colorbar(drawn, ax=axes, label=_plain(head(column)), extend=extend, shrink=0.8)
    if not known.all():
        axes.scatter([], [], s=30, c=MISSING, label=f"no value ({(~known).sum():,})")
        axes.legend(frameon=False, fontsize=8, loc="upper left")


def _draw_words(axes: Axes, shown: SimilarityMap, column: Column, size: float) -> None:
    found, order = np.array(words(column), dtype=object), categories(column)
    named, rest = order[: len(CATEGORIES)], order[len(CATEGORIES) :]
    colours = dict(zip(named, CATEGORIES, strict=False)) | dict.fromkeys(rest, OTHER) | {None: MISSING}
    drawing = sorted(range(len(found)), key=lambda row: found[row] is not None)  # grey below
    x, y = shown.places[drawing].T
    axes.scatter(x, y, s=size, c=[colours[found[row]] for row in drawing], linewidths=0, rasterized=True)
    counts = {word: int((found == word).sum()) for word in named}
    entries = [(_short(word), colours[word], counts[word]) for word in named]
    lacking = sum(word is None for word in found)
    if rest:
        entries.append((f"{len(rest)} others", OTHER, len(found) - sum(counts.values()) - lacking))
    if lacking:
        entries.append(("no value", MISSING, lacking))
    for label, colour, count in entries:
        axes.scatter([], [], s=30, c=colour, label=f"{_plain(label)} ({count:,})")
    if entries:
        axes.legend(
            title=_plain(head(column)),
            title_fontsize=9,
            fontsize=8,
            frameon=False,
            loc="upper left",
            bbox_to_anchor=(1.0, 1.0),
        )


def _short(word: str) -> str:
    return word if len(word) <= _LONGEST else f"{word[: _LONGEST - 1]}…"


def _plain(text: str) -> str:
    """Return a text in which Matplotlib sees no formula."""
    return "".join(character if character.isprintable() or character == "\n" else "�" for character in text).replace(
        "$", r"\$"
    )
