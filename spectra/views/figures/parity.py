"""The figure of a study: predicted against true quantities, or what became of a measured spectrum."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import numpy as np

from spectra.core.quantities import Quantity
from spectra.core.studies.evaluate import Evaluation
from spectra.core.studies.scores import Outcome, r_squared
from spectra.views.figures.canvas import blank_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Okabe and Ito (2008): told apart by everyone.
_COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#D55E00", "#56B4E9", "#F0E442", "#000000")
_MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
_MOST_POINTS = 300  # of one condition; more would hide each other


def evaluation_figure(evaluation: Evaluation) -> Figure:
    """Draw one row for each quantity."""
    figure = blank_figure()
    figure.set_layout_engine("constrained")
    if evaluation.study.measurement is None:
        _draw_parity(evaluation, figure)
    else:
        _draw_values(evaluation, figure)
    figure.suptitle(evaluation.study.title, fontsize=11)
    return figure


def _draw_parity(evaluation: Evaluation, figure: Figure) -> None:
    """Draw one column for each variant and method, one colour for each condition; of several seeds the best model."""
    conditions = [condition.name for condition in evaluation.study.conditions]
    columns = list(dict.fromkeys((outcome.variant, outcome.method) for outcome in evaluation.outcomes))
    best = {(s.variant, s.condition, s.method): s.best_model_seed for s in evaluation.scores}
    both = len({method for _, method in columns}) > 1
    rows = len(evaluation.quantities)
    side = 2.6 if max(rows, len(columns)) <= 3 else 1.9  # inches
    figure.set_size_inches(max(side * len(columns) + 0.8, 5), side * rows + 1.3)
    panels = figure.subplots(rows, len(columns), squeeze=False, sharex="row", sharey="row")
    for across, (variant, method) in enumerate(columns):
        outcomes = [o for o in evaluation.outcomes if (o.variant, o.method) == (variant, method)]
        for down, quantity in enumerate(evaluation.quantities):
            for outcome in outcomes:
                seed = best[variant, outcome.condition, method]
                model = 0 if seed is None else outcome.seeds.index(seed)
                _scatter(panels[down][across], outcome, model, down, conditions.index(outcome.condition), quantity)
            _frame(panels[down][across], _ends(quantity))
        name = f"{variant}, {method}" if both else variant
        panels[0][across].set_title(textwrap.fill(name, int(11 * side)), fontsize=9)
    for quantity, axes in zip(evaluation.quantities, panels[:, 0], strict=True):
        axes.set_ylabel(f"predicted\n{quantity.label}", fontsize=8)
    for axes in panels[-1]:
        axes.set_xlabel("true", fontsize=8)
    handles, labels = panels[0][0].get_legend_handles_labels()
    legend = figure.legend(
        handles,
        labels,
        title=f"the best of {len(evaluation.study.seeds)} seeds" if len(evaluation.study.seeds) > 1 else None,
        loc="outside lower center",
        ncols=min(len(labels), 5),
        frameon=False,
        fontsize=9,
        title_fontsize=8,
    )
    for handle in legend.legend_handles:
        if handle is not None:
            handle.set_alpha(1)


def _scatter(axes: Axes, outcome: Outcome, model: int, column: int, place: int, quantity: Quantity) -> None:
    """Draw the points of one condition, those beyond the frame on it, and write their R²."""
    truth, mean = outcome.truth[model, :, column], outcome.mean[model, :, column]
    colour = _COLOURS[place % len(_COLOURS)]
    axes.plot(
        np.clip(truth[:_MOST_POINTS], *_ends(quantity)),
        np.clip(mean[:_MOST_POINTS], *_ends(quantity)),
        marker=_MARKERS[place % len(_MARKERS)],
        markersize=3.5,
        markeredgewidth=0,
        linestyle="none",
        alpha=0.6,
        color=colour,
        label=outcome.condition,
        clip_on=False,
    )
    (r2,) = r_squared(truth[None], mean[None])
    if np.isfinite(r2) and not outcome.repeated:
        corner = (0.04, 0.97 - 0.09 * place)
        axes.text(*corner, f"R² {r2:.3f}", color=colour, fontsize=7, va="top", transform=axes.transAxes)


def _ends(quantity: Quantity) -> tuple[float, float]:
    margin = 0.08 * (quantity.upper - quantity.lower)
    return quantity.lower - margin, quantity.upper + margin


def _frame(axes: Axes, ends: tuple[float, float]) -> None:
    """Show the searched range and a little more on both axes in equal scale, with the line of perfect answers."""
    axes.plot(ends, ends, color="black", linewidth=0.7, zorder=0)
    axes.set_xlim(ends)
    axes.set_ylim(ends)
    axes.set_box_aspect(1)
    axes.locator_params(nbins=4)
    axes.ticklabel_format(scilimits=(-3, 4))
    axes.tick_params(labelsize=7)
    for axis in (axes.xaxis, axes.yaxis):
        axis.get_offset_text().set_fontsize(7)


def _draw_values(evaluation: Evaluation, figure: Figure) -> None:
    """Draw the answers to a measured spectrum under each condition, mean and standard deviation, one line a variant."""
    conditions = [condition.name for condition in evaluation.study.conditions]
    rows = len(evaluation.quantities)
    figure.set_size_inches(max(1.1 * len(conditions) + 1.5, 6), 2.7 * rows + 0.9)
    panels = figure.subplots(rows, 1, squeeze=False, sharex=True)[:, 0]
    lines = list(dict.fromkeys((score.variant, score.method) for score in evaluation.scores))
    both = len({method for _, method in lines}) > 1
    for quantity, axes in zip(evaluation.quantities, panels, strict=True):
        for place, (variant, method) in enumerate(lines):
            found = [
                score
                for score in evaluation.scores
                if (score.variant, score.method, score.quantity) == (variant, method, quantity.name)
            ]
            axes.errorbar(
                np.array([conditions.index(score.condition) for score in found]) + 0.06 * (place - len(lines) / 2),
                [np.nan if score.value is None else score.value for score in found],
                yerr=[score.scatter or 0.0 for score in found],
                marker=_MARKERS[place % len(_MARKERS)],
                markersize=5,
                linewidth=0.8,
                capsize=3,
                color=_COLOURS[place % len(_COLOURS)],
                label=f"{variant}, {method}" if both else variant,
            )
        reference = (evaluation.study.measurement and evaluation.study.measurement.reference) or {}
        if quantity.name in reference:
            axes.axhline(reference[quantity.name], color="black", linewidth=0.8, linestyle="--", label="reference")
        axes.set_ylabel(quantity.label)
        axes.margins(y=0.2)
    panels[-1].set_xticks(range(len(conditions)), conditions)
    panels[-1].set_xlabel("condition")
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=min(len(labels), 4), frameon=False)
