"""What a person and a program get of a registration."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

from spectra.plugins.images.orientations import ANGLES
from spectra.plugins.indenter.registration.task import Registered

SCHEMA = 1
"""Of the JSON document, as of all the platform's."""

_WIDTH = 80
_NAMED = 12  # indents of one reason that are named to a person


def text(found: Registered, indents_name: str) -> str:
    """Return the registration in lines of at most 80 characters."""
    map_file, indents = found.map, found.indents
    height, width = map_file.pixels.shape[:2]
    kind = {1: "grey", 3: "colours"}.get(map_file.pixels.shape[2], "picture")
    if map_file.grains is not None:
        kind = f"orientations, {len(map_file.grains):,} grains"
    lines = [
        f"{indents_name} in {map_file.name}",
        "",
        f"  map        {width:,} × {height:,} pixels of {map_file.um_per_pixel:g} µm, {kind}",
        f"  indents    {found.used.sum():,} of {len(indents):,} with {indents.quantity} ({indents.unit})",
        *_placement(found),
        "",
        f"  r of {indents.quantity} with {found.feature_name}",
        *(f"    {name:<18}{value}" for name, value in _correlations(found)),
    ]
    left_out = list(_left_out(found))
    if left_out:
        lines += ["", f"  left out   {len(indents) - found.used.sum():,} indents", *left_out]
    return "\n".join(lines)


def document(found: Registered, indents_name: str, output: str | None) -> dict[str, Any]:
    """Return the registration for a JSON file."""
    map_file, indents = found.map, found.indents
    values = indents.values[found.used]
    return {
        "schema": SCHEMA,
        "registration": {
            "map": {
                "name": map_file.name,
                "digest": map_file.digest,
                "width": map_file.pixels.shape[1],
                "height": map_file.pixels.shape[0],
                "um_per_pixel": map_file.um_per_pixel,
                "holds": "orientations" if map_file.unit == ANGLES else "picture",
                "grains": None if map_file.grains is None else len(map_file.grains),
            },
            "indents": {"name": indents_name, "count": len(indents), "used": int(found.used.sum())},
            "quantity": {
                "name": indents.quantity,
                "unit": indents.unit,
                "mean": float(values.mean()),
                "standard_deviation": float(values.std()),
            },
            "placement": {
                "column_row_of_x_y_1": found.placement.matrix.tolist(),
                "mirrored": found.placement.mirrored,
                "turn_deg": found.placement.turn,
                "stretches": list(found.placement.stretches),
                "control_points_missed_by_um": None if found.misses is None else found.misses.tolist(),
            },
            "correlation": {
                "feature": found.feature_name,
                "as_given": _or_none(found.given.correlation, found.given.points),
                "turned_and_shifted": None if found.rigid is None else found.rigid.correlation,
                "registered": found.match.correlation,
                "one_pixel_off": {"lowest": found.off[0], "highest": found.off[1]},
                "elsewhere": found.elsewhere,
            },
            "left_out": [
                {
                    "indent": indents.names[k],
                    "x_um": _finite(indents.points[k, 0]),
                    "y_um": _finite(indents.points[k, 1]),
                    "value": _finite(indents.values[k]),
                    "reason": reason,
                }
                for k, reason in enumerate(found.reasons)
                if reason
            ],
            "notes": list(found.notes),
            "output": output,
        },
    }


def _placement(found: Registered) -> Iterator[str]:
    """Yield what happens to the coordinates of the indents."""
    placement, map_file = found.placement, found.map
    large, small = placement.stretches
    parts = [
        "x mirrored" if placement.mirrored else "not mirrored",
        f"turned by {round(placement.turn, 1) + 0.0:.1f}°",
        f"lengths × {large:.3f} and {small:.3f}",
    ]
    yield f"  placement  {', '.join(parts)}"
    for name, row, start in zip("xy", placement.matrix * map_file.um_per_pixel, map_file.origin, strict=True):
        a, b, c = (round(float(number), 4) + 0.0 for number in row)
        yield f"             {name} in the map = {a:.4f} x {'−+'[b >= 0]} {abs(b):.4f} y + ({c + start:.2f} µm)"
    if found.misses is not None:
        yield f"             {len(found.misses)} control points, missed by {found.misses.max():.2f} µm at most"


def _correlations(found: Registered) -> Iterator[tuple[str, str]]:
    given = _or_none(found.given.correlation, found.given.points)
    yield "as given", "no indent on the map" if given is None else f"{given:6.3f}   {found.given.points:,} indents"
    if found.rigid is not None:
        yield "turned, shifted", f"{found.rigid.correlation:6.3f}"
    yield "registered", f"{found.match.correlation:6.3f}   {found.match.points:,} indents"
    sign = math.copysign(1.0, found.match.correlation)
    low, high = (sign * size for size in found.off)
    what = "one pixel off" if found.factor == 1 else f"{found.factor} pixels off"
    yield what, f"{high:6.3f} at best, {low:.3f} at worst"
    if found.elsewhere is not None:
        yield "best elsewhere", f"{sign * found.elsewhere:6.3f}"


def _left_out(found: Registered) -> Iterator[str]:
    """Yield each reason with the indents that it holds for, the first of them by name."""
    for reason in dict.fromkeys(reason for reason in found.reasons if reason):
        members = [k for k, other in enumerate(found.reasons) if other == reason]
        yield f"    {reason}: {len(members):,}"
        names = [_named(found, k) for k in members[:_NAMED]] + (["…"] if len(members) > _NAMED else [])
        yield from textwrap.wrap(", ".join(names), _WIDTH, initial_indent=" " * 6, subsequent_indent=" " * 6)


def _named(found: Registered, k: int) -> str:
    value = found.indents.values[k]
    outlier = found.reasons[k] == "outlier"
    return f"{found.indents.names[k]} ({value:.3g} {found.indents.unit})" if outlier else found.indents.names[k]


def wrapped(sentences: Sequence[str]) -> Iterator[str]:
    """Yield sentences in lines of at most 80 characters."""
    for sentence in sentences:
        yield from textwrap.wrap(sentence, _WIDTH, subsequent_indent="  ")


def _or_none(correlation: float, points: int) -> float | None:
    return correlation if points else None


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
