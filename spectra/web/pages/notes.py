"""What people write beside a record: tags and a note. What cannot be saved is shown again, not lost."""

from __future__ import annotations

from collections.abc import Callable

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from spectra.core.errors import InputError, SpectraError
from spectra.registry.curation import Curation
from spectra.web.answers import site_of
from spectra.web.forms import posting, text
from spectra.web.pages.records import address_of, fingerprint, record_page


def tag(request: Request, form: FormData) -> Response:
    """Add tags, separated by commas."""
    tags = [name.strip() for name in text(form, "tags").split(",") if name.strip()]
    return _changed(request, lambda curation, name: curation.tag(name, tags))


def untag(request: Request, form: FormData) -> Response:
    """Remove a tag."""
    return _changed(request, lambda curation, name: curation.untag(name, [text(form, "tag")]))


def note(request: Request, form: FormData) -> Response:
    """Replace the note, unless someone else has done so since the page was opened."""
    written = text(form, "note").replace("\r\n", "\n").strip()

    def save(curation: Curation, name: str) -> object:
        if text(form, "before") != fingerprint(curation.annotated(name).note):
            raise InputError(
                "Someone has changed the note since this page was opened, and nothing was saved.",
                hint="The note as it is now stands beside yours: put them together and save again.",
            )
        return curation.set_note(name, written)

    return _changed(request, save, note=written)


def _changed(request: Request, change: Callable[[Curation, str], object], *, note: str | None = None) -> Response:
    """Change the record of this address and go back to it; if that is refused, show it with the reason."""
    registry, name = site_of(request).registry, request.path_params["id"]
    try:
        change(registry.curation, name)
    except SpectraError as error:
        return record_page(request, registry.lineage(name), fault=error, note=note)
    return RedirectResponse(f"{address_of(name)}#beside", 303)


ROUTES = (
    posting("/records/{id}/tag", tag),
    posting("/records/{id}/untag", untag),
    posting("/records/{id}/note", note),
)
