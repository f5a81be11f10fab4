"""Views that a technique adds to its predictions: data of its own, drawn here; a fault in one is a sentence."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from spectra.core.errors import NotFoundError, SpectraError, fault
from spectra.core.formats.views import NAME, Picture, Plot, Recorded, View, ViewBlock
from spectra.core.measurements import Measurement
from spectra.core.session import Session
from spectra.core.store import PredictionRecord
from spectra.core.tables import Table
from spectra.core.technique import ViewingTechnique
from spectra.core.workflows.recorded import recorded_measurement, recorded_processors, recorded_reader
from spectra.core.workflows.specimens import recorded_specimen
from spectra.registry.registry import Registry
from spectra.views.charts.curves import legend_html, plot_svg, plot_table
from spectra.views.html import page_html
from spectra.views.report.record import recorded_file
from spectra.web.answers import marked, page, site_of
from spectra.web.plugins import catalogue

MOST_BLOCKS = 50
_MOST_ROWS = 5000
_LARGEST_PICTURE = 1600  # pixels along the longer side


def views_of(technique: str) -> Mapping[str, View]:
    """Return the views that a technique adds; none of one that is not there, or whose views are at fault."""
    try:
        found = catalogue().technique(technique)
        views = dict(found.views) if isinstance(found, ViewingTechnique) else {}
    except Exception:  # a stranger's code, and the page of a record does without it
        return {}
    return {name: view for name, view in views.items() if NAME.fullmatch(str(name)) and isinstance(view, View)}


def show(request: Request) -> Response:
    """Show one view of a prediction."""
    site = site_of(request)
    record, view = _asked(request)
    blocks, failed = _shown(site.registry, record, view)
    return page(
        request,
        "view.html",
        command=site.command("show", record.id),
        record=record,
        view=view,
        views=views_of(record.technique),
        name=request.path_params["name"],
        blocks=list(_drawn(blocks, request.url.path)),
        failed=failed,
    )


def picture(request: Request) -> Response:
    """Return one picture of a view."""
    from PIL import Image

    record, view = _asked(request)
    blocks, failed = _shown(site_of(request).registry, record, view)
    place = request.path_params["place"]
    block = blocks[place] if place < len(blocks) else None
    if not isinstance(block, Picture):
        raise NotFoundError(failed or f"The view has no picture number {place}.")
    drawn = Image.fromarray(block.pixels)
    drawn.thumbnail((_LARGEST_PICTURE, _LARGEST_PICTURE))
    content = io.BytesIO()
    drawn.save(content, format="PNG")
    return Response(content.getvalue(), media_type="image/png")


def recorded(registry: Registry, record: PredictionRecord) -> Recorded:
    """Return a prediction as views are handed it."""
    session = Session(store=registry, catalogue=catalogue())
    measurement = registry.get_measurement(record.measurement_id)
    specimen = recorded_specimen(session, registry.get_sample(measurement.sample_id))

    def read() -> Measurement:
        reader = recorded_reader(record)
        if reader is None:
            raise NotFoundError("The record is too old to tell how its file was read.")
        return recorded_measurement(session, specimen, measurement, reader, recorded_processors(record))

    def file(name: str) -> bytes:
        return recorded_file(registry, record, name, f"file {name!r}")

    return Recorded(sample=specimen.sample, prediction=record, file=file, measurement=read)


def _asked(request: Request) -> tuple[PredictionRecord, View]:
    record = site_of(request).registry.get_prediction(request.path_params["id"])
    name = request.path_params["name"]
    views = views_of(record.technique)
    if name not in views:
        known = f"Its views: {', '.join(views)}." if views else None
        raise NotFoundError(f"The technique {record.technique!r} has no view {name[:60]!r}.", hint=known)
    return record, views[name]


def _shown(registry: Registry, record: PredictionRecord, view: View) -> tuple[Sequence[ViewBlock], str | None]:
    """Return the blocks of a view, or none and what was wrong."""
    try:
        blocks = [*view.show(recorded(registry, record))]
        for place, block in enumerate(blocks):
            if not isinstance(block, Mapping | Table | str | Plot | Picture):
                return [], f"The view returned {type(block).__name__} as number {place}, which no page can draw."
    except SpectraError as error:
        return [], str(error)
    except Exception as error:  # a stranger's code
        return (
            [],
            f"The view failed: {fault(error)}. This is a bug in the plugin of the technique {record.technique!r}.",
        )
    return blocks[:MOST_BLOCKS], None


def _drawn(blocks: Sequence[ViewBlock], address: str) -> Iterator[dict[str, Any]]:
    """Yield for the template what each block becomes; one that cannot be drawn becomes a sentence."""
    for place, block in enumerate(blocks):
        try:
            yield _block(block, f"{address}/{place}.png")
        except Exception as error:  # numbers that are none, columns of several lengths
            yield {"kind": "fault", "text": f"Number {place} of the view cannot be drawn: {fault(error)}."}


def _block(block: ViewBlock, picture_address: str) -> dict[str, Any]:
    match block:
        case Plot():
            drawn = plot_svg(block)
            table = page_html([plot_table(block)])
            return {
                "kind": "plot",
                "title": block.title,
                "chart": marked(drawn),
                "legend": marked(legend_html(block)),
                "table": marked(table),
            }
        case Picture():
            return {"kind": "picture", "title": block.title, "address": picture_address}
        case Table() if block.columns and len(block) > _MOST_ROWS:
            raise ValueError(f"the table {block.name!r} has {len(block):,} rows, of which a page shows {_MOST_ROWS:,}")
        case Mapping():
            block = {name: f"{value:.6g}" if isinstance(value, float) else value for name, value in block.items()}
    return {"kind": "html", "html": marked(page_html([block]))}


ROUTES = (
    Route("/records/{id}/views/{name}", show),
    Route("/records/{id}/views/{name}/{place:int}.png", picture),
)
