"""Figure of an RUS analysis: measured and computed modes, their differences, and the encoded features."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from spectra.core.quantities import with_uncertainty
from spectra.core.signals import Peaks
from spectra.core.tables import Table
from spectra.core.technique import Result

# Okabe and Ito's colours, told apart by everybody.
_MEASURED, _COMPUTED, _MISSING, _SPURIOUS = "#0072B2", "#000000", "#E69F00", "#D55E00"
_PER_LINE = 4  # quantities in the title


def draw(result: Result, figure: Figure) -> None:
    """Draw spectra, differences and fingerprint of ``result`` into an empty figure."""
    figure.set_size_inches(10, 7)
    figure.set_layout_engine("constrained")
    figure.suptitle(_title(result), fontsize=12)
    peaks = result.measurement.signal
    assert isinstance(peaks, Peaks)  # noqa: S101 - the technique's prepare saw to it
    fingerprint = result.model.encoder.encode(peaks)[0]
    if result.refinement is None:
        whole, features = figure.subplots(1, 2, width_ratios=(2, 1))
        _draw_list(whole, peaks)
    else:
        table = result.refinement.tables[0]
        grid = figure.add_gridspec(2, 2, width_ratios=(2, 1), height_ratios=(1, 1))
        spectrum = figure.add_subplot(grid[0, :])
        _draw_spectra(spectrum, table, peaks.unit)
        _draw_differences(figure.add_subplot(grid[1, 0]), table, peaks.unit)
        features = figure.add_subplot(grid[1, 1])
    _draw_features(features, fingerprint)


def _title(result: Result) -> str:
    title = f"{result.sample.name}: {result.measurement.file.name}"
    if result.refinement is None:
        return title
    deviations = np.sqrt(np.diag(result.refinement.covariance))
    found = [
        f"{quantity.name} = {with_uncertainty(value, std)} {quantity.unit}".strip()
        for quantity, value, std in zip(result.quantities, result.refinement.values, deviations, strict=True)
    ]
    found.append(f"rms {result.refinement.misfit:.3f} {result.refinement.misfit_unit}")
    lines = [",  ".join(found[start : start + _PER_LINE]) for start in range(0, len(found), _PER_LINE)]
    return "\n".join([title, *lines])


def _columns(table: Table, *names: str) -> list[NDArray[np.float64]]:
    return [np.array(table.column(name), dtype=float) for name in names]


def _draw_spectra(axes: Axes, table: Table, unit: str) -> None:
    measured, computed = _columns(table, "measured", "computed")
    status = np.array(table.column("status"))
    matched = status == "matched"
    for positions, height, colour, label in (
        (measured[matched], 1, _MEASURED, "measured"),
        (measured[status == "spurious"], 1, _SPURIOUS, "measured, belongs to no mode"),
        (computed[matched], -1, _COMPUTED, "computed"),
        (computed[status == "missing"], -1, _MISSING, "computed, not measured"),
    ):
        if len(positions):
            axes.vlines(positions, 0, height, colors=colour, linewidth=1.2, label=f"{label} ({len(positions)})")
    axes.axhline(0, color="0.6", linewidth=0.8)
    axes.set_ylim(-1.15, 1.15)
    axes.set_yticks([0.5, -0.5], ["measured", "computed"])
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel(f"frequency ({unit})")
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=4, fontsize=8, frameon=False)


def _draw_differences(axes: Axes, table: Table, unit: str) -> None:
    computed, difference, probability = _columns(table, "computed", "difference", "probability")
    matched = np.array(table.column("status")) == "matched"
    drawn = axes.scatter(
        computed[matched], difference[matched], c=probability[matched], cmap="viridis", vmin=0, vmax=1, s=22, zorder=2
    )
    axes.axhline(0, color="0.6", linewidth=0.8, zorder=1)
    axes.set_xlabel(f"frequency ({unit})")
    axes.set_ylabel("measured - computed (%)")
    axes.figure.colorbar(drawn, ax=axes, label="probability of the pair")


def _draw_list(axes: Axes, peaks: Peaks) -> None:
    axes.vlines(peaks.positions[0], 0, 1, colors=_MEASURED, linewidth=1.2)
    axes.set_yticks([])
    axes.set_xlabel(f"frequency ({peaks.unit})")


def _draw_features(axes: Axes, features: NDArray[np.float32]) -> None:
    """Draw the features as the paper does, as a square picture read line by line."""
    side = int(np.ceil(np.sqrt(len(features))))
    picture = np.full(side * side, np.nan)
    picture[: len(features)] = features
    axes.imshow(picture.reshape(side, side), cmap="gray_r", interpolation="nearest")
    axes.set_title(f"What the model saw: {len(features)} features", fontsize=9)
    axes.set_xlabel("row by row, from the lowest frequency", fontsize=8)
    axes.set_xticks([])
    axes.set_yticks([])
