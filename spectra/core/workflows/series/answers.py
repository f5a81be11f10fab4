"""What a series asks of a refiner: to start at a known answer, to notice a surprise, and to contrast answers.

A refiner need not do any of it. Without the first every spectrum is analyzed from scratch; without the last, changes
have the standard deviations of both answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from spectra.core.components import ForwardModel
from spectra.core.quantities import Quantity
from spectra.core.store import PredictionRecord
from spectra.core.tables import Table
from spectra.core.technique import Result

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Answer:
    """The searched quantities at one point of a series, from a result or from its record.

    Parameters
    ----------
    values : ndarray, shape (p,)
    covariance : ndarray, shape (p, p)
        NaN where it is not known.
    tables
        Those of the refinement, by name.
    """

    values: Floats
    covariance: Floats
    misfit: float
    tables: Mapping[str, Table]
    refused: bool

    @property
    def stds(self) -> Floats:
        """Standard deviations, shape (p,)."""
        return np.asarray(np.sqrt(np.diag(self.covariance)))

    @classmethod
    def of_result(cls, result: Result) -> Answer:
        """Return the answer of an analysis that was just made."""
        refinement, verdict = result.refinement, result.verdict
        refused = verdict is not None and verdict.refused
        if refinement is None:
            mean, spread = result.learned.mean[0], result.learned.spread[0]
            return cls(values=mean, covariance=np.diag(spread**2), misfit=np.nan, tables={}, refused=refused)
        return cls(
            values=refinement.values,
            covariance=refinement.covariance,
            misfit=refinement.misfit,
            tables={table.name: table for table in refinement.tables},
            refused=refused,
        )

    @classmethod
    def of_record(cls, prediction: PredictionRecord, quantities: Sequence[Quantity]) -> Answer:
        """Return the answer that a record keeps."""
        found = {one.name: one for one in prediction.final}
        values = np.array([found[quantity.name].value for quantity in quantities])
        stds = np.array([np.nan if (std := found[q.name].std) is None else std for q in quantities])
        kept: Any = prediction.report.get("covariance")
        covariance = np.diag(stds**2) if kept is None else np.array(kept, dtype=np.float64)
        documents = prediction.report.get("tables", {})
        return cls(
            values=values,
            covariance=covariance,
            misfit=np.nan if prediction.misfit is None else prediction.misfit,
            tables={name: Table.from_document(name, document) for name, document in documents.items()},
            refused=prediction.verdict == "refused",
        )


@runtime_checkable
class FollowingRefiner(Protocol):
    """A refiner that can start at a known answer alone, and tell when it has lost the track."""

    def starting_at(self, values: Floats) -> Mapping[str, Any]:
        """Return the parameters of the same refiner with its start at ``values`` (p,); they go on record."""

    def surprise(self, now: Answer, before: Answer) -> str:
        """Say what is unexpected in an answer that started at the one before; nothing if all is well."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Track:
    """One line of the spectrum through a series; NaN where it was not found.

    Parameters
    ----------
    positions, qualities : ndarray, shape (n,)
        Position in ``unit``, and quality factor.
    """

    name: str
    unit: str
    positions: Floats
    qualities: Floats


@dataclass(frozen=True, kw_only=True, eq=False)
class Contrast:
    """How the answers of a series differ from one of them.

    Parameters
    ----------
    differences, stds : ndarray, shape (n, p)
        Answer less reference with standard deviations, in the quantities' units; NaN where there is none.
    relative, relative_stds : ndarray, shape (n, p)
        The same over the reference.
    method
        A sentence on what the standard deviations are.
    shared
        Whether errors that the answers have in common are left out of them.
    tracks
        Lines of the spectrum through the series.
    """

    differences: Floats
    stds: Floats
    relative: Floats
    relative_stds: Floats
    method: str
    shared: bool
    tracks: tuple[Track, ...] = field(default=())


@runtime_checkable
class ContrastingRefiner(Protocol):
    """A refiner that knows which errors two answers share, and leaves them out of their difference."""

    def contrast(self, forward: ForwardModel, answers: Sequence[Answer], reference: int) -> Contrast:
        """Return the differences of all answers from that at the place ``reference``."""


def independent_contrast(answers: Sequence[Answer], reference: int) -> Contrast:
    """Return differences whose standard deviations are those of both answers in quadrature."""
    values, stds = np.array([one.values for one in answers]), np.array([one.stds for one in answers])
    base, of_base = values[reference], stds[reference]
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = values / base - 1
        of_relative = np.abs(values / base) * np.hypot(stds / values, of_base / base)
    combined = np.hypot(stds, of_base)
    combined[reference] = of_relative[reference] = 0.0
    return Contrast(
        differences=values - base,
        stds=combined,
        relative=relative,
        relative_stds=of_relative,
        method="Errors of changes: the standard deviations of both answers in quadrature, as for independent errors.",
        shared=False,
    )
