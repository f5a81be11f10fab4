"""From a file to an answer: readers, processors and refiners."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from spectra.core.components.arrays import Floats
from spectra.core.components.forward_models import ForwardModel
from spectra.core.measurements import Measurement, RawFile
from spectra.core.quantities import Quantity
from spectra.core.signals import Signal
from spectra.core.tables import Table


@dataclass(frozen=True, kw_only=True, eq=False)
class Refinement:
    """A regressor's answer polished against the physics.

    Parameters
    ----------
    values : ndarray, shape (p,)
        In the quantities' units.
    covariance : ndarray, shape (p, p)
        NaN in the rows of a quantity that the data do not determine; ``notes`` then says why.
    misfit
        Root mean square difference between measurement and model, in ``misfit_unit``.
    tables
        Which measured line is which computed one, and what else a person will want to check.
    notes
        Sentences about what to keep in mind.
    doubts
        Sentences that speak against the answer: reasons of the technique's verdict.
    refused
        Whether they leave nothing of it.
    draws : ndarray, shape (k, p)
        A sample of the posterior, from a refiner that has one.
    diagnostics
        How well the method worked, for the record: plain numbers, words and mappings of them.
    """

    values: Floats
    covariance: Floats
    misfit: float
    misfit_unit: str
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    refused: bool = False
    draws: Floats | None = None
    diagnostics: Mapping[str, Any] = field(default_factory=dict)


class Refiner(Protocol):
    """Polishes an answer against the forward model.

    Its ``refine`` is handed a :class:`~spectra.core.progress.Progress` as ``progress``, too, if that stands in its
    signature.
    """

    def refine(
        self, measured: Signal, forward: ForwardModel, *, starts: Floats, quantities: Sequence[Quantity]
    ) -> Refinement:
        """Fit ``forward`` to ``measured`` (a stack of one) from each of ``starts``, shape (k, p), and keep the best."""


class Processor(Protocol):
    """Turns one measurement into another: a sweep into its resonances, an orientation map into a picture."""

    def process(self, measurement: Measurement) -> Measurement:
        """Return the measurement with another signal, and with notes on what was left out.

        File, reader and conditions are those of the argument, whatever is returned.

        Raises
        ------
        InputError
            If the signal cannot be processed.
        """


class Reader(Protocol):
    """Understands one file format."""

    def read(self, file: RawFile) -> Measurement:
        """Read a measurement.

        Raises
        ------
        InputError
            If the file is not of this format, with the line at fault.
        """
