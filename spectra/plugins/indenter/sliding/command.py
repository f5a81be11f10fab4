"""``spectra indenter window``."""

from __future__ import annotations

import json as json_format
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from spectra.core.session import Session
    from spectra.plugins.indenter.sliding.task import Comparison


def add_window(commands: typer.Typer, session: Callable[..., Session]) -> None:
    """Add the command to a group."""

    @commands.command()
    def window(
        model: Annotated[str, typer.Argument(metavar="MODEL", help="A model on record, by identifier or alias.")],
        picture: Annotated[Path, typer.Argument(metavar="MAP", help="Orientation map or picture.")],
        every: Annotated[int, typer.Option(min=1, help="Take every so many-th place in either direction.")] = 10,
        um_per_pixel: Annotated[
            float | None, typer.Option("--um-per-pixel", min=0, help="Size of a pixel of a picture in µm.")
        ] = None,
        db: Annotated[str | None, typer.Option("--db", metavar="URL", help="Registry to use.")] = None,
        json: Annotated[bool, typer.Option("--json", help="Print a JSON document.")] = False,
    ) -> None:
        """Map a picture the published way, a window at a time, and compare with one pass.

        Places are answered from windows of their own, as Lew et al. (2023) do; 'spectra analyze' answers all of a
        picture in one pass. Prints how far the two differ, and what they cost.
        """
        from spectra.plugins.indenter.sliding.task import compare_windows

        reading = None if um_per_pixel is None else {"um_per_pixel": um_per_pixel}
        found = compare_windows(session(db), model, picture, every=every, reading=reading)
        typer.echo(json_format.dumps(document(found), ensure_ascii=False, indent=2) if json else text(found))


def document(found: Comparison) -> dict[str, Any]:
    """Return a comparison as a JSON document."""
    return {
        "schema": 1,
        "kind": "windows",
        "model": found.model,
        "window": found.side,
        "places": len(found.windows),
        "all_places": found.total,
        "cpu_seconds": {
            "windows": found.cpu_windows,
            "all_windows": found.cpu_all_windows,
            "one_pass": found.cpu_whole,
        },
        "quantities": [
            {
                "name": quantity.name,
                "unit": quantity.unit,
                "largest_difference": float(found.largest[k]),
                "values": [
                    {"row": int(row), "column": int(column), "window": _finite(own), "one_pass": _finite(whole)}
                    for (_, row, column), own, whole in zip(
                        found.places.places, found.windows[:, k], found.whole[:, k], strict=True
                    )
                ],
            }
            for k, quantity in enumerate(found.quantities)
        ],
    }


def text(found: Comparison) -> str:
    """Return a comparison as lines for a terminal."""
    lines = [f"{found.model}: {len(found.windows):,} of {found.total:,} places, windows of {found.side} pixels", ""]
    for quantity, largest, own in zip(found.quantities, found.largest, found.windows.T, strict=True):
        lines.append(
            f"{quantity.label}: windows {own[own == own].min():.4g} to {own[own == own].max():.4g}; "
            f"from one pass they differ by at most {largest:.1e} {quantity.unit}".rstrip()
        )
    lines.append(
        f"CPU-seconds: {found.cpu_windows:.2f} for these windows, {found.cpu_all_windows:,.0f} for all; "
        f"{found.cpu_whole:.2f} in one pass"
    )
    return "\n".join(lines)


def _finite(value: float) -> float | None:
    return float(value) if value == value else None
