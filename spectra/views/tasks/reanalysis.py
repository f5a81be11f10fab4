"""Old measurements with another model, and what that moved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from spectra.core.store import ModelRecord
from spectra.views.layout import Block, table
from spectra.views.numbers import PAIR_HEADER, pair_cells

if TYPE_CHECKING:
    from spectra.core.workflows.reanalyze import Reanalysis


def reanalysis_blocks(model: ModelRecord, done: Sequence[Reanalysis]) -> Iterator[Block]:
    """Yield what was searched before and after, for each measurement, then what failed."""
    searched = {quantity["name"] for quantity in model.quantities}
    rows = [
        (one.measurement.id, one.measurement.file_name, pair.name, pair.unit, *pair_cells(pair))
        for one in done
        for pair in one.moved
        if pair.name in searched
    ]
    header = ("measurement", "file", "quantity", "unit", "before", "now", *PAIR_HEADER)
    yield table(header, rows, title=f"With the model {model.id}")
    failed, known = [one for one in done if one.now is None], sum(one.known for one in done)
    for one in failed:
        yield f"{one.measurement.id} ({one.measurement.file_name}) failed: {one.error}"
    for one in done:
        if one.now is not None and one.doubtful:
            reasons = " ".join(one.now.reasons)
            yield f"{one.measurement.id} ({one.measurement.file_name}) is {one.now.verdict}: {reasons}"
    analyzed = len(done) - len(failed) - known
    doubtful = sum(one.doubtful for one in done)
    yield f"{analyzed} analyzed, {known} on record already, {len(failed)} failed; {doubtful} doubtful."
    yield "σ: the standard deviations of both, added in quadrature as if they were independent."


def reanalysis_document(model: ModelRecord, done: Sequence[Reanalysis]) -> dict[str, Any]:
    """Return a reanalysis for a program."""
    return {
        "model_id": model.id,
        "measurements": [
            {
                "measurement_id": one.measurement.id,
                "file_name": one.measurement.file_name,
                "before": one.before.id if one.before else None,
                "now": one.now.id if one.now else None,
                "known": one.known,
                "verdict": one.now.verdict if one.now else None,
                "reasons": one.now.reasons if one.now else (),
                "error": one.error or None,
                "moved": one.moved,
            }
            for one in done
        ],
    }
