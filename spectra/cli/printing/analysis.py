"""How an analysis is printed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from spectra.cli.printing.output import console, print_fields, print_line, print_rows, print_table
from spectra.core.technique import EstimatedQuantity
from spectra.views.numbers import shown

if TYPE_CHECKING:
    from spectra.core.workflows.analyze import Analysis


def print_analysis(analysis: Analysis) -> None:
    """Print what a user of the technique expects, the answer last."""
    result, prediction = analysis.result, analysis.prediction
    if result.refinement is not None:
        for table in result.refinement.tables:
            print_table(table)
            console.print()
    print_fields(
        {
            "sample": result.sample.name,
            "measurement": result.measurement.file.name,
            "model": f"{analysis.model.id} ({'trained now' if analysis.trained_now else 'on record'})",
            "prediction": prediction.id,
        }
    )
    console.print()
    _print_quantities(prediction.quantities)
    if result.refinement is not None:
        names = [quantity.name for quantity in result.quantities]
        _print_correlations(names, result.refinement.covariance)
        console.print(f"rms misfit {result.refinement.misfit:.3f} {result.refinement.misfit_unit}")
    for note in prediction.report["notes"]:
        print_line(f"Note: {note}")


def _print_quantities(quantities: Sequence[EstimatedQuantity]) -> None:
    """Print refined values beside the network's own, then what was derived."""
    by_method: dict[str, dict[str, EstimatedQuantity]] = {}
    for quantity in quantities:
        by_method.setdefault(quantity.method, {})[quantity.name] = quantity
    network, refined = by_method.get("network", {}), by_method.get("refined", {})
    header: tuple[str, ...] = ("quantity", "unit", "value")
    rows: list[tuple[str, ...]] = [(name, own.unit, shown(own)) for name, own in network.items()]
    if refined:
        header = ("quantity", "unit", "refined", "before refinement")
        rows = [(name, own.unit, shown(refined.get(name)), shown(own)) for name, own in network.items()]
    print_rows(header, rows, title="Result")
    if derived := by_method.get("derived"):
        console.print()
        print_rows(
            ("derived", "unit", "value"), [(name, quantity.unit, shown(quantity)) for name, quantity in derived.items()]
        )
    console.print()


def _print_correlations(names: list[str], covariance: np.ndarray) -> None:
    deviations = np.sqrt(np.diag(covariance))
    with np.errstate(invalid="ignore", divide="ignore"):
        correlations = covariance / np.outer(deviations, deviations)
    pairs = [
        f"{names[i]}–{names[j]} {correlations[i, j]:+.2f}"
        for i in range(len(names))
        for j in range(i + 1, len(names))
        if np.isfinite(correlations[i, j])
    ]
    if pairs:
        console.print("correlation " + ", ".join(pairs), soft_wrap=True)
