"""What ``session.similar`` answers: a line as ``repr``, a view in a notebook, data frames, a contact sheet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from spectra.core.signals import Signal
from spectra.core.similarity.search import Similar
from spectra.interactive.answers import Answer
from spectra.registry.similarity.selection import Selection
from spectra.views.frames import table_frame
from spectra.views.layout import Block
from spectra.views.tasks.similarity import neighbours_table, similar_blocks

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


@dataclass(frozen=True, repr=False, eq=False)
class SimilarAnswer(Answer):
    """What is like a query; ``found`` holds everything, ``selection.archive`` the features that were compared."""

    name: str
    query: Signal
    found: Similar
    selection: Selection

    def __repr__(self) -> str:
        nearest = self.found.neighbours[0]
        like = f"nearest is {nearest.item.name} of {nearest.item.sample} at {nearest.distance:.3g}"
        return f"<{self.name}: {like}, {self.found.compared:,} compared>"

    @property
    def neighbours(self) -> pd.DataFrame:
        """A row for each neighbour, the nearest first."""
        return table_frame(neighbours_table(self.name, self.found))

    def figure(self) -> Figure:
        """Draw the query and its neighbours side by side."""
        from spectra.views.figures.contact_sheet import similar_sheet

        return similar_sheet(self.name, self.query, self.found, self.selection.signal)

    def blocks(self) -> Iterator[Block]:
        """Yield what the command line prints."""
        return similar_blocks(self.name, self.found, self.selection.archive)
