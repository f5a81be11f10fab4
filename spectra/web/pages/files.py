"""Figures and files of records. What is drawn is drawn when a browser asks for it."""

from __future__ import annotations

from threading import Lock
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from spectra.core.errors import NotFoundError
from spectra.core.store import FIGURE, MeasurementRecord, ModelRecord, PredictionRecord, kind_of
from spectra.views.report.record import posterior_of, recorded_file
from spectra.web.answers import site_of

_DRAWING = Lock()  # Matplotlib's settings are those of the process
_PICTURE = {
    # Opened by itself, a drawing is a document: it may be styled, and nothing else.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox",
    "Cache-Control": "private, max-age=3600",
}


def figure(request: Request) -> Response:
    """Return the figure of a prediction as it is on record, or draw that of a model."""
    registry = site_of(request).registry
    record = registry.get_any(request.path_params["id"])
    match record:
        case PredictionRecord():
            return _drawing(recorded_file(registry, record, FIGURE, "figure"))
        case ModelRecord():
            from spectra.views.figures.canvas import figure_bytes
            from spectra.views.figures.model import model_figure

            artefact = registry.read_artefact(record.artefact)
            with _DRAWING:
                return _drawing(figure_bytes(model_figure(record, artefact), "svg"))
    raise NotFoundError(f"{record.id} is a {kind_of(record)}; predictions and models have a figure.")


def posterior(request: Request) -> Response:
    """Draw the posterior of a prediction as a corner plot."""
    registry = site_of(request).registry
    sample = posterior_of(registry, registry.get_prediction(request.path_params["id"]))
    from spectra.views.figures.canvas import figure_bytes
    from spectra.views.figures.posterior import corner_figure

    with _DRAWING:
        return _drawing(figure_bytes(corner_figure(*sample), "svg"))


def file(request: Request) -> Response:
    """Return a file of a prediction as it is on record."""
    registry, name = site_of(request).registry, request.path_params["name"]
    record = registry.get_prediction(request.path_params["id"])
    return _download(f"{record.id}-{name}", recorded_file(registry, record, name, f"file {name!r}"))


def measured(request: Request) -> Response:
    """Return the measured file as it was read."""
    registry = site_of(request).registry
    record: MeasurementRecord = registry.get_measurement(request.path_params["id"])
    return _download(record.file_name, registry.read_artefact(record.artefact))


def _drawing(content: bytes) -> Response:
    return Response(content, media_type="image/svg+xml", headers=_PICTURE)


def _download(name: str, content: bytes) -> Response:
    """Return a file that the browser saves and never shows, whatever is in it."""
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
    return Response(content, media_type="application/octet-stream", headers=headers)


ROUTES = (
    Route("/records/{id}/figure.svg", figure),
    Route("/records/{id}/posterior.svg", posterior),
    Route("/records/{id}/measured", measured),
    Route("/records/{id}/files/{name}", file),
)
