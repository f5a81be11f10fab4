"""The figures of symmetry: a picture with its lattice, mirrors and rotation centres; and the map of its tiles."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from spectra.plugins.images.symmetry.analysis import Answer, TileMap
from spectra.plugins.images.symmetry.generator.groups import SYMBOLS
from spectra.plugins.images.symmetry.signatures.operations import OPERATIONS, Operation
from spectra.plugins.images.symmetry.signatures.shades import Shades

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]

_MOST = 1200  # pixels along an edge of what is drawn
_CELLS = 2.4  # of the longer edge, from the middle of the close-up to its border
_MIRROR, _CENTRE, _EDGE = "#E8442E", "#19A0E0", "#FFD23F"
_MARKS = {2: "d", 3: "^", 4: "s", 6: "h"}
_SHOWN = 5  # groups in the bar chart
# Order of the highest rotation of each group, in the order of the International Tables.
_HIGHEST = dict(zip(SYMBOLS, (1, 2, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 3, 3, 3, 6, 6), strict=True))
_OPERATION_OF = {2: 0, 3: 1, 4: 2, 6: 3}


def draw(values: Shades, answer: Answer, figure: Figure, tiles: TileMap | None = None) -> None:
    """Draw a picture of shades (height, width) with what was found in it onto an empty figure."""
    figure.set_layout_engine("constrained")
    panels = (1 if answer.group is None else 3) + (tiles is not None)
    figure.set_size_inches(4.6 * panels, 5.2)
    axes = list(np.ravel(figure.subplots(1, panels)))
    _draw_picture(axes[0], values)
    if answer.group is None:
        axes[0].set_title(f"{answer.reason}: no plane group", fontsize=10)
    else:
        _draw_close_up(axes[0], axes[1], values, answer)
        _draw_ranking(axes[2], answer)
    if tiles is not None:
        _draw_tiles(axes[-1], values, tiles)


def _draw_picture(axes: Axes, values: Shades) -> None:
    height, width = values.shape
    step = max(1, max(values.shape) // _MOST)
    values = values[::step, ::step].astype(np.float64)  # differences of large single precision numbers overflow
    finite = values[np.isfinite(values)]
    low, high = np.quantile(finite, [0.005, 0.995]) if finite.size else (0.0, 1.0)
    axes.imshow(
        values,
        cmap="gray",
        vmin=low,
        vmax=high if high > low else low + 1,
        extent=(-0.5, width - 0.5, height - 0.5, -0.5),
        interpolation="nearest",
    )
    axes.set_xticks([])
    axes.set_yticks([])


def _draw_close_up(whole: Axes, axes: Axes, values: Shades, answer: Answer) -> None:
    """Draw some cells about the middle, with all symmetry elements of the group."""
    edges, middle = answer.view.edges, np.array(answer.view.middle)
    reach = min(_CELLS * float(np.linalg.norm(edges, axis=0).max()), max(values.shape) / 2)
    height, width = values.shape
    left, right = max(middle[0] - reach, -0.5), min(middle[0] + reach, width - 0.5)
    top, bottom = max(middle[1] - reach, -0.5), min(middle[1] + reach, height - 0.5)
    box = ([left, right, right, left, left], [top, top, bottom, bottom, top])
    whole.plot(*box, color=_EDGE, linewidth=1.2)
    whole.set_title("picture, and where the close-up is", fontsize=10)
    _draw_picture(axes, values)
    axes.set_xlim(left, right)
    axes.set_ylim(bottom, top)
    for operation, translation in answer.lines():
        for start, direction, glides in symmetry_lines(operation, translation, edges, reach):
            ends = middle + start + np.outer([-3 * reach, 3 * reach], direction)
            dashes = (0, (5, 3)) if glides else "solid"
            axes.plot(*ends.T, color=_MIRROR, linewidth=1.0 if glides else 1.7, linestyle=dashes, alpha=0.9)
    origin = np.zeros(2)
    order = _HIGHEST[str(answer.group)]
    found = answer.view.found
    if order > 1 and found is not None:
        place = _OPERATION_OF[order]
        centres = _centres(OPERATIONS[place], found.translations[place])
        near = centres[np.linalg.norm(centres @ edges.T, axis=1) < 1.5 * reach]
        axes.plot(*(middle + near @ edges.T).T, _MARKS[order], color=_CENTRE, markersize=7, markeredgecolor="white")
        origin = centres[np.argmin(np.linalg.norm(centres @ edges.T, axis=1))]
    for name, edge in zip("ab", edges.T, strict=True):
        start = middle + edges @ origin
        axes.annotate(
            "",
            xy=start + edge,
            xytext=(start[0], start[1]),
            arrowprops={"arrowstyle": "-|>", "color": _EDGE, "lw": 2.2},
        )
        x, y = start + 1.18 * edge
        axes.text(x, y, name, color=_EDGE, fontsize=12, ha="center", va="center", weight="bold")
    lengths = np.linalg.norm(edges, axis=0)
    angle = np.degrees(np.arccos(np.clip(edges[:, 0] @ edges[:, 1] / lengths.prod(), -1, 1)))
    axes.set_title(f"a = {lengths[0]:.1f}, b = {lengths[1]:.1f} pixels, {angle:.1f}°", fontsize=10)
    axes.set_xlabel("lines: mirrors, dashed: glides; marks: centres of the highest rotation", fontsize=8)


def symmetry_lines(
    operation: Operation, translation: Floats, edges: Floats, reach: float
) -> Iterator[tuple[Floats, Floats, bool]]:
    """Yield the lines of a reflection and of all that lattice translations make of it.

    Yields
    ------
    start : ndarray, shape (2,)
        A point of the line, in pixels from the middle.
    direction : ndarray, shape (2,)
        Of length 1.
    glides
        Whether it is a glide and no mirror.
    """
    matrix = np.array(operation.matrix)
    along = (np.eye(2) + matrix) @ np.array([1.0, 0.37])  # an axis holds what is added to its own mirror image
    direction = edges @ along
    direction /= np.linalg.norm(direction)
    normal = np.array([-direction[1], direction[0]])
    count = int(np.ceil(2 * reach / np.linalg.norm(edges, axis=0).min())) + 2
    lines: dict[int, tuple[Floats, float]] = {}
    grain = 0.02 * float(np.linalg.norm(edges, axis=0).min())
    for shift in product(range(-count, count + 1), repeat=2):
        moved = translation + np.array(shift)
        start = edges @ ((moved - matrix @ moved) / 4)
        offset = float(start @ normal)
        if abs(offset) > 1.5 * reach:
            continue
        glide = float(np.linalg.norm(edges @ ((moved + matrix @ moved) / 2)))
        key = round(offset / grain / 4)
        known = lines.get(key)
        if known is None or glide < known[1]:
            lines[key] = (offset * normal, glide)
    for start, glide in lines.values():
        yield start, direction, glide > 5 * grain


def _centres(operation: Operation, translation: Floats) -> Floats:
    """Return the centres of a rotation and of all that lattice translations make of it, in units of the edges."""
    shifts = np.array(list(product(range(-12, 13), repeat=2)))
    return np.linalg.solve(np.eye(2) - np.array(operation.matrix), (translation + shifts).T).T


def _draw_ranking(axes: Axes, answer: Answer) -> None:
    ranking = answer.ranking[:_SHOWN][::-1]
    axes.barh([name for name, _ in ranking], [share for _, share in ranking], color="#4878A8")
    axes.set_xlim(0, 1)
    axes.set_xlabel("probability")
    axes.set_title(f"{answer.group}, {answer.ranking[0][1]:.0%}", fontsize=12, weight="bold")
    axes.spines[["top", "right"]].set_visible(False)


def _draw_tiles(axes: Axes, values: Shades, tiles: TileMap) -> None:
    """Draw the likeliest group of each tile, fainter the less probable, over the picture."""
    from matplotlib import colormaps
    from matplotlib.patches import Patch

    _draw_picture(axes, values)
    colours: Any = colormaps["tab20"]
    shown = np.zeros((*tiles.groups.shape, 4))
    there = tiles.groups >= 0
    shown[there] = colours(tiles.groups[there])
    shown[..., 3] = np.where(there, 0.25 + 0.45 * np.nan_to_num(tiles.probabilities), 0.0)
    left, right = _borders(tiles.lefts, tiles.tile)
    top, bottom = _borders(tiles.tops, tiles.tile)
    extent = (left, right, bottom, top)
    axes.imshow(shown, extent=extent, interpolation="nearest")
    axes.set_xlim(-0.5, values.shape[1] - 0.5)
    axes.set_ylim(values.shape[0] - 0.5, -0.5)
    present = [(name, share) for name, share in tiles.shares() if name != "none"][:8]
    patches = [Patch(color=colours(SYMBOLS.index(name)), label=f"{name} {share:.0%}") for name, share in present]
    if patches:
        axes.legend(handles=patches, loc="upper center", bbox_to_anchor=(0.5, -0.02), ncols=4, fontsize=8)
    axes.set_title(f"tiles of {tiles.tile} pixels", fontsize=10)


def _borders(starts: NDArray[np.int64], tile: int) -> tuple[float, float]:
    """Return where a row of tiles is drawn: each about its middle, as wide as neighbours are apart."""
    step = (starts[-1] - starts[0]) / (len(starts) - 1) if len(starts) > 1 else tile
    first = float(starts[0] + (tile - step) / 2 - 0.5)
    return first, first + float(step * len(starts))
