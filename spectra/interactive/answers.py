"""What the tasks of an interactive session answer: a line as ``repr``, a view in a notebook, data frames, a figure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, ClassVar

from spectra.core.basics.verdict import REFUSED, Verdict
from spectra.core.quantities import EstimatedQuantity
from spectra.core.session import Specimen
from spectra.core.store import AnyRecord, DataSetRecord, ModelRecord, PredictionRecord, kind_of
from spectra.core.studies.scores import Score
from spectra.core.tables import Table
from spectra.views.frames import objects_frame, quantities_frame, table_frame, values_frame
from spectra.views.html import blocks_html
from spectra.views.layout import Block
from spectra.views.lineage import lineage_blocks
from spectra.views.numbers import shown, test_error
from spectra.views.records import record_blocks, record_label
from spectra.views.tasks.analysis import analysis_blocks
from spectra.views.tasks.data_set import data_set_blocks
from spectra.views.tasks.reproduction import reproduction_blocks
from spectra.views.tasks.study import study_blocks

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from spectra.core.components import ForwardModel
    from spectra.core.formats.maps import QuantityMap
    from spectra.core.signals import Signal
    from spectra.core.studies.evaluate import Evaluation
    from spectra.core.workflows.analyze import Analysis
    from spectra.core.workflows.reproduce import Reproduction
    from spectra.core.workflows.training_set import DataSet
    from spectra.registry.lineage import Lineage


class Answer:
    """Shows itself in a notebook as the command line prints it."""

    def blocks(self) -> Iterator[Block]:
        """Yield facts, tables and sentences, the answer last."""
        raise NotImplementedError

    def _repr_html_(self) -> str:
        return blocks_html(self.blocks())


class _WithTables(Answer):
    """An answer whose tables are attributes, too: ``answer.modes``."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    def _tables(self) -> Mapping[str, Table]:
        raise NotImplementedError

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Its tables by their names, with the units in the names of the columns."""
        return {name: table_frame(table) for name, table in self._tables().items()}

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name in self.__dataclass_fields__:
            raise AttributeError(name)
        if name in self._tables():
            return table_frame(self._tables()[name])
        raise AttributeError(f"There is no {name!r} here; tables are {', '.join(self._tables()) or 'none'}.")

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self._tables()]


@dataclass(frozen=True, repr=False, eq=False)
class AnalysisAnswer(_WithTables):
    """An analysis, on record as ``prediction``.

    ``result`` holds everything as arrays: signal, estimate, refinement with covariance and posterior sample.
    """

    specimen: Specimen
    analysis: Analysis

    def __repr__(self) -> str:
        name = self.analysis.result.measurement.file.name
        found = _listed(self.prediction.final)
        judged = f", {self.verdict.word}" if self.verdict else ""
        return f"<{self.prediction.id}: {name} of {self.specimen.sample.name}: {found}{judged}>"

    @property
    def result(self) -> Any:
        """What is known about the measurement, in arrays."""
        return self.analysis.result

    @property
    def prediction(self) -> PredictionRecord:
        """The record of it."""
        return self.analysis.prediction

    @property
    def model(self) -> ModelRecord:
        """The record of the model that answered."""
        return self.analysis.model

    @property
    def quantities(self) -> pd.DataFrame:
        """The final values by quantity, then what was derived, with std, unit, method, and why a std is missing."""
        return quantities_frame(self.prediction.final)

    @property
    def estimates(self) -> pd.DataFrame:
        """The same with the regressor's own answers of quantities that were refined."""
        return quantities_frame(self.prediction.quantities)

    @property
    def posterior(self) -> pd.DataFrame:
        """The posterior sample, a row for each draw; no rows from a refiner that draws none."""
        import numpy as np

        quantities, refinement = self.result.quantities, self.result.refinement
        draws = refinement.draws if refinement is not None else None
        return values_frame(np.empty((0, len(quantities))) if draws is None else draws, quantities)

    @property
    def map(self) -> QuantityMap | None:
        """The quantities at every place of a picture, from a technique that maps."""
        field: QuantityMap | None = self.result.map
        return field

    @property
    def verdict(self) -> Verdict | None:
        """Whether to believe it, and what speaks against it; ``None`` from a technique that does not judge."""
        verdict: Verdict | None = self.result.verdict
        return verdict

    @property
    def notes(self) -> tuple[str, ...]:
        """What to keep in mind."""
        return tuple(self.prediction.report["notes"])

    def figure(self) -> Figure:
        """Draw the one figure that shows whether to believe it."""
        from spectra.views.figures.canvas import result_figure

        return result_figure(self.specimen.technique, self.result)

    def blocks(self) -> Iterator[Block]:
        """Yield what the command line prints."""
        return analysis_blocks(self.analysis)

    def _tables(self) -> Mapping[str, Table]:
        refinement = self.analysis.result.refinement
        return {} if refinement is None else {table.name: table for table in refinement.tables}


@dataclass(frozen=True, repr=False, eq=False)
class ModelAnswer(Answer):
    """A trained model, on record."""

    record: ModelRecord
    artefact: bytes

    def __repr__(self) -> str:
        tested = self.record.metrics["test"]
        errors = ", ".join(f"{q['name']} {test_error(q, tested[q['name']])}" for q in self.record.quantities)
        return f"<{self.record.id}: model of {self.record.sample_name}, {record_label(self.record)}: {errors}>"

    @property
    def errors(self) -> pd.DataFrame:
        """Errors on distorted test spectra, a row for each quantity."""
        import pandas as pd

        return pd.DataFrame.from_dict(dict(self.record.metrics["test"]), orient="index").rename_axis("quantity")

    def figure(self) -> Figure:
        """Draw the loss of each epoch, where there are epochs, and predicted against true quantities."""
        from spectra.views.figures.model import model_figure

        return model_figure(self.record, self.artefact)

    def blocks(self) -> Iterator[Block]:
        """Yield what the command line prints."""
        return record_blocks(self.record)


