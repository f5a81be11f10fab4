"""Lists of what is on record, by the same queries as on the command line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from spectra.core.errors import NotFoundError, UsageError
from spectra.registry.query.columns import COLUMNS, Column
from spectra.registry.query.keys import KINDS
from spectra.registry.query.listing import NEWEST_FIRST, Listing
from spectra.registry.registry import Registry
from spectra.views.lists import columns_table, list_table
from spectra.web.answers import page, site_of, status_of

PAGE = 50
"""Rows of a page."""
COMPARABLE = ("predictions", "models", "samples")

_METHODS: Mapping[str, Callable[[Registry], Callable[..., Listing[Any]]]] = {
    "predictions": lambda registry: registry.list_predictions,
    "models": lambda registry: registry.list_models,
    "measurements": lambda registry: registry.list_measurements,
    "samples": lambda registry: registry.list_samples,
}
_KEYS: Mapping[str, str] = {
    "made": "created",
    "trained": "created",
    "added": "created",
    "sample": "sample",
    "name": "sample",
    "measurement": "file",
    "file": "file",
    "technique": "technique",
    "verdict": "verdict",
    "kind": "kind",
    "seed": "seed",
}
"""By which key a list is sorted like one of its ordinary columns."""
_EXAMPLES = {
    "predictions": "sample=steel*,C11>260,verdict=trusted,age<30d",
    "models": "technique=rus,sample=steel*",
    "measurements": "file=p2*,temperature>300 K",
    "samples": "technique=rus,sample=steel*",
}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a list was asked for, by its address."""

    kind: str
    query: str
    sort: str
    columns: tuple[str, ...]
    after: str | None

    @classmethod
    def of(cls, request: Request) -> Asked:
        """Read an address."""
        given = request.query_params
        return cls(
            kind=request.url.path.strip("/"),
            query=given.get("query", "").strip(),
            sort=given.get("sort", "").strip() or NEWEST_FIRST,
            columns=tuple(dict.fromkeys(name for name in given.getlist("column") if name)),
            after=given.get("after") or None,
        )

    def address(self, *, sort: str | None = None, after: str | None = None) -> str:
        """Return the address of the same list in another order or from another record on."""
        given = [("query", self.query), ("sort", sort or self.sort), *(("column", name) for name in self.columns)]
        if after is not None:
            given.append(("after", after))
        kept = [(name, value) for name, value in given if value and (name, value) != ("sort", NEWEST_FIRST)]
        return f"/{self.kind}?{urlencode(kept)}" if kept else f"/{self.kind}"

    def direction(self, key: str | None) -> str | None:
        """Return ``"ascending"`` or ``"descending"`` if the list is sorted by ``key``."""
        return None if key is None else {key: "ascending", f"-{key}": "descending"}.get(self.sort)

    def sorted_by(self, key: str) -> str:
        """Return the address of the list sorted by ``key``, the other way round if it is already."""
        descending = self.direction(key) == "ascending" or (key == "created" and self.direction(key) is None)
        return self.address(sort=f"-{key}" if descending else key)

    def words(self) -> Iterable[str]:
        """Return the command without ``spectra``."""
        yield from (self.kind, "list")
        if self.query:
            yield self.query
        if self.sort != NEWEST_FIRST:
            yield from (f"--sort={self.sort}",) if self.sort.startswith("-") else ("--sort", self.sort)
        if self.columns:
            yield from ("--columns", ",".join(map(quoted, self.columns)))


@dataclass(frozen=True, kw_only=True)
class ListColumn:
    """A column of a list: its heading, its cells, and where they lead.

    Parameters
    ----------
    key
        Key by which the list can be sorted like this column.
    leads
        Whether its cells are identifiers of records.
    """

    heading: str
    cells: Sequence[Any]
    key: str | None = None
    leads: bool = False
    number: bool = False


def home(_request: Request) -> Response:
    """Begin with the predictions."""
    return RedirectResponse("/predictions")


def listing(request: Request) -> Response:
    """Show a page of a list; what is wrong with a query is said in place of the rows."""
    asked, site = Asked.of(request), site_of(request)
    fault, status, records, more = None, 200, [], None
    columns: Sequence[ListColumn] = ()
    offered = [column.name for column in COLUMNS[asked.kind]]
    try:
        found = _METHODS[asked.kind](site.registry)(asked.query, sort=asked.sort, limit=PAGE + 1, after=asked.after)
        shown = found[:PAGE]
        records = list(shown)
        known = shown.columns()
        offered = list(dict.fromkeys([*offered, *(column.name for column in known), *asked.columns]))
        columns = _chosen(asked, shown, known, records) if asked.columns else _ordinary(asked.kind, records)
        more = asked.address(after=shown.ids[-1]) if len(found) > PAGE else None
    except (UsageError, NotFoundError) as error:
        fault, status = error, status_of(error)
    return page(
        request,
        "list.html",
        status=status,
        command=site.command(*asked.words()),
        asked=asked,
        example=_EXAMPLES[asked.kind],
        fault=fault,
        columns=columns,
        records=records,
        offered=offered,
        more=more,
        comparable=asked.kind in COMPARABLE,
    )


def _ordinary(kind: str, records: Sequence[Any]) -> Sequence[ListColumn]:
    """Return what people want to see first; the first column holds the identifiers."""
    return [
        ListColumn(
            heading=column.name,
            cells=column.values,
            key=_KEYS.get(column.name) if place else None,
            leads=not place or (kind, column.name) == ("predictions", "model"),
        )
        for place, column in enumerate(list_table(kind, records).columns)
    ]


def _chosen(asked: Asked, shown: Listing[Any], known: Sequence[Column], records: Sequence[Any]) -> Sequence[ListColumn]:
    """Return the columns that were asked for."""
    chosen: list[Column] = []
    for name in asked.columns:
        chosen += [column for column in known if column.name == name] or shown.columns([name])
    table = columns_table(chosen, records)
    return [
        ListColumn(
            heading=column.heading,
            cells=cells.values,
            key=column.name if _is_sortable(asked.kind, column) else None,
            leads=column.name in ("id", "model", "measurement") and column.holds == "text",
            number=column.holds in ("number", "integer"),
        )
        for column, cells in zip(chosen, table.columns, strict=True)
    ]


def _is_sortable(kind: str, column: Column) -> bool:
    """Say whether a record has one value in a column at most."""
    key = KINDS[kind].keys.get(column.name)
    return column.holds == "number" if key is None else not key.many


def quoted(name: str) -> str:
    """Return a column as ``--columns`` takes it: in quotes, if it holds a comma or a quotation mark."""
    return f'"{name.replace(chr(34), 2 * chr(34))}"' if set(name) & {",", '"'} else name


ROUTES = (Route("/", home), *(Route(f"/{kind}", listing) for kind in _METHODS))
