"""The plugins as the pages need them: loaded once, when a page first asks for a technique."""

from __future__ import annotations

from functools import cache

from spectra.core.inventory.catalogue import Catalogue
from spectra.core.manager import load_plugins
from spectra.core.session import Session, Specimen
from spectra.core.store import SampleRecord
from spectra.core.workflows.specimens import recorded_specimen
from spectra.plugins import BUILT_IN, SHARED
from spectra.registry.registry import Registry


@cache
def catalogue() -> Catalogue:
    """Return the components of all plugins."""
    return load_plugins(BUILT_IN, always=SHARED).catalogue


def specimen(registry: Registry, record: SampleRecord) -> Specimen:
    """Return a sample on record with its technique; raises like :func:`.recorded_specimen`."""
    return recorded_specimen(Session(store=registry, catalogue=catalogue()), record)
