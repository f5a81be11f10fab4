"""Quantities over a condition, a date, a tag or another quantity: drawn, and the same as a table."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from spectra.core.errors import InputError, UsageError
from spectra.registry.query.columns import Column
from spectra.registry.query.keys import STD
from spectra.views.charts.errorbars import key_svg
from spectra.views.html import page_html
from spectra.views.tasks.trend import course_svg, series_of, trend_of, trend_table
from spectra.web.answers import marked, page, site_of, status_of
from spectra.web.pages.lists import quoted
from spectra.web.pages.records import address_of

MOST = 1_000
"""Number of predictions that are drawn at most."""
_WORDS = ("sample", "file", "operator", "tag", "verdict", "model", "technique")


def show(request: Request) -> Response:
    """Draw quantities of the predictions that a query selects."""
    site, given = site_of(request), request.query_params
    query, x = given.get("query", "").strip(), given.get("x", "").strip()
    y: Sequence[str] = list(dict.fromkeys(name for name in given.getlist("y") if name))
    fault, status, charts, rows, more = None, 200, [], None, False
    series: Sequence[str] = ()
    quantities = y
    places: Sequence[str] = ("created", *_WORDS)
    try:
        found = site.registry.list_predictions(query, limit=MOST + 1)
        more = len(found) > MOST
        found = found[:MOST]
        quantities, places = _offered(found.columns(), y, x)
        y, x = y or quantities[:1], x or places[0]
        if y and found:
            trend = trend_of(found, x=x, y=y)
            charts = [(course.heading, marked(course_svg(trend, course, address_of))) for course in trend.courses]
            rows = marked(page_html([trend_table(trend)], address_of))
            series = series_of(trend)
    except (UsageError, InputError) as error:
        fault, status = error, status_of(error)
    words = ["plot", *([query] if query else []), "--x", x or "created", "--y", ",".join(map(quoted, y))]
    return page(
        request,
        "trend.html",
        status=status,
        command=site.command(*words) if y else None,
        query=query,
        x=x,
        y=y,
        quantities=quantities,
        places=places,
        fault=fault,
        charts=charts,
        rows=rows,
        series=[(marked(key_svg(place)), name) for place, name in enumerate(series)],
        more=f"More than {MOST:,} predictions match; the newest are drawn." if more else None,
    )


def _offered(columns: Sequence[Column], y: Sequence[str], x: str) -> tuple[Sequence[str], Sequence[str]]:
    """Return what can be drawn, and over what: conditions first."""
    names = [column.name for column in columns if column.holds in ("number", "integer")]
    quantities = [name for name in names if f"{name}.{STD}" in names]
    others = [name for name in names if name not in quantities and not name.endswith(f".{STD}")]
    conditions = [name for name in others if name != "misfit"]
    places = [*conditions, "created", *_WORDS, *quantities, "misfit"]
    return list(dict.fromkeys([*quantities, "misfit", *y])), list(dict.fromkeys([*places, *([x] if x else [])]))


ROUTES = (Route("/trend", show),)
