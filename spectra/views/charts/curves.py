"""Curves of a view as a chart, and the same numbers as a table."""

from __future__ import annotations

from html import escape

import numpy as np
from numpy.typing import NDArray

from spectra.core.formats.views import Curve, Plot
from spectra.core.tables import Column, Table
from spectra.views.charts.errorbars import Line, Point, errorbar_svg, key_svg, line_key_svg

MOST_POINTS = 4000
"""Of a curve that is drawn; of a longer one, the lowest and the highest of each stretch."""
_MOST_LISTED = 200


def plot_svg(plot: Plot) -> str:
    """Draw the curves of a plot."""
    points, lines = [], []
    for series, curve in enumerate(plot.curves):
        x, y, std = _known(curve)
        if curve.marks == "line":
            kept = thinned(y, MOST_POINTS)
            lines.append(Line(x=x[kept].tolist(), y=y[kept].tolist(), series=series))
        else:
            for place in range(min(len(x), MOST_POINTS)):
                bar = None if std is None or not np.isfinite(std[place]) else float(std[place])
                text = f"{curve.name}: {x[place]:.6g}, {y[place]:.6g}"
                points.append(Point(x=float(x[place]), y=float(y[place]), std=bar, id="", text=text, series=series))
    return errorbar_svg(points, x_label=plot.x_label, y_label=plot.y_label, kind="number", lines=lines)


def legend_html(plot: Plot) -> str:
    """Return the signs of the curves with their names."""
    signs = [line_key_svg(n) if curve.marks == "line" else key_svg(n) for n, curve in enumerate(plot.curves)]
    items = (f"<li>{sign} {escape(curve.name)}</li>" for sign, curve in zip(signs, plot.curves, strict=True))
    return f'<ul class="legend">{"".join(items)}</ul>'


def plot_table(plot: Plot) -> Table:
    """Return the numbers of a plot: all of them, or 200 of each curve."""
    rows: list[tuple[str, float, float]] = []
    shortened = False
    for curve in plot.curves:
        x, y, _ = _known(curve)
        every = max(1, -(-len(x) // _MOST_LISTED))
        shortened |= every > 1
        rows += [(curve.name, *pair) for pair in zip(x[::every].tolist(), y[::every].tolist(), strict=True)]
    heads = ("curve", plot.x_label, plot.y_label)
    columns = tuple(Column(name=head, values=[row[place] for row in rows]) for place, head in enumerate(heads))
    notes = (f"{_MOST_LISTED} points of each curve at most.",) if shortened else ()
    return Table(name="values", title=plot.title, columns=columns, notes=notes)


def thinned(y: NDArray[np.float64], most: int) -> NDArray[np.int64]:
    """Return the places of at most ``most`` values among which no peak is lost: the ends of each stretch's range."""
    if len(y) <= most:
        return np.arange(len(y))
    stretches = np.array_split(np.arange(len(y)), most // 2)
    kept = [place for stretch in stretches for place in (stretch[y[stretch].argmin()], stretch[y[stretch].argmax()])]
    return np.unique(kept)


def _known(
    curve: Curve,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64] | None]:
    """Return the finite points of a curve."""
    x, y = np.asarray(curve.x, dtype=np.float64), np.asarray(curve.y, dtype=np.float64)
    known = np.isfinite(x) & np.isfinite(y)
    std: NDArray[np.float64] | None = None if curve.std is None else np.asarray(curve.std, dtype=np.float64)[known]
    return x[known], y[known], std
