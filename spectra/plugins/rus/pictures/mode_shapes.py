"""Mode shapes: how the body is displaced in some of its modes, much exaggerated."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spectra.plugins.rus.modes.rayleigh_ritz import Modes, RayleighRitz
from spectra.plugins.rus.pictures.canvas import MM, RESOLUTION, SMALL
from spectra.plugins.rus.pictures.projection import draw_axes, paint, projected
from spectra.plugins.rus.pictures.surfaces import Skin

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]

_CELL = 28.0  # mm, about the width of one view
_TITLE, _FOOT, _GAP = 7.0, 11.0, 1.5  # mm
_ROWS = 3
_LARGEST = 0.11  # displacement, of the body's diagonal
_LONGEST = 18  # characters of a label
_COLOURS = "cividis"


def room_for(width: float) -> int:
    """Return how many modes a figure of some width in inches is meant for."""
    return _ROWS * _columns(width)


def draw_mode_shapes(figure: Figure, solver: RayleighRitz, modes: Modes, skin: Skin, numbers: Sequence[int]) -> None:
    """Draw modes in a grid as wide as the figure; its height follows.

    Parameters
    ----------
    modes
        Those to draw.
    numbers
        What each is called: its place in the spectrum, from 1.
    """
    width = figure.get_figwidth() / MM
    columns = _columns(figure.get_figwidth())
    rows, cell = -(-len(numbers) // columns), width / columns
    flat = projected(skin.points)
    middle, size = (flat.min(axis=0) + flat.max(axis=0)) / 2, np.ptp(flat, axis=0)
    reach = _LARGEST * float(np.linalg.norm(np.ptp(skin.points, axis=0)))
    size = size + 2.2 * reach
    height = float(np.clip((cell - _GAP) * size[1] / size[0], 12.0, 1.5 * cell))
    total = rows * (height + _TITLE) + _FOOT
    figure.set_figheight(total * MM)
    figure.set_dpi(RESOLUTION)
    figure.set_layout_engine("none")
    fields = fields_of(solver, modes, skin.points)
    for place, (number, field) in enumerate(zip(numbers, fields, strict=True)):
        row, column = divmod(place, columns)
        left, bottom = column * cell, total - (row + 1) * (height + _TITLE)
        axes = figure.add_axes((left / width, bottom / total, (cell - _GAP) / width, height / total))
        _draw_field(axes, skin, field * reach)
        axes.set(
            xlim=(middle[0] - size[0] / 2, middle[0] + size[0] / 2),
            ylim=(middle[1] - size[1] / 2, middle[1] + size[1] / 2),
            aspect="equal",
        )
        axes.set_axis_off()
        frequency = f"{1e-6 * modes.frequencies[place]:#.4g} MHz"
        title = f"{number}   {frequency}\n{_short(modes.labels[place])}".rstrip()
        figure.text(
            (left + (cell - _GAP) / 2) / width,
            (bottom + height + 0.2) / total,
            title,
            fontsize=SMALL,
            ha="center",
            va="bottom",
            linespacing=1.05,
        )
    _draw_foot(figure, width, total)


def fields_of(solver: RayleighRitz, modes: Modes, points: Floats) -> Floats:
    """Return the displacements of modes at points (m, q, 3), the largest of each being 1, with a sign of its own."""
    fields = solver.displacements(modes, points)
    sizes = np.linalg.norm(fields, axis=2)
    places = np.argmax(sizes > (1 - 1e-6) * sizes.max(axis=1, keepdims=True), axis=1)
    farthest = fields[np.arange(len(fields)), places]  # (m, 3)
    main = np.abs(farthest).argmax(axis=1)
    signs = np.sign(farthest[np.arange(len(fields)), main])
    return fields * (signs / sizes.max(axis=1))[:, None, None]


def _columns(width: float) -> int:
    return max(int(width / MM // _CELL), 1)


def _draw_field(axes: Axes, skin: Skin, field: Floats) -> None:
    from matplotlib import colormaps

    sizes = np.linalg.norm(field, axis=1)
    colours = colormaps[_COLOURS](sizes[skin.patches].mean(axis=1) / max(sizes.max(), 1e-300))[:, :3]
    paint(axes, skin.points + field, skin.patches, colours, line=0.12)
    for edge in skin.edges:
        axes.plot(*projected(skin.points[edge]).T, color="0.35", linewidth=0.35, linestyle=(0, (3, 2)))


def _short(label: str) -> str:
    """Return the label of a mode without parts that others include, as ``m=2`` does ``m=2+`` and ``m=2-``."""
    parts = label.split("/")
    kept = "/".join(part for part in parts if part and part[:-1] not in parts)
    return kept if len(kept) <= _LONGEST else "mixed"


def _draw_foot(figure: Figure, width: float, total: float) -> None:
    """Draw the axes and the scale of colours."""
    from matplotlib import colormaps
    from matplotlib.cm import ScalarMappable

    draw_axes(figure.add_axes((1.0 / width, 0.3 / total, 13.0 / width, (_FOOT - 1.0) / total)))
    bar = figure.add_axes((0.38, 5.5 / total, 0.36, 1.8 / total))
    scale = figure.colorbar(ScalarMappable(cmap=colormaps[_COLOURS]), cax=bar, orientation="horizontal", ticks=[0, 1])
    scale.ax.set_xticklabels(["0", "largest"])
    scale.ax.tick_params(labelsize=SMALL, length=1.5, pad=1.5)
    scale.outline.set_linewidth(0.4)
    figure.text(0.37, 6.4 / total, "displacement", fontsize=SMALL, ha="right", va="center")
