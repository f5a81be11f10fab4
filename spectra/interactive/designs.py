"""What ``session.design`` answers: a line as ``repr``, a view in a notebook, a data frame, figures, structures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from spectra.core.workflows.designs.ranges import SpecimenDesigns
from spectra.core.workflows.designs.structures import StructureDesigns
from spectra.interactive.answers import Answer
from spectra.views.layout import Block
from spectra.views.tasks.design import design_blocks

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from spectra.core.signals import Signal


@dataclass(frozen=True, repr=False, eq=False)
class DesignAnswer(Answer):
    """Designs; ``designs`` holds everything as arrays: codes, searches, fronts."""

    designs: StructureDesigns | SpecimenDesigns

    def __repr__(self) -> str:
        verdicts = [design.verdict.trusted for design in self.designs.designs]
        return f"<{len(verdicts)} designs for {self.designs.specimen.sample.name}, {sum(verdicts)} trusted>"

    @property
    def table(self) -> pd.DataFrame:
        """A row for each design, with target, value, error, evaluations, verdict and what else ``--json`` has of it."""
        import pandas as pd

        nested: dict[str, Any] = {"values": {}, "controls": {}}
        rows = []
        for design in self.designs.designs:
            document = design.document()
            more = {k: v for name, none in nested.items() for k, v in document.get(name, none).items()}
            rows.append({k: v for k, v in document.items() if k not in (*nested, "front", "reasons")} | more)
        return pd.DataFrame(rows)

    @property
    def signal(self) -> Signal | None:
        """The designed structures in the order of those that were found; ``None`` for specimens."""
        return self.designs.signal if isinstance(self.designs, StructureDesigns) else None

    def figure(self) -> Figure | None:
        """Draw the series and its searches; ``None`` where nothing can be shown."""
        from spectra.views.figures.design import designs_figure

        return designs_figure(self.designs)

    def controls_figure(self) -> Figure | None:
        """Draw designs beside their altered copies; ``None`` where there are none."""
        from spectra.views.figures.design import controls_figure

        return controls_figure(self.designs)

    def blocks(self) -> Iterator[Block]:
        """Yield what the command line prints."""
        return design_blocks(self.designs)
