"""Figure of a sweep: the response with the fit and its lines, and what the fit leaves."""

from __future__ import annotations

import itertools

import numpy as np
from matplotlib.figure import Figure

from spectra.plugins.peaks.sweeps.resonances import Resonances
from spectra.plugins.peaks.sweeps.whole import amplitude, fitted_curve

_MEASURED, _FIT, _LINE = "0.55", "#0072B2", "#D55E00"
_PANELS = 3  # stretches of frequency, so that neighbours can be told apart


def draw(found: Resonances, figure: Figure, name: str) -> None:
    """Draw sweep, fit and residual in three stretches of frequency."""
    sweep, lines = found.found.sweep, found.found.lines
    fit, left = fitted_curve(found.found)
    measured, fitted = (amplitude(values, sweep.is_complex) for values in (sweep.y, fit))
    figure.set_size_inches(7.2, 7.6)
    figure.set_layout_engine("constrained")
    figure.suptitle(f"{name}: {len(lines)} resonances", fontsize=10)
    axes = figure.subplots(2 * _PANELS, 1, height_ratios=[3, 1] * _PANELS)
    edges = np.linspace(sweep.x[0], sweep.x[-1], _PANELS + 1)
    bottom = max(float(np.percentile(measured[measured > 0], 1)) * 0.5, 1e-6 * float(measured.max()))
    for k, (low, high) in enumerate(itertools.pairwise(edges)):
        upper, lower = axes[2 * k], axes[2 * k + 1]
        some = (sweep.x >= low) & (sweep.x <= high)
        upper.semilogy(sweep.x[some], measured[some], color=_MEASURED, linewidth=1.6, label="sweep")
        upper.semilogy(sweep.x[some], fitted[some], color=_FIT, linewidth=0.8, label="fit")
        upper.vlines(
            found.table[:, 0], 0.965, 1.0, colors=_LINE, linewidth=0.9, transform=upper.get_xaxis_transform(),
            label="resonances",
        )  # fmt: skip
        upper.set(xlim=(low, high), ylim=(bottom, 2.5 * float(measured.max())))
        upper.tick_params(labelbottom=False, labelsize=8)
        upper.set_ylabel("amplitude", fontsize=8)
        shown = np.abs(left[some]) if sweep.is_complex else left[some]
        lower.plot(sweep.x[some], shown, color=_MEASURED, linewidth=0.5)
        lower.set(xlim=(low, high), ylim=(0 if sweep.is_complex else -6, 6))
        lower.tick_params(labelsize=8)
        lower.set_ylabel("residual\n(σ)", fontsize=8)
    axes[0].legend(loc="upper right", bbox_to_anchor=(1.0, 0.96), ncols=3, fontsize=8, frameon=False)
    axes[-1].set_xlabel("frequency (MHz)", fontsize=9)
