"""One record: what it is, what it came from, what came from it, and what people wrote beside it."""

from __future__ import annotations

from hashlib import sha256
from typing import Any
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from spectra.core.errors import RegistryError, SpectraError
from spectra.core.store import (
    FIGURE,
    MAP,
    POSTERIOR,
    AnyRecord,
    DataSetRecord,
    MeasurementRecord,
    ModelRecord,
    PredictionRecord,
    SampleRecord,
    kind_of,
)
from spectra.registry.lineage import Lineage
from spectra.registry.query.language import quote as quote_value
from spectra.views.charts.lineage import lineage_svg
from spectra.views.html import page_html
from spectra.views.lineage import relation_blocks, repeating_command
from spectra.views.numbers import size
from spectra.views.report.page import verdict_html
from spectra.views.report.record import has_file, posterior_of, record_parts
from spectra.web.answers import marked, page, site_of, status_of
from spectra.web.pages.views import views_of
from spectra.web.site import Site


def address_of(id: str) -> str:
    """Return the address of a record."""
    return f"/records/{quote(id, safe='')}"


def find(request: Request) -> Response:
    """Go to the record with an identifier, a unique beginning of one, or an alias."""
    name = request.query_params.get("id", "").strip()
    return RedirectResponse(address_of(site_of(request).registry.get_any(name).id))


def show(request: Request) -> Response:
    """Show a record."""
    name = request.path_params["id"]
    lineage = site_of(request).registry.lineage(name)
    if lineage.record.id != name:  # every record has one address
        return RedirectResponse(address_of(lineage.record.id))
    return record_page(request, lineage)


def record_page(
    request: Request, lineage: Lineage, *, fault: SpectraError | None = None, note: str | None = None
) -> Response:
    """Return the page of a record.

    Parameters
    ----------
    fault
        Why a change was refused.
    note
        The note that was not saved, to be written on.
    """
    site, record = site_of(request), lineage.record
    parts = record_parts(record)
    posterior, posterior_fault = _posterior(site, record)
    return page(
        request,
        "record.html",
        status=200 if fault is None else status_of(fault),
        command=site.command("show", record.id),
        record=record,
        kind=kind_of(record),
        parts=parts,
        verdict=marked(verdict_html(parts)),
        body=marked(page_html(parts.blocks)),
        facts=marked(page_html([{name: v for name, v in parts.facts.items() if name not in ("tags", "note")}])),
        figure=_figure(record),
        mapped=has_file(record, MAP),
        views=views_of(record.technique) if isinstance(record, PredictionRecord) else {},
        posterior=None if posterior is None else marked(posterior),
        posterior_fault=posterior_fault,
        lineage=marked(lineage_svg(lineage, address_of)),
        relatives=marked(page_html(relation_blocks(lineage), address_of)),
        lists=_lists(record),
        repeat=repeating_command(record, site.db),
        files=_files(record),
        annotated=not isinstance(record, DataSetRecord),
        fault=fault,
        note=note,
        fingerprint=fingerprint,
        size=size,
    )


def fingerprint(note: str) -> str:
    """Return by what a form knows which note it was made for."""
    return sha256(note.encode()).hexdigest()[:16]


def _figure(record: AnyRecord) -> str | None:
    """Return the address of a record's figure, if it has one."""
    has_one = isinstance(record, ModelRecord) or has_file(record, FIGURE)
    return f"{address_of(record.id)}/figure.svg" if has_one else None


def _posterior(site: Site, record: AnyRecord) -> tuple[str | None, RegistryError | None]:
    """Return the summary of a posterior, if there is one, or why it cannot be read: the rest is shown anyway."""
    if not (isinstance(record, PredictionRecord) and has_file(record, POSTERIOR)):
        return None, None
    from spectra.views.figures.posterior import posterior_table

    try:
        return page_html([posterior_table(*posterior_of(site.registry, record))]), None
    except RegistryError as error:
        return None, error


def _lists(record: AnyRecord) -> list[tuple[str, str]]:
    """Return what lists all that was made from a record, and their addresses."""
    match record:
        case ModelRecord():
            asked = [("predictions", f"model={record.id}")]
        case MeasurementRecord():
            asked = [("predictions", f"measurement={record.id}")]
        case SampleRecord():
            query = f"sample={quote_value(record.name)}"
            asked = [(kind, query) for kind in ("measurements", "models", "predictions")]
        case _:
            asked = []
    return [
        (f"All {kind} of this {kind_of(record)}", f"/{kind}?{urlencode({'query': query})}") for kind, query in asked
    ]


def _files(record: AnyRecord) -> list[dict[str, Any]]:
    """Return what can be downloaded."""
    match record:
        case PredictionRecord():
            return [{"name": file.name, "size": file.artefact_size, "at": file.name} for file in record.files]
        case MeasurementRecord():
            return [{"name": record.file_name, "size": record.artefact_size, "at": "measured"}]
    return []


ROUTES = (Route("/records", find), Route("/records/{id}", show))
