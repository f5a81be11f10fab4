"""Designs as figures: the series and its searches, and what is left of it in altered copies.

They follow figures 5 and 6 of Lew et al., Matter 6, 1975 (2023).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from spectra.core.workflows.designs.ranges import SpecimenDesigns
from spectra.core.workflows.designs.structures import StructureDesign, StructureDesigns
from spectra.views.figures.canvas import blank_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Okabe and Ito (2008): told apart by everyone.
_COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#000000")
_MARKERS = ("o", "s", "^", "D", "v", "P")
_TARGET = "#D55E00"
_EDGES = {"trusted": "#009E73", "doubtful": "#D55E00", "refused": "#D55E00"}
_MOST_COLUMNS, _MOST_STARTS = 8, 3
_SIDE = 1.25  # inches of a picture


def designs_figure(designs: StructureDesigns | SpecimenDesigns) -> Figure | None:
    """Draw how a design came about, and the series: structures of each target above the traces of their searches.

    For specimens: the line of all that were tried, against what was varied. ``None`` where nothing can be shown.
    """
    if isinstance(designs, SpecimenDesigns):
        return _specimens_figure(designs)
    if designs.evolution is None:
        return None
    columns = _columns(designs)
    starts = min(_MOST_STARTS, max(map(len, columns.values())))
    across = max(len(columns), 5)
    figure = blank_figure()
    figure.set_size_inches(across * (_SIDE + 0.15) + 0.6, (starts + 2) * (_SIDE + 0.25) + 4.1)
    figure.set_layout_engine("constrained")
    above, middle, below = _parts(figure, _SIDE + 0.6, (starts + 1) * (_SIDE + 0.25) + 0.9, 2.6)
    _draw_evolution(above, designs)
    _draw_series(middle, designs, columns, starts, across)
    _draw_fronts(below, designs, columns)
    return figure


def controls_figure(designs: StructureDesigns | SpecimenDesigns) -> Figure | None:
    """Draw the best design of each target beside its altered copies, and what the model answers to each.

    ``None`` where there are no such copies.
    """
    if isinstance(designs, SpecimenDesigns) or not designs.controls or not designs.pictures:
        return None
    shown = [min(column, key=_rank) for column in _columns(designs).values()]
    places = [list(designs.found).index(design) for design in shown]
    names = list(designs.pictures)
    figure = blank_figure()
    figure.set_size_inches(max(len(shown), 4) * (_SIDE + 0.1) + 1.3, len(names) * (_SIDE + 0.25) + 3.6)
    figure.set_layout_engine("constrained")
    above, below = _parts(figure, len(names) * (_SIDE + 0.25), 3.6)
    panels = above.subplots(len(names), len(shown), squeeze=False)
    for letter, name, row in zip("ABCDEFG", names, panels, strict=False):
        for axes, place, one in zip(row, places, shown, strict=True):
            _show(axes, designs.pictures[name][place])
            value = one.value if name == "design" else one.controls[name]
            axes.set_xlabel(f"{value:.2f}", fontsize=8, labelpad=2)
        row[0].set_ylabel(f"{letter}  {name}", fontsize=9)
    for axes, one in zip(panels[0], shown, strict=True):
        axes.set_title(f"{one.aim.value:g} {designs.quantity.unit}", fontsize=9)
    _draw_answers(below, designs, shown, names)
    return figure


def _parts(figure: Figure, *heights: float) -> Sequence[Any]:
    """Divide a figure into parts below each other, of these heights in inches."""
    parts: Any = figure.subfigures(len(heights), 1, height_ratios=heights)
    return list(parts)


def _draw_answers(figure: Any, designs: StructureDesigns, shown: Sequence[StructureDesign], names: list[str]) -> None:
    """Draw what the model answers to designs and altered copies, against the targets."""
    axes = figure.subplots()
    targets = np.array([design.aim.value for design in shown])
    ends = [targets.min(), targets.max()]
    axes.plot(ends, ends, color=_TARGET, linewidth=1, linestyle="--", label="target", zorder=0)
    for name, colour, marker in zip(names, _COLOURS, _MARKERS, strict=False):
        if name == "design":
            values, spreads = ([getattr(one, of) for one in shown] for of in ("value", "spread"))
            axes.errorbar(targets, values, yerr=spreads, fmt=marker, color=colour, capsize=3, label=f"{name}, ± 1 σ")
        else:
            values = [one.controls[name] for one in shown]
            axes.plot(targets, values, marker=marker, color=colour, linestyle=":", label=name)
    axes.set_xlabel(f"target {designs.quantity.label}")
    axes.set_ylabel(f"predicted {designs.quantity.label}")
    axes.margins(x=0.08)
    axes.text(-0.1, 1.02, "D", transform=axes.transAxes, fontsize=11, fontweight="bold")
    axes.legend(frameon=False, fontsize=8)


def _draw_evolution(figure: Any, designs: StructureDesigns) -> None:
    """Draw the structures by which the first search came to its design."""
    evolution = designs.evolution
    assert evolution is not None  # noqa: S101 - of designs_figure()
    panels = figure.subplots(1, len(evolution.evaluations), squeeze=False)[0]
    for axes, count, value, picture in zip(
        panels, evolution.evaluations, evolution.values, evolution.pictures, strict=True
    ):
        _show(axes, picture)
        axes.set_title(f"{count} evaluation{'s' if count > 1 else ''}", fontsize=8)
        axes.set_xlabel(f"{value:.2f} {designs.quantity.unit}", fontsize=8)
    figure.suptitle(
        f"A  From the first structures to a design of {evolution.target:g} {designs.quantity.unit} "
        f"({designs.plan.optimizer.name}): the closest so far",
        fontsize=10,
        x=0.01,
        ha="left",
    )


def _draw_series(
    figure: Any,
    designs: StructureDesigns,
    columns: dict[float, list[StructureDesign]],
    starts: int,
    across: int,
) -> None:
    """Draw a column for each target: the structures, framed by their verdicts, above the traces."""
    panels = figure.subplots(starts + 1, across, squeeze=False, height_ratios=[_SIDE] * starts + [1.5])
    found = list(designs.found)
    values = [one.found.trace[:, 1:] for column in columns.values() for one in column if one.found is not None]
    low = min(*[float(np.nanmin(v[:, 0] - v[:, 1])) for v in values], *columns)
    high = max(*[float(np.nanmax(v[:, 0] + v[:, 1])) for v in values], *columns)
    for place, (target, column) in enumerate(columns.items()):
        for row, one in enumerate(column[:starts]):
            axes = panels[row][place]
            _show(axes, designs.pictures["design"][found.index(one)], edge=_EDGES[one.verdict.word])
            axes.set_xlabel(f"{one.value:.2f}, distance {one.distance:.1f}", fontsize=7, labelpad=2)
        panels[0][place].set_title(f"{target:g} {designs.quantity.unit}", fontsize=9)
        axes = panels[starts][place]
        for one, colour in zip(column[:starts], _COLOURS, strict=False):
            _draw_trace(axes, one, colour)
        axes.axhline(target, color=_TARGET, linewidth=1, linestyle="--")
        axes.set_ylim(low - 0.05 * (high - low), high + 0.05 * (high - low))
        axes.tick_params(labelsize=7, labelleft=place == 0)
        axes.locator_params(nbins=3, integer=True)
        axes.set_xlim(left=0)
        axes.set_xlabel("evaluations", fontsize=8)
    panels[starts][0].set_ylabel(designs.quantity.label, fontsize=8)
    drawn = {(row, place) for place, column in enumerate(columns.values()) for row in range(min(len(column), starts))}
    drawn |= {(starts, place) for place in range(len(columns))}
    for row in range(starts + 1):
        for place in range(across):
            if (row, place) not in drawn:
                panels[row][place].set_axis_off()
    figure.suptitle(
        f"B  Designs from {starts} start{'s' if starts > 1 else ''} each (frame: green good, red doubtful; 95 % of "
        f"real structures lie within {designs.limit:.1f});\nmean and standard deviation of each population, target "
        "dashed",
        fontsize=10,
        x=0.01,
        ha="left",
    )


def _draw_fronts(figure: Any, designs: StructureDesigns, columns: dict[float, list[StructureDesign]]) -> None:
    """Draw of each target what no other structure of its searches is better than in both error and distance."""
    import matplotlib as mpl

    axes = figure.subplots()
    colours = mpl.colormaps["viridis"](np.linspace(0, 0.9, len(columns)))
    tolerance = designs.found[0].aim.tolerance
    for (target, column), colour in zip(columns.items(), colours, strict=True):
        for number, one in enumerate(column):
            error, distance = one.front.T
            label = None if number else f"{target:g} {designs.quantity.unit}"
            axes.plot(distance, np.maximum(error, tolerance / 10), "-", color=colour, linewidth=1, label=label)
            axes.plot(distance[-1], max(error[-1], tolerance / 10), "o", color=colour, markersize=3)
    axes.axhline(tolerance, color=_TARGET, linewidth=1, linestyle="--")
    axes.axvline(designs.limit, color=_TARGET, linewidth=1, linestyle="--")
    axes.set_yscale("log")
    axes.set_xlabel("distance from the nearest real structure (standard deviations of codes)", fontsize=8)
    axes.set_ylabel(f"error ({designs.quantity.unit})", fontsize=8)
    axes.tick_params(labelsize=7)
    axes.legend(frameon=False, fontsize=7, loc="center left", bbox_to_anchor=(1.0, 0.5))
    figure.suptitle(
        "C  Error against distance, the best of each search; below and to the left of\nboth dashed lines (tolerance, "
        "distance of 95 % of real structures) it is good",
        fontsize=10,
        x=0.01,
        ha="left",
    )


def _draw_trace(axes: Axes, design: StructureDesign, colour: str) -> None:
    assert design.found is not None  # noqa: S101 - of designs that were searched for
    counts, mean, deviation = design.found.trace.T
    axes.plot(counts, mean, color=colour, linewidth=1, marker="." if len(counts) == 1 else None)
    axes.fill_between(counts, mean - deviation, mean + deviation, color=colour, alpha=0.2, linewidth=0)


def _columns(designs: StructureDesigns) -> dict[float, list[StructureDesign]]:
    """Return the designs of each target that was searched for; of a long series some, evenly."""
    columns: dict[float, list[StructureDesign]] = {}
    for one in designs.found:
        columns.setdefault(one.aim.value, []).append(one)
    targets = list(columns)
    kept = np.unique(np.linspace(0, len(targets) - 1, min(_MOST_COLUMNS, len(targets))).round().astype(int))
    return {targets[place]: columns[targets[place]] for place in kept}


def _rank(design: StructureDesign) -> tuple[bool, float]:
    """Return what the best of several designs has least of."""
    assert design.value is not None  # noqa: S101 - of designs that were searched for
    assert design.distance is not None  # noqa: S101
    good = design.verdict.trusted
    return not good, design.distance if good else abs(design.value - design.aim.value)


def _show(axes: Axes, picture: Any, *, edge: str = "black") -> None:
    axes.imshow(picture, interpolation="nearest")
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_color(edge)
        spine.set_linewidth(0.8 if edge == "black" else 2)


def _specimens_figure(designs: SpecimenDesigns) -> Figure:
    """Draw the line of all specimens that were tried, against each number that was varied."""
    figure = blank_figure()
    figure.set_size_inches(3.6 * len(designs.ranges) + 0.6, 3.6)
    figure.set_layout_engine("constrained")
    panels = figure.subplots(1, len(designs.ranges), squeeze=False, sharey=True)[0]
    targets = list(dict.fromkeys(design.aim.value for design in designs.designs))
    for place, (one, axes) in enumerate(zip(designs.ranges, panels, strict=True)):
        for design in designs.designs:
            tried = one.lower + design.found.points[:, place] * (one.upper - one.lower)
            axes.plot(tried, design.found.worth.values, ".", color="0.6", markersize=3, zorder=0)
        for target, colour, marker in zip(targets, _COLOURS * len(targets), _MARKERS * len(targets), strict=False):
            axes.axhline(target, color=colour, linewidth=0.8, linestyle="--")
            best = [design for design in designs.designs if design.aim.value == target and design.value is not None]
            axes.plot(
                [design.values[one.name] for design in best],
                [design.value for design in best],
                linestyle="none",
                marker=marker,
                color=colour,
                label=f"{target:g} {designs.unit}",
            )
        axes.set_xlabel(f"{one.name} ({one.unit})" if one.unit else one.name)
    panels[0].set_ylabel(f"peak {designs.plan.peak} ({designs.unit})")
    panels[0].legend(title="designed for", frameon=False, fontsize=8, title_fontsize=8)
    return figure
