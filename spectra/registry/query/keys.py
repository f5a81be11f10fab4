"""The keys of queries, by which each kind of record is filtered and sorted.

The names of the quantities on record are keys of predictions as well: ``C11`` is the final value, ``C11.std`` its
uncertainty, ``C11.learned`` the value by a method. So are the names of the conditions on record, of measurements and
their predictions: ``temperature``, or ``condition.temperature`` where another key has that name. Of tags of
measurements like ``material=nickel``, the name before the equals sign is a key as well.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnExpressionArgument, func, select, text
from sqlalchemy.orm import InstrumentedAttribute, Session

from spectra.core.errors import UsageError
from spectra.registry.database.tables import (
    DataSetRow,
    Entry,
    EstimatedQuantityRow,
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
from spectra.registry.query.operators import Comparison, age, identifier, integer, model, moment, present, words

Column = InstrumentedAttribute[Any]
STD = "std"
"""Suffix, after a dot, of the name of a quantity for its uncertainty."""
CONDITION = "condition"
"""Prefix, before a dot, of the name of a condition that another key has."""
LABELLED = "="
"""Between the name and the text of a label, which is stored as a tag."""
_FORMER_METHODS = {"network": "learned"}
"""Names of methods up to schema 0002, which queries may still use."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Key:
    """A column that is compared and sorted by; it may be of another table that the record leads to.

    Parameters
    ----------
    says
        Name of the column, as the subject of a sentence.
    compare
        Comparison, unless it is a number with a unit.
    unit
        Column with the unit of such a number.
    via
        Path from the record's table to that of the column: pairs of equal columns.
    where
        Further conditions in that table.
    many
        Whether a record can have several values.
    quantity
        Name of a quantity, and ``"std"`` or a method if it is not the final value.
    condition
        Name of a condition.
    label
        Name of a label.
    """

    says: str
    column: Column
    compare: Comparison = words
    unit: Column | None = None
    via: tuple[tuple[Column, Column], ...] = ()
    where: tuple[ColumnExpressionArgument[bool], ...] = ()
    many: bool = False
    quantity: tuple[str, str] | None = None
    condition: str = ""
    label: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class Kind:
    """A kind of record, with the name of its list on the command line.

    Parameters
    ----------
    measurement
        Column with the identifier of the measurement whose conditions are keys.
    """

    name: str
    row: type[Entry]
    keys: Mapping[str, Key]
    has_quantities: bool = False
    measurement: Column | None = None


def _entry(row: type[Entry]) -> dict[str, Key]:
    return {
        "id": Key(says="the identifier", column=row.id, compare=identifier),
        "created": Key(says="the date", column=row.created, compare=moment),
        "age": Key(says="the date", column=row.created, compare=age),
    }


def _annotated(note: Column, own: Column, owner: Column, tag: Column) -> dict[str, Key]:
    return {
        "note": Key(says="the note", column=note),
        "tag": Key(says="a tag", column=tag, via=((own, owner),), many=True),
    }


def _of_sample(*via: tuple[Column, Column]) -> dict[str, Key]:
    return {
        "sample": Key(says="the sample", column=SampleRow.name, via=via),
        "technique": Key(says="the technique", column=SampleRow.technique, via=via),
    }


_TO_MEASUREMENT = (PredictionRow.measurement_id, MeasurementRow.id)
FINAL = text("estimated_quantities.final")
"""Final quantities; written as in the condition of the indexes, which SQLite compares literally."""

_MOST_LISTED = 40

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            name="samples",
            row=SampleRow,
            keys=_entry(SampleRow)
            | _of_sample()
            | _annotated(SampleRow.note, SampleRow.id, SampleTagRow.sample_id, SampleTagRow.tag),
        ),
        Kind(
            name="data sets",
            row=DataSetRow,
            keys=_entry(DataSetRow) | _of_sample((DataSetRow.sample_id, SampleRow.id)),
        ),
        Kind(
            name="models",
            row=ModelRow,
            keys=_entry(ModelRow)
            | _of_sample((ModelRow.sample_id, SampleRow.id))
            | _annotated(ModelRow.note, ModelRow.id, ModelTagRow.model_id, ModelTagRow.tag)
            | {
                "seed": Key(says="the seed", column=ModelRow.seed, compare=integer),
                "retired": Key(says="retirement", column=ModelRow.retired, compare=present),
                "alias": Key(
                    says="an alias",
                    column=ModelAliasRow.alias,
                    via=((ModelRow.id, ModelAliasRow.model_id),),
                    many=True,
                ),
            },
        ),
        Kind(
            name="measurements",
            row=MeasurementRow,
            measurement=MeasurementRow.id,
            keys=_entry(MeasurementRow)
            | _of_sample((MeasurementRow.sample_id, SampleRow.id))
            | _annotated(
                MeasurementRow.note, MeasurementRow.id, MeasurementTagRow.measurement_id, MeasurementTagRow.tag
            )
            | {
                "file": Key(says="the file", column=MeasurementRow.file_name),
                "reader": Key(says="the reader", column=MeasurementRow.reader),
                "kind": Key(says="the kind of signal", column=MeasurementRow.kind),
            },
        ),
        Kind(
            name="predictions",
            row=PredictionRow,
            has_quantities=True,
            measurement=PredictionRow.measurement_id,
            keys=_entry(PredictionRow)
            | _of_sample(_TO_MEASUREMENT, (MeasurementRow.sample_id, SampleRow.id))
            | _annotated(PredictionRow.note, PredictionRow.id, PredictionTagRow.prediction_id, PredictionTagRow.tag)
            | {
                "model": Key(says="the model", column=PredictionRow.model_id, compare=model),
                "measurement": Key(says="the measurement", column=PredictionRow.measurement_id, compare=identifier),
                "file": Key(says="the file", column=MeasurementRow.file_name, via=(_TO_MEASUREMENT,)),
                "operator": Key(says="the operator", column=PredictionRow.operator),
                "misfit": Key(
                    says="the misfit",
                    column=PredictionRow.misfit,
                    unit=PredictionRow.misfit_unit,
                    where=(PredictionRow.misfit.is_not(None),),
                ),
                "verdict": Key(says="the verdict", column=PredictionRow.verdict),
            },
        ),
    )
}


