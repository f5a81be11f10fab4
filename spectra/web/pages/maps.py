"""The map of similarity: made by ``spectra map`` as a job, explored live, and laid out again in parts."""

from __future__ import annotations

import json
from pathlib import Path

from markupsafe import Markup
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from spectra.core.errors import NotFoundError, UsageError
from spectra.core.similarity.metrics import METRICS
from spectra.views.similarity.page import SCRIPTS, data_of_page, page_content
from spectra.web import plugins
from spectra.web.answers import page, site_of
from spectra.web.forms import posting
from spectra.web.jobs.job import Job
from spectra.web.jobs.queue import Order
from spectra.web.pages.jobs import jobs_of
from spectra.web.security import POLICY
from spectra.web.similarity.again import FEWEST, PLACES, WANTED
from spectra.web.similarity.wanted import Wanted

KIND, AGAIN = "map", "layout"
_PAGE, _DATA = "map.html", "data.json"
_LANE = "maps"
_MOST_ROWS = 50_000
_LONGEST_ROWS = 8 * _MOST_ROWS  # bytes of a form that names them
_THUMBNAILS = {"Content-Security-Policy": POLICY.replace("img-src 'self'", "img-src 'self' data:")}


def ask(request: Request) -> Response:
    """Ask what the map is to show, and list those that were made."""
    catalogue = plugins.catalogue()
    entries = list(catalogue.entries("encoder"))
    return page(
        request,
        "map_form.html",
        given={name: request.query_params.get(name, "") for name in ("where", "features", "color")},
        layouts=[entry.component.name for entry in catalogue.entries("layout")],
        metrics=METRICS,
        encoders=[entry.component.name for entry in entries],
        maps=[job for job in jobs_of(request).all() if job.kind == KIND],
    )


def make(request: Request, form: FormData) -> Response:
    """Start to make a map."""
    site = site_of(request)
    wanted = Wanted.of(form, plugins.catalogue())
    words = ["map", *wanted.words(), f"--html={_PAGE}"]
    job = jobs_of(request).submit(
        Order(
            kind=KIND,
            title=f"Map of {wanted.where}" if wanted.where else "Map of all measurements",
            command=site.command(*words),
            module="spectra.cli",
            arguments=[*words, *site.where],
            outcome=_map_data,
            keeps=[_PAGE, _DATA],
            lane=_LANE,
            details=wanted.document(),
        )
    )
    return RedirectResponse(f"/jobs/{job.id}", 303)


def show(request: Request) -> Response:
    """Show a map; its scripts ask for the data."""
    job = _made(request, KIND)
    answer = page(
        request,
        "map.html",
        command=job.command,
        job=job,
        content=Markup(page_content()),  # noqa: S704 - our own file, with nothing filled in
        scripts=[*SCRIPTS, "map-live.js"],
        fewest=FEWEST,
    )
    answer.headers.update(_THUMBNAILS)
    return answer


def data(request: Request) -> Response:
    """Return what a map shows."""
    job = _made(request, KIND)
    return FileResponse(jobs_of(request).folder(job.id) / _DATA, media_type="application/json")


def download(request: Request) -> Response:
    """Return a map as a page in one file."""
    job = _made(request, KIND)
    return FileResponse(jobs_of(request).folder(job.id) / _PAGE, media_type="text/html", filename=_PAGE)


def lay_out(request: Request, form: FormData) -> Response:
    """Start to lay out some points of a map by themselves, and say which job does."""
    jobs = jobs_of(request)
    job = _made(request, KIND)
    records = json.loads((jobs.folder(job.id) / _DATA).read_bytes())["records"]
    rows = _rows(str(form.get("rows") or ""), len(records))
    named = {records[row]: row for row in rows if records[row] is not None}
    if len(named) < FEWEST:
        raise UsageError(f"{len(named)} points cannot be laid out by themselves.", hint=f"Select {FEWEST} or more.")
    document = {"map": job.details, "records": list(named), "rows": list(named.values())}
    started = jobs.submit(
        Order(
            kind=AGAIN,
            title=f"Layout of {len(named):,} points",
            command=None,
            module="spectra.web.similarity.again",
            arguments=[],
            outcome=_places,
            files={WANTED: json.dumps(document).encode()},
            keeps=[PLACES],
            lane=_LANE,
        )
    )
    return JSONResponse({"job": started.id}, 202)


def places(request: Request) -> Response:
    """Return the places of points that were laid out by themselves."""
    job = _made(request, AGAIN)
    return FileResponse(jobs_of(request).folder(job.id) / PLACES, media_type="application/json")


def _made(request: Request, kind: str) -> Job:
    """Return a job that has made what is asked for."""
    job = jobs_of(request).get(request.path_params["id"])
    if job.kind != kind or job.state != "done":
        raise NotFoundError(f"The job {job.id} has made no {kind}.", hint="Its own page says how far it is.")
    return job


def _rows(text: str, count: int) -> list[int]:
    words = text.split(",")
    if not all(word.isdecimal() and len(word) < 9 for word in words) or len(words) > _MOST_ROWS:
        raise UsageError("The points are not named by their numbers.")
    rows = sorted({int(word) for word in words})
    if rows[-1] >= count:
        raise UsageError(f"The map has {count:,} points, and no number {rows[-1]:,}.")
    return rows


def _map_data(_printed: bytes, folder: Path) -> str:
    """Put the data of a map beside it."""
    (folder / _DATA).write_bytes(data_of_page((folder / _PAGE).read_bytes()))
    return _PAGE


def _places(_printed: bytes, folder: Path) -> str:
    json.loads((folder / PLACES).read_bytes())
    return PLACES


ROUTES = (
    Route("/map", ask),
    posting("/map", make),
    Route("/map/{id}", show),
    Route("/map/{id}/data.json", data),
    Route("/map/{id}/map.html", download),
    posting("/map/{id}/layout", lay_out, limit=_LONGEST_ROWS),
    Route("/map/{id}/places.json", places),
)
