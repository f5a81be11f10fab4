"""Merging records of another registry, of which some may be on record already."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from spectra.core.errors import InputError
from spectra.registry.archive.entries import ENTRIES, AnnotatedEntry, MeasurementEntry, ModelEntry, RecordEntry
from spectra.registry.database.tables import MeasurementConditionRow, ModelAliasRow

_NAMED_CONFLICTS = 5
_NONE = {kind.table: 0 for kind in ENTRIES}
_CHANGING = frozenset({"note", "tags", "conditions", "aliases", "retired"})
"""Fields that people change later, and that may differ between two registries with the same record."""


@dataclass(kw_only=True)
class Merged:
    """Result of a merge."""

    added: Counter[str] = field(default_factory=lambda: Counter(_NONE))
    """New records, by table."""
    known: Counter[str] = field(default_factory=lambda: Counter(_NONE))
    """Those that were on record already, by table."""
    remarks: list[str] = field(default_factory=list)
    """Sentences on differences, where the record here was kept."""
    identifiers: dict[tuple[str, str], str] = field(default_factory=dict)
    """Identifiers here of records that were known under another one, by table and identifier there."""


def merge(session: Session, entries: Sequence[RecordEntry], merged: Merged) -> None:
    """Put entries of one kind on record, after all that they refer to; records that are known stay as they are.

    Parameters
    ----------
    merged
        Result for the entries before these, to which these are added.

    Raises
    ------
    InputError
        If there is another record with the same identifier; nothing may be committed then.
    """
    entries = [_redirected(entry, merged.identifiers) for entry in entries]
    by_identifier, by_key = _on_record(session, entries)
    conflicts: list[str] = []
    for entry in entries:
        row = by_key.get(entry.own_key()) or by_identifier.get(entry.id)
        if row is None:
            session.add(entry.row())
            merged.added[entry.table] += 1
            continue
        merged.known[entry.table] += 1
        if row.id != entry.id:
            merged.identifiers[entry.table, entry.id] = row.id
        elif different := _differences(entry, row):
            conflicts.append(f"The {entry.what} {entry.id} is on record with another content: {different}.")
        if isinstance(entry, AnnotatedEntry):
            merged.remarks += _annotate(entry, row)
    if conflicts:
        listed = conflicts[:_NAMED_CONFLICTS] + ["…"] * (len(conflicts) > _NAMED_CONFLICTS)
        raise InputError(
            "\n".join(listed),
            hint="Identifiers do not meet by chance: in one of the two registries the record was changed by hand.",
        )
    session.flush()
    for entry in entries:
        if isinstance(entry, ModelEntry):
            merged.remarks += _give_aliases(session, entry)
    session.flush()
    session.expunge_all()


def _redirected(entry: RecordEntry, identifiers: Mapping[tuple[str, str], str]) -> RecordEntry:
    """Return ``entry`` with its references changed to the identifiers of the same records here."""
    old = {name: (table, getattr(entry, name)) for name, table in entry.refers.items()}
    changes = {name: identifiers[reference] for name, reference in old.items() if reference in identifiers}
    return entry.model_copy(update=changes) if changes else entry


def _on_record(
    session: Session, entries: Sequence[RecordEntry]
) -> tuple[dict[str, Any], dict[tuple[object, ...] | None, Any]]:
    """Return the rows that have the identifier of an entry, by that, and those that have its key, by that."""
    if not entries:
        return {}, {}
    row_type, key = entries[0].row_type, entries[0].key
    wanted = row_type.id.in_([entry.id for entry in entries])
    if key:
        wanted |= tuple_(*(getattr(row_type, name) for name in key)).in_([entry.own_key() for entry in entries])
    rows = session.scalars(select(row_type).where(wanted)).all()
    return {row.id: row for row in rows}, {tuple(getattr(row, name) for name in key): row for row in rows if key}


def _differences(entry: RecordEntry, row: Any) -> str:
    """Name the fields in which a record differs from the one that has its identifier here."""
    here = type(entry).model_validate(row)
    names = type(entry).model_fields.keys() - _CHANGING
    return ", ".join(sorted(name for name in names if getattr(entry, name) != getattr(here, name)))


def _annotate(entry: AnnotatedEntry, row: Any) -> Iterator[str]:
    """Add tags, note and conditions of an entry to a record; yield the differences that remain."""
    tags = {tag.tag for tag in row.tags}
    row.tags += [entry.tag_type(tag=tag) for tag in dict.fromkeys(entry.tags) if tag not in tags]
    row.note = row.note or entry.note
    if entry.note not in ("", row.note):
        yield f"The {entry.what} {row.id} has another note here, which it keeps."
    if isinstance(entry, MeasurementEntry):
        known = {condition.name: (condition.value, condition.unit) for condition in row.conditions}
        for condition in entry.conditions:
            if condition.name not in known:
                row.conditions.append(MeasurementConditionRow(**condition.model_dump()))
            elif known[condition.name] != (condition.value, condition.unit):
                yield f"The measurement {row.id} has another {condition.name} here, which it keeps."
    if isinstance(entry, ModelEntry) and entry.retired and not row.retired:
        yield f"The model {row.id} is retired there, but stays in use here."


def _give_aliases(session: Session, entry: ModelEntry) -> Iterator[str]:
    """Give a model its aliases; yield those that belong to another model here."""
    for alias in entry.aliases:
        row = session.get(ModelAliasRow, (alias.sample_name, alias.alias))
        if row is None:
            session.add(ModelAliasRow(model_id=entry.id, **alias.model_dump()))
        elif row.model_id != entry.id:
            yield f"{alias.sample_name}@{alias.alias} is the model {row.model_id} here, and not {entry.id}."
