"""The application: pages, what they work with, and who is let in."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Route

from spectra.core.errors import SpectraError
from spectra.web.answers import fault_page, static_file
from spectra.web.jobs.queue import Jobs
from spectra.web.pages import ROUTES
from spectra.web.security import Access, Guard
from spectra.web.site import Site


def create_app(site: Site, access: Access) -> Guard:
    """Return the application for one registry, ready for a server or for starlette's test client."""
    app = Starlette(
        routes=[*ROUTES, Route("/static/{name}", static_file)],
        exception_handlers={SpectraError: fault_page, HTTPException: fault_page, Exception: fault_page},
    )
    app.state.site = site
    app.state.access = access
    app.state.jobs = Jobs(site.opened.locations.home / "jobs", site.environment)
    return Guard(app, access, read_only=site.read_only)
