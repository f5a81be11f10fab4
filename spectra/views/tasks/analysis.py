"""An analysis, as a user of the technique reads it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spectra.core.quantities import EstimatedQuantity
from spectra.core.tables import Table
from spectra.views.layout import Block, table
from spectra.views.numbers import shown
from spectra.views.verdict import verdict_lines

if TYPE_CHECKING:
    from spectra.core.store import PredictionRecord
    from spectra.core.workflows.analyze import Analysis

_MOST_PAIRS = 15  # whose correlations are all written
_STRONG = 0.3


def analysis_blocks(analysis: Analysis) -> Iterator[Block]:
    """Yield what a user of the technique expects: whether to believe it and the answer first, and last in full."""
    result, prediction = analysis.result, analysis.prediction
    verdict = [*verdict_lines(prediction.verdict, prediction.reasons)]
    yield from verdict
    if result.refinement is not None and result.refinement.tables:
        yield f"Result: {_in_a_line(prediction)}"
        yield from result.refinement.tables
    yield {
        "sample": result.sample.name,
        "measurement": result.measurement.file.name,
        "model": f"{analysis.model.id} ({'trained now' if analysis.trained_now else 'on record'})",
        "prediction": prediction.id,
    }
    yield from quantity_tables(prediction.quantities)
    if result.refinement is not None:
        names = [quantity.name for quantity in result.quantities]
        if correlations := _correlations(names, result.refinement.covariance):
            yield f"correlation {', '.join(correlations)}"
        yield f"rms misfit {result.refinement.misfit:.3f} {result.refinement.misfit_unit}"
    for note in prediction.report["notes"]:
        yield f"Note: {note}"
    yield from verdict


def _in_a_line(prediction: PredictionRecord) -> str:
    found = ", ".join(f"{q.name} {shown(q)} {q.unit}".strip() for q in prediction.final if q.method != "derived")
    return f"{found}; rms misfit {prediction.misfit:.3f} {prediction.misfit_unit}"


def quantity_tables(quantities: Sequence[EstimatedQuantity]) -> Iterator[Table]:
    """Yield refined values beside the regressor's own, then what was derived."""
    by_method: dict[str, dict[str, EstimatedQuantity]] = {}
    for quantity in quantities:
        by_method.setdefault(quantity.method, {})[quantity.name] = quantity
    learned, refined = by_method.get("learned", {}), by_method.get("refined", {})
    header: tuple[str, ...] = ("quantity", "unit", "value")
    rows: list[tuple[str, ...]] = [(name, own.unit, shown(own)) for name, own in learned.items()]
    if refined:
        header = ("quantity", "unit", "refined", "before refinement")
        rows = [(name, own.unit, shown(refined.get(name)), shown(own)) for name, own in learned.items()]
    yield table(header, rows, title="Result", name="quantities")
    if derived := by_method.get("derived"):
        rows = [(name, quantity.unit, shown(quantity)) for name, quantity in derived.items()]
        yield table(("derived", "unit", "value"), rows, name="derived")


def _correlations(names: Sequence[str], covariance: NDArray[np.float64]) -> list[str]:
    """Write the correlation of each pair where both uncertainties are known; of many pairs, of those that matter."""
    deviations = np.sqrt(np.diag(covariance))
    with np.errstate(invalid="ignore", divide="ignore"):
        correlations = covariance / np.outer(deviations, deviations)
    pairs = [(i, j) for i in range(len(names)) for j in range(i + 1, len(names)) if np.isfinite(correlations[i, j])]
    if len(pairs) <= _MOST_PAIRS:
        rest = []
    else:
        pairs = [(i, j) for i, j in pairs if abs(correlations[i, j]) >= _STRONG]
        rest = [f"{'all others' if pairs else 'all'} within ±{_STRONG}"]
    return [f"{names[i]}–{names[j]} {correlations[i, j]:+.2f}" for i, j in pairs] + rest
