"""Young's modulus of a crystal over direction: a surface, and its sections."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spectra.plugins.rus.pictures.canvas import COLOURS, LARGE, MM, RESOLUTION, SMALL
from spectra.plugins.rus.pictures.projection import draw_axes, paint, projected

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.projections.polar import PolarAxes

Floats = NDArray[np.float64]

_BESIDE = 120.0  # mm, from which width on the sections stand beside the surface
_SIDE, _BAR = 62.0, 15.0  # mm, of the panels at most, and of the scale of colours
_POLAR, _AROUND = 101, 201
_SECTIONS = (("xy", 0, 1, "-"), ("xz", 0, 2, "--"), ("yz", 1, 2, ":"))


def youngs_modulus(stiffness: Floats, directions: Floats) -> Floats:
    """Return Young's modulus along unit vectors n, shape (..., 3), in the unit of the stiffness (6, 6).

    1/E = n_i n_j S_ijkl n_k n_l, the strain along n that a stress of 1 along n causes (Nye, Physical Properties of
    Crystals, 1957, ch. VIII.7).
    """
    x, y, z = np.moveaxis(directions, -1, 0)
    stress = np.stack([x * x, y * y, z * z, y * z, x * z, x * y], axis=-1)
    # With engineering shear strains, n ε n needs each shear once: γ_yz n_y n_z = 2 ε_yz n_y n_z.
    values: Floats = 1 / np.einsum("...i,ij,...j->...", stress, np.linalg.inv(stiffness), stress)
    return values


def draw_young(figure: Figure, stiffness: Floats) -> None:
    """Draw the surface and its three sections, as wide as the figure.

    Parameters
    ----------
    stiffness : ndarray, shape (6, 6)
        In GPa, along the crystal's axes.
    """
    width = figure.get_figwidth() / MM
    beside = width >= _BESIDE
    side = min(_SIDE, width / 2 - 8 if beside else width - 12)
    total = side + _BAR if beside else 1.86 * side + _BAR + 14
    figure.set_figheight(total * MM)
    figure.set_dpi(RESOLUTION)
    figure.set_layout_engine("none")

    polar, around = np.linspace(0, np.pi, _POLAR)[:, None], np.linspace(0, 2 * np.pi, _AROUND)
    height = np.broadcast_to(np.cos(polar), (_POLAR, _AROUND))
    directions = np.stack([np.sin(polar) * np.cos(around), np.sin(polar) * np.sin(around), height], axis=-1)
    values = youngs_modulus(stiffness, directions)
    middle = width / 4 if beside else width / 2
    _draw_surface(figure, directions, values, (middle, total, width, side))
    centre = (3 * width / 4, total - side / 2 - 2) if beside else (width / 2, 0.43 * side + 7)
    shrunk = 0.74 * side
    panel: PolarAxes = figure.add_axes(  # type: ignore[assignment] # Matplotlib's annotation knows no projections
        (
            (centre[0] - shrunk / 2) / width,
            (centre[1] - shrunk / 2) / total,
            shrunk / width,
            shrunk / total,
        ),
        projection="polar",
    )
    _draw_sections(panel, stiffness)


def _draw_surface(figure: Figure, directions: Floats, values: Floats, place: tuple[float, float, float, float]) -> None:
    """Draw the surface around ``place``: horizontal middle, height, width of the figure, and side, in mm."""
    from matplotlib import colormaps
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize

    middle, total, width, side = place
    axes = figure.add_axes(((middle - side / 2) / width, (total - side) / total, side / width, side / total))
    low, high = float(values.min()), float(values.max())
    flat = high - low < 1e-6 * high  # an isotropic solid
    scale = Normalize(0.9 * low, 1.1 * high) if flat else Normalize(low, high)
    points = (directions * values[..., None]).reshape(-1, 3)
    corners = np.arange(values.size).reshape(values.shape)
    patches = np.stack([corners[:-1, :-1], corners[1:, :-1], corners[1:, 1:], corners[:-1, 1:]], axis=-1).reshape(-1, 4)
    colours = colormaps["viridis"](scale(values.ravel()[patches].mean(axis=1)))[:, :3]
    paint(axes, points, patches, colours)
    reach = 1.02 * float(np.abs(projected(points)).max())
    axes.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal")
    axes.set_axis_off()
    draw_axes(
        figure.add_axes(((middle - side / 2) / width, (total - side) / total, 0.2 * side / width, 0.2 * side / total))
    )
    bar = figure.add_axes(((middle - 0.36 * side) / width, (total - side - 4) / total, 0.72 * side / width, 2 / total))
    drawn = figure.colorbar(ScalarMappable(scale, "viridis"), cax=bar, orientation="horizontal")
    drawn.set_label("Young's modulus (GPa)", fontsize=LARGE, labelpad=2)
    if flat:
        drawn.set_ticks([low], labels=[f"{low:.4g} in all directions"])
    else:
        between = [tick for tick in drawn.get_ticks() if low + 0.2 * (high - low) < tick < high - 0.2 * (high - low)]
        drawn.set_ticks([low, *between, high], labels=[f"{tick:.4g}" for tick in (low, *between, high)])
    drawn.ax.tick_params(labelsize=SMALL, length=2, pad=2)
    drawn.outline.set_linewidth(0.4)


def _draw_sections(panel: PolarAxes, stiffness: Floats) -> None:
    angles, high = np.linspace(0, 2 * np.pi, 361), 0.0
    for (name, first, second, style), colour in zip(_SECTIONS, COLOURS, strict=False):
        directions = np.zeros((len(angles), 3))
        directions[:, first], directions[:, second] = np.cos(angles), np.sin(angles)
        values = youngs_modulus(stiffness, directions)
        high = max(high, float(values.max()))
        panel.plot(angles, values, style, color=colour, linewidth=1.1, label=f"{name} (0° = {name[0]})")
    panel.set_ylim(0, 1.05 * high)
    panel.set_thetagrids(range(0, 360, 45))
    panel.set_rlabel_position(22.5)
    step = _round_step(high / 3)
    panel.set_rgrids(np.arange(step, high, step).tolist())
    panel.tick_params(labelsize=SMALL, pad=0)
    panel.grid(color="0.85", linewidth=0.5)
    panel.spines["polar"].set_linewidth(0.5)
    panel.legend(
        fontsize=SMALL,
        frameon=False,
        ncols=3,
        loc="upper center",
        bbox_to_anchor=(0.5, -0.08),
        handlelength=1.6,
        columnspacing=0.9,
        handletextpad=0.4,
    )


def _round_step(at_most: float) -> float:
    """Return the largest of 1, 2, 5 and their like that is not above a number."""
    power = 10.0 ** np.floor(np.log10(at_most))
    return float(power * max(digit for digit in (1, 2, 5) if digit * power <= at_most))
