"""A record between what it came from and what came from it, as a graph: from the sample on the left to predictions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from spectra.core.store import (
    AnyRecord,
    DataSetRecord,
    MeasurementRecord,
    ModelRecord,
    PredictionRecord,
    kind_of,
)
from spectra.views.records import record_label

if TYPE_CHECKING:
    from spectra.registry.lineage import Lineage

_LAYERS = {"sample": 0, "measurement": 1, "data set": 1, "model": 2, "prediction": 3}
_ORDER = ("sample", "measurement", "data set", "model", "prediction")
_WIDTH, _HEIGHT, _ACROSS, _DOWN, _MARGIN = 214, 46, 262, 60, 6
_MOST_LETTERS = 27


@dataclass(frozen=True, kw_only=True)
class Node:
    """A record in the graph, or ``more`` of its kind that are not shown one by one."""

    kind: str
    id: str
    label: str
    parents: tuple[str, ...] = ()
    focus: bool = False
    more: int = 0


def lineage_nodes(lineage: Lineage) -> Sequence[Node]:
    """Return the records of a lineage, each with those that it was made from."""
    records = {record.id: record for record in (*lineage.ancestors, lineage.record)}
    for below in lineage.descendants:
        records |= {record.id: record for record in below.newest}
    nodes = [
        Node(
            kind=kind_of(record),
            id=record.id,
            label=record_label(record),
            parents=_parents(record, records),
            focus=record.id == lineage.record.id,
        )
        for record in records.values()
    ]
    for below in lineage.descendants:
        if (left := below.count - len(below.newest)) > 0:
            label = f"{left:,} more {below.kind}{'s' if left > 1 else ''}"
            beside = _LAYERS[below.kind] == _LAYERS[kind_of(lineage.record)] + 1
            parents = (lineage.record.id,) if beside else ()
            nodes.append(Node(kind=below.kind, id="", label=label, parents=parents, more=left))
    return sorted(nodes, key=lambda node: (_ORDER.index(node.kind), node.more))


def lineage_svg(lineage: Lineage, address: Callable[[str], str] | None = None) -> str:
    """Draw a lineage.

    Parameters
    ----------
    address
        Returns where the node of a record leads; without it, nodes are no links.
    """
    nodes = lineage_nodes(lineage)
    rows = {layer: [node for node in nodes if _LAYERS[node.kind] == layer] for layer in range(4)}
    # Models stand beside their data sets, so that lines from measurements to predictions pass above them.
    measurements = sum(node.kind == "measurement" for node in nodes)
    above = {2: measurements} if measurements else {}
    most = max(above.get(layer, 0) + len(rows[layer]) for layer in rows)
    places: dict[str, tuple[float, float]] = {}
    positions: list[tuple[Node, float, float]] = []
    for column, layer in enumerate(layer for layer in rows if rows[layer]):
        offset = above.get(layer, (most - len(rows[layer])) / 2)
        for row, node in enumerate(rows[layer]):
            place = _MARGIN + _ACROSS * column, _MARGIN + _DOWN * (offset + row)
            positions.append((node, *place))
            places[node.id] = place
    lines = "".join(
        _line(*places[parent], x, y) for node, x, y in positions for parent in node.parents if parent in places
    )
    boxes = "".join(_box(node, x, y, address) for node, x, y in positions)
    width = max(x for _, x, _ in positions) + _WIDTH + _MARGIN
    height = _DOWN * (most - 1) + _HEIGHT + 2 * _MARGIN
    record = lineage.record
    return (
        f'<svg class="lineage" role="group" aria-label="Lineage of the {kind_of(record)} {record.id}" '
        f'width="{width}" height="{height}" viewBox="0 0 {width} {height}">{lines}{boxes}</svg>'
    )


def _parents(record: AnyRecord, shown: dict[str, AnyRecord]) -> tuple[str, ...]:
    """Return what a record was made from, as far as it is shown; a sample only where nothing stands between."""
    match record:
        case PredictionRecord():
            found = [record.model_id, record.measurement_id]
        case ModelRecord():
            data_set = shown.get(record.data_set_id)
            through = isinstance(data_set, DataSetRecord) and data_set.sample_id == record.sample_id
            found = [record.data_set_id] if through else [record.data_set_id, record.sample_id]
        case MeasurementRecord() | DataSetRecord():
            found = [record.sample_id]
        case _:
            found = []
    return tuple(parent for parent in found if parent in shown)


def _line(from_x: float, from_y: float, to_x: float, to_y: float) -> str:
    x, y, end, to = from_x + _WIDTH, from_y + _HEIGHT / 2, to_x, to_y + _HEIGHT / 2
    half = (end - x) / 2
    return f'<path class="edge" d="M{x:g} {y:g}C{x + half:g} {y:g} {end - half:g} {to:g} {end:g} {to:g}"/>'


def _box(node: Node, x: float, y: float, address: Callable[[str], str] | None) -> str:
    label = node.label if len(node.label) <= _MOST_LETTERS else f"{node.label[: _MOST_LETTERS - 1]}…"
    head = f"{node.kind} {node.id}" if node.id else ""
    kind = "node focus" if node.focus else "node more" if node.more else "node"
    texts = f'<text x="{x + 9:g}" y="{y + (19 if head else 27):g}" class="kind">{escape(head or label)}</text>'
    if head:
        texts += f'<text x="{x + 9:g}" y="{y + 36:g}">{escape(label)}</text>'
    drawn = (
        f"<title>{escape(f'{head}: {node.label}' if head else node.label)}</title>"
        f'<rect x="{x:g}" y="{y:g}" width="{_WIDTH}" height="{_HEIGHT}" rx="5"/>{texts}'
    )
    if address is None or node.focus or not node.id:
        return f'<g class="{kind}">{drawn}</g>'
    return f'<a class="{kind}" href="{escape(address(node.id))}">{drawn}</a>'
