"""What all pictures share: sizes for a journal's columns, colours that everybody tells apart, saving."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MM = 1 / 25.4
"""Inches."""

NARROW, WIDE = 85 * MM, 170 * MM
"""One and two columns of a journal, in inches."""

SMALL, LARGE = 6.5, 7.5
"""Points: ticks and notes, labels and titles."""

RESOLUTION = 300
"""Of pixel files, in dots per inch."""

# Okabe and Ito (2008), the yellow last, for it is faint on white.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#000000", "#56B4E9", "#E69F00", "#8B7500")


def figure_bytes(figure: Figure, kind: str) -> bytes:
    """Return a figure as a file of a kind, such as ``"png"``."""
    target = io.BytesIO()
    figure.savefig(target, format=kind, dpi=RESOLUTION)
    return target.getvalue()
