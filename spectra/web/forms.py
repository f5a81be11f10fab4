"""Forms that change something: bounded, and only from a page of this server."""

from __future__ import annotations

import hmac
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Message, Receive

LONGEST_FORM = 256 * 1024
"""Bytes of a form without a file: more than the longest note."""

Handler = Callable[[Request, FormData], Response]


def posting(path: str, handler: Handler, *, limit: int = LONGEST_FORM, files: int = 1) -> Route:
    """Return the route of a form; ``handler`` is called with its fields, in a thread, when it may be obeyed.

    Every route that changes something is made here.

    Parameters
    ----------
    limit
        Bytes that are read of a request; one that is longer is refused as soon as that shows. Files go to the disk as
        they come, and fields of text are no longer than a form without a file.
    files
        How many files it may hold.
    """

    async def checked(request: Request) -> Response:
        bounded = Request(request.scope, _bounded(request, limit))
        try:
            form = await bounded.form(max_files=files, max_fields=200, max_part_size=min(limit, LONGEST_FORM))
        except MultiPartException as error:
            raise HTTPException(400, f"The form cannot be read: {error.message}") from error
        try:
            given = form.get("token")
            expected = request.app.state.access.form_token
            entitled = isinstance(given, str) and hmac.compare_digest(given.encode(errors="replace"), expected.encode())
            if not (entitled or request.scope["spectra.entitled"]):
                raise HTTPException(403, "The form does not hold the token of this server, and nothing was changed")
            return await run_in_threadpool(handler, request, form)
        finally:
            await form.close()  # its files

    return Route(path, checked, methods=["POST"])


def _bounded(request: Request, limit: int) -> Receive:
    """Return what receives a request, and refuses to go on when it has more than ``limit`` bytes."""
    # Without the header, the server would go on to read and discard what comes, whatever its length.
    too_long = HTTPException(413, f"The request is longer than {limit:,} bytes", headers={"Connection": "close"})
    announced = request.headers.get("content-length", "0")
    if not announced.isdecimal() or int(announced) > limit:
        raise too_long
    received = 0

    async def receive() -> Message:
        nonlocal received
        message = await request.receive()
        received += len(message.get("body", b""))
        if received > limit:
            raise too_long
        return message

    return receive


def text(form: FormData, name: str) -> str:
    """Return a field of a form; empty if it is not there, or a file."""
    value = form.get(name)
    return value if isinstance(value, str) else ""
