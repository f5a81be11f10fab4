"""What to cite: the platform, and the papers behind a technique."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources

from spectra.core.inventory.catalogue import Catalogue
from spectra.version import __version__

PLATFORM = f"""\
@software{{spectra,
  author = {{{{The spectra authors}}}},
  title = {{spectra: from a measured spectrum to physical quantities with error bars}},
  version = {{{__version__}}},
  year = {{2026}},
  license = {{MIT}}
}}
"""


def entries(catalogue: Catalogue, technique: str | None = None) -> Iterator[str]:
    """Yield BibTeX: the platform, then what a technique rests on.

    A technique says so by an attribute ``references``, a resource like ``"spectra.plugins.rus:references.bib"``.

    Raises
    ------
    NotFoundError
        If there is no such technique.
    """
    yield PLATFORM
    references = getattr(catalogue.technique(technique), "references", None) if technique else None
    if references:
        package, _, name = str(references).partition(":")
        yield resources.files(package).joinpath(name).read_text(encoding="utf-8")
