"""Curation: tags, notes, conditions of measurements, aliases of models, retiring and deleting."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from spectra.core.errors import InputError, NotFoundError
from spectra.core.measurements import Condition
from spectra.core.store import AnnotatedRecord, AnyRecord, MeasurementRecord, ModelRecord
from spectra.registry.annotations import check_alias, check_note, check_tag
from spectra.registry.conditions import replace_conditions
from spectra.registry.database.connection import Database, retried_on_conflict
from spectra.registry.database.tables import (
    Entry,
    MeasurementConditionRow,
    MeasurementRow,
    MeasurementTagRow,
    ModelAliasRow,
    ModelRow,
    ModelTagRow,
    PredictionRow,
    PredictionTagRow,
    SampleRow,
    SampleTagRow,
)
from spectra.registry.lineage import Reference, references
from spectra.registry.lookup import ROWS, find
from spectra.registry.records import AnnotatedRow, any_record, measurement_record, model_record

Row = TypeVar("Row", bound=Entry)

TagRow = SampleTagRow | ModelTagRow | MeasurementTagRow | PredictionTagRow

_TAGS_OF: Mapping[type[Entry], tuple[type[TagRow], str]] = {
    SampleRow: (SampleTagRow, "sample_id"),
    ModelRow: (ModelTagRow, "model_id"),
    MeasurementRow: (MeasurementTagRow, "measurement_id"),
    PredictionRow: (PredictionTagRow, "prediction_id"),
}
_MOST_NAMED = 5
_MOST_DELETED = 20


class Curation:
    """Changes to records that leave their numbers as they are.

    Every ``id`` is the beginning of an identifier, or an alias of a model. ``NotFoundError`` is raised if it matches no
    record, or more than one.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def annotated(self, id: str) -> AnnotatedRecord:
        """Return a sample, model, measurement or prediction with its tags and its note.

        Raises
        ------
        InputError
            If ``id`` is a data set.
        """
        with self._database.reading() as session:
            return any_record(_annotated(session, id))

    @retried_on_conflict
    def tag(self, id: str, tags: Sequence[str]) -> AnnotatedRecord:
        """Add tags to a sample, model, measurement or prediction.

        Raises
        ------
        InputError
            If a tag is invalid, or ``id`` is a data set.
        """
        for tag in tags:
            check_tag(tag)
        with self._database.writing() as session:
            row = _annotated(session, id)
            table, owner = _TAGS_OF[type(row)]
            known = {tag.tag for tag in row.tags}
            session.add_all(table(**{owner: row.id, "tag": tag}) for tag in dict.fromkeys(tags) if tag not in known)
            return any_record(_refreshed(session, row))

    def untag(self, id: str, tags: Sequence[str]) -> AnnotatedRecord:
        """Remove tags.

        Raises
        ------
        NotFoundError
            If it has no such tag.
        InputError
            If ``id`` is a data set.
        """
        with self._database.writing() as session:
            row = _annotated(session, id)
            table, owner = _TAGS_OF[type(row)]
            known = [tag.tag for tag in row.tags]
            for tag in tags:
                if tag not in known:
                    listed = f"its tags are {', '.join(map(repr, known))}" if known else "it has none"
                    raise NotFoundError(f"{row.id} has no tag {tag!r}; {listed}.")
            session.execute(delete(table).where(getattr(table, owner) == row.id, table.tag.in_(tags)))
            return any_record(_refreshed(session, row))

    def set_note(self, id: str, note: str) -> AnnotatedRecord:
        """Replace the note on a sample, model, measurement or prediction; an empty one removes it.

        Raises
        ------
        InputError
            If it is too long, or ``id`` is a data set.
        """
        check_note(note)
        with self._database.writing() as session:
            row = _annotated(session, id)
            row.note = note
            return any_record(_refreshed(session, row))

    @retried_on_conflict
    def set_conditions(self, id: str, conditions: Sequence[Condition]) -> MeasurementRecord:
        """Add conditions to a measurement, or replace those of the same names.

        Raises
        ------
        InputError
            If a value is not finite.
        """
        with self._database.writing() as session:
            row = find(session, {"measurement": MeasurementRow}, id)
            replace_conditions(row, conditions)
            return measurement_record(_refreshed(session, row))

    def remove_conditions(self, id: str, names: Sequence[str]) -> MeasurementRecord:
        """Remove conditions of a measurement, by their names.

        Raises
        ------
        NotFoundError
            If it has no such condition.
        """
        with self._database.writing() as session:
            row = find(session, {"measurement": MeasurementRow}, id)
            known = [condition.name for condition in row.conditions]
            for name in names:
                if name not in known:
                    listed = f"its conditions are {', '.join(known)}" if known else "it has none"
                    raise NotFoundError(f"The measurement {row.id} has no condition {name!r}; {listed}.")
            held = MeasurementConditionRow
            session.execute(delete(held).where(held.measurement_id == row.id, held.name.in_(names)))
            return measurement_record(_refreshed(session, row))

    @retried_on_conflict
    def set_alias(self, model: str, alias: str) -> tuple[ModelRecord, ModelRecord | None]:
        """Give a model the alias ``sample@alias``; return it, and the model that had the alias before, if any.

        Raises
        ------
        InputError
            If ``alias`` is invalid.
        """
        check_alias(alias)
        with self._database.writing() as session:
            row = find(session, {"model": ModelRow}, model)
            key = {"sample_name": row.sample.name, "alias": alias}
            known = session.get(ModelAliasRow, key)
            before = None
            if known is None:
                session.add(ModelAliasRow(**key, model_id=row.id))
            elif known.model_id != row.id:
                before = session.get_one(ModelRow, known.model_id)
                known.model_id, known.created = row.id, datetime.now(UTC)
            after = model_record(_refreshed(session, row))
            return after, None if before is None else model_record(_refreshed(session, before))

    def remove_alias(self, model: str, alias: str) -> ModelRecord:
        """Remove an alias of a model.

        Raises
        ------
        NotFoundError
            If the model does not have this alias.
        """
        with self._database.writing() as session:
            row = find(session, {"model": ModelRow}, model)
            known = session.get(ModelAliasRow, {"sample_name": row.sample.name, "alias": alias})
            if known is None or known.model_id != row.id:
                raise NotFoundError(f"The model {row.id} is not called '{row.sample.name}@{alias}'.")
            session.delete(known)
            return model_record(_refreshed(session, row))

    def retire(self, model: str) -> ModelRecord:
        """Retire a model: new analyses no longer use it, unless it is named."""
        with self._database.writing() as session:
            row = find(session, {"model": ModelRow}, model)
            row.retired = row.retired or datetime.now(UTC)
            return model_record(_refreshed(session, row))

    def reinstate(self, model: str) -> ModelRecord:
        """Undo :meth:`retire`."""
        with self._database.writing() as session:
            row = find(session, {"model": ModelRow}, model)
            row.retired = None
            return model_record(_refreshed(session, row))

    def deletable(self, ids: Sequence[str]) -> tuple[AnyRecord, ...]:
        """Return the records that :meth:`delete` would delete; raises like it."""
        with self._database.reading() as session:
            return tuple(any_record(row) for row in _deletable(session, ids))

    @retried_on_conflict
    def delete(self, ids: Sequence[str]) -> tuple[AnyRecord, ...]:
        """Delete records with all their parts, all or none, and return them.

        Their artefacts are kept: another record may hold the same bytes.

        Raises
        ------
        InputError
            If a record that stays refers to one of them, or one is a model with an alias.
        """
        with self._database.writing() as session:
            rows = _deletable(session, ids)
            records = tuple(any_record(row) for row in rows)
            for table in reversed([*ROWS.values()]):  # what refers to others first
                session.execute(delete(table).where(table.id.in_([row.id for row in rows if isinstance(row, table)])))
            return records


