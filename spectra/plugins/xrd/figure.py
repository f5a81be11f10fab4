"""Figure of an analysis: the measured spectrum beside the most similar simulation, and the answers in their ranges."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from spectra.core.quantities import with_uncertainty
from spectra.core.signals import Bundle, Profile, Signal, take
from spectra.core.technique import Result
from spectra.plugins.learning.familiarity import most_similar
from spectra.plugins.learning.recorded_structures import structures_of
from spectra.plugins.xrd.sample import AtomisticSample

# Okabe and Ito's colours, told apart by everybody.
_MEASURED, _SIMULATED, _ANSWER = "#0072B2", "#000000", "#D55E00"
_NAMES = {"xrd": ("2θ (°)", "intensity (of its maximum)"), "vdos": ("wavenumber (1/cm)", "density (of its maximum)")}


def draw(result: Result, figure: Figure) -> None:
    """Draw spectra and answers of ``result`` into an empty figure."""
    sample = result.sample
    assert isinstance(sample, AtomisticSample)  # noqa: S101 - the technique's own
    known = result.model.probe if sample.data_set is None else structures_of(sample).signal
    nearest = most_similar(result.model.encoder, result.measurement.signal, known)
    measured, simulated = _parts(result.measurement.signal, sample), _parts(known, sample)
    figure.set_size_inches(5.2 * len(measured) + 4.6, 4.6)
    figure.set_layout_engine("constrained")
    figure.suptitle(f"{sample.name}: {result.measurement.file.name}", fontsize=12)
    axes = figure.subplots(1, len(measured) + 1, width_ratios=[5.2] * len(measured) + [4.6])
    for panel, (name, profile) in zip(axes, measured.items(), strict=False):
        _draw_spectrum(panel, name, profile, take(simulated[name], slice(nearest, nearest + 1)))
    _draw_answers(axes[-1], result)


def _parts(signal: Signal, sample: AtomisticSample) -> dict[str, Profile]:
    parts = signal.parts if isinstance(signal, Bundle) else {sample.technique: signal}
    return {name: part for name, part in parts.items() if isinstance(part, Profile)}


def _draw_spectrum(axes: Axes, name: str, measured: Profile, simulated: Profile) -> None:
    for profile, colour, width, label in (
        (simulated, _SIMULATED, 1.0, "most similar simulation"),
        (measured, _MEASURED, 1.6, "measured"),
    ):
        axes.plot(profile.x, profile.y[0] / profile.y[0].max(), color=colour, linewidth=width, label=label)
    axes.set_xlabel(_NAMES[name][0])
    axes.set_ylabel(_NAMES[name][1])
    axes.set_ylim(bottom=0)
    axes.margins(x=0)
    axes.legend(frameon=False, fontsize=8)


def _draw_answers(axes: Axes, result: Result) -> None:
    """Draw each answer with its spread within the range that was learned."""
    mean, spread = result.learned.mean[0], result.learned.spread[0]
    places = np.arange(len(mean))[::-1]
    lower = np.array([quantity.lower for quantity in result.quantities])
    width = np.array([quantity.upper for quantity in result.quantities]) - lower
    axes.barh(places, 1, height=0.5, color="0.92")
    axes.errorbar(
        (mean - lower) / width,
        places,
        xerr=spread / width,
        fmt="o",
        color=_ANSWER,
        markersize=5,
        capsize=3,
        linewidth=1.2,
    )
    axes.set_yticks(places, [quantity.name for quantity in result.quantities])
    axes.tick_params(axis="y", length=0)
    for place, quantity, value, std in zip(places, result.quantities, mean, spread, strict=True):
        scale = 1e3 if 0 < quantity.upper < 0.01 else 1.0
        unit = f"10⁻³ {quantity.unit}" if scale > 1 else quantity.unit
        text = f"{with_uncertainty(scale * value, scale * std)} {unit}".strip()
        axes.text(1.08, place, text.replace("1/Å^2", "Å⁻²"), va="center", fontsize=9)
    axes.set_xlim(-0.05, 2.0)
    axes.set_xticks([0, 1], ["lowest", "highest"])
    axes.set_xlabel("of the simulated range", loc="left")
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
