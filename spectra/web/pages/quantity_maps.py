"""The map of a prediction (hardness, for example) over its picture, with the value under the pointer."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from spectra.core.errors import NotFoundError, SpectraError
from spectra.core.formats.maps import QuantityMap
from spectra.core.session import Session
from spectra.core.store import MAP, PredictionRecord
from spectra.core.workflows.recorded import recorded_measurement, recorded_processors, recorded_reader
from spectra.core.workflows.specimens import recorded_specimen
from spectra.views.html import page_html
from spectra.views.maps import layer_document, layers, region_tables
from spectra.views.report.record import recorded_file
from spectra.views.thumbnails import png, thumbnail
from spectra.web.answers import marked, page, site_of
from spectra.web.plugins import catalogue

_PICTURE = 1200  # pixels along the longer side


def show(request: Request) -> Response:
    """Show a map: its layers on request of the script, and as tables."""
    site = site_of(request)
    record = site.registry.get_prediction(request.path_params["id"])
    field = _field(request, record)
    return page(
        request,
        "quantity_map.html",
        command=site.command("show", record.id, "--map", "map.csv"),
        record=record,
        layers=list(enumerate(layers(field))),
        shape=field.novelty.shape,
        tables=marked(page_html(region_tables(field))),
    )


def layer(request: Request) -> Response:
    """Return one layer of a map."""
    field = _field(request, site_of(request).registry.get_prediction(request.path_params["id"]))
    found, number = layers(field), request.path_params["number"]
    if number >= len(found):
        raise NotFoundError(f"The map has {len(found)} layers, from 0, and no number {number}.")
    return JSONResponse(layer_document(found[number], field.um_per_step))


def picture(request: Request) -> Response:
    """Return the measured picture that lies below a map.

    Raises
    ------
    NotFoundError
        If it cannot be read any more; the map is shown without it.
    """
    registry = site_of(request).registry
    prediction = registry.get_prediction(request.path_params["id"])
    measurement = registry.get_measurement(prediction.measurement_id)
    session = Session(store=registry, catalogue=catalogue())
    reader = recorded_reader(prediction)
    if reader is None:
        raise NotFoundError("The record is too old to tell how its picture was read.")
    try:
        specimen = recorded_specimen(session, registry.get_sample(measurement.sample_id))
        read = recorded_measurement(session, specimen, measurement, reader, recorded_processors(prediction))
    except SpectraError as error:
        raise NotFoundError(f"The picture cannot be read any more: {error.message}", hint=error.hint) from error
    return Response(png(thumbnail(read.signal, _PICTURE)), media_type="image/png")


def _field(request: Request, record: PredictionRecord) -> QuantityMap:
    return QuantityMap.from_bytes(recorded_file(site_of(request).registry, record, MAP, "map"))


ROUTES = (
    Route("/records/{id}/map", show),
    Route("/records/{id}/map/{number:int}.json", layer),
    Route("/records/{id}/map/picture.png", picture),
)
