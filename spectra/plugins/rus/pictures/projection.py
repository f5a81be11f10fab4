"""Small three-dimensional views: a parallel projection, painted from back to front."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spectra.plugins.rus.pictures.canvas import SMALL

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_AZIMUTH, _ELEVATION = np.radians(-58.0), np.radians(24.0)
_DARKEST = 0.62  # of a patch that is seen edge-on

TOWARDS = np.array([np.cos(_ELEVATION) * np.cos(_AZIMUTH), np.cos(_ELEVATION) * np.sin(_AZIMUTH), np.sin(_ELEVATION)])
"""From the body to the eye."""

_RIGHT = np.array([-np.sin(_AZIMUTH), np.cos(_AZIMUTH), 0.0])
_UP = np.cross(TOWARDS, _RIGHT)
_LIGHT = TOWARDS + 0.5 * _UP - 0.35 * _RIGHT
_LIGHT = _LIGHT / np.linalg.norm(_LIGHT)


def projected(points: Floats) -> Floats:
    """Return points (..., 3) on the paper, (..., 2)."""
    return points @ np.stack([_RIGHT, _UP], axis=1)


def paint(axes: Axes, points: Floats, patches: Integers, colours: Floats, *, line: float = 0.0) -> None:
    """Paint patches of a surface, the farthest first.

    Parameters
    ----------
    points : ndarray, shape (q, 3)
    patches : ndarray of int, shape (k, 4)
    colours : ndarray, shape (k, 3)
        Red, green and blue in full light.
    line
        Width of the lines around patches, in points.
    """
    from matplotlib.collections import PolyCollection

    corners = points[patches]  # (k, 4, 3)
    normals = np.cross(corners[:, 2] - corners[:, 0], corners[:, 3] - corners[:, 1])
    degenerate = np.linalg.norm(normals, axis=1) == 0
    normals[degenerate] = np.cross(
        corners[degenerate, 1] - corners[degenerate, 0], corners[degenerate, 2] - corners[degenerate, 0]
    )
    normals /= np.maximum(np.linalg.norm(normals, axis=1), 1e-300)[:, None]
    shade = _DARKEST + (1 - _DARKEST) * np.abs(normals @ _LIGHT)
    order = np.argsort(corners.mean(axis=1) @ TOWARDS)
    lit = np.clip(colours * shade[:, None], 0, 1)[order]
    around = lit * 0.72 if line else lit
    collection = PolyCollection(
        list(projected(corners[order])), facecolors=lit, edgecolors=around, linewidths=line or 0.15, rasterized=True
    )
    axes.add_collection(collection, autolim=False)


def draw_axes(axes: Axes, names: tuple[str, str, str] = ("x", "y", "z")) -> None:
    """Draw the three directions into an empty panel."""
    for direction, name in zip(np.eye(3), names, strict=True):
        right, up = projected(direction)
        axes.annotate(
            "",
            (right, up),
            (0, 0),
            arrowprops={"arrowstyle": "-|>", "linewidth": 0.7, "color": "0.2", "shrinkA": 0, "mutation_scale": 5},
        )
        axes.text(1.32 * right, 1.32 * up, name, fontsize=SMALL, ha="center", va="center")
    axes.set(xlim=(-0.6, 1.35), ylim=(-0.75, 1.35), aspect="equal")
    axes.set_axis_off()
