"""The workers of a cluster: where they are and what is installed there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from spectra.views.layout import Block, table

if TYPE_CHECKING:
    from spectra.core.tasks import Installation


def workers_blocks(here: Installation, there: Mapping[str, Installation]) -> Iterator[Block]:
    """Yield a table with a row for each worker below one for this machine."""
    packages = list(here.versions)
    rows = [
        (address, one.host, *(one.versions.get(package, "") for package in packages), ", ".join(one.plugins))
        for address, one in [("here", here), *there.items()]
    ]
    header = ("worker", "host", *packages, "plugins")
    yield table(header, rows, title=f"{len(there)} workers", priorities={"dask": 2, "distributed": 1, "host": 1})
    for processor in dict.fromkeys(one.processor for one in there.values()):
        count = sum(one.processor == processor for one in there.values())
        yield f"{count} on {processor}"


def workers_document(here: Installation, there: Mapping[str, Installation]) -> dict[str, Any]:
    """Return the same for a program."""
    return {"here": here, "workers": [{"address": address, "installed": one} for address, one in there.items()]}
