"""Figures of an explanation: windows with what matters in them, orientations, and favourites of filters."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np

from spectra.plugins.indenter.explanation.task import Explanation

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure

_WIDTH = 7.1  # inches: two columns of a journal
_SMALL, _LARGE = 7, 8  # points


def explanation_figure(found: Explanation) -> Figure:
    """Draw windows with saliency, contributions and occlusion, and below them importance against orientation."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    rows = 4 if found.places[0].saliency is not None else 2
    side = _WIDTH / max(len(found.places) + 0.6, 3)
    heights = [rows * side + 0.3] + ([2.2] if found.histogram is not None else [])
    figure = Figure(figsize=(_WIDTH, sum(heights)), layout="constrained")
    FigureCanvasAgg(figure)
    parts: Any = figure.subfigures(len(heights), 1, height_ratios=heights, squeeze=False)[:, 0]
    _draw_places(parts[0], found)
    if found.histogram is not None:
        _draw_orientations(parts[1], found)
    return figure


def filters_figure(found: Explanation) -> Figure:
    """Draw the favourites of the filters, one row of pictures for each section of the network."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    most = max(len(pictures) for pictures in found.filters.values())
    side = _WIDTH / max(most, 6)
    figure = Figure(figsize=(_WIDTH, len(found.filters) * (side + 0.22) + 0.2), layout="constrained")
    FigureCanvasAgg(figure)
    parts: Any = figure.subfigures(len(found.filters), 1, squeeze=False)[:, 0]
    for part, (name, pictures) in zip(parts, found.filters.items(), strict=True):
        part.suptitle(name, fontsize=_LARGE, x=0.01, ha="left")
        panels = np.ravel(part.subplots(1, max(most, 6)))
        for panel in panels:
            panel.set_axis_off()
        for panel, picture in zip(panels, pictures, strict=False):
            panel.imshow(np.clip(picture, 0, 1), interpolation="nearest")
    return figure


def figure_bytes(figure: Figure, kind: str) -> bytes:
    """Return a figure as a file of a kind, such as ``"png"``."""
    target = io.BytesIO()
    figure.savefig(target, format=kind, dpi=300)
    return target.getvalue()


def _draw_places(part: SubFigure, found: Explanation) -> None:
    """Draw a column for each place; a row of maps has one scale."""
    unit, piece = found.quantity.unit, found.pieces.removesuffix("s")
    rows: list[tuple[str, str, str, list[Any]]] = []
    if found.places[0].saliency is not None:
        rows.append(("saliency", f"{unit} per unit", "magma", [place.saliency for place in found.places]))
        rows.append(("contributions", unit, "RdBu_r", [place.contributions for place in found.places]))
    rows.append((f"occlusion, {piece} by {piece}", unit, "viridis", [place.occlusion for place in found.places]))
    ratios = [1.0] * len(found.places) + [0.07]
    grid = part.subplots(len(rows) + 1, len(ratios), squeeze=False, gridspec_kw={"width_ratios": ratios})
    panels, bars = grid[:, :-1], grid[:, -1]
    bars[0].set_axis_off()
    extent = _extent(found.places[0].occlusion.shape, found.um_per_pixel)
    for panel, place in zip(panels[0], found.places, strict=True):
        panel.imshow(place.colours, extent=extent, interpolation="nearest")
        panel.set_title(
            f"measured {place.measured:.3g} {unit}\npredicted {place.predicted:.3g} {unit}", fontsize=_SMALL
        )
    panels[0, 0].set_ylabel("window", fontsize=_LARGE)
    for row, scale, (name, label, colours, maps) in zip(panels[1:], bars[1:], rows, strict=True):
        high = float(np.nanquantile(np.abs(np.stack(maps)), 0.998))
        low = -high if colours == "RdBu_r" else 0.0
        for panel, values in zip(row, maps, strict=True):
            drawn = panel.imshow(values, cmap=colours, vmin=low, vmax=high, extent=extent, interpolation="nearest")
        row[0].set_ylabel(name, fontsize=_LARGE)
        bar = part.colorbar(drawn, cax=scale)
        bar.set_label(label, fontsize=_SMALL)
        bar.ax.tick_params(labelsize=_SMALL)
    for panel in panels.ravel():
        panel.set_xticks([])
        panel.set_yticks([])
        panel.plot(*_middle(extent), marker="+", color="white", markersize=7, markeredgewidth=2.2)
        panel.plot(*_middle(extent), marker="+", color="black", markersize=6, markeredgewidth=0.8)
    _scale_bar(panels[0, 0], found, panels[0, 0].get_xlim())


def _draw_orientations(part: SubFigure, found: Explanation) -> None:
    histogram = found.histogram
    assert histogram is not None  # noqa: S101 - the caller asks
    panels = part.subplots(1, 3, sharey=True)
    measure = "saliency" if found.places[0].saliency is not None else "occlusion"
    with np.errstate(divide="ignore"):
        shown = [
            (f"share of {measure}", histogram.importance, "viridis", None),
            ("frequency", histogram.frequency, "viridis", None),
            (f"{measure} / frequency, log₂", np.log2(histogram.ratio), "RdBu_r", 2.0),
        ]
    for panel, (title, values, colours, limit) in zip(panels, shown, strict=True):
        drawn = panel.pcolormesh(
            histogram.phi,
            histogram.theta,
            np.where((histogram.frequency > 0) & np.isfinite(values), values, np.nan).T,
            cmap=colours,
            vmin=None if limit is None else -limit,
            vmax=limit,
            rasterized=True,
        )
        panel.set_title(title, fontsize=_LARGE)
        panel.set_xlabel("φ in the surface / °", fontsize=_SMALL)
        panel.set_xticks([-90, -45, 0, 45, 90])
        panel.set_facecolor("0.92")
        panel.tick_params(labelsize=_SMALL)
        part.colorbar(drawn, ax=panel, shrink=0.9).ax.tick_params(labelsize=_SMALL)
    panels[0].set_ylabel("θ from its normal / °", fontsize=_SMALL)
    panels[0].set_yticks([0, 30, 60, 90])


def _extent(shape: tuple[int, ...], size: float | None) -> tuple[float, float, float, float]:
    size = size or 1.0
    return 0.0, shape[1] * size, shape[0] * size, 0.0


def _middle(extent: tuple[float, float, float, float]) -> tuple[float, float]:
    return extent[1] / 2, extent[2] / 2


def _scale_bar(panel: Axes, found: Explanation, ends: tuple[float, float]) -> None:
    """Draw a bar of a round length, about a quarter of the window, where the size of a pixel is known."""
    if found.um_per_pixel is None:
        return
    width = ends[1] - ends[0]
    power = 10.0 ** np.floor(np.log10(width / 3))
    length = power * max(number for number in (1, 2, 5) if number * power <= width / 3)
    x, y = 0.06 * width, 0.93 * panel.get_ylim()[0]
    panel.plot([x, x + length], [y, y], color="black", linewidth=4, solid_capstyle="butt")
    panel.plot([x, x + length], [y, y], color="white", linewidth=2, solid_capstyle="butt")
    panel.annotate(
        f"{length:g} µm",
        (x + length / 2, y),
        xytext=(0, 3),
        textcoords="offset points",
        ha="center",
        fontsize=_SMALL,
        bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.75, "pad": 1},
    )
