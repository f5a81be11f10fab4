"""Sensitivities as a heat map: which modulus moves which mode."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spectra.plugins.rus.pictures.canvas import LARGE, MM, RESOLUTION, SMALL

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]

_ROW = 5.0  # mm
_AROUND = 23.0  # mm, axes and the scale of colours
_TICKS_EVERY = 10.0  # mm, of a frequency above the map
_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


def draw_sensitivities(
    figure: Figure, frequencies: Floats, effects: Floats, names: Sequence[str], numbers: Sequence[int]
) -> None:
    """Draw ∂ ln f/∂ ln C, a column for each mode and a row for each quantity, as wide as the figure.

    Parameters
    ----------
    frequencies : ndarray, shape (m,)
        In MHz.
    effects : ndarray, shape (m, p)
    names
        Of the quantities.
    numbers
        Places of the modes in the spectrum, from 1.
    """
    figure.set_figheight((_ROW * len(names) + _AROUND) * MM)
    figure.set_dpi(RESOLUTION)
    figure.set_layout_engine("constrained")
    axes = figure.add_subplot()
    limit = float(np.abs(effects).max())
    places = range(len(frequencies))
    drawn = axes.pcolormesh(
        np.arange(len(places) + 1) - 0.5,
        np.arange(len(names) + 1) - 0.5,
        effects.T,
        cmap="RdBu_r",
        vmin=-limit,
        vmax=limit,
        rasterized=True,
    )
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_yticks(range(len(names)), names)
    width = figure.get_figwidth() / MM
    least = _TICKS_EVERY * len(places) / (width - 30)
    step = next(step for step in _STEPS if step >= least or step == _STEPS[-1])
    shown = [place for place in places if numbers[place] % step == 0 or (place == 0 and numbers[0] % step <= step / 2)]
    axes.set_xticks(shown, [str(numbers[place]) for place in shown])
    axes.set_xlabel("mode", fontsize=LARGE)
    above = axes.secondary_xaxis("top")
    above.set_xticks(shown, [f"{frequencies[place]:.3g}" for place in shown])
    above.set_xlabel("frequency (MHz)", fontsize=LARGE)
    for part in (axes, above):
        part.tick_params(labelsize=SMALL, length=2, pad=2)
    bar = figure.colorbar(drawn, ax=axes, pad=0.02, aspect=max(4.0 * len(names), 10.0))
    bar.set_label("∂ ln f / ∂ ln C", fontsize=LARGE)
    bar.outline.set_linewidth(0.4)
    bar.ax.tick_params(labelsize=SMALL, length=2)
