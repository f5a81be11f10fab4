"""The server: a socket that is ours before anything is said about it, and uvicorn on it."""

from __future__ import annotations

import socket
from contextlib import suppress

import uvicorn

from spectra.core.errors import UsageError
from spectra.web.security import Guard

PORT = 8642
_MOST_CONNECTIONS = 200
_GRACE = 5  # seconds that running requests have when the server stops


def bound(host: str, port: int | None) -> socket.socket:
    """Return a socket that is bound to an address; without a ``port``, to :data:`PORT` or, if it is taken, to any.

    Raises
    ------
    UsageError
        If that cannot be had.
    """
    ports = (PORT, 0) if port is None else (port,)
    for number in ports:
        listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, number))
        except OSError as error:
            listening.close()
            if number == ports[-1]:
                raise UsageError(
                    f"The server cannot listen on {host}, port {number}: {error.strerror or error}.",
                    hint="Choose another with --port or --host.",
                ) from error
        else:
            listening.listen(socket.SOMAXCONN)
            return listening
    raise AssertionError


def serve(app: Guard, listening: socket.socket) -> None:
    """Answer requests until the process is interrupted or terminated."""
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        lifespan="off",
        ws="none",
        limit_concurrency=_MOST_CONNECTIONS,
        timeout_graceful_shutdown=_GRACE,
    )
    with suppress(KeyboardInterrupt):  # the way to stop it
        uvicorn.Server(config).run(sockets=[listening])
