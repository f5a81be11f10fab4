"""Figure of quantities over a condition, a date or another quantity."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spectra.views.figures.canvas import blank_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from spectra.views.tasks.trend import Course, Trend

_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#7A5C00", "#444444")
_WIDTH, _ROW = 7.2, 2.6  # inches
_MOST_NAMED = 8


def trend_figure(trend: Trend) -> Figure:
    """Return the figure of a trend: a panel for each quantity, a colour for each sample."""
    figure = blank_figure()
    figure.set_size_inches(_WIDTH, 0.5 + _ROW * len(trend.courses))
    figure.set_layout_engine("constrained")
    panels = figure.subplots(len(trend.courses), 1, sharex=True, squeeze=False)[:, 0]
    samples = list(dict.fromkeys(record.sample_name for course in trend.courses for record in course.records))
    for axes, course in zip(panels, trend.courses, strict=True):
        _draw(course, samples, axes)
        axes.set_ylabel(course.heading, fontsize=9)
        axes.tick_params(labelsize=8)
    panels[-1].set_xlabel(trend.x_heading, fontsize=9)
    if 1 < len(samples) <= _MOST_NAMED:
        panels[0].legend(fontsize=8, frameon=False, ncols=min(4, len(samples)))
    return figure


def _draw(course: Course, samples: list[str], axes: Axes) -> None:
    """Draw values with their standard deviations; doubtful ones open."""
    x, values = np.array(course.x), np.array(course.values)
    stds = np.array([np.nan if std is None else std for std in course.stds])
    doubtful = np.array([record.doubtful for record in course.records])
    owner = np.array([samples.index(record.sample_name) for record in course.records])
    for place, name in enumerate(samples):
        colour = _COLOURS[place % len(_COLOURS)]
        for open_, label in ((False, name), (True, None)):
            some = (owner == place) & (doubtful == open_)
            if some.any():
                axes.errorbar(
                    x[some], values[some], np.nan_to_num(stds[some]), linestyle="none", marker="o", markersize=3.5,
                    elinewidth=0.8, color=colour, mfc="white" if open_ else colour, label=label,
                )  # fmt: skip
