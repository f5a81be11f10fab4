"""The pages, one module for each subject; each says its routes in ``ROUTES``."""

from __future__ import annotations

from spectra.web.pages import analyses, files, jobs, lists, notes, records

ROUTES = (
    *lists.ROUTES,
    *records.ROUTES,
    *files.ROUTES,
    *notes.ROUTES,
    *analyses.ROUTES,
    *jobs.ROUTES,
)
