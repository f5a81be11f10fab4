"""The figure of a trained model: its loss by epoch, and its errors on test spectra."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spectra.core.basics.files import unpack_arrays
from spectra.core.signals import within
from spectra.core.store import ModelRecord
from spectra.views.figures.canvas import blank_figure
from spectra.views.figures.ranking import ranking_figure
from spectra.views.numbers import test_error

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

_PANELS_ACROSS = 4


def model_figure(record: ModelRecord, artefact: bytes) -> Figure:
    """Draw the loss by epoch, where the regressor has epochs, and predicted against true quantities; or the ranking."""
    if "ranking" in record.metrics:
        return ranking_figure(record, artefact)
    arrays = unpack_arrays(artefact, what="model file")
    history, test = within(arrays, "regressor/history"), within(arrays, "test")
    panels = len(record.quantities) + bool(history)
    across = min(panels, _PANELS_ACROSS)
    down = -(-panels // across)
    figure = blank_figure()
    figure.set_size_inches(4.2 * across, 4.2 * down)
    figure.set_layout_engine("constrained")
    figure.suptitle(f"Model {record.id} of {record.sample_name}, {len(test['truth']):,} distorted test spectra")
    axes = list(np.ravel(figure.subplots(down, across)))
    for unused in axes[panels:]:
        unused.remove()
    if history:
        _draw_history(axes.pop(0), history)
    for place, (quantity, panel) in enumerate(zip(record.quantities, axes, strict=False)):
        panel.errorbar(
            test["truth"][:, place],
            test["mean"][:, place],
            yerr=test["spread"][:, place],
            fmt=".",
            markersize=2,
            elinewidth=0.3,
            alpha=0.4,
            color="#0072B2",
        )
        ends = (quantity["lower"], quantity["upper"])
        panel.plot(ends, ends, color="black", linewidth=0.8)
        unit = f" ({quantity['unit']})" if quantity["unit"] else ""
        panel.set_xlabel(f"true {quantity['name']}{unit}")
        panel.set_ylabel(f"predicted {quantity['name']}{unit}")
        error = test_error(quantity, record.metrics["test"][quantity["name"]])
        panel.set_title(f"error {error}", fontsize=9)
    return figure


def _draw_history(axes: Axes, history: dict[str, NDArray[np.float64]]) -> None:
    for name, values in history.items():
        axes.plot(np.arange(1, len(values) + 1), values, label=name.replace("_", " "), linewidth=1)
    axes.set_xlabel("epoch")
    axes.set_ylabel("loss")
    axes.legend(frameon=False, fontsize=8)
