"""The pages, one module for each subject; each says its routes in ``ROUTES``."""

from __future__ import annotations

from spectra.web.pages import analyses, jobs, lists

ROUTES = (*lists.ROUTES, *analyses.ROUTES, *jobs.ROUTES)
