"""A model on record at work: from one measurement to quantities, without a trace on record."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from spectra.core.components import ForwardModel, Refinement, Refiner
from spectra.core.measurements import Measurement
from spectra.core.model import TrainedModel
from spectra.core.progress import Progress
from spectra.core.quantities import EstimatedQuantity, Quantity
from spectra.core.recipe import Choice, Recipe
from spectra.core.session import Session, Specimen
from spectra.core.signals import Signal
from spectra.core.store import ModelRecord
from spectra.core.technique import JudgingTechnique, MappingTechnique, Result
from spectra.core.workflows.environment import saying_what_to_install
from spectra.core.workflows.train import load_model


@dataclass(frozen=True, kw_only=True, eq=False)
class Solver:
    """A model with the physics and the refiner of its answers; one serves any number of measurements of its sample.

    Parameters
    ----------
    forward, refiner
        ``None`` if the regressor's answer is final.
    refining
        Name and parameters of ``refiner``, for the record.
    """

    specimen: Specimen
    record: ModelRecord
    model: TrainedModel
    forward: ForwardModel | None
    refiner: Refiner | None
    refining: Choice | None

    def solve(self, measurement: Measurement, *, progress: Progress) -> Result:
        """Predict, refine and judge the quantities behind one measurement.

        Parameters
        ----------
        progress
            Of the refinement.

        Raises
        ------
        InputError
            If encoder or refiner cannot work with it.
        """
        technique, field = self.specimen.technique, None
        if isinstance(technique, MappingTechnique):
            learned, field = technique.map(self.model, measurement, self.specimen.sample)
        else:
            learned = self.model.predict(measurement.signal)
        refinement = None
        derived: Sequence[EstimatedQuantity] = ()
        if self.refiner is not None and self.forward is not None:
            refinement = refined(
                self.refiner,
                measurement.signal,
                self.forward,
                starts=learned.starts(0, self.model.quantities),
                quantities=self.model.quantities,
                progress=progress,
            )
            derived = technique.derive(self.specimen.sample, refinement)
        result = Result(
            sample=self.specimen.sample,
            measurement=measurement,
            model=self.model,
            quantities=self.model.quantities,
            learned=learned,
            refinement=refinement,
            derived=tuple(derived),
            map=field,
        )
        return replace(result, verdict=technique.judge(result)) if isinstance(technique, JudgingTechnique) else result


def refined(
    refiner: Refiner,
    measured: Signal,
    forward: ForwardModel,
    *,
    starts: NDArray[np.float64],
    quantities: Sequence[Quantity],
    progress: Progress,
) -> Refinement:
    """Refine an answer, and hand the refiner a progress if its signature asks for one."""
    refine: Callable[..., Refinement] = refiner.refine
    asked = {"progress": progress} if "progress" in inspect.signature(refine).parameters else {}
    return refine(measured, forward, starts=starts, quantities=quantities, **asked)


def load_solver(session: Session, specimen: Specimen, record: ModelRecord, *, refining: Choice | None) -> Solver:
    """Restore a model from the registry; raises like :func:`~spectra.core.workflows.train.load_model`.

    Raises
    ------
    InputError
        If its forward model serves no refiner.
    """
    catalogue, model = session.catalogue, load_model(session, record)
    physics = Recipe.model_validate(record.recipe).forward_model
    with saying_what_to_install(catalogue, [record.environment]):
        forward = specimen.forward_model(catalogue, physics) if refining else None
    return Solver(
        specimen=specimen,
        record=record,
        model=model,
        forward=forward,
        refiner=catalogue.refiner(refining) if refining else None,
        refining=refining,
    )


def estimated(result: Result) -> list[EstimatedQuantity]:
    """Return the refined, learned and derived quantities, for the record."""
    quantities = []
    if result.refinement is not None:
        deviations = np.sqrt(np.diag(result.refinement.covariance))
        for quantity, value, std in zip(result.quantities, result.refinement.values, deviations, strict=True):
            known = bool(np.isfinite(std))
            quantities.append(
                EstimatedQuantity(
                    name=quantity.name,
                    unit=quantity.unit,
                    method="refined",
                    value=float(value),
                    std=float(std) if known else None,
                    note="" if known else "not determined; see the notes of the prediction",
                )
            )
    mean, spread = result.learned.mean[0], result.learned.spread[0]
    for quantity, value, std in zip(result.quantities, mean, spread, strict=True):
        quantities.append(
            EstimatedQuantity(
                name=quantity.name, unit=quantity.unit, method="learned", value=float(value), std=float(std)
            )
        )
    return [*quantities, *map(_in_plain_numbers, result.derived)]


def _in_plain_numbers(quantity: EstimatedQuantity) -> EstimatedQuantity:
    """Return what a technique derived without NumPy's scalars."""
    return replace(quantity, value=float(quantity.value), std=None if quantity.std is None else float(quantity.std))