def find_key(session: Session, kind: Kind, name: str) -> Key:
    """Return the key called ``name``, which may be that of a quantity or condition on record.

    Raises
    ------
    UsageError
        If there is no such key; the message names the nearest.
    """
    key = kind.keys.get(name)
    if key is None and kind.measurement is not None and name.startswith(f"{CONDITION}."):
        key = _condition(session, kind.measurement, name.removeprefix(f"{CONDITION}."))
    if key is None and kind.has_quantities:
        key = _quantity(session, name)
    if key is None and kind.measurement is not None:
        key = _condition(session, kind.measurement, name)
    if key is None and kind.measurement is not None:
        key = _label(session, kind.measurement, name)
    if key is not None:
        return key
    quantities = distinct(session, EstimatedQuantityRow.name, FINAL) if kind.has_quantities else []
    conditions = distinct(session, MeasurementConditionRow.name) if kind.measurement is not None else []
    labels = _labels(session) if kind.measurement is not None else []
    known = [*kind.keys, *quantities, *conditions, *labels]
    near = difflib.get_close_matches(name.casefold(), [k.casefold() for k in known], n=1)
    guess = next((f"Did you mean {k!r}? " for k in known if near and k.casefold() == near[0]), "")
    listed = f"Keys: {', '.join(sorted(kind.keys))}."
    for what, names in (("Quantities", quantities), ("Conditions", conditions), ("Labels", labels)):
        if names:
            more = ", …" if len(names) > _MOST_LISTED else ""
            listed += f" {what} on record: {', '.join(names[:_MOST_LISTED])}{more}."
    raise UsageError(f"{name!r} is no key of {kind.name}.", hint=guess + listed)


def distinct(session: Session, column: Column, *where: ColumnExpressionArgument[bool]) -> Sequence[str]:
    """Return the different values of an indexed column: one step through the index for each, however many rows."""
    query = select(column).where(*where).order_by(column).limit(1)
    found: list[str] = []
    while (value := session.scalar(query.where(column > found[-1]) if found else query)) is not None:
        found.append(value)
    return found


def _quantity(session: Session, wanted: str) -> Key | None:
    row = EstimatedQuantityRow

    def is_on_record(*where: ColumnExpressionArgument[bool]) -> bool:
        return session.scalar(select(row.name).where(*where).limit(1)) is not None

    def key(says: str, column: Column, name: str, part: str = "") -> Key:
        return Key(
            says=says,
            column=column,
            unit=row.unit,
            via=((PredictionRow.id, row.prediction_id),),
            where=(row.name == name, FINAL if part in ("", STD) else row.method == part),
            many=True,
            quantity=(name, part),
        )

    if is_on_record(row.name == wanted):
        return key(wanted, row.value, wanted)
    name, _, part = wanted.rpartition(".")
    if not is_on_record(row.name == name):
        return None
    if part == STD:
        return key(f"the uncertainty of {name}", row.std, name, part)
    part = _FORMER_METHODS.get(part, part)
    if is_on_record(row.name == name, row.method == part):
        return key(f"{name} by the method {part!r}", row.value, name, part)
    parts = (STD, *distinct(session, row.method, row.name == name))
    raise UsageError(
        f"{wanted!r} is no key of predictions.", hint=f"There is {', '.join(f'{name}.{known}' for known in parts)}."
    )


def _condition(session: Session, measurement: Column, name: str) -> Key | None:
    row = MeasurementConditionRow
    if session.scalar(select(row.name).where(row.name == name).limit(1)) is None:
        return None
    return Key(
        says=f"the condition {name}",
        column=row.value,
        unit=row.unit,
        via=((measurement, row.measurement_id),),
        where=(row.name == name,),
        condition=name,
    )


def _label(session: Session, measurement: Column, name: str) -> Key | None:
    row = MeasurementTagRow
    named = row.tag.startswith(f"{name}{LABELLED}", autoescape=True)
    if session.scalar(select(row.tag).where(named).limit(1)) is None:
        return None
    value: Any = func.substr(row.tag, len(name) + len(LABELLED) + 1)
    return Key(
        says=f"the label {name}",
        column=value,
        via=((measurement, row.measurement_id),),
        where=(named,),
        many=True,
        label=name,
    )


def _labels(session: Session) -> Sequence[str]:
    """Return the names of the labels on record, one step through the index of tags for each."""
    row, found = MeasurementTagRow, list[str]()
    query = select(row.tag).where(row.tag.contains(LABELLED)).order_by(row.tag).limit(1)
    last = ""
    while (tag := session.scalar(query.where(row.tag > last))) is not None and len(found) <= _MOST_LISTED:
        found.append(tag.split(LABELLED)[0])
        last = f"{found[-1]}{LABELLED}{chr(0x10FFFF)}"
    return [name for name in dict.fromkeys(found) if name]
