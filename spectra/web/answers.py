"""Answers: pages from templates, and faults as sentences with the status that fits."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from http import HTTPStatus
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from spectra.core.errors import InputError, NotFoundError, RegistryError, SpectraError, UsageError
from spectra.version import __version__
from spectra.views.report.page import theme
from spectra.views.similarity.page import SCRIPTS, asset
from spectra.web.site import Site

_STATUS: Mapping[type[SpectraError], int] = {UsageError: 400, InputError: 400, NotFoundError: 404, RegistryError: 503}
_MEDIA = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


def site_of(request: Request) -> Site:
    """Return what the pages work with."""
    site: Site = request.app.state.site
    return site


def page(request: Request, template: str, *, status: int = 200, command: str | None = None, **content: Any) -> Response:
    """Return a page.

    Parameters
    ----------
    command
        The command that does the same.
    content
        What the template asks for; what is text is escaped.
    """
    site = site_of(request)
    form_token = request.app.state.access.form_token
    return HTMLResponse(
        _templates()
        .get_template(template)
        .render(site=site, path=request.url.path, command=command, form_token=form_token, **content),
        status_code=status,
    )


def marked(html: str) -> Markup:
    """Return HTML of :mod:`spectra.views`, which has escaped every text in it, for a template."""
    return Markup(html)  # noqa: S704


def refusal(status: int, message: str, *, hint: str | None = None) -> Response:
    """Return a page for someone who is not let in; it says nothing of the registry."""
    text = _templates().get_template("refusal.html").render(title=_phrase(status), message=message, hint=hint)
    return HTMLResponse(text, status_code=status)


def signed_in(address: str) -> HTMLResponse:
    """Return a page that goes on to ``address`` by itself."""
    return HTMLResponse(_templates().get_template("signed_in.html").render(title="Signed in", address=address))


def fault_page(request: Request, error: Exception) -> Response:
    """Return the page for an error: what, where, and what to do."""
    match error:
        case SpectraError():
            status, message, hint = status_of(error), error.message, error.hint
        case HTTPException():
            status, hint = error.status_code, None
            message = "There is no such page." if status == HTTPStatus.NOT_FOUND else f"{error.detail}."
        case _:
            status, message = 500, f"Unexpected error: {type(error).__name__}."
            hint = "This is a bug in spectra or in a plugin. The server's terminal shows where."
    answer = page(request, "fault.html", status=status, title=_phrase(status), message=message, hint=hint)
    answer.headers.update(getattr(error, "headers", None) or {})
    return answer


def status_of(error: SpectraError) -> int:
    """Return the HTTP status of an error."""
    return next((status for kind, status in _STATUS.items() if isinstance(error, kind)), 500)


def static_file(request: Request) -> Response:
    """Return one of our own files."""
    name = request.path_params["name"]
    if name not in static_files():
        raise HTTPException(404)
    content = static_files()[name]
    media = _MEDIA[name.rpartition(".")[2]]
    return Response(content, media_type=media, headers={"Cache-Control": "public, max-age=31536000, immutable"})


@cache
def static_files() -> Mapping[str, bytes]:
    """Return our own files by their names: those of the pages, and what they share with reports and maps."""
    own = (entry for entry in (files(__package__) / "static").iterdir() if entry.is_file())
    shared = {"theme.css": theme()} | {name: asset(name) for name in (*SCRIPTS, "map.css")}
    return {entry.name: entry.read_bytes() for entry in own} | {name: text.encode() for name, text in shared.items()}


def _static_address(name: str) -> str:
    """Return the address of one of our own files, which changes with its content."""
    return f"/static/{name}?{hashlib.sha256(static_files()[name]).hexdigest()[:12]}"


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader(__package__),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals.update(static=_static_address, version=__version__)
    return environment


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase
