"""A posterior sample as a person publishes it: a corner plot, or the numbers."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spectra.core.basics.files import write_atomically
from spectra.core.quantities import EstimatedQuantity, Quantity, with_uncertainty
from spectra.core.tables import Table
from spectra.views.figures.canvas import blank_figure, save_figure
from spectra.views.layout import table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_BINS = 40
_QUANTILES = (0.025, 0.16, 0.5, 0.84, 0.975)
# In two dimensions a Gaussian holds these shares within one and two standard deviations.
_WITHIN = (0.393, 0.865)


def save_posterior(draws: NDArray[np.float64], quantities: Sequence[Quantity | EstimatedQuantity], path: Path) -> None:
    """Save ``draws``, shape (k, p), as a table of numbers (.csv) or as a corner plot.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    if path.suffix.lower() == ".csv":
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow([quantity.label for quantity in quantities])
        writer.writerows(draws.tolist())
        write_atomically(path, text.getvalue().encode())
    else:
        save_figure(corner_figure(draws, quantities), path)


def posterior_table(draws: NDArray[np.float64], quantities: Sequence[Quantity | EstimatedQuantity]) -> Table:
    """Return mean, standard deviation and quantiles of ``draws``, shape (k, p), a row for each quantity."""
    quantiles = np.quantile(draws, _QUANTILES, axis=0)  # (5, p)
    rows = [
        (
            quantity.label,
            with_uncertainty(float(draws[:, place].mean()), float(draws[:, place].std())),
            *(f"{value:.6g}" for value in quantiles[:, place]),
        )
        for place, quantity in enumerate(quantities)
    ]
    heads = ("quantity", "mean ± standard deviation", *(f"{100 * share:g} %" for share in _QUANTILES))
    return table(heads, rows, title=f"Posterior, {len(draws):,} draws", name="posterior")


def corner_figure(draws: NDArray[np.float64], quantities: Sequence[Quantity | EstimatedQuantity]) -> Figure:
    """Draw histograms on the diagonal, and below it the densities of each pair with their 39 and 86 % contours."""
    from scipy.ndimage import gaussian_filter

    count = len(quantities)
    figure = blank_figure()
    figure.set_size_inches(2.3 * count + 1.0, 2.3 * count + 0.6)
    figure.set_layout_engine("constrained")
    panels = figure.subplots(count, count, squeeze=False)
    low, high = np.quantile(draws, [0.001, 0.999], axis=0)
    for row in range(count):
        for column in range(count):
            axes = panels[row, column]
            if column > row:
                axes.set_visible(False)
                continue
            axes.tick_params(labelsize=7, labelbottom=row == count - 1, labelleft=column == 0 < row)
            axes.locator_params(nbins=4)
            if row == count - 1:
                axes.set_xlabel(quantities[column].label)
            if column == 0 < row:
                axes.set_ylabel(quantities[row].label)
            if row == column:
                axes.hist(draws[:, row], bins=_BINS, range=(low[row], high[row]), histtype="step", color="#0072B2")
                axes.set_yticks([])
                mean, std = draws[:, row].mean(), draws[:, row].std()
                for value, style in ((mean, "-"), (mean - std, ":"), (mean + std, ":")):
                    axes.axvline(value, color="black", linewidth=0.8, linestyle=style)
                axes.set_title(f"{mean:.6g} ± {std:.2g}", fontsize=8)
                axes.set_xlim(low[row], high[row])
                continue
            limits = [[low[column], high[column]], [low[row], high[row]]]
            counts, xs, ys = np.histogram2d(draws[:, column], draws[:, row], bins=_BINS, range=limits)
            density = gaussian_filter(counts, 1.0)
            axes.imshow(
                density.T,
                origin="lower",
                aspect="auto",
                extent=(xs[0], xs[-1], ys[0], ys[-1]),
                cmap="Blues",
                interpolation="nearest",
            )
            levels = _levels(density)
            if len(levels):
                axes.contour(
                    0.5 * (xs[1:] + xs[:-1]),
                    0.5 * (ys[1:] + ys[:-1]),
                    density.T,
                    levels,
                    colors="black",
                    linewidths=0.7,
                )
    return figure


def _levels(density: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the densities above which lie the shares of the contours, ascending and different."""
    ordered = np.sort(density.ravel())[::-1]
    held = np.cumsum(ordered) / ordered.sum()
    return np.unique([ordered[np.searchsorted(held, share)] for share in _WITHIN])
