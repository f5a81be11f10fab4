"""Figures, made without pyplot, so that nobody's windows or settings come in; and how they are saved."""

from __future__ import annotations

import io
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

from spectra.core.basics.files import write_atomically

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from spectra.core.technique import Result, Technique

_LINE = 110  # characters of a verdict in a title of ordinary size, 10 inches wide
_DPI = 120  # of pixels, and of the layout, so that texts are measured once; a figure for print asks for more
_COLOURS = {"trusted": "black", "doubtful": "#B34700", "refused": "#B00000"}


def blank_figure() -> Figure:
    """Return an empty figure, ready to be drawn on and saved."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(dpi=_DPI)
    FigureCanvasAgg(figure)
    return figure


def result_figure(technique: Technique, result: Result) -> Figure:
    """Draw the result of an analysis as its technique draws it, with the verdict below the title."""
    figure = blank_figure()
    technique.draw(result, figure)
    if result.verdict is not None:
        text = textwrap.fill(str(result.verdict), int(_LINE * figure.get_size_inches()[0] / 10))
        title = figure.suptitle("\n".join(filter(None, [figure.get_suptitle(), text])))
        title.set_color(_COLOURS[result.verdict.word])
    return figure


class Drawing:
    """Draws the figures that go on record, and keeps the last, to be saved in another format as well."""

    def __init__(self) -> None:
        self.figure: Figure | None = None

    def __call__(self, technique: Technique, result: Result) -> bytes:
        """Return the figure of a result as SVG."""
        self.figure = None
        self.figure = result_figure(technique, result)
        return figure_bytes(self.figure, "svg")


def figure_bytes(figure: Figure, kind: str) -> bytes:
    """Return a figure as a file of a kind, such as ``"png"``; the same figure gives the same bytes.

    Its layout is made first and kept: Matplotlib would draw everything once for the layout alone, each time.
    """
    from matplotlib import rc_context

    picture = io.BytesIO()
    dated = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}
    with rc_context({"svg.hashsalt": "spectra", "figure.autolayout": False, "figure.constrained_layout.use": False}):
        engine = figure.get_layout_engine()
        if engine is not None:
            engine.execute(figure)
            figure.set_layout_engine(None)  # "none" would leave a placeholder, for which everything is drawn as well
        figure.savefig(picture, format=kind, dpi=figure.dpi, metadata=dated.get(kind))
    return picture.getvalue()


def save_figure(figure: Figure, path: Path) -> None:
    """Save a figure in the format of the ending of ``path``.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    write_atomically(path, figure_bytes(figure, path.suffix.lstrip(".").lower()))
