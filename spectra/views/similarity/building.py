"""A map of similarity out of what was laid out: its columns, parts and thumbnails."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from spectra.core.basics.documents import nearest
from spectra.core.errors import SpectraError, UsageError
from spectra.core.progress import Progress
from spectra.core.signals import Signal
from spectra.core.similarity.items import Item
from spectra.core.similarity.mapping import LaidOut
from spectra.core.tables import Column
from spectra.views.similarity.points import Part, SimilarityMap, categories, is_numeric
from spectra.views.thumbnails import png, thumbnail

_SHADES = 16  # of a thumbnail: a file of 25,000 stays below 20 MB
_SIZE, _SIZE_OF_MANY, _MANY = 64, 32, 3000
_GROUPS = 50  # words of a column to colour by, if nobody names one


def columns_of(items: Sequence[Item]) -> tuple[Column, ...]:
    """Return what is known of items as columns: labels, quantities, conditions, sample and technique.

    A column that is the same for all is left out.
    """
    units: dict[str, str] = {}
    for item in items:
        units |= {name: "" for name in item.labels if name not in units}
    for item in items:
        units |= {quantity.name: quantity.unit for quantity in item.quantities if quantity.name not in units}
    for item in items:
        units |= {condition.name: condition.unit for condition in item.conditions if condition.name not in units}
    units |= {"sample": "", "technique": ""}
    known = {name: [_known(item, name) for item in items] for name in units}
    return tuple(
        Column(name=name, unit=units[name], values=values) for name, values in known.items() if len(set(values)) > 1
    )


def column_to_colour_by(columns: Sequence[Column], name: str | None) -> str | None:
    """Return the column of a name, or the first that tells something apart; None where there is none.

    Raises
    ------
    UsageError
        If there is none of that name.
    """
    names = [column.name for column in columns]
    if name is None:
        telling = (one.name for one in columns if is_numeric(one) or 1 < len(categories(one)) <= _GROUPS)
        return next(telling, None)
    if name not in names:
        raise UsageError(
            f"There is no column {name!r} in which the points differ{nearest(name, names)}.",
            hint=f"Columns: {', '.join(names)}." if names else "They have the same labels, conditions and quantities.",
        )
    return name


def similarity_map(
    items: Sequence[Item],
    laid: LaidOut,
    *,
    title: str,
    colour: str | None,
    notes: Sequence[str],
    thumbnails: Sequence[bytes] = (),
) -> SimilarityMap:
    """Return the map of items; raises like :func:`column_to_colour_by`."""
    columns = columns_of(items)
    return SimilarityMap(
        title=title,
        places=laid.places,
        names=[item.name for item in items],
        records=[None if ":" in item.id else item.id for item in items],
        columns=columns,
        colour=column_to_colour_by(columns, colour),
        thumbnails=thumbnails,
        parts=[
            Part(name=f"region {number}", rows=region.rows, places=region.places)
            for number, region in enumerate(laid.regions, start=1)
        ],
        notes=notes,
    )


def thumbnails_of(items: Sequence[Item], signal: Callable[[Item], Signal], progress: Progress) -> list[bytes]:
    """Return a small PNG of each item, empty for what can no longer be read; smaller ones where there are many."""
    size = _SIZE if len(items) <= _MANY else _SIZE_OF_MANY
    made = []
    with progress.task("Drawing thumbnails", len(items)) as advance:
        for item in items:
            try:
                picture = thumbnail(signal(item), size)
                made.append(png(picture.quantize(_SHADES)))
            except SpectraError:
                made.append(b"")
            advance(1)
    return made


def map_document(shown: SimilarityMap, items: Sequence[Item], *, layout: str, metric: str) -> dict[str, Any]:
    """Return a map for a program: the place of each item, and its region."""
    region = {int(row): number for number, part in enumerate(shown.parts, start=1) for row in part.rows}
    return {
        "layout": layout,
        "metric": metric,
        "regions": len(shown.parts),
        "items": [
            {"id": item.id, "file_name": item.name, "x": float(x), "y": float(y), "region": region.get(row)}
            for row, (item, (x, y)) in enumerate(zip(items, shown.places, strict=True))
        ],
    }


def _known(item: Item, name: str) -> str | float | None:
    value = item.column(name)
    return None if value == "" or value != value else value  # NaN is no value
