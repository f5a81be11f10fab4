"""The command ``spectra symmetry``: the plane group of a picture file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from spectra.core.basics.arguments import check_figure, write_output
from spectra.core.errors import UsageError

if TYPE_CHECKING:
    from spectra.plugins.images.symmetry.analysis import Answer, TileMap

_SCHEMA = 1  # of all that commands print as JSON


def add_command(cli: typer.Typer) -> None:
    """Add the command."""
    cli.command("symmetry", help="Find the plane group of a periodic picture, how sure that is, and its lattice.")(
        symmetry
    )


def symmetry(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Picture (PNG, TIFF, JPEG).")],
    tile: Annotated[
        int | None, typer.Option("--tile", metavar="PIXELS", help="Also map the symmetry of tiles of this size.")
    ] = None,
    region: Annotated[
        str | None,
        typer.Option("--region", metavar="LEFT,TOP,WIDTH,HEIGHT", help="Region of the picture, in pixels."),
    ] = None,
    page: Annotated[int | None, typer.Option("--page", min=1, help="Picture of a file that holds several.")] = None,
    figure: Annotated[
        Path | None,
        typer.Option("--figure", help="Draw lattice, mirrors and tiles on the picture, to a file (png, pdf, svg)."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
) -> None:
    """Find the plane group of a picture; nothing goes on record."""
    if figure is not None:
        check_figure(figure)

    from spectra.core.measurements import RawFile
    from spectra.core.signals import Image
    from spectra.plugins.images.picture import PictureParameters, PictureReader
    from spectra.plugins.images.symmetry.analysis import analyze, analyze_tiles
    from spectra.plugins.images.symmetry.signatures.shades import shades, without_strip

    measurement = PictureReader(PictureParameters(region=_region(region), page=page)).read(RawFile.read(file))
    image = measurement.signal
    assert isinstance(image, Image)  # noqa: S101 - the reader gives nothing else
    values, notes = shades(image.pixels[0]), list(measurement.notes)
    if image.pixels.shape[-1] > 1:
        notes.append("The colours were reduced to grey.")
    strip = 0
    if region is None:
        values, strip = without_strip(values)
    if strip:
        notes.append(f"The lowest {strip} rows, an information strip, were left out; --region chooses otherwise.")
    answer = analyze(values, file.name)
    tiles = None if tile is None else analyze_tiles(values, tile, file.name)
    if answer.view.step > 1 and answer.group is not None:
        notes.append(f"The picture was looked at with {answer.view.step} × {answer.view.step} pixels taken for one.")
    if figure is not None:
        _save(figure, values, answer, tiles)
    document = _document(file.name, answer, tiles, notes)
    if as_json:
        typer.echo(json.dumps({"schema": _SCHEMA, "symmetry": document}, indent=2, ensure_ascii=False))
    else:
        typer.echo("\n".join(_lines(document)))


def _region(text: str | None) -> tuple[int, int, int, int] | None:
    if text is None:
        return None
    try:
        left, top, width, height = (int(part) for part in text.split(","))
    except ValueError:
        left = top = width = height = -1
    if min(left, top) < 0 or min(width, height) < 1:
        raise UsageError(f"The region {text!r} cannot be read.", hint="Write '--region 0,0,512,440'.")
    return left, top, width, height


def _document(name: str, answer: Answer, tiles: TileMap | None, notes: list[str]) -> dict[str, Any]:
    import numpy as np

    document: dict[str, Any] = {"file": name, "group": answer.group, "reason": answer.reason}
    found = answer.view.found
    document["probability"] = None if answer.group is None else round(answer.ranking[0][1], 4)
    ranking = [] if answer.group is None else answer.ranking[:3]
    document["candidates"] = [{"group": group, "probability": round(share, 4)} for group, share in ranking]
    document["periodicity"] = None if found is None else round(found.periodicity, 4)
    document["lattice"] = None
    if found is not None and answer.group is not None:
        edges = answer.view.edges
        a, b = np.linalg.norm(edges, axis=0)
        document["lattice"] = {
            "a": [round(float(x), 3) for x in edges[:, 0]],
            "b": [round(float(x), 3) for x in edges[:, 1]],
            "a_length": round(float(a), 3),
            "b_length": round(float(b), 3),
            "angle": round(float(np.degrees(np.arccos(np.clip(edges[:, 0] @ edges[:, 1] / a / b, -1, 1)))), 2),
        }
    document["tiles"] = None
    if tiles is not None:
        document["tiles"] = {
            "pixels": tiles.tile,
            "tops": tiles.tops.tolist(),
            "lefts": tiles.lefts.tolist(),
            "shares": [{"group": group, "share": round(share, 4)} for group, share in tiles.shares()],
            "groups": [[_symbol(place) for place in row] for row in tiles.groups],
            "probabilities": [
                [None if np.isnan(p) else round(float(p), 4) for p in row] for row in tiles.probabilities
            ],
            "periodicities": [[round(float(p), 4) for p in row] for row in tiles.periodicities],
        }
    return document | {"notes": notes}


def _symbol(place: int) -> str | None:
    from spectra.plugins.images.symmetry.generator.groups import SYMBOLS

    return None if place < 0 else SYMBOLS[place]


def _lines(document: dict[str, Any]) -> list[str]:
    """Say it to a person."""
    name = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in document["file"])
    if document["group"] is None:
        hint = (
            ""
            if document["tiles"] or document["reason"] != "not periodic"
            else " Parts of it may have one: '--tile 96' looks at each."
        )
        lines = [f"{name}: {document['reason']}, so that it has no plane group.{hint}"]
    else:
        lattice = document["lattice"]
        others = ", ".join(f"{c['group']} {c['probability']:.0%}" for c in document["candidates"][1:])
        lines = [
            f"{name}: {document['group']}, probability {document['probability']:.0%} (next: {others})",
            f"Lattice: a = {lattice['a_length']:.2f}, b = {lattice['b_length']:.2f} pixels, angle "
            f"{lattice['angle']:.1f}°; periodicity {document['periodicity']:.2f}",
        ]
    if document["tiles"] is not None:
        shares = ", ".join(f"{s['group']} {s['share']:.0%}" for s in document["tiles"]["shares"])
        lines.append(f"Tiles of {document['tiles']['pixels']} pixels: {shares}")
    return [*lines, *(f"Note: {note}" for note in document["notes"])]


def _save(path: Path, values: Any, answer: Answer, tiles: TileMap | None) -> None:
    import io

    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    from spectra.plugins.images.symmetry.figure import draw

    figure, content = Figure(), io.BytesIO()
    FigureCanvasAgg(figure)
    draw(values, answer, figure, tiles)
    figure.savefig(content, format=path.suffix.lstrip(".").lower(), dpi=120)
    write_output(path, content.getvalue())
