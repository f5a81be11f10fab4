"""A record between what it came from and what came from it, and the command that repeats it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from spectra.core.store import (
    AnyRecord,
    DataSetRecord,
    MeasurementRecord,
    ModelRecord,
    PredictionRecord,
    SampleRecord,
    kind_of,
)
from spectra.views.documents import plain
from spectra.views.html import IDENTIFIER
from spectra.views.layout import Block, table
from spectra.views.numbers import local_time
from spectra.views.records import record_blocks, record_label

if TYPE_CHECKING:
    from spectra.registry.lineage import Lineage


def repeating_command(record: AnyRecord, db: str | None) -> str | None:
    """Return the command that makes ``record`` again from what is on record; None for a sample, which was given."""
    match record:
        case PredictionRecord():
            words = ["reproduce", record.id]
        case MeasurementRecord():
            words = ["reanalyze", record.id, "--again"]
        case ModelRecord():
            words = ["train", "--like", record.id, "--again"]
        case DataSetRecord():
            words = ["simulate", "--like", record.id]
        case SampleRecord():
            return None
    where = ["--db", db] if db and "://" not in db else []  # a URL may hold a password
    return shlex.join(["spectra", *words, *where])


def lineage_blocks(lineage: Lineage, command: str | None) -> Iterator[Block]:
    """Yield what a record is, what it came from, what came from it, and how to repeat it."""
    yield from record_blocks(lineage.record)
    yield from relation_blocks(lineage)
    if command is not None:
        yield f"Repeat it with: {command}"


def relation_blocks(lineage: Lineage) -> Iterator[Block]:
    """Yield what a record came from, and what came from it."""
    if lineage.ancestors:
        rows = [(kind_of(r), r.id, local_time(r.created), record_label(r)) for r in lineage.ancestors]
        yield table(("came from", IDENTIFIER, "made", "what it is"), rows)
    if lineage.descendants:
        yield table(
            ("led to", "count", "newest"),
            [(f"{below.kind}s", f"{below.count:,}", _ids(below.newest, below.count)) for below in lineage.descendants],
        )


def lineage_document(lineage: Lineage, command: str | None) -> dict[str, Any]:
    """Return a record with what it came from and what came from it."""
    document: dict[str, Any] = plain(lineage.record)
    return document | {
        "came_from": [_link(record) for record in lineage.ancestors],
        "led_to": [
            {"kind": below.kind, "count": below.count, "newest": [_link(record) for record in below.newest]}
            for below in lineage.descendants
        ],
        "repeat": command,
    }


def _link(record: AnyRecord) -> dict[str, Any]:
    return {"kind": kind_of(record), "id": record.id, "created": record.created, "label": record_label(record)}


def _ids(newest: Sequence[AnyRecord], count: int) -> str:
    return ", ".join(record.id for record in newest) + (", …" if count > len(newest) else "")
