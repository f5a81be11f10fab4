"""Who may ask for a page. Loopback is no boundary: any page in the same browser and any user of the machine reach it.

- Only names that the server was told to answer to are accepted as ``Host``: a foreign name that leads to this machine
  (DNS rebinding) is refused.
- The token is taken from the address once and becomes a cookie that no other site's requests carry.
- What changes something has to come from one of our pages: the same ``Origin``, and a second token that only they hold,
  as a header or as a field of the form (:mod:`spectra.web.forms`).
- The browser runs no script but our own files, shows no picture from elsewhere, and sends nothing elsewhere.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from spectra.web.answers import refusal, signed_in

LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
TOKEN_HEADER = "X-Spectra-Token"  # noqa: S105 - its name
STATIC = "/static/"
SHORTEST_TOKEN = 20
SAFE = ("GET", "HEAD")

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    # "no-referrer" would make browsers send "Origin: null" with our own forms.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True, kw_only=True)
class Access:
    """Who is let in.

    Parameters
    ----------
    token
        What the address holds that the server prints.
    hosts
        Names by which the server may be called, without a port.
    port
        Names the cookie: browsers send a cookie to all ports of a host.
    """

    token: str
    hosts: frozenset[str] = LOOPBACK
    port: int = 0

    @property
    def cookie(self) -> str:
        """Name of the cookie."""
        return f"spectra-{self.port}"

    @property
    def session(self) -> str:
        """Value of the cookie."""
        return self._derived("session")

    @property
    def form_token(self) -> str:
        """What a form that changes something has to hold."""
        return self._derived("form")

    def _derived(self, purpose: str) -> str:
        return hmac.new(self.token.encode(), purpose.encode(), hashlib.sha256).hexdigest()


class Guard:
    """Lets requests through to ``app`` that may pass, and puts headers of security on all answers."""

    def __init__(self, app: ASGIApp, access: Access, *, read_only: bool) -> None:
        self.app = app
        self.access = access
        self._read_only = read_only

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it on."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            stopped = self._stopped(scope)
            if stopped is not None and scope["method"] not in SAFE:
                stopped.headers["Connection"] = "close"  # what it wanted to send is not read
            await (stopped or self.app)(scope, receive, _with_headers(send))
        else:
            await send({"type": "websocket.close"})

    def _stopped(self, scope: Scope) -> Response | None:
        """Return what is answered in place of a page, or None if the request may pass."""
        request = Request(scope)
        host = _only(request.headers, "host")
        if host is None or host_name(host) not in self.access.hosts:
            return refusal(
                403,
                f"This server does not answer to the host name {host!r}.",
                hint="'spectra web --allow-host NAME' adds a name.",
            )
        if request.url.path.startswith(STATIC):
            return None
        if (given := request.query_params.get("token")) is not None and request.method in SAFE:
            if not _equal(given, self.access.token):
                return refusal(401, "The token in the address is not the one of this server.", hint=_HINT)
            return self._sign_in(request)
        header = request.headers.get(TOKEN_HEADER)
        known = _equal(request.cookies.get(self.access.cookie), self.access.session)
        if not known and not _equal(header, self.access.token):
            return refusal(401, "This page asks for the token of its server.", hint=_HINT)
        return None if request.method in SAFE else self._stopped_change(request, host, header)

    def _stopped_change(self, request: Request, host: str, header: str | None) -> Response | None:
        if self._read_only:
            return refusal(403, "This server was started with --read-only: nothing can be changed here.")
        entitled = _equal(header, self.access.token) or _equal(header, self.access.form_token)
        origin = _only(request.headers, "origin")
        if not (entitled if origin is None else urlsplit(origin).netloc.lower() == host.lower()):
            return refusal(403, f"A change was asked for by another page ({origin}), and nothing was changed.")
        request.scope["spectra.entitled"] = entitled
        return None

    def _sign_in(self, request: Request) -> Response:
        """Leave the cookie, and go on to the same page without the token.

        Not by a redirect: where a link on another site led here, the browser counts it to that site and keeps the
        cookie back.
        """
        query = [(name, value) for name, value in parse_qsl(request.url.query) if name != "token"]
        answer = signed_in(request.url.path + (f"?{urlencode(query)}" if query else ""))
        answer.set_cookie(
            self.access.cookie,
            self.access.session,
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )
        return answer


_HINT = "Open the address that 'spectra web' printed, with its token."


def _with_headers(send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sent


def _only(headers: Headers, name: str) -> str | None:
    """Return the value of a header that stands there once."""
    values = headers.getlist(name)
    return values[0] if len(values) == 1 else None


def host_name(host: str) -> str:
    """Return a host without its port."""
    name, colon, port = host.lower().rpartition(":")
    return name if colon and port.isdigit() else host.lower()


def _equal(given: str | None, wanted: str) -> bool:
    return given is not None and hmac.compare_digest(given.encode(errors="replace"), wanted.encode())