def _annotated(session: Session, id: str) -> AnnotatedRow:
    row = find(session, ROWS, id)
    if not isinstance(row, AnnotatedRow):
        raise InputError(
            f"{row.id} is a data set, which carries neither tags nor a note.",
            hint="Give its sample, or one of its models.",
        )
    return row


def _refreshed(session: Session, row: Row) -> Row:
    """Write the changes of a row and read it back."""
    session.flush()
    session.refresh(row)
    return row


def _deletable(session: Session, ids: Sequence[str]) -> list[Entry]:
    rows = list(dict.fromkeys(find(session, ROWS, name) for name in ids))
    going = [row.id for row in rows]
    for row in rows:
        if isinstance(row, ModelRow) and row.aliases:
            alias = row.aliases[0]
            raise InputError(
                f"The model {row.id} cannot be deleted: it is called '{alias.sample_name}@{alias.alias}'.",
                hint=f"If nobody uses that name: 'spectra alias {row.id} {shlex.quote(alias.alias)} --remove'.",
            )
        if referring := [told for below in references(row) if (told := _told(session, below, going))]:
            raise InputError(
                f"{row.id} cannot be deleted: it is referred to by {', '.join(referring)}.",
                hint=_remedy(session, row),
            )
    return rows


def _told(session: Session, below: Reference, going: Sequence[str]) -> str:
    """Return a list, in words, of the rows that refer to something and stay; empty if there are none."""
    staying = (below.condition, below.table.id.not_in(going))
    count = session.scalar(select(func.count()).select_from(below.table).where(*staying)) or 0
    first = session.scalars(select(below.table.id).where(*staying).order_by(below.table.id).limit(_MOST_NAMED)).all()
    more = ", …" if count > len(first) else ""
    return f"{count} {below.kind}{'s' if count > 1 else ''} ({', '.join(first)}{more})" if count else ""


def _remedy(session: Session, row: Entry) -> str:
    """Return the command that deletes all rows that refer to a row, directly or not."""
    before: dict[str, None] = {}
    for dependent in _dependents(session, row):
        if len(before) == _MOST_DELETED:
            return f"Delete what depends on it first, so many at a time: 'spectra delete {' '.join(before)}'."
        before[dependent.id] = None
    return f"Delete what depends on it first: 'spectra delete {' '.join(before)}'."


def _dependents(session: Session, row: Entry) -> Iterator[Entry]:
    """Yield all rows that refer to a row, directly or not, dependents first; some of them twice."""
    for below in references(row):
        query = select(below.table).where(below.condition).order_by(below.table.id).limit(_MOST_DELETED + 1)
        for dependent in session.scalars(query):
            yield from _dependents(session, dependent)
            yield dependent
