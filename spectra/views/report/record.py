"""What a record is, in the parts in which a page or a report shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from spectra.core.basics.files import unpack_arrays
from spectra.core.errors import NotFoundError
from spectra.core.quantities import EstimatedQuantity
from spectra.core.store import POSTERIOR, AnyRecord, PredictionRecord, kind_of
from spectra.views.layout import Block
from spectra.views.records import record_blocks, record_label
from spectra.views.verdict import verdict_lines

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from spectra.registry.registry import Registry


@dataclass(frozen=True, kw_only=True)
class RecordParts:
    """A record, taken apart.

    Parameters
    ----------
    title, label
        Its kind and identifier, and what it is in a few words.
    word, verdict
        Verdict on a prediction, and the sentences that explain it.
    facts
        Facts by their names.
    blocks
        Tables and sentences.
    """

    title: str
    label: str
    word: str | None
    verdict: Sequence[str]
    facts: Mapping[str, Any]
    blocks: Sequence[Block]


def record_parts(record: AnyRecord) -> RecordParts:
    """Take apart what :func:`~spectra.views.records.record_blocks` yields."""
    word = record.verdict if isinstance(record, PredictionRecord) else None
    verdict = list(verdict_lines(word, record.reasons)) if isinstance(record, PredictionRecord) else []
    facts: dict[str, Any] = {}
    blocks: list[Block] = []
    for block in record_blocks(record):
        if isinstance(block, Mapping):
            facts |= block
        elif block not in verdict:
            blocks.append(block)
    return RecordParts(
        title=f"{kind_of(record).capitalize()} {record.id}",
        label=record_label(record),
        word=word,
        verdict=verdict,
        facts=facts,
        blocks=blocks,
    )


def has_file(record: AnyRecord, name: str) -> bool:
    """Say whether a file of this name belongs to a record."""
    return isinstance(record, PredictionRecord) and any(file.name == name for file in record.files)


def recorded_file(registry: Registry, record: PredictionRecord, name: str, what: str) -> bytes:
    """Return a file of a prediction.

    Raises
    ------
    NotFoundError
        If it has none of this name; ``what`` says what that would be.
    RegistryError
        If the artefact is missing or damaged.
    """
    found = next((file for file in record.files if file.name == name), None)
    if found is None:
        raise NotFoundError(
            f"There is no {what} of the prediction {record.id} on record.",
            hint=f"'spectra reanalyze {record.measurement_id} --again' makes a prediction with all that there is.",
        )
    return registry.read_artefact(found.artefact)


def posterior_of(
    registry: Registry, record: PredictionRecord
) -> tuple[NDArray[np.float64], Sequence[EstimatedQuantity]]:
    """Return the posterior sample of a prediction, shape (k, p), and its quantities; raises like its file."""
    content = recorded_file(registry, record, POSTERIOR, "posterior sample")
    refined = [quantity for quantity in record.quantities if quantity.method == "refined"]
    return unpack_arrays(content, what="posterior sample")["draws"], refined
