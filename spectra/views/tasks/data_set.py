"""A training set: what it holds, and how far its quantities reach."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from spectra.core.quantities import Quantity
from spectra.core.samples import Sample
from spectra.core.signals import Bundle, Signal, stacked
from spectra.core.store import DataSetRecord
from spectra.views.documents import plain
from spectra.views.layout import Block, table

if TYPE_CHECKING:
    from spectra.core.workflows.training_set import DataSet


def data_set_blocks(
    record: DataSetRecord, data: DataSet, sample: Sample, quantities: Sequence[Quantity], *, points: int
) -> Iterator[Block]:
    """Yield what a training set holds; ``points`` says how many its design asked for."""
    signals = {
        f"signal {part['name']}".strip(): f"{part['kind']}, {' × '.join(f'{n:,}' for n in part['shape'])}"
        for part in _shapes(data.signal)
    }
    yield {
        "data set": record.id,
        "sample": f"{sample.name} ({sample.technique})",
        "forward model": record.recipe["forward_model"]["name"],
        "points": f"{points:,}: {len(data):,} used, {points - len(data):,} not used",
        **signals,
        "artefact": record.artefact,
        "recipe": record.digest,
    }
    rows = [
        (
            entry["name"],
            entry["unit"],
            *(f"{low:.4g} to {high:.4g}" for low, high in (entry["searched"], entry["reached"])),
        )
        for entry in _reached(data, quantities)
    ]
    yield table(("quantity", "unit", "searched", "reached"), rows)
    for note in record.notes:
        yield f"Note: {note}"


def data_set_document(
    record: DataSetRecord, data: DataSet, quantities: Sequence[Quantity], *, points: int
) -> dict[str, Any]:
    """Return what a training set holds, for a program."""
    document: dict[str, Any] = plain(record)
    return document | {
        "points_made": points,
        "not_used": points - len(data),
        "reached": _reached(data, quantities),
        "signals": _shapes(data.signal),
    }


def _reached(data: DataSet, quantities: Sequence[Quantity]) -> list[dict[str, Any]]:
    """Return, for each quantity, the range searched and the range that the values fill."""
    lowest, highest = data.values.min(axis=0).tolist(), data.values.max(axis=0).tolist()
    return [
        {"name": q.name, "unit": q.unit, "searched": [q.lower, q.upper], "reached": [low, high]}
        for q, low, high in zip(quantities, lowest, highest, strict=True)
    ]


def _range(lowest: float, highest: float) -> str:
    return f"{lowest:.4g} to {highest:.4g}"


def _shapes(signal: Signal, name: str = "") -> list[dict[str, Any]]:
    """Return name, kind and shape of each part of a bundle; any other signal is the only part, without a name."""
    if isinstance(signal, Bundle):
        return [shape for part, inner in signal.parts.items() for shape in _shapes(inner, part)]
    return [{"name": name, "kind": signal.kind, "shape": list(stacked(signal).shape)}]
