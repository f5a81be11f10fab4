"""The figure of a registration, which shows whether values change where the structure does."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from spectra.plugins.images.grains import NONE
from spectra.plugins.images.registration.placement import matched
from spectra.plugins.indenter.registration.task import Registered

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_REACH = 6  # pixels to each side, over which the correlation is shown
_ROUND = (1, 2, 5)  # first digits of a scale bar
_MOST_DOTS = 20_000
_BAR = (1.03, 0.0, 0.04, 1.0)  # where a colour bar stands, in widths and heights of its axes


def figure_bytes(found: Registered, kind: str) -> bytes:
    """Return the figure as a file of a kind, such as ``"png"``; the same registration gives the same bytes."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8.5, 7.2), layout="constrained")
    FigureCanvasAgg(figure)
    picture = io.BytesIO()
    dated = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}
    with rc_context({"svg.hashsalt": "spectra", "font.size": 9}):
        draw(found, figure)
        figure.savefig(picture, format=kind, dpi=200, metadata=dated.get(kind))
    return picture.getvalue()


def draw(found: Registered, figure: Figure) -> None:
    """Draw the structure, the values in it, the correlation about the registration, and values against structure."""
    axes = figure.subplots(2, 2, gridspec_kw={"width_ratios": (1, 1), "height_ratios": (1.25, 1)})
    _structure(axes[0, 0], found, figure)
    _values(axes[0, 1], found, figure)
    _peak(axes[1, 0], found)
    _scatter(axes[1, 1], found)


def _structure(axes: Axes, found: Registered, figure: Figure) -> None:
    shown = axes.imshow(found.feature, cmap="gray", extent=_extent(found))
    axes.set_title(f"Structure: {found.feature_name}", fontsize="medium")
    _boundaries(axes, found, "tab:orange")
    figure.colorbar(shown, cax=axes.inset_axes(_BAR))
    axes.plot(*_outline(found).T, color="tab:blue", lw=1.2, label="all indents")
    axes.legend(loc="lower right", fontsize="small", framealpha=0.8)
    _framed(axes, found)


def _values(axes: Axes, found: Registered, figure: Figure) -> None:
    used, indents = found.used, found.indents
    columns, rows = found.pixels[used].T
    values = indents.values[used]
    low, high = np.percentile(values, [1, 99])
    spacing = indents.spacing * np.sqrt(abs(np.linalg.det(found.placement.matrix[:, :2])))
    dots = axes.scatter(
        columns, rows, c=values, cmap="cividis", vmin=low, vmax=high, marker="s", linewidths=0, rasterized=True
    )
    axes.set_title(f"{indents.quantity.capitalize()} ({indents.unit}) at the indents", fontsize="medium")
    _boundaries(axes, found, "white")
    figure.colorbar(dots, cax=axes.inset_axes(_BAR))
    failed = np.array([reason.startswith(("outlier", "stripe", "excluded")) for reason in found.reasons])
    if failed.any():
        axes.plot(*found.pixels[failed].T, "x", color="tab:red", ms=3, mew=0.8, label="failed")
        axes.legend(loc="lower right", fontsize="small", framealpha=0.8)
    _framed(axes, found)
    figure.draw_without_rendering()
    points = axes.transData.transform([[0, 0], [spacing, 0]])[:, 0]  # a dot is as wide as the indents are apart
    dots.set_sizes([max(float(np.diff(points)[0]) * 72 / figure.dpi, 2.0) ** 2])


def _peak(axes: Axes, found: Registered) -> None:
    points, values = found.indents.points[found.used], found.indents.values[found.used]
    placement = found.placement.in_pixels_of(found.factor)
    steps = np.arange(-_REACH, _REACH + 1)
    for name, style, across, down in (("to the right", "o-", 1, 0), ("downwards", "s--", 0, 1)):
        shifted = [
            matched(found.feature, placement.shifted(int(step) * across, int(step) * down), points, values)
            for step in steps
        ]
        axes.plot(steps * found.factor, [match.correlation for match in shifted], style, ms=3, label=name)
    axes.axvline(0, color="0.7", lw=0.8, zorder=0)
    axes.set_xlabel("all indents moved by so many pixels")
    axes.set_ylabel("correlation r")
    axes.legend(fontsize="small")


def _scatter(axes: Axes, found: Registered) -> None:
    rows, columns = (found.places // found.factor).T
    height, width = found.feature.shape
    feature = found.feature[np.minimum(rows, height - 1), np.minimum(columns, width - 1)]
    values = found.indents.values[found.used]
    step = max(1, len(values) // _MOST_DOTS)
    axes.plot(feature[::step], values[::step], ".", ms=2, alpha=0.3, mew=0, color="tab:blue", rasterized=True)
    axes.set_xlabel(found.feature_name)
    axes.set_ylabel(f"{found.indents.quantity} ({found.indents.unit})")
    axes.set_title(f"r = {found.match.correlation:.3f}, {found.match.points:,} indents", fontsize="medium")


def _boundaries(axes: Axes, found: Registered, colour: str) -> None:
    """Draw the boundaries of grains, between pixels."""
    if found.map.grains is None:
        return
    from matplotlib.collections import LineCollection

    labels = found.map.grains.labels
    lines: list[NDArray[Any]] = []
    for across in (False, True):
        first, second = (labels[:, :-1], labels[:, 1:]) if across else (labels[:-1], labels[1:])
        rows, columns = np.nonzero((first != second) & (first != NONE) & (second != NONE))
        start = np.stack([columns + 0.5, rows - 0.5] if across else [columns - 0.5, rows + 0.5], axis=1)
        lines.append(np.stack([start, start + ([0, 1] if across else [1, 0])], axis=1))
    axes.add_collection(LineCollection(list(np.concatenate(lines)), colors=colour, linewidths=0.6))


def _outline(found: Registered) -> NDArray[np.float64]:
    """Return the corners of the rectangle of all indents, in pixels, the first one twice."""
    points = found.indents.points[np.isfinite(found.indents.points).all(axis=1)]
    (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
    corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom], [left, top]])
    return found.placement.pixels(corners)


def _extent(found: Registered) -> tuple[float, float, float, float]:
    """Return the edges of the feature in pixels of the map."""
    height, width = found.feature.shape
    return -0.5, width * found.factor - 0.5, height * found.factor - 0.5, -0.5


def _framed(axes: Axes, found: Registered) -> None:
    """Show the map as a whole and nothing else, with a scale bar."""
    left, right, bottom, top = _extent(found)
    axes.set(xlim=(left, right), ylim=(bottom, top), aspect="equal")
    axes.set_xticks([])
    axes.set_yticks([])
    wanted = (right - left) * found.map.um_per_pixel / 4
    power = 10.0 ** np.floor(np.log10(wanted))
    length = max(digit * power for digit in _ROUND if digit * power <= wanted)
    axes.annotate(
        "", xy=(0, -0.035), xytext=(length / found.map.um_per_pixel / (right - left), -0.035),
        xycoords="axes fraction", arrowprops={"arrowstyle": "-", "lw": 2.5, "shrinkA": 0, "shrinkB": 0},
    )  # fmt: skip
    axes.text(0, -0.055, f"{length:g} µm", transform=axes.transAxes, va="top", fontsize="small")
