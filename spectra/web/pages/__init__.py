"""The pages, one module for each subject; each says its routes in ``ROUTES``."""

from __future__ import annotations

from spectra.web.pages import (
    analyses,
    comparing,
    files,
    jobs,
    lists,
    maps,
    notes,
    quantity_maps,
    records,
    trends,
    views,
)

ROUTES = (
    *lists.ROUTES,
    *records.ROUTES,
    *files.ROUTES,
    *notes.ROUTES,
    *comparing.ROUTES,
    *trends.ROUTES,
    *analyses.ROUTES,
    *jobs.ROUTES,
    *maps.ROUTES,
    *quantity_maps.ROUTES,
    *views.ROUTES,
)
