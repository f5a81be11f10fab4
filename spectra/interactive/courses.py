"""What ``session.series`` answers: a line as ``repr``, a view in a notebook, data frames, a figure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from spectra.core.session import Specimen
from spectra.core.workflows.series.series import Series
from spectra.interactive.answers import Answer
from spectra.views.layout import Block
from spectra.views.tasks.series import series_blocks, series_frame

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


@dataclass(frozen=True, repr=False, eq=False)
class SeriesAnswer(Answer):
    """One specimen at many values of a condition; ``series`` holds everything as arrays."""

    specimen: Specimen
    series: Series

    def __repr__(self) -> str:
        answered = sum(point.answer is not None for point in self.series.points)
        low, high = self.series.conditions[[0, -1]]
        course = f"{self.series.along} {low:g} to {high:g} {self.series.unit}".strip()
        return f"<{self.specimen.sample.name}: {answered} of {len(self.series.points)} files answered, {course}>"

    @property
    def points(self) -> pd.DataFrame:
        """A row for each file, with its condition, answers, changes from the reference and lines of the spectrum."""
        return series_frame(self.series)

    def figure(self, *, smooth: bool = False) -> Figure:
        """Draw quantities and their changes, squared frequencies and losses of the lines over the condition."""
        from spectra.views.figures.series import series_figure

        return series_figure(self.series, smooth=smooth)

    def blocks(self) -> Iterator[Block]:
        """Yield what the command line prints."""
        return series_blocks(self.series)
