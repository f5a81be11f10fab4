"""A session for notebooks and scripts: what the command line does, as methods."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from spectra.core.inventory.catalogue import Catalogue
from spectra.core.measurements import Condition
from spectra.core.progress import Progress, Spoken
from spectra.core.recipe import DEFAULT, Recipe
from spectra.core.session import Context, Session, Specimen, operator
from spectra.interactive.answers import (
    AnalysisAnswer,
    EvaluationAnswer,
    ModelAnswer,
    RecordAnswer,
    ReproductionAnswer,
    SpectrumAnswer,
    TrainingSetAnswer,
)
from spectra.interactive.arguments import (
    Files,
    Parameters,
    SampleLike,
    to_frame,
    to_paths,
    to_specimen,
)

if TYPE_CHECKING:
    import pandas as pd

    from spectra.interactive.courses import SeriesAnswer
    from spectra.interactive.designs import DesignAnswer
    from spectra.interactive.likeness import SimilarAnswer
    from spectra.registry.registry import Registry


class InteractiveSession:
    """The tasks of the platform on one registry; use it in a ``with`` statement, or close it.

    Parameters
    ----------
    registry
        Where everything goes on record.
    catalogue
        The components of the loaded plugins.
    """

    def __init__(
        self, registry: Registry, catalogue: Catalogue, *, progress: Progress | None = None, jobs: int | None = None
    ) -> None:
        self.registry, self.catalogue = registry, catalogue
        self._progress, self._jobs = progress or Spoken(), jobs

    def __repr__(self) -> str:
        return f"<spectra session on {self.registry.storage.database.name}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the registry."""
        self.registry.close()

    def analyze(
        self,
        file: Files,
        *,
        sample: SampleLike,
        technique: str | None = None,
        recipe: str = DEFAULT,
        refine: bool = True,
        model: str | None = None,
        components: Mapping[str, str] | None = None,
        parameters: Parameters | None = None,
        reader: str | Mapping[str, str] | None = None,
        reading: Mapping[str, Any] | None = None,
        processors: Sequence[str] | None = None,
        conditions: Iterable[str] = (),
        tags: Sequence[str] = (),
        seed: int | None = None,
    ) -> AnalysisAnswer:
        """Predict and refine the quantities behind a measured file, and put them on record.

        If no model of the sample is on record, its training set is simulated and a model is trained first.

        Parameters
        ----------
        file
            The measured file, or those of a technique of several parts by part.
        sample
            What is known about the specimen.
        technique
            Default: the one that the sample names.
        recipe
            ``default``, ``quick`` (nothing is trained for long), or another of the technique.
        refine
            Whether the answer is refined against the physics.
        model
            Take this model on record: its identifier, or an alias.
        components
            Components to use instead, by role: ``{"encoder": "direct"}``.
        parameters
            Parameters to change, by role, or by name of a distortion or processor.
        reader, reading
            Name of the reader and its parameters; of a technique of several parts, by part.
        processors
            Names of processors, in their order.
        conditions
            Such as ``"temperature=300 K"``.
        tags
            Of measurement and prediction.
        seed
            Take only a model that was trained with this seed.

        Raises
        ------
        SpectraError
            One with a sentence that says what is wrong and what to do.
        """
        from spectra.core.workflows.analyze import analyze
        from spectra.core.workflows.reading import chosen_processors, read_measurement

        specimen = to_specimen(self.catalogue, sample, technique)
        changes = dict(parameters or {})
        measurement = read_measurement(
            self.catalogue,
            specimen,
            to_paths(file),
            reader=reader,
            parameters=reading,
            processors=chosen_processors(self.catalogue, processors, changes),
            conditions=[Condition.parse(text) for text in conditions],
        )
        complete = self._recipe(specimen, recipe, components, changes)
        if not refine:
            complete = complete.model_copy(update={"refiner": None})
        session = self._session(f"analyze({str(file)!r}, sample={specimen.sample.name!r})")
        analysis = analyze(session, specimen, measurement, complete, model_id=model, seed=seed, tags=tags)
        return AnalysisAnswer(specimen, analysis)

    def series(
        self,
        files: Sequence[str | Path],
        *,
        sample: SampleLike,
        at: str,
        reference: str | None = None,
        technique: str | None = None,
        recipe: str = DEFAULT,
        model: str | None = None,
        components: Mapping[str, str] | None = None,
        parameters: Parameters | None = None,
        reader: str | None = None,
        reading: Mapping[str, Any] | None = None,
        processors: Sequence[str] | None = None,
        tags: Sequence[str] = (),
        again: bool = False,
    ) -> SeriesAnswer:
        """Analyze one specimen at many temperatures, pressures, fields or times, and how it changes.

        Parameters
        ----------
        at
            What varies and where it stands: ``"temperature=run-{K}.dat"``, ``"temperature=TABLE.csv"``.
        reference
            From where changes are counted: ``"295 K"``.
        again
            Analyze also what is on record. The others are as for :meth:`analyze`.
        """
        from spectra.core.workflows.reading import chosen_processors
        from spectra.core.workflows.series.conditions import entries_of, value_in
        from spectra.core.workflows.series.series import Reading, series
        from spectra.interactive.courses import SeriesAnswer

        along, entries = entries_of([Path(file) for file in files], at)
        specimen, changes = to_specimen(self.catalogue, sample, technique), dict(parameters or {})
        chain = chosen_processors(self.catalogue, processors, changes)
        found = series(
            replace(self._session(f"series({at!r}, sample={specimen.sample.name!r})"), draw=None),
            specimen,
            entries,
            self._recipe(specimen, recipe, components, changes),
            along=along,
            reference=None if reference is None else value_in(entries, along, reference),
            reading=Reading(reader=reader, parameters=reading, processors=chain),
            model_id=model,
            tags=tags,
            again=again,
        )
        return SeriesAnswer(specimen, found)

    def train(
        self,
        sample: SampleLike,
        *,
        technique: str | None = None,
        recipe: str = DEFAULT,
        components: Mapping[str, str] | None = None,
        parameters: Parameters | None = None,
        seed: int = 0,
        again: bool = False,
    ) -> ModelAnswer:
        """Train a model of a sample, or take the one that is on record.

        Parameters
        ----------
        again
            Train even if such a model is on record.
        """
        from spectra.core.workflows.train import train

        specimen = to_specimen(self.catalogue, sample, technique)
        complete = self._recipe(specimen, recipe, components, parameters)
        known = self.registry.find_model(
            technique=specimen.sample.technique,
            sample_digest=specimen.sample.digest,
            recipe_digest=complete.digest,
            seed=seed,
        )
        record = known if known and not again else train(self._session("train"), specimen, complete, seed=seed)
        return ModelAnswer(record, self.registry.read_artefact(record.artefact))

    def simulate(
        self,
        sample: SampleLike,
        *,
        at: Mapping[str, float] | None = None,
        technique: str | None = None,
        recipe: str = DEFAULT,
        components: Mapping[str, str] | None = None,
        parameters: Parameters | None = None,
    ) -> TrainingSetAnswer | SpectrumAnswer:
        """Simulate the training set of a sample, or find it on record; with ``at``, the one spectrum of quantities.

        Parameters
        ----------
        at
            A number for each quantity, in its unit: ``{"C11": 270, "C44": 80}``.
        """
        from spectra.core.workflows.training_set import data_set

        specimen = to_specimen(self.catalogue, sample, technique)
        complete = self._recipe(specimen, recipe, components, parameters)
        if at is None:
            record, data = data_set(self._session("simulate"), specimen, complete)
            return TrainingSetAnswer(specimen, record, data)

        from spectra.core.quantities import values_of
        from spectra.views.tasks.spectrum import spectrum_tables

        forward = specimen.forward_model(self.catalogue, complete.forward_model)
        values = values_of(at, specimen.quantities)
        tables = spectrum_tables(forward, values, specimen.quantities)
        return SpectrumAnswer(forward.simulate(values[None]), tables, forward, values)

    def evaluate(self, study: str | Path, *, quick: bool = False) -> EvaluationAnswer:
        """Run a study file: variants of a recipe on the same spectra under every condition.

        Parameters
        ----------
        quick
            Run the shortened study that the file describes.
        """
        from spectra.core.studies.evaluate import evaluate_file

        return EvaluationAnswer(evaluate_file(self._session("evaluate"), Path(study), quick=quick), quick)

    def design(
        self,
        sample: SampleLike,
        target: float | str | Sequence[float | str],
        *,
        quantity: str | None = None,
        peak: int | None = None,
        vary: Sequence[str] = (),
        at: Mapping[str, float] | None = None,
        technique: str | None = None,
        recipe: str = DEFAULT,
        model: str | None = None,
        search: str = "cma",
        generator: str = "pca",
        components: Mapping[str, str] | None = None,
        parameters: Parameters | None = None,
        starts: int = 3,
        tolerance: float | None = None,
        evaluations: int | None = None,
        seed: int = 0,
    ) -> DesignAnswer:
        """Find structures whose predicted quantity has a wanted value, or specimens with a line at a wanted place.

        Parameters
        ----------
        target
            One or several, in the quantity's unit; of lines also with a unit, as in ``"350 kHz"``.
        quantity
            Of which; default: the only one.
        peak
            Which line of the spectrum instead, from 1.
        vary, at
            What may be chosen of a specimen, and the quantities that are given.
        search, generator
            Names of optimizer and generator; their parameters stand in ``parameters`` under ``"search"`` and
            ``"generator"``.
        starts
            Designs for each target.
        tolerance
            Deviation that counts as none.
        evaluations
            In one search, at most.
        """
        from spectra.core.workflows.designs.ranges import RangePlan, design_specimens
        from spectra.core.workflows.designs.structures import Plan, design_structures
        from spectra.interactive.designs import DesignAnswer

        specimen = to_specimen(self.catalogue, sample, technique)
        changes = dict(parameters or {})
        optimizer = self.catalogue.choose("optimizer", search, changes.pop("search", {}))
        space = self.catalogue.choose("generator", generator, changes.pop("generator", {}))
        complete = self._recipe(specimen, recipe, components, changes)
        wanted = [target] if isinstance(target, str | int | float) else list(target)
        session = self._session(f"design({specimen.sample.name!r}, {target!r})")
        limits: dict[str, Any] = {"starts": starts, "tolerance": tolerance, "seed": seed, "optimizer": optimizer}
        if evaluations is not None:
            limits["evaluations"] = evaluations
        if peak is not None:
            texts = [str(one) for one in wanted]
            lines = RangePlan(peak=peak, targets=texts, vary=tuple(vary), at=dict(at or {}), **limits)
            return DesignAnswer(design_specimens(session, specimen, complete, lines))
        plan = Plan(quantity=quantity, targets=[float(one) for one in wanted], generator=space, **limits)
        return DesignAnswer(design_structures(session, specimen, complete, plan, model_id=model))

    def similar(
        self,
        what: str | Path,
        *,
        where: str = "",
        among: str = "measurements",
        features: Sequence[str] | None = None,
        metric: str | None = None,
        top: int = 10,
        sample: SampleLike | None = None,
        reader: str | None = None,
        parameters: Parameters | None = None,
    ) -> SimilarAnswer:
        """Find what on record is like a measured file or a record, why, and what it was.

        Parameters
        ----------
        what
            A file, or the identifier of a measurement, of a prediction or of a specimen of a data set (``"ID:17"``).
        where
            Query that selects what is compared.
        among
            ``"measurements"``, or ``"data-sets"`` for the specimens of simulated ones.
        features
            Names of encoders, or ``"model:ID"``; default: those for the kind of signal.
        metric
            Default: the one for the kind of signal.
        sample, reader
            How a file is read; pictures need neither.
        parameters
            By the name of an encoder, or of ``"reader"``.

        Raises
        ------
        SpectraError
            As the command line says it.
        """
        from spectra.core.similarity.search import similar
        from spectra.interactive.likeness import SimilarAnswer
        from spectra.registry.similarity.selection import query_signal, select

        session = self._session("similar")
        signal, name, item = query_signal(
            session,
            self.registry,
            str(what),
            specimen=None if sample is None else to_specimen(self.catalogue, sample, None),
            reader=reader,
            where=where,
            settings=parameters or {},
        )
        selection = select(
            session,
            self.registry,
            where=where,
            among=among,
            features=features,
            metric=metric,
            settings=parameters or {},
            kind=signal.kind,
        )
        left_out = [] if item is None else [item.id]
        query = selection.archive.query(signal, item)
        found = similar(selection.archive, query, top=top, metric=selection.metric, left_out=left_out)
        return SimilarAnswer(name, signal, found, selection)

    def reproduce(self, prediction: str) -> ReproductionAnswer:
        """Repeat a prediction from its record alone; nothing goes on record."""
        from spectra.core.workflows.reproduce import reproduce

        return ReproductionAnswer(reproduce(self._session("reproduce"), self.registry.get_prediction(prediction)))

    def show(self, id: str) -> RecordAnswer:
        """Return anything on record by its identifier, its first characters, or a model's alias."""
        from spectra.views.lineage import repeating_command

        lineage = self.registry.lineage(id)
        return RecordAnswer(lineage, repeating_command(lineage.record, None))

    def predictions(self, query: str = "", *, sort: str = "-created", limit: int | None = None) -> pd.DataFrame:
        """Return the predictions that a query selects, such as ``"sample=steel*,C11>260,age<30d"``."""
        return to_frame(self.registry.list_predictions(query, sort=sort, limit=limit), "predictions")

    def models(self, query: str = "", *, sort: str = "-created", limit: int | None = None) -> pd.DataFrame:
        """Return the models that a query selects."""
        return to_frame(self.registry.list_models(query, sort=sort, limit=limit), "models")

    def measurements(self, query: str = "", *, sort: str = "-created", limit: int | None = None) -> pd.DataFrame:
        """Return the measurements that a query selects."""
        return to_frame(self.registry.list_measurements(query, sort=sort, limit=limit), "measurements")

    def samples(self, query: str = "", *, sort: str = "-created", limit: int | None = None) -> pd.DataFrame:
        """Return the samples that a query selects."""
        return to_frame(self.registry.list_samples(query, sort=sort, limit=limit), "samples")

    def _session(self, call: str) -> Session:
        from spectra.views.figures.canvas import Drawing

        context = Context(command=f"Python: {call}", operator=operator())
        return Session(
            store=self.registry,
            catalogue=self.catalogue,
            progress=self._progress,
            context=context,
            jobs=self._jobs,
            draw=Drawing(),
        )

    def _recipe(
        self, specimen: Specimen, name: str, components: Mapping[str, str] | None, parameters: Parameters | None
    ) -> Recipe:
        from spectra.core.workflows.recipes import complete_recipe

        names = {role.replace("_", "-"): component for role, component in (components or {}).items()}
        changes = {role.replace("_", "-"): values for role, values in (parameters or {}).items()}
        return complete_recipe(self.catalogue, specimen.recipe(name), names=names, parameters=changes)
