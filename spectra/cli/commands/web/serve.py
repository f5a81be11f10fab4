"""``spectra web``: the registry in a browser."""

from __future__ import annotations

from typing import Annotated

import typer

from spectra.cli import options
from spectra.core.errors import NotFoundError, UsageError

TOKEN_VARIABLE = "SPECTRA_WEB_TOKEN"  # noqa: S105 - its name


def web(
    host: Annotated[str, typer.Option("--host", metavar="ADDRESS", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int | None,
        typer.Option("--port", min=0, max=65535, help="Port; 0 takes any. Default: 8642, or any if that is taken."),
    ] = None,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(
            "--allow-host", metavar="NAME", help="Host name by which a proxy or colleagues call it; repeatable."
        ),
    ] = None,
    read_only: Annotated[bool, typer.Option("--read-only", help="Refuse all changes: tags, notes, analyses.")] = False,
    db: options.Database = None,
) -> None:
    """Serve the registry as a page for browsers on this machine, until Ctrl-C.

    The printed address holds a token, without which nothing is answered. For another machine's browsers, name an
    address with --host and set a token of your own in SPECTRA_WEB_TOKEN; there is no encryption, so use a proxy with
    TLS, or a tunnel: ssh -L 8642:localhost:8642 THIS-MACHINE.
    """
    from importlib.util import find_spec

    if missing := [name for name in ("starlette", "jinja2", "uvicorn", "python_multipart") if find_spec(name) is None]:
        raise NotFoundError(
            f"The page needs packages that are not installed: no module {missing[0]!r}.",
            hint="Install them with 'pip install spectra-platform[web]'.",
        )
    import os
    import secrets

    from spectra.web.security import LOOPBACK, SHORTEST_TOKEN

    token = os.environ.get(TOKEN_VARIABLE)
    if token is not None and len(token) < SHORTEST_TOKEN:
        raise UsageError(
            f"The token in {TOKEN_VARIABLE} has {len(token)} characters, and {SHORTEST_TOKEN} are needed.",
            hint="python -c 'import secrets; print(secrets.token_urlsafe())' makes one.",
        )
    local = host in {name.strip("[]") for name in LOOPBACK}
    if not local and token is None:
        raise UsageError(
            f"--host {host} opens the registry to other machines, and no token is set.",
            hint=f"Set one in {TOKEN_VARIABLE}; for your own browser through a tunnel, leave out --host.",
        )

    from spectra.cli.printing.blocks import print_line
    from spectra.cli.progress import TerminalProgress
    from spectra.cli.session import open_registry
    from spectra.web.app import create_app
    from spectra.web.security import Access, host_name
    from spectra.web.serving import bound, serve
    from spectra.web.site import Site

    shown = f"[{host}]" if ":" in host else host
    names = LOOPBACK.union(map(host_name, [*(allow_host or ()), shown]))
    with bound(host, port) as listening, open_registry(db) as registry:
        taken = listening.getsockname()[1]
        access = Access(token=token or secrets.token_urlsafe(32), hosts=names, port=taken)
        print_line(f"http://{shown}:{taken}/?token={access.token}")
        TerminalProgress().say("Open this address in a browser; Ctrl-C stops the server.")
        serve(create_app(Site(opened=registry, db=db, read_only=read_only), access), listening)
