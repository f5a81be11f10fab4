"""Records side by side: their numbers above each other, what differs, and what is the same."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from spectra.core.store import AnyRecord, kind_of
from spectra.registry.comparison import compare, overview
from spectra.views.charts.errorbars import key_svg
from spectra.views.html import page_html
from spectra.views.records import record_label
from spectra.views.tasks.comparison import comparison_blocks, comparison_chart, overview_blocks, pair_rows
from spectra.web.answers import marked, page, site_of
from spectra.web.pages.records import address_of


def comparison(request: Request) -> Response:
    """Compare the records that were marked in a list."""
    site = site_of(request)
    names = [name.strip() for name in request.query_params.getlist("id") if name.strip()]
    if len(set(names)) == 2:
        pair = compare(site.registry, *dict.fromkeys(names))
        records: Sequence[AnyRecord] = (pair.first, pair.second)
        rows, blocks = pair_rows(pair), [*comparison_blocks(pair)]
    else:
        several = overview(site.registry, names)
        records, rows, blocks = several.records, several.numbers, [*overview_blocks(several)]
    return page(
        request,
        "compare.html",
        command=site.command("compare", *(record.id for record in records)),
        kind=kind_of(records[0]),
        records=[(marked(key_svg(place)), record, record_label(record)) for place, record in enumerate(records)],
        chart=marked(comparison_chart(records, rows, address_of)),
        body=marked(page_html(blocks)),
    )


ROUTES = (Route("/compare", comparison),)
