"""The figure of a plan: error bars against the number of lines, and against how lengths and mass are treated."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spectra.plugins.rus.pictures.canvas import COLOURS, LARGE, MM, SMALL, WIDE
from spectra.plugins.rus.planning.plan import Case, Plan

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]

_STYLES = ("-", "--", ":")
_MARKERS = "osD^vP"
_WAYS = (("lines", "exact", "o"), ("ignored", "wrong, ignored", "s"), ("fitted", "wrong, fitted", "D"))
_ROWS = 12  # boxes or orientations


def plan_figure(plan: Plan) -> Figure:
    """Draw a plan at the width of two columns of a journal."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    compared = [cases[:_ROWS] for cases in (plan.shapes, plan.orientations) if cases]
    heights = [72.0 + 3.5 * max(len(plan.quantities) - 4, 0), *(22.0 + 5.5 * len(cases) for cases in compared)]
    figure = Figure(figsize=(WIDE, sum(heights) * MM), layout="constrained")
    FigureCanvasAgg(figure)
    grid = figure.add_gridspec(len(heights), 2, width_ratios=(1.35, 1), height_ratios=heights)
    numbers, ways = figure.add_subplot(grid[0, 0]), figure.add_subplot(grid[0, 1])
    _draw_numbers(numbers, plan)
    _draw_ways(ways, plan)
    for row, cases in enumerate(compared, start=1):
        _draw_cases(figure.add_subplot(grid[row, :]), plan, cases)
    return figure


def _draw_numbers(axes: Axes, plan: Plan) -> None:
    """Draw deviations against the number of lines."""
    counts = np.array([case.lines for case in plan.by_number])
    for place, quantity in enumerate(plan.quantities):
        values = _relative(plan, plan.by_number, place)
        colour = COLOURS[place % len(COLOURS)]
        axes.plot(
            counts,
            values,
            _STYLES[place // len(COLOURS) % len(_STYLES)],
            color=colour,
            linewidth=1.2,
            marker=_MARKERS[place % len(_MARKERS)],
            markersize=2.5,
            label=quantity.name,
        )
    axes.axvline(plan.measured.lines, color="0.55", linewidth=0.8, zorder=0)
    axes.annotate(
        "the plan",
        (plan.measured.lines, 1.0),
        xycoords=("data", "axes fraction"),
        xytext=(-2, -3),
        textcoords="offset points",
        fontsize=SMALL,
        color="0.35",
        rotation=90,
        ha="right",
        va="top",
    )
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("lines, from the lowest", fontsize=LARGE)
    axes.set_ylabel(f"standard deviation ({_unit(plan)})", fontsize=LARGE)
    axes.legend(
        fontsize=SMALL,
        frameon=False,
        ncols=min(len(plan.quantities), 6),
        loc="lower center",
        bbox_to_anchor=(0.5, 1.0),
        columnspacing=1.0,
        handlelength=1.6,
    )
    _finish(axes)
    _round_ticks(axes.xaxis)
    _round_ticks(axes.yaxis)


def _draw_ways(axes: Axes, plan: Plan) -> None:
    """Draw the planned list's deviations, by how lengths and mass are treated."""
    places = range(len(plan.quantities))
    for (side, label, marker), shift in zip(_WAYS, (-0.22, 0.0, 0.22), strict=True):
        values = np.array([_share(plan, getattr(plan.measured.deviations, side), k) for k in places])
        shown = np.isfinite(values)
        colours = [COLOURS[k % len(COLOURS)] for k in np.flatnonzero(shown)]
        faces = colours if side != "ignored" else "white"
        axes.scatter(
            values[shown], np.flatnonzero(shown) + shift, s=16, marker=marker, edgecolors=colours, facecolors=faces
        )
        axes.scatter(
            [],
            [],
            s=16,
            marker=marker,
            edgecolors="0.3",
            facecolors="0.3" if side != "ignored" else "white",
            label=label,
        )
    for place in places:
        if not np.isfinite(_share(plan, plan.measured.deviations.fitted, place)):
            axes.text(
                0.5,
                place,
                "not determined",
                fontsize=SMALL,
                color="0.35",
                ha="center",
                va="center",
                transform=axes.get_yaxis_transform(),
            )
    axes.set_xscale("log")
    axes.set_xlabel(f"standard deviation ({_unit(plan)})", fontsize=LARGE)
    _round_ticks(axes.xaxis)
    axes.set_yticks(places, plan.names)
    axes.set_ylim(len(places) - 0.45, -0.55)
    mass = "mass" if plan.sample.mass is not None else "density"
    axes.legend(
        fontsize=SMALL,
        frameon=False,
        ncols=3,
        loc="lower center",
        bbox_to_anchor=(0.5, 1.0),
        columnspacing=1.0,
        handletextpad=0.2,
        title=f"lengths and {mass}",
        title_fontsize=SMALL,
    )
    _finish(axes)


def _draw_cases(axes: Axes, plan: Plan, cases: Sequence[Case]) -> None:
    """Draw boxes or orientations, a row for each."""
    rows = np.arange(len(cases))
    for place, quantity in enumerate(plan.quantities):
        axes.scatter(
            _relative(plan, cases, place),
            rows,
            s=16,
            marker=_MARKERS[place % len(_MARKERS)],
            color=COLOURS[place % len(COLOURS)],
            label=quantity.name,
        )
    axes.set_xscale("log")
    _round_ticks(axes.xaxis)
    axes.set_yticks(rows, [case.label for case in cases])
    axes.set_ylim(len(cases) - 0.4, -0.6)
    axes.set_xlabel(f"standard deviation ({_unit(plan)}), {plan.measured.lines} lines, lengths fitted", fontsize=LARGE)
    axes.legend(fontsize=SMALL, frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5))
    _finish(axes)


def _relative(plan: Plan, cases: Sequence[Case], place: int) -> Floats:
    """Return the deviations of one quantity in several cases, lengths and mass fitted."""
    return np.array([_share(plan, case.deviations.fitted, place) for case in cases])


def _share(plan: Plan, deviations: Floats, place: int) -> float:
    """Return a deviation in percent of the value; of an angle, or of what is 0, in its unit."""
    if _is_absolute(plan, place):
        return float(deviations[place])
    return float(100 * deviations[place] / abs(plan.values[place]))


def _is_absolute(plan: Plan, place: int) -> bool:
    return plan.quantities[place].unit == "deg" or not plan.values[place]


def _unit(plan: Plan) -> str:
    parts = ["%"]
    if any(quantity.unit == "deg" for quantity in plan.quantities):
        parts.append("angles in °")
    if not all(plan.values):
        parts.append("GPa where the value is 0")
    return ", ".join(parts)


def _round_ticks(axis: Axis) -> None:
    """Write 1, 2, 5 and their like on a logarithmic axis, as plain numbers."""
    from matplotlib.ticker import LogLocator, NullFormatter, StrMethodFormatter

    axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axis.set_major_formatter(StrMethodFormatter("{x:g}"))
    axis.set_minor_formatter(NullFormatter())


def _finish(axes: Axes) -> None:
    axes.tick_params(labelsize=SMALL, which="both")
    axes.grid(which="major", color="0.9", linewidth=0.6)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
