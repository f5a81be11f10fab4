"""Figures, made without pyplot, so that nobody's windows or settings come in; and how they are saved."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

from spectra.core.basics.files import write_atomically

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from spectra.core.technique import Result, Technique


def blank_figure() -> Figure:
    """Return an empty figure, ready to be drawn on and saved."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure()
    FigureCanvasAgg(figure)
    return figure


def result_figure(technique: Technique, result: Result) -> Figure:
    """Draw the result of an analysis as its technique draws it."""
    figure = blank_figure()
    technique.draw(result, figure)
    return figure


def save_figure(figure: Figure, path: Path) -> None:
    """Save a figure in the format of the ending of ``path``.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    picture = io.BytesIO()
    figure.savefig(picture, format=path.suffix.lstrip(".").lower(), dpi=120)
    write_atomically(path, picture.getvalue())
