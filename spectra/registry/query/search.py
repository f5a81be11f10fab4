"""The search for the records that a query selects, fast for rare and for common matches.

SQLite keeps no statistics of values, so the way is chosen here. If few records fulfil one of the conditions, they are
found through its index. Otherwise records are looked through in the order that is asked for, which ends soon if many
match; if it does not, the rarest condition is taken after all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from spectra.registry.query.clauses import Clause
from spectra.registry.query.keys import Kind
from spectra.registry.query.operators import Predicate
from spectra.registry.query.order import Order

FEW, MANY = 15_000, 500_000
"""Numbers of records that are sorted in a tenth of a second, and in a few seconds."""
DEPTH = 100
"""Number of records that are examined for each wanted one, before another way is tried."""
BATCH = 500
"""Number of records that are read at once by their identifiers."""


def select_ids(
    session: Session, kind: Kind, clauses: Sequence[Clause], order: Order, limit: int | None
) -> Sequence[str]:
    """Return the identifiers of the records that fulfil all clauses, in that order."""
    clauses = sorted(clauses, key=lambda clause: clause.steps)
    rarest = _rarest(session, clauses, FEW)
    if rarest is None and limit is not None and order.indexed is not None:
        found = _from_the_top(session, kind, clauses, order, limit)
        if len(found) == limit:
            return found
    rarest = rarest or _rarest(session, clauses, MANY)
    tests = [clause.test for clause in clauses if clause is not rarest]
    if rarest is None or rarest.ids is None:
        return session.scalars(select(kind.row.id).where(*tests).order_by(*order.terms).limit(limit)).all()
    candidates = rarest.ids.order_by(*order.terms)
    if not tests:
        return session.scalars(candidates.limit(limit)).all()
    return _first(session, kind, session.scalars(candidates).all(), tests, limit)


def batches(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """Split identifiers into batches that are read at once."""
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


def _rarest(session: Session, clauses: Iterable[Clause], most: int) -> Clause | None:
    """Return the clause that the fewest records fulfil, if those are not more than ``most``."""
    fewest, rarest = most, None
    for clause in clauses:
        if clause.counted is not None:
            counted = clause.counted.limit(fewest + 1).subquery()
            count = session.scalar(select(func.count()).select_from(counted)) or 0
            if count <= fewest:
                fewest, rarest = count, clause
    return rarest


def _from_the_top(session: Session, kind: Kind, clauses: Sequence[Clause], order: Order, limit: int) -> Sequence[str]:
    """Return at most ``limit`` matches among the first records in this order."""
    direction = order.indexed.desc() if order.descending else order.indexed.asc()
    # Conditions on the date may exclude all that would come first.
    dated = [clause.test for clause in clauses if clause.dated and order.indexed is kind.row.created]
    last = session.scalar(
        select(order.indexed).where(*order.where, *dated).order_by(direction).offset(DEPTH * limit).limit(1)
    )
    statement = select(kind.row.id).where(*order.links, *order.where, *(clause.test for clause in clauses))
    if last is not None:
        statement = statement.where(order.indexed >= last if order.descending else order.indexed <= last)
    ordered = statement.order_by(direction, kind.row.created.desc(), kind.row.id).limit(limit)
    return list(dict.fromkeys(session.scalars(ordered)))  # once, also if it has the quantity twice


def _first(
    session: Session, kind: Kind, candidates: Sequence[str], tests: Sequence[Predicate], limit: int | None
) -> Sequence[str]:
    """Return the first candidates that pass all tests; the database would test all of them before it sorts."""
    found: list[str] = []
    for batch in batches(candidates):
        passed = set(session.scalars(select(kind.row.id).where(kind.row.id.in_(batch), *tests)))
        found += [candidate for candidate in batch if candidate in passed]
        if limit is not None and len(found) >= limit:
            break
    return found[:limit]
