"""``spectra indenter register``."""

from __future__ import annotations

import json as json_format
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from spectra.core.basics.arguments import check_figure, check_output, write_output
from spectra.core.errors import UsageError

if TYPE_CHECKING:
    from spectra.core.measurements import RawFile


class Search(StrEnum):
    """Where indents are looked for."""

    ALL = "all"
    SHIFT = "shift"
    NONE = "none"


def register(
    map_path: Annotated[
        Path,
        typer.Argument(metavar="MAP", help="Orientation map (.ctf, .ang, CSV) or picture (PNG, TIFF, JPEG)."),
    ],
    indents_path: Annotated[
        Path, typer.Argument(metavar="INDENTS", help="Indents: CSV with x_um, y_um, hardness_GPa, or a .mat file.")
    ],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the data set for 'data_set:' of a sample file (npz).")
    ] = None,
    figure: Annotated[Path | None, typer.Option(help="Draw the overlay to this file (svg, pdf, png).")] = None,
    points: Annotated[
        Path | None,
        typer.Option(help="Control points: CSV with x_um, y_um of indents and map_x_um, map_y_um; no search."),
    ] = None,
    search: Annotated[
        Search,
        typer.Option(help="Look for mirror images, turns and shifts; shifts alone; or take coordinates as they are."),
    ] = Search.ALL,
    um_per_pixel: Annotated[float | None, typer.Option(help="Size of a pixel of a picture in µm.")] = None,
    region: Annotated[
        str | None,
        typer.Option(metavar="L,T,W,H", help="Use only this part of the map: left, top, width, height in pixels."),
    ] = None,
    phase: Annotated[
        str | None, typer.Option(help="Phase of an orientation map with several, by name or number.")
    ] = None,
    quantity: Annotated[
        str | None, typer.Option(help="Column of the indents, without its unit.  [default: hardness]")
    ] = None,
    unit: Annotated[
        str | None, typer.Option(help="Unit of the quantity.  [default: as the column's name says]")
    ] = None,
    feature: Annotated[
        str | None, typer.Option(help="Structure feature to compare with: '|cos Φ|', brightness, contrast.")
    ] = None,
    exclude: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Leave indents out: 17, or 20-25; repeat or separate by commas."),
    ] = None,
    keep: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Keep indents that look like outliers or stripes.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print a JSON document.")] = False,
) -> None:
    """Bring indents and a picture or orientation map together.

    Finds where the indents lie: mirrored, turned, shifted and slightly distorted, whatever makes hardness follow the
    structure best. Prints that correlation before and after, one pixel off and at the next best place, and which
    indents are left out and why.
    """
    _check_files(output, figure)
    if points is not None and search is not Search.ALL:
        raise UsageError("--points takes the place of --search.", hint="Give one of them.")
    window = _region(region)
    if um_per_pixel is not None and not 0 < um_per_pixel < float("inf"):
        raise UsageError(f"A pixel cannot measure {um_per_pixel:g} µm.")

    from spectra.plugins.indenter.registration.indents import read_indents
    from spectra.plugins.indenter.registration.map_file import read_map
    from spectra.plugins.indenter.registration.report import document, text, wrapped
    from spectra.plugins.indenter.registration.task import register as bring_together

    map_file = read_map(map_path, um_per_pixel=um_per_pixel, phase=phase, region=window)
    indents_file = _read(indents_path, "file of indents")
    found = bring_together(
        map_file,
        read_indents(indents_file, quantity=quantity, unit=unit),
        search=search.value,
        control=None if points is None else _read(points, "file of control points"),
        feature=feature,
        exclude=exclude or (),
        keep=keep or (),
    )
    if output is not None:
        write_output(output, found.data_set(indents_file.digest).to_bytes())
    if figure is not None:
        from spectra.plugins.indenter.registration.figure import figure_bytes

        write_output(figure, figure_bytes(found, figure.suffix.lower().lstrip(".")))
    for line in (*wrapped(found.notes), *(f"Written: {path}" for path in (output, figure) if path is not None)):
        typer.echo(line, err=True)
    if json:
        result = document(found, indents_path.name, None if output is None else str(output))
        typer.echo(json_format.dumps(result, ensure_ascii=False, indent=2, allow_nan=False))
    else:
        typer.echo(text(found, indents_path.name))


def _read(path: Path, what: str) -> RawFile:
    from spectra.core.basics.files import read_bounded
    from spectra.core.measurements import LARGEST_FILE, RawFile

    return RawFile(name=path.name, content=read_bounded(path, limit=LARGEST_FILE, what=what))


def _region(text: str | None) -> tuple[int, ...] | None:
    """Return left, top, width and height."""
    if text is None:
        return None
    numbers = [part.strip() for part in text.split(",")]
    if len(numbers) != 4 or not all(number.isdecimal() for number in numbers) or "0" in numbers[2:]:
        raise UsageError(f"The region {text!r} cannot be read.", hint="Write left, top, width, height: 0,0,800,600.")
    return tuple(map(int, numbers))


def _check_files(output: Path | None, figure: Path | None) -> None:
    """Refuse files that could not be written, before anything is computed."""
    if output is not None:
        check_output(output)
    if figure is not None:
        check_figure(figure)
