"""The figure of a ranking: the loss, the errors and the answers of the best recipe, and how far the others are behind.

Its first panels are figure 2 A to C of Lew et al., Matter 6, 1975 (2023), for groups that were not learned from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spectra.core.basics.files import unpack_arrays
from spectra.core.signals import within
from spectra.core.store import Json, ModelRecord
from spectra.views.figures.canvas import blank_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_BLUE, _ORANGE, _GREY = "#0072B2", "#E69F00", "#999999"  # Okabe and Ito (2008)
_BINS = 60
_SIZE = 3.6  # inches


def ranking_figure(record: ModelRecord, artefact: bytes) -> Figure:
    """Draw a row of panels for each quantity of a model that had rivals."""
    arrays = unpack_arrays(artefact, what="model file")
    history = within(arrays, "regressor/history") or within(arrays, "encoder/history")
    test, ranking = within(arrays, "test"), record.metrics["ranking"]
    rows, columns = len(record.quantities), 4 if history else 3
    figure = blank_figure()
    figure.set_size_inches(_SIZE * columns, _SIZE * rows + 0.6)
    figure.set_layout_engine("constrained")
    figure.suptitle(
        f"Model {record.id} of {record.sample_name}: {ranking['best']}, on {ranking['examples']:,} measurements of "
        "groups that it had not seen"
    )
    for place, (quantity, panels) in enumerate(
        zip(record.quantities, figure.subplots(rows, columns, squeeze=False), strict=True)
    ):
        row = list(panels)
        if history:
            _draw_loss(row.pop(0), history)
        truth, answers = test["truth"][:, place], test["mean"][:, place]
        standings = {recipe["name"]: recipe["quantities"][quantity["name"]] for recipe in ranking["recipes"]}
        _draw_errors(row[0], answers - truth, quantity)
        _draw_parity(row[1], truth, answers, standings[ranking["best"]], quantity, ranking["level"])
        _draw_standings(row[2], standings, ranking["ceilings"][quantity["name"]], quantity)
    for letter, panel in zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", figure.axes, strict=False):
        panel.set_title(letter, loc="left", fontweight="bold", fontsize=10)
    return figure


def _draw_loss(axes: Axes, history: dict[str, Floats]) -> None:
    for name, values in history.items():
        axes.plot(np.arange(1, len(values) + 1), values, label=name.replace("_", " "), linewidth=1, color=_BLUE)
    axes.set_xlabel("step or epoch")
    axes.set_ylabel("loss")
    axes.set_yscale("log")
    if len(history) > 1:
        axes.legend(frameon=False, fontsize=8)


def _draw_errors(axes: Axes, errors: Floats, quantity: Json) -> None:
    mean, deviation = float(errors.mean()), float(errors.std())
    axes.hist(errors, bins=_BINS, density=True, color=_BLUE, alpha=0.6)
    grid = np.linspace(errors.min(), errors.max(), 300)
    density = np.exp(-0.5 * ((grid - mean) / deviation) ** 2) / (deviation * np.sqrt(2 * np.pi))
    axes.plot(grid, density, color="black", linewidth=1)
    axes.set_xlabel(_label(f"error of {quantity['name']}", quantity))
    axes.set_ylabel("density")
    axes.set_title(f"μ = {mean:+.3f}, σ = {deviation:.3f}", fontsize=9)


def _draw_parity(axes: Axes, truth: Floats, answers: Floats, standing: Json, quantity: Json, level: float) -> None:
    axes.plot(truth, answers, ".", markersize=2, alpha=0.25, color=_BLUE, rasterized=True)
    ends = np.array([min(truth.min(), answers.min()), max(truth.max(), answers.max())])
    axes.plot(ends, ends, color="black", linewidth=0.8)
    if standing["half_width"] is not None:
        half = standing["half_width"]
        axes.fill_between(ends, ends - half, ends + half, color=_ORANGE, alpha=0.25, linewidth=0)
        axes.set_title(f"R² = {standing['r2']:.3f}; {level:.0%} within ± {half:.3f}", fontsize=9)
    else:
        axes.set_title(f"R² = {standing['r2']:.3f}", fontsize=9)
    axes.set_xlim(*ends)
    axes.set_ylim(*ends)
    axes.set_aspect("equal")
    axes.set_xlabel(_label(f"measured {quantity['name']}", quantity))
    axes.set_ylabel(_label(f"predicted {quantity['name']}", quantity))


def _draw_standings(axes: Axes, standings: dict[str, Json], ceiling: Json, quantity: Json) -> None:
    """Draw R² of every recipe, with that of its folds, the best on top."""
    lowest = 0.0
    for place, standing in enumerate(reversed(standings.values())):
        folds = [value for value in standing["r2_of_folds"] if value is not None]
        axes.plot(folds, [place] * len(folds), "|", color=_GREY, markersize=8)
        axes.plot(standing["r2"], place, "o", color=_BLUE, label="held out" if place == 0 else None)
        if standing["r2_leaking"] is not None:
            axes.plot(standing["r2_leaking"], place, "x", color=_ORANGE, label="leaking" if place == 0 else None)
        lowest = min(lowest, standing["r2"])
    if ceiling["r2"] is not None:
        axes.axvline(ceiling["r2"], color="black", linewidth=0.8, linestyle="--", label="repeatability")
    axes.set_yticks(range(len(standings)), list(reversed(standings)))
    axes.set_xlim(lowest - 0.05, 1)
    axes.set_xlabel(f"R² of {quantity['name']}; bars: single folds")
    axes.legend(frameon=False, fontsize=8, loc="upper left")


def _label(text: str, quantity: Json) -> str:
    return f"{text} ({quantity['unit']})" if quantity["unit"] else text
