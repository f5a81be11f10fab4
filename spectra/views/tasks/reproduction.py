"""A prediction beside its repetition, number by number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from spectra.views.layout import Block, table
from spectra.views.numbers import shown

if TYPE_CHECKING:
    from spectra.core.workflows.reproduce import Reproduction


def reproduction_blocks(repeated: Reproduction) -> Iterator[Block]:
    """Yield the numbers, the versions that changed, and the verdict."""
    yield table(
        ("quantity", "unit", "method", "recorded", "now", "in recorded σ", ""),
        [
            (
                quantity.name,
                quantity.unit,
                quantity.method,
                shown(quantity.recorded),
                shown(quantity.now),
                "" if quantity.deviations is None else f"{quantity.deviations:+.2f}",
                "same" if quantity.same else "differs",
            )
            for quantity in repeated.quantities
        ],
        title=f"Prediction {repeated.prediction.id}",
    )
    for sentence in repeated.assumed:
        yield f"Note: {sentence}"
    if repeated.changed:
        yield table(("version of", "recorded", "now"), [(d.key, d.first, d.second) for d in repeated.changed])
    else:
        yield "All versions match the record."
    differing = sum(not quantity.same for quantity in repeated.quantities)
    total = len(repeated.quantities)
    yield f"{differing} of {total} numbers differ." if differing else f"All {total} numbers are the same."


def reproduction_document(repeated: Reproduction) -> dict[str, Any]:
    """Return a reproduction for a program."""
    from spectra.core.workflows.reproduce import RELATIVE_TOLERANCE, TOLERANCE

    return {
        "prediction_id": repeated.prediction.id,
        "same": repeated.same,
        "tolerance": {"standard_deviations": TOLERANCE, "relative": RELATIVE_TOLERANCE},
        "quantities": repeated.quantities,
        "changed": repeated.changed,
        "assumed": repeated.assumed,
    }
