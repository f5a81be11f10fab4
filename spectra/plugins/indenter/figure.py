"""Figure of an analysis: the picture, the map, its uncertainty, and how unlike the training each place is."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from spectra.core.quantities import with_uncertainty
from spectra.core.signals import Places
from spectra.core.technique import Result
from spectra.plugins.images.orientations import ANGLES, c_axes, colours_of_axes

_MOST = 1200  # pixels of a drawn picture in either direction
_VALUES, _SPREADS, _NOVELTY = "viridis", "cividis", "magma"  # perceptually uniform, read alike by the colour-blind
_ROUND = (1, 2, 5)
_SAME = 1e-6  # of a value: what is drawn as no difference


def draw(result: Result, figure: Figure) -> None:
    """Draw the map of ``result`` into an empty figure."""
    field, places = result.map, result.measurement.signal
    assert field is not None  # noqa: S101 - the technique maps
    assert isinstance(places, Places)  # noqa: S101
    height, width = places.pictures.shape[1:3]
    quantities = list(zip(result.quantities, result.learned.mean[0], result.learned.spread[0], strict=True))
    across, down = (4, len(quantities)) if height >= 0.5 * width else (2, 2 * len(quantities))
    side = 4.0 if across == 4 else 6.5
    across_inches = min(max(side * width / height, 0.7 * side), side)  # of a panel; a colour bar needs some
    figure.set_size_inches(across * across_inches, down * (min(side * height / width, 1.5 * side) + 1.2))
    figure.set_layout_engine("constrained")
    figure.suptitle(f"{result.sample.name}: {result.measurement.file.name}", fontsize=12)
    panels = list(np.ravel(figure.subplots(down, across)))
    for place, (quantity, mean, spread) in enumerate(quantities):
        own = panels[4 * place : 4 * place + 4]
        own[0].imshow(_shown(places), interpolation="nearest", extent=_extent(places))
        own[0].set_title("crystal orientations (PIC colours)" if places.unit == ANGLES else "picture", fontsize=10)
        _draw_map(figure, own[1], field.mean[..., place], places, _VALUES, quantity.label)
        own[1].set_title(f"{quantity.name}, mean {with_uncertainty(mean, spread)} {quantity.unit}", fontsize=10)
        _draw_map(figure, own[2], field.spread[..., place], places, _SPREADS, quantity.unit, lowest=0.0)
        own[2].set_title("standard deviation of one measurement", fontsize=10)
        _draw_map(figure, own[3], field.novelty, places, _NOVELTY, "1: far among the learned ones", lowest=0.0)
        own[3].set_title("unlike the learned places", fontsize=10)
        for panel in own:
            _scale_bar(panel, places)


def _draw_map(
    figure: Figure,
    axes: Axes,
    values: NDArray[np.float32],
    places: Places,
    colours: str,
    label: str,
    *,
    lowest: float | None = None,
) -> None:
    """Draw a map over the picture's area, with colours from the 1st to the 99th percentile."""
    finite = values[np.isfinite(values)]
    low, high = np.quantile(finite, [0.01, 0.99]) if finite.size else (0.0, 1.0)
    if high - low <= _SAME * abs(high):  # one value everywhere, such as the spread of a law
        low, high = 0.9 * low, 1.1 * high
    step = max(1, max(values.shape) // _MOST)
    drawn = axes.imshow(
        values[::step, ::step],
        cmap=colours,
        vmin=low if lowest is None else lowest,
        vmax=high if high > low else low + 1e-9,
        interpolation="nearest",
        extent=_extent(places),
    )
    bar = figure.colorbar(drawn, ax=axes, label=label, location="bottom", shrink=0.8, extend="both", aspect=30)
    bar.ax.tick_params(labelsize=8)


def _shown(places: Places) -> NDArray[Any]:
    """Return the picture as colours, with fewer pixels if there are many."""
    picture: NDArray[Any] = places.pictures[0]
    step = max(1, max(picture.shape[:2]) // _MOST)
    picture = picture[::step, ::step]
    if places.unit == ANGLES:
        return colours_of_axes(c_axes(picture))
    if picture.dtype == np.uint8:
        picture = picture.astype(np.float32) / 255
    return np.clip(np.repeat(picture, 3, axis=2) if picture.shape[2] == 1 else picture[..., :3], 0, 1)


def _extent(places: Places) -> tuple[float, float, float, float]:
    """Return where the picture's edges are: in µm, or in pixels where nobody knows."""
    height, width = places.pictures.shape[1:3]
    size = places.um_per_pixel or 1.0
    return 0.0, width * size, height * size, 0.0


def _scale_bar(axes: Axes, places: Places) -> None:
    """Take off the ticks and draw a bar of a round length, about a fifth of the width."""
    axes.set_xticks([])
    axes.set_yticks([])
    if places.um_per_pixel is None:
        return
    _, right, bottom, _ = _extent(places)
    power = 10.0 ** np.floor(np.log10(right / 4))
    length = power * max(number for number in _ROUND if number * power <= right / 4)
    start, line = 0.04 * right, bottom - 0.05 * bottom
    axes.plot([start, start + length], [line, line], color="black", linewidth=5, solid_capstyle="butt")
    axes.plot([start, start + length], [line, line], color="white", linewidth=2.5, solid_capstyle="butt")
    axes.text(
        start + length / 2,
        line - 0.02 * bottom,
        f"{length:g} µm",
        ha="center",
        va="bottom",
        fontsize=8,
        bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.75, "pad": 1},
    )
