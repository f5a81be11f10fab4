"""A simulated spectrum in numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from spectra.core.components import DifferentiableForwardModel, ForwardModel, TabulatingForwardModel
from spectra.core.quantities import Quantity
from spectra.core.signals import Bundle, Image, Peaks, Places, Signal
from spectra.core.tables import Column, Table


def spectrum_tables(forward: ForwardModel, values: NDArray[np.float64], quantities: Sequence[Quantity]) -> list[Table]:
    """Compute the spectrum of ``values``, shape (p,), with all that the model offers beside it."""
    if isinstance(forward, TabulatingForwardModel):
        return [forward.tabulate(values)]
    if not isinstance(forward, DifferentiableForwardModel):
        return _tables(forward.simulate(values[None]), "spectrum")
    signal, slopes = forward.linearize(values)
    effects = [
        Column(name=f"d/d{q.name}", unit=f"{_unit(signal)}/{q.unit or '1'}", values=slopes[:, k].tolist(), digits=6)
        for k, q in enumerate(quantities)
    ]
    return [Table(name=t.name, title=t.title, columns=(*t.columns, *effects)) for t in _tables(signal, "spectrum")]


def _tables(signal: Signal, name: str) -> list[Table]:
    """Lay out the first spectrum of a stack, one table for each part of a bundle."""
    if isinstance(signal, Bundle):
        return [table for part, inner in signal.parts.items() for table in _tables(inner, part)]
    columns: tuple[Column, ...]
    if isinstance(signal, Peaks):
        positions = signal.positions[0][np.isfinite(signal.positions[0])]
        columns = (Column(name="position", unit=signal.unit, values=positions.tolist(), digits=6),)
    elif isinstance(signal, Image):
        pixels = signal.pixels[0].reshape(-1, signal.pixels.shape[-1])
        rows, places = np.divmod(np.arange(len(pixels)), signal.pixels.shape[2])
        channels = (
            Column(name=f"channel {c}", unit=signal.unit, values=pixels[:, c].tolist()) for c in range(pixels.shape[1])
        )
        columns = (Column(name="row", values=rows.tolist()), Column(name="column", values=places.tolist()), *channels)
    elif isinstance(signal, Places):
        _, rows, places = signal.places.T
        columns = (Column(name="row", values=rows.tolist()), Column(name="column", values=places.tolist()))
    else:
        columns = (
            Column(name="x", unit=signal.x_unit, values=signal.x.tolist(), digits=6),
            Column(name="y", unit=signal.y_unit, values=signal.y[0].tolist(), digits=6),
        )
    return [Table(name=name, title=f"Simulated {name}", columns=columns)]


def _unit(signal: Signal) -> str:
    if isinstance(signal, Peaks):
        return signal.unit
    return getattr(signal, "y_unit", "1")
