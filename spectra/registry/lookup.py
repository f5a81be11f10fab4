"""Look-up of a record by the beginning of its identifier, or of a model by an alias."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from spectra.core.basics.documents import nearest
from spectra.core.errors import NotFoundError
from spectra.registry.database.tables import (
    DataSetRow,
    Entry,
    MeasurementRow,
    ModelAliasRow,
    ModelRow,
    PredictionRow,
    SampleRow,
)
from spectra.registry.identifiers import SHORTEST_PREFIX, prefix_range

Row = TypeVar("Row", bound=Entry)

ROWS: Mapping[str, type[Entry]] = {
    "sample": SampleRow,
    "data set": DataSetRow,
    "model": ModelRow,
    "measurement": MeasurementRow,
    "prediction": PredictionRow,
}
_CANDIDATES = 5


def find(session: Session, kinds: Mapping[str, type[Row]], name: str) -> Row:
    """Return the one row of these kinds whose identifier begins with ``name``.

    Where models are among them, ``name`` may be an alias like ``steel@production``.

    Raises
    ------
    NotFoundError
        If there is none, or more than one.
    """
    if "model" in kinds and "@" in name:
        return _aliased(session, kinds["model"], name)
    if len(name) < SHORTEST_PREFIX:
        raise NotFoundError(f"{name!r} is too short for an identifier.", hint="Give 3 characters or more.")
    bounds = prefix_range(name.lower())
    found: list[tuple[str, Row]] = []
    for kind, table in kinds.items():
        if bounds is not None:
            query = select(table).where(table.id.between(*bounds)).order_by(table.id).limit(_CANDIDATES + 1)
            found += [(kind, row) for row in session.scalars(query)]
    what = next(iter(kinds)) if len(kinds) == 1 else "record"
    match found:
        case []:
            raise NotFoundError(f"There is no {what} whose identifier begins with {name!r}.")
        case [(_, row)]:
            return row
    listed = [row.id if len(kinds) == 1 else f"{row.id} ({kind})" for kind, row in found[:_CANDIDATES]]
    raise NotFoundError(
        f"More than one {what} has an identifier that begins with {name!r}: {', '.join(listed)}"
        f"{', …' if len(found) > _CANDIDATES else ''}.",
        hint="Give more characters.",
    )


def _aliased(session: Session, table: type[Row], name: str) -> Row:
    sample_name, _, alias = name.rpartition("@")
    named = select(ModelAliasRow.model_id).filter_by(sample_name=sample_name, alias=alias)
    row = session.scalar(select(table).where(table.id.in_(named)))
    if row is None:
        known = [f"{other.sample_name}@{other.alias}" for other in session.scalars(select(ModelAliasRow))]
        raise NotFoundError(
            f"There is no model {name!r}{nearest(name, known)}.",
            hint="'spectra alias MODEL NAME' gives a model a name.",
        )
    return row
