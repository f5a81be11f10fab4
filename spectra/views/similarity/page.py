"""The map as a page: one file of HTML that asks for nothing outside, and in which no name can act.

All that comes from records stands in a block of JSON, which the browser does not run; the script writes it to the page
as text only. A policy in the page allows its own script and style by their digests, pictures within the file, and
nothing else.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from collections.abc import Sequence
from html import escape
from importlib.resources import files
from typing import Any

import numpy as np

from spectra.core.tables import Column
from spectra.registry.query.language import MOST_VALUES
from spectra.views.similarity.points import (
    CATEGORIES,
    MISSING,
    OTHER,
    SEQUENCE,
    Floats,
    SimilarityMap,
    categories,
    ends,
    is_numeric,
    numbers,
    words,
)

SCRIPTS = ("data.js", "view.js", "export.js", "map.js")
"""Names of its scripts in the order in which they run; the first takes the data from the element of that name."""
DATA_BEGINS, DATA_ENDS = '<script type="application/json" id="data">', "</script>"
"""Between the first and the next of these in a page stands what it shows, as JSON."""
_SHADES = 32
_DIGITS = 5


def map_page(shown: SimilarityMap) -> str:
    """Return the page as HTML."""
    style = asset("map.css")
    script = "\n".join(map(asset, SCRIPTS))
    policy = (
        f"default-src 'none'; script-src '{_digest(script)}'; style-src '{_digest(style)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    filled = {
        "policy": escape(policy),
        "title": escape(shown.title),
        "style": style,
        "content": page_content(),
        "data": _inert(map_document(shown)),
        "script": script,
    }
    head, *rest = asset("map.html").split("{{")
    pieces = [head]
    for piece in rest:  # one pass, so that nothing filled in is taken for a place to fill
        name, _, text = piece.partition("}}")
        pieces += [filled[name], text]
    return "".join(pieces)


def asset(name: str) -> str:
    """Return one of the files that a page consists of: its style, a script, or a piece of HTML."""
    return (files(__package__) / "page" / name).read_text("utf-8")


def page_content() -> str:
    """Return the elements that the scripts fill and listen to, as HTML."""
    return asset("content.html")


def data_of_page(page: bytes) -> bytes:
    """Return what a page shows, as JSON.

    Raises
    ------
    ValueError
        If it was not written by :func:`map_page`.
    """
    _, begins, rest = page.partition(DATA_BEGINS.encode())
    data, ends, _ = rest.partition(DATA_ENDS.encode())
    if not (begins and ends):
        raise ValueError("The page holds no data.")
    return data


def map_document(shown: SimilarityMap) -> dict[str, Any]:
    """Return what the page shows as plain data for JSON."""
    from matplotlib import colormaps
    from matplotlib.colors import to_hex

    return {
        "title": shown.title,
        "notes": list(shown.notes),
        "names": list(shown.names),
        "records": list(shown.records),
        "mostValues": MOST_VALUES,
        "places": _rounded(shown.places),
        "columns": [_column(column) for column in shown.columns],
        "colour": shown.colour,
        "thumbnails": [b64encode(png).decode("ascii") for png in shown.thumbnails],
        "parts": [
            {"name": part.name, "rows": np.asarray(part.rows).tolist(), "places": _rounded(part.places)}
            for part in shown.parts
        ],
        "palette": {
            "sequence": [to_hex(shade) for shade in colormaps[SEQUENCE](np.linspace(0, 1, _SHADES))],
            "categories": list(CATEGORIES),
            "other": OTHER,
            "missing": MISSING,
        },
    }


def _column(column: Column) -> dict[str, Any]:
    """Return a column: numbers with the ends of their colour bar, or words by their number among the categories."""
    described: dict[str, Any] = {"name": column.name, "unit": column.unit}
    if is_numeric(column):
        values = numbers(column)
        finite = [float(value) if np.isfinite(value) else None for value in values]
        return described | {"kind": "number", "values": finite, "ends": ends(values)}
    order = categories(column)
    place = {word: number for number, word in enumerate(order)}
    return described | {
        "kind": "word",
        "categories": order,
        "values": [-1 if word is None else place[word] for word in words(column)],
    }


def _rounded(places: Floats) -> list[Sequence[float]]:
    """Return x and y with as many digits as a screen shows."""
    size = float(np.abs(places).max(initial=0.0)) or 1.0
    decimals = max(0, _DIGITS - int(np.floor(np.log10(size))))
    return [np.round(column, decimals).tolist() for column in np.asarray(places, dtype=np.float64).T]


def _inert(document: Any) -> str:
    """Write JSON that no parser of HTML takes for the end of the block, or for a comment in it."""
    text = json.dumps(document, allow_nan=False, separators=(",", ":"), ensure_ascii=True)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _digest(content: str) -> str:
    return f"sha256-{b64encode(hashlib.sha256(content.encode('utf-8')).digest()).decode('ascii')}"
