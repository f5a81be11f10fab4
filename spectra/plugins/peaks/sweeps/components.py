"""Descriptions of the reader of sweeps and of the processor that finds resonances."""

from __future__ import annotations

from spectra.core.components import Component, Processor, Reader

_HERE = "spectra.plugins.peaks.sweeps"

READER: Component[Reader] = Component(
    name="sweep",
    summary="Response over frequency, in amplitude or complex (text, npy), or the recording of a tap (text, wav)",
    factory=f"{_HERE}.reading.reader:SweepReader",
    parameters=f"{_HERE}.reading.reader:SweepParameters",
    gives=("profile", "bundle"),
)

PROCESSOR: Component[Processor] = Component(
    name="resonances",
    summary="Sweep to its resonances, by a joint fit of Lorentzians, with widths and standard deviations",
    factory=f"{_HERE}.resonances:ResonancesProcessor",
    parameters=f"{_HERE}.resonances:ResonancesParameters",
    takes=("profile", "bundle"),
    gives=("peaks",),
)
