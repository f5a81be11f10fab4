"""Figure of a series: quantities and their changes over the condition, squared frequencies and losses of the lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from spectra.core.workflows.series.findings import smoothed
from spectra.views.figures.canvas import blank_figure
from spectra.views.tasks.series import CERTAIN

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from spectra.core.workflows.series.series import Series

Floats = NDArray[np.float64]

_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#7A5C00", "#444444", "#8E44AD")
_MARKERS = ("o", "s", "^", "v", "D", "P", "X", "<", ">")
_WIDTH, _ROW = 7.2, 2.3  # inches


def series_figure(series: Series, *, smooth: bool = False) -> Figure:
    """Return the figure of a series, for the width of two columns.

    Each quantity has a panel. Where errors that the answers have in common are left out, it is drawn as the reference's
    value plus its change, with the error of the change; the panel says how uncertain all of them are together. The next
    shows relative changes, the last ones squared frequencies of lines and their losses, where there are lines.
    """
    figure, contrast = blank_figure(), series.contrast
    tracks = contrast.tracks if contrast is not None else ()
    lossy = any(np.isfinite(track.qualities).any() for track in tracks)
    count = len(series.quantities)
    panels = count + 1 + bool(tracks) + lossy
    rows = (panels + 1) // 2
    figure.set_size_inches(_WIDTH, _ROW * rows)
    figure.set_layout_engine("constrained")
    axes = figure.subplots(rows, 2, squeeze=False, sharex=True).ravel(order="F")
    course = smoothed(series) if smooth else None
    for k in range(count):
        _draw_values(series, k, axes[k], course)
    _draw_changes(series, axes[count], course)
    if tracks:
        _draw_lines(series, axes[count + 1])
    if lossy:
        _draw_losses(series, axes[count + 2])
    for spare in axes[panels:]:
        spare.set_axis_off()
    label = f"{series.along} ({series.unit})" if series.unit else series.along
    for place, one in enumerate(axes[:panels]):
        one.tick_params(labelsize=8)
        if place == panels - 1 or place % rows == rows - 1:
            one.set_xlabel(label, fontsize=9)
            one.tick_params(labelbottom=True)
    return figure


def _draw_values(series: Series, k: int, axes: Axes, course: Floats | None) -> None:
    quantity, base = series.quantities[k], series.reference
    values = np.array([np.nan if p.answer is None else p.answer.values[k] for p in series.points])
    stds = np.array([np.nan if p.answer is None else p.answer.stds[k] for p in series.points])
    if series.contrast is not None and base is not None and series.contrast.shared:
        common = f"all ± {stds[base]:.2g} {quantity.unit}".strip()
        axes.text(0.97, 0.95, common, transform=axes.transAxes, fontsize=7, ha="right", va="top")
        values, stds = values[base] + series.contrast.differences[:, k], series.contrast.stds[:, k]
    if course is not None and base is not None:
        _draw_course(series, axes, values[base] + course[:, k], k)
    _draw_points(series, axes, values, stds, k, "")
    axes.set_ylabel(quantity.label, fontsize=9)
    if len(series.ways) > 1:
        axes.legend(fontsize=7, frameon=False)


def _draw_changes(series: Series, axes: Axes, course: Floats | None) -> None:
    if series.contrast is None or series.reference is None:
        return
    base = series.points[series.reference]
    for k, quantity in enumerate(series.quantities):
        if base.answer is None or abs(base.answer.values[k]) < CERTAIN * base.answer.stds[k]:
            continue  # hardly different from zero: what is a percent of it?
        values, stds = 100 * series.contrast.relative[:, k], 100 * series.contrast.relative_stds[:, k]
        if course is not None:
            _draw_course(series, axes, 100 * course[:, k] / base.answer.values[k], k)
        _draw_points(series, axes, values, stds, k, quantity.name)
    axes.axhline(0, color="0.7", linewidth=0.6, zorder=0)
    axes.set_ylabel(f"change from {base.condition.amount} (%)", fontsize=9)
    if len(series.ways) == 1:
        axes.legend(fontsize=7, frameon=False, ncols=1 + len(series.quantities) // 4)


def _draw_points(series: Series, axes: Axes, values: Floats, stds: Floats, number: int, label: str) -> None:
    """Draw one quantity; each way with a fill of its own, doubtful answers open and grey at the edge."""
    x, colour = series.conditions, _COLOURS[number % len(_COLOURS)]
    doubtful = np.array([point.doubtful for point in series.points])
    size = 4.0 if len(x) < 40 else 2.8
    for place, (way, members) in enumerate(series.ways.items()):
        some = np.zeros(len(x), dtype=bool)
        some[members] = True
        named = ", ".join(filter(None, [label, way])) or None
        how: dict[str, Any] = {"linestyle": "none", "markersize": size, "elinewidth": 0.8, "capsize": 0}
        marker = _MARKERS[(number + place * 3) % len(_MARKERS)]
        sure = some & ~doubtful
        face = colour if place == 0 else "white"
        axes.errorbar(x[sure], values[sure], stds[sure], marker=marker, color=colour, mfc=face, label=named, **how)
        if (unsure := some & doubtful).any():
            axes.errorbar(
                x[unsure], values[unsure], stds[unsure], marker=marker, color=colour, mfc="none", alpha=0.4, **how
            )


def _draw_course(series: Series, axes: Axes, values: Floats, number: int) -> None:
    for members in series.ways.values():
        known = [place for place in members if np.isfinite(values[place])]
        axes.plot(series.conditions[known], values[known], color=_COLOURS[number % len(_COLOURS)], linewidth=0.8)


def _draw_lines(series: Series, axes: Axes) -> None:
    assert series.contrast is not None  # noqa: S101 - only a contrast has tracks
    _draw_fan(series, axes, [track.positions**2 for track in series.contrast.tracks])
    axes.set_ylabel("f² / f² at the reference", fontsize=9)


def _draw_losses(series: Series, axes: Axes) -> None:
    assert series.contrast is not None  # noqa: S101
    x = series.conditions
    for track, colour in zip(series.contrast.tracks, _shades(len(series.contrast.tracks)), strict=True):
        axes.semilogy(x, 1 / track.qualities, ".", markersize=2.5, color=colour)
    axes.tick_params(which="both", labelsize=8)
    axes.set_ylabel("1/Q", fontsize=9)


def _draw_fan(series: Series, axes: Axes, squares: list[Floats]) -> None:
    """Draw each line over its value at the reference, coloured from the lowest to the highest."""
    assert series.reference is not None  # noqa: S101
    x = series.conditions
    for values, colour in zip(squares, _shades(len(squares)), strict=True):
        for members in series.ways.values():
            known = [place for place in members if np.isfinite(values[place])]
            if np.isfinite(values[series.reference]):
                axes.plot(x[known], values[known] / values[series.reference], color=colour, linewidth=0.7)
    axes.text(0.03, 0.04, "lowest line dark, highest light", transform=axes.transAxes, fontsize=7)


def _shades(count: int) -> list[Any]:
    from matplotlib import colormaps

    return [colormaps["viridis"](0.9 * k / max(1, count - 1)) for k in range(count)]
