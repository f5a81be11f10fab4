"""Figures of one simulated spectrum: its lines or curve, and whatever else its forward model draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spectra.core.basics.documents import nearest
from spectra.core.components import DrawingForwardModel, ForwardModel
from spectra.core.errors import InputError, UsageError
from spectra.core.signals import Bundle, Image, Peaks, Profile, Signal
from spectra.views.figures.canvas import blank_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SPECTRUM = "spectrum"
"""The picture that every forward model has, unless it draws one of this name itself."""

_MM = 1 / 25.4
_HEIGHT = 55.0  # mm, of each part of a spectrum
_COLOUR = "#0072B2"


def pictures_of(forward: ForwardModel) -> Mapping[str, str]:
    """Return the names of all pictures of a spectrum, each with a line of text; the first is the default."""
    own = forward.pictures if isinstance(forward, DrawingForwardModel) else {}
    return {**own, SPECTRUM: own.get(SPECTRUM, "Lines or curve")}


def spectrum_figure(
    forward: ForwardModel,
    values: NDArray[np.float64],
    *,
    picture: str | None = None,
    rows: Sequence[int] | None = None,
    width: float = 170.0,
) -> Figure:
    """Draw a picture of the spectrum of ``values``, shape (p,).

    Parameters
    ----------
    picture
        One of :func:`pictures_of`; by default the first.
    rows
        Which lines of the spectrum to draw, counted from 1, where the picture has such.
    width
        Of the figure, in mm.

    Raises
    ------
    UsageError
        If there is no such picture.
    InputError
        If it cannot be drawn.
    """
    known = pictures_of(forward)
    name = picture or next(iter(known))
    if name not in known:
        raise UsageError(
            f"There is no picture '{name}' of this spectrum{nearest(name, known)}.",
            hint=f"There are {', '.join(f'{known_name} ({text})' for known_name, text in known.items())}.",
        )
    figure = blank_figure()
    figure.set_figwidth(width * _MM)
    if isinstance(forward, DrawingForwardModel) and name in forward.pictures:
        forward.draw(values, figure, picture=name, rows=rows)
        return figure
    if rows is not None:
        raise UsageError(f"The picture '{name}' shows all rows.", hint="Leave out --rows.")
    _draw(forward.simulate(values[None]), figure)
    return figure


def _draw(signal: Signal, figure: Figure) -> None:
    """Draw the first spectrum of a stack, one panel for each part of a bundle."""
    parts = dict(signal.parts) if isinstance(signal, Bundle) else {"": signal}
    figure.set_figheight(_HEIGHT * len(parts) * _MM)
    figure.set_dpi(300)
    figure.set_layout_engine("constrained")
    panels = figure.subplots(len(parts), 1, squeeze=False)[:, 0]
    for axes, (name, part) in zip(panels, parts.items(), strict=True):
        _draw_part(axes, part)
        axes.set_title(name, fontsize=8)
        axes.xaxis.label.set_size(8)
        axes.yaxis.label.set_size(8)
        axes.tick_params(labelsize=7)


def _draw_part(axes: Axes, signal: Signal) -> None:
    if isinstance(signal, Peaks):
        positions = signal.positions[0][np.isfinite(signal.positions[0])]
        axes.vlines(positions, 0, 1, colors=_COLOUR, linewidth=0.8)
        axes.set(xlim=signal.window, ylim=(0, 1.1), yticks=[], xlabel=f"position ({signal.unit})")
    elif isinstance(signal, Profile):
        axes.plot(signal.x, signal.y[0], color=_COLOUR, linewidth=0.9)
        axes.set(xlabel=f"x ({signal.x_unit})", ylabel=f"y ({signal.y_unit})", xlim=(signal.x[0], signal.x[-1]))
    elif isinstance(signal, Image):
        pixels = signal.pixels[0]
        shown = pixels[..., :3] if pixels.shape[-1] >= 3 else pixels[..., 0]
        axes.imshow((shown - shown.min()) / max(float(np.ptp(shown)), 1e-300), cmap="gray", interpolation="nearest")
        axes.set_axis_off()
    else:
        raise InputError(f"A signal of kind '{signal.kind}' has no figure.")