@dataclass(frozen=True, repr=False, eq=False)
class TrainingSetAnswer(Answer):
    """A training set, on record: what was simulated for a sample."""

    specimen: Specimen
    record: DataSetRecord
    data: DataSet

    def __repr__(self) -> str:
        return f"<{self.record.id}: {len(self.data):,} simulated spectra of {self.specimen.sample.name}>"

    @property
    def values(self) -> pd.DataFrame:
        """The quantities, a row for each spectrum."""
        return values_frame(self.data.values, self.specimen.quantities)

    @property
    def signal(self) -> Signal:
        """The spectra, as a stack."""
        return self.data.signal

    def blocks(self) -> Iterator[Block]:
        """Yield what the command line prints."""
        points = len(self.specimen.technique.design(self.specimen.sample).points)
        return data_set_blocks(self.record, self.data, self.specimen.sample, self.specimen.quantities, points=points)


@dataclass(frozen=True, repr=False, eq=False)
class SpectrumAnswer(_WithTables):
    """One simulated spectrum."""

    signal: Signal
    spectrum_tables: Sequence[Table]
    forward: ForwardModel
    values: NDArray[np.float64]

    @property
    def pictures(self) -> Mapping[str, str]:
        """What :meth:`figure` can draw, by name, each with a line of text."""
        from spectra.views.figures.spectrum import pictures_of

        return pictures_of(self.forward)

    def figure(self, picture: str | None = None, *, rows: Sequence[int] | None = None, width: float = 170.0) -> Figure:
        """Draw one of :attr:`pictures`, by default the first.

        Parameters
        ----------
        rows
            Which lines of the spectrum, counted from 1, where the picture has such.
        width
            In mm.
        """
        from spectra.views.figures.spectrum import spectrum_figure

        return spectrum_figure(self.forward, self.values, picture=picture, rows=rows, width=width)

    def __repr__(self) -> str:
        sizes = ", ".join(f"{table.name} {len(table)}" for table in self.spectrum_tables)
        return f"<simulated {self.signal.kind}: {sizes}>"

    def blocks(self) -> Iterator[Block]:
        """Yield what the command line prints."""
        return iter(self.spectrum_tables)

    def _tables(self) -> Mapping[str, Table]:
        return {table.name: table for table in self.spectrum_tables}


@dataclass(frozen=True, repr=False, eq=False)
class EvaluationAnswer(Answer):
    """A study."""

    evaluation: Evaluation
    quick: bool

    def __repr__(self) -> str:
        study = self.evaluation.study
        return f"<{study.title}: {len(study.variants)} variants, {len(study.conditions)} conditions>"

    @property
    def scores(self) -> pd.DataFrame:
        """A row for each variant, condition, method and quantity."""
        return objects_frame(self.evaluation.scores, [field.name for field in fields(Score)])

    def figure(self) -> Figure:
        """Draw predicted against true quantities, or what became of a measured spectrum."""
        from spectra.views.figures.parity import evaluation_figure

        return evaluation_figure(self.evaluation)

    def blocks(self) -> Iterator[Block]:
        """Yield what the command line prints."""
        return study_blocks(self.evaluation, quick=self.quick)


@dataclass(frozen=True, repr=False, eq=False)
class ReproductionAnswer(Answer):
    """A prediction, repeated from its record."""

    reproduction: Reproduction

    def __repr__(self) -> str:
        said = "the same" if self.same else "different"
        return f"<{self.reproduction.prediction.id}, repeated: {said}>"

    @property
    def same(self) -> bool:
        """Whether every number came out as recorded."""
        return self.reproduction.same

    def blocks(self) -> Iterator[Block]:
        """Yield what the command line prints."""
        return reproduction_blocks(self.reproduction)


@dataclass(frozen=True, repr=False, eq=False)
class RecordAnswer(_WithTables):
    """Anything on record, between what it came from and what came from it."""

    lineage: Lineage
    command: str | None

    def __repr__(self) -> str:
        return f"<{self.record.id}: {kind_of(self.record)}: {record_label(self.record)}>"

    @property
    def record(self) -> AnyRecord:
        """The record itself."""
        return self.lineage.record

    @property
    def map(self) -> QuantityMap | None:
        """The quantities at every place of a picture, from a technique that maps."""
        field: QuantityMap | None = self.result.map
        return field

    @property
    def verdict(self) -> Verdict | None:
        """That of a prediction; ``None`` if nobody judged it, and for anything else."""
        if not isinstance(self.record, PredictionRecord) or self.record.verdict is None:
            return None
        return Verdict(reasons=self.record.reasons, refused=self.record.verdict == REFUSED)

    @property
    def quantities(self) -> pd.DataFrame:
        """The final values of a prediction; no rows for anything else."""
        return quantities_frame(self.record.final if isinstance(self.record, PredictionRecord) else ())

    def blocks(self) -> Iterator[Block]:
        """Yield what the command line prints."""
        return lineage_blocks(self.lineage, self.command)

    def _tables(self) -> Mapping[str, Table]:
        if not isinstance(self.record, PredictionRecord):
            return {}
        return {name: Table.from_document(name, document) for name, document in self.record.report["tables"].items()}


def _listed(quantities: Sequence[EstimatedQuantity]) -> str:
    found = [quantity for quantity in quantities if quantity.method != "derived"]
    return ", ".join(f"{q.name} {shown(q)} {q.unit}".strip() for q in found)
