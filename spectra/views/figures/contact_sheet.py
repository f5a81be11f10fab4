"""A contact sheet: a query and what is like it, side by side."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from spectra.core.errors import SpectraError
from spectra.core.signals import Bundle, Image, Peaks, Places, Profile, Signal
from spectra.views.figures.canvas import blank_figure
from spectra.views.thumbnails import thumbnail

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from spectra.core.similarity.items import Item
    from spectra.core.similarity.search import Similar

_COLUMNS = 4
_PIXELS = 256
_LINE = 26  # characters under a picture
_COLOUR = "#0072B2"


def similar_sheet(name: str, query: Signal, found: Similar, signal: Callable[[Item], Signal]) -> Figure:
    """Draw a query and what was found, whose signals ``signal`` returns."""
    neighbours: list[tuple[str, Signal | None]] = []
    for one in found.neighbours:
        caption = f"{one.distance:.3f} {one.item.sample} {one.item.name}"
        try:
            neighbours.append((caption, signal(one.item)))
        except SpectraError:
            neighbours.append((caption, None))
    return contact_sheet((name, query), neighbours)


def contact_sheet(query: tuple[str, Signal], neighbours: Sequence[tuple[str, Signal | None]]) -> Figure:
    """Draw a query and its neighbours in their order, each with its caption.

    Parameters
    ----------
    query, neighbours
        Caption and signal; ``None`` for one that can no longer be read.
    """
    figure = blank_figure()
    count = 1 + len(neighbours)
    rows = -(-count // _COLUMNS)
    figure.set_size_inches(2.0 * _COLUMNS, 2.35 * rows)
    figure.set_layout_engine("constrained")
    for number, (caption, signal) in enumerate([query, *neighbours]):
        axes = figure.add_subplot(rows, _COLUMNS, number + 1)
        axes.set_xticks([])
        axes.set_yticks([])
        axes.set_title(textwrap.fill(caption, _LINE), fontsize=8, parse_math=False)
        if number == 0:
            for spine in axes.spines.values():
                spine.set_color("#D55E00")
                spine.set_linewidth(2.5)
        if signal is None:
            axes.text(0.5, 0.5, "cannot be read", ha="center", va="center", fontsize=8, transform=axes.transAxes)
        else:
            _draw(axes, signal)
    return figure


def _draw(axes: Axes, signal: Signal) -> None:
    """Draw the first signal of a stack."""
    match signal:
        case Image() | Places():
            axes.imshow(np.asarray(thumbnail(signal, _PIXELS)), cmap="gray", vmin=0, vmax=255)
        case Profile():
            axes.plot(signal.x, signal.y[0], color=_COLOUR, linewidth=0.7)
            axes.set_xlabel(f"{signal.x[0]:.4g} to {signal.x[-1]:.4g} {signal.x_unit}", fontsize=7)
            axes.margins(x=0)
        case Peaks():
            known = signal.positions[0][np.isfinite(signal.positions[0])]
            axes.vlines(known, 0, 1, color=_COLOUR, linewidth=0.7)
            axes.set_xlim(signal.window)
            axes.set_ylim(0, 1.1)
            axes.set_xlabel(f"{signal.window[0]:.4g} to {signal.window[1]:.4g} {signal.unit}", fontsize=7)
        case Bundle():
            _draw(axes, next(iter(signal.parts.values())))
