"""Tables of a fit: which peak is which mode, and what lengths were found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count, islice
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from spectra.core.components import DifferentiableForwardModel
from spectra.core.quantities import Quantity
from spectra.core.signals import Peaks
from spectra.core.tables import Column, Table
from spectra.plugins.peaks.least_squares import Fit
from spectra.plugins.peaks.sampler.lists import DEGENERATE, Draws

Floats = NDArray[np.float64]

MODES = "modes"
"""Name of the table of modes."""


@runtime_checkable
class NamingForwardModel(DifferentiableForwardModel, Protocol):
    """A forward model whose lines have names that stay with them where lines cross."""

    def names_at(self, values: Floats) -> Sequence[str]:
        """Return the names of the lines that ``linearize`` gives at ``values`` (p,), each once."""


def line_names(forward: DifferentiableForwardModel, values: Floats) -> Iterator[str]:
    """Yield the names of the lines at ``values`` (p,); numbers without end if they have none."""
    return iter(forward.names_at(values)) if isinstance(forward, NamingForwardModel) else map(str, count(1))


def mode_table(
    draws: Draws,
    fit: Fit,
    peaks: Floats,
    measured: Peaks,
    quantities: Sequence[Quantity],
    forward: DifferentiableForwardModel,
) -> Table:
    """One row for each matched pair, missing mode and spurious peak, by frequency."""
    modes = np.exp(fit.modes.at(fit.values))
    pairs = fit.assignment
    peak_of_mode = np.full(len(modes), -1)
    peak_of_mode[pairs.modes] = pairs.peaks
    low, high = measured.window
    shown = np.flatnonzero((peak_of_mode >= 0) | ((modes >= low) & (modes <= high)))
    spurious = np.setdiff1d(np.arange(len(peaks)), pairs.peaks)

    peak = np.concatenate([peak_of_mode[shown], spurious])
    mode = np.concatenate([shown, np.full(len(spurious), -1)])
    order = np.argsort(np.where(mode >= 0, modes[mode], peaks[peak]), kind="stable")
    peak, mode = peak[order], mode[order]
    found, computed = np.where(peak >= 0, peaks[peak], np.nan), np.where(mode >= 0, modes[mode], np.nan)
    status = np.select([peak < 0, mode < 0], ["missing", "spurious"], "matched")
    effects = fit.modes.slopes[mode] * fit.values
    names = [*islice(line_names(forward, fit.values), len(modes)), None]
    return Table(
        name=MODES,
        title="Modes",
        abridged=True,
        columns=(
            Column(name="measured", unit=measured.unit, values=found.tolist(), digits=6),
            *_deviation_column(fit, peaks, peak, measured.unit),
            *_quality_column(measured, peak),
            Column(name="computed", unit=measured.unit, values=computed.tolist(), digits=6),
            Column(name="difference", unit="%", values=(100 * (found / computed - 1)).tolist(), digits=3),
            Column(name="probability", values=_certainty(draws, modes, peak, mode).tolist(), digits=2, priority=1),
            *(
                Column(
                    name=f"dlnf/dln{q.name}",
                    values=np.where(mode >= 0, effects[:, k], np.nan).tolist(),
                    digits=3,
                    priority=2,
                    on_request=True,
                )
                for k, q in enumerate(quantities)
            ),
            Column(name="mode", values=[names[k] for k in mode], priority=1, on_request=True),
            Column(name="status", values=[str(word) for word in status]),
        ),
    )


def _deviation_column(fit: Fit, peaks: Floats, peak: NDArray[np.int64], unit: str) -> list[Column]:
    """Return the standard deviations that the peaks have of their own, if they have any."""
    own = fit.detection.deviations
    if own is None:
        return []
    stds = np.where(peak >= 0, (own * peaks)[peak], np.nan)
    return [Column(name="std", unit=unit, values=stds.tolist(), digits=6, priority=1)]


def _quality_column(measured: Peaks, peak: NDArray[np.int64]) -> list[Column]:
    """Return the quality factors of the peaks, if they have widths."""
    if measured.widths is None:
        return []
    order = np.argsort(measured.positions[0], kind="stable")
    qualities = (measured.positions[0] / measured.widths[0])[order]
    return [Column(name="Q", values=np.where(peak >= 0, qualities[peak], np.nan).tolist(), digits=0, priority=1)]


def lengths_table(names: Sequence[str], changes: Floats, spread: float) -> Table:
    """Return what was found of the lengths, from draws of their relative changes (n, k)."""
    return Table(
        name="lengths",
        title="Lengths",
        columns=(
            Column(name="length", values=list(names)),
            Column(name="change", unit="%", values=(100 * changes.mean(axis=0)).tolist(), digits=3),
            Column(name="uncertainty", unit="%", values=(100 * changes.std(axis=0)).tolist(), digits=3),
            Column(name="beforehand", unit="%", values=[100 * spread] * len(names), digits=3),
        ),
    )


def _certainty(draws: Draws, modes: Floats, peak: NDArray[np.int64], mode: NDArray[np.int64]) -> Floats:
    """Return for each row how probable it is: the pair (partners of a degenerate mode are one), or the lack of one."""
    multiplet = np.concatenate([[0], np.cumsum(np.diff(modes) > DEGENERATE * modes[1:])])
    same = multiplet[:, None] == multiplet
    matched = draws.partners[:, : len(modes)]
    pair = (matched @ same)[np.maximum(peak, 0), np.maximum(mode, 0)]
    missing = 1 - matched.sum(axis=0)[np.maximum(mode, 0)]
    return np.select([peak < 0, mode < 0], [missing, draws.partners[np.maximum(peak, 0), -1]], pair)
