"""``python -m spectra.web.similarity.again``: lay out some of the points of a map by themselves.

What is wanted stands in ``wanted.json`` in the current folder; the places are written to ``places.json``. The registry
is the one that the environment names.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

from spectra.core.errors import InputError, SpectraError
from spectra.core.progress import Lines
from spectra.core.session import Session
from spectra.registry.registry import Registry
from spectra.registry.similarity.selection import select
from spectra.web.plugins import catalogue
from spectra.web.similarity.wanted import Wanted, layout_of

WANTED, PLACES = "wanted.json", "places.json"
FEWEST = 3
"""Points that can be laid out by themselves."""
_DIGITS = 6


def main() -> None:
    """Lay out what is wanted, and end with the exit code of an error."""
    try:
        with Registry.open() as registry:
            _lay_out(registry)
    except SpectraError as error:
        print(f"Error: {error.message}\n{error.hint or ''}", file=sys.stderr)  # noqa: T201 - it is what a job says
        sys.exit(error.exit_code)


def _lay_out(registry: Registry) -> None:
    document = json.loads(Path(WANTED).read_bytes())
    rows = dict(zip(document["records"], document["rows"], strict=True))
    wanted = Wanted(**document["map"])
    session = Session(store=registry, catalogue=catalogue(), progress=Lines())
    chosen = select(
        session,
        registry,
        where=wanted.where,
        features=wanted.feature_names,
        metric=wanted.metric or None,
        settings={},
    )
    kept = [place for place, item in enumerate(chosen.archive.items) if item.id in rows]
    if len(kept) < FEWEST:
        raise InputError(
            f"Of the selected points, {len(kept)} are still on record, too few to be laid out.", hint="Make a new map."
        )
    layout = session.catalogue.layout(layout_of(session.catalogue, wanted.layout, chosen.metric))
    rng = np.random.default_rng(wanted.seed)
    places = layout.fit(chosen.archive.features[kept], rng=rng, progress=session.progress).embedding_
    x, y = np.asarray(places, dtype=float).T
    found = [rows[chosen.archive.items[place].id] for place in kept]
    laid = {"rows": found, "x": np.round(x, _DIGITS).tolist(), "y": np.round(y, _DIGITS).tolist()}
    Path(PLACES).write_text(json.dumps(laid), encoding="utf-8")


if __name__ == "__main__":
    main()
