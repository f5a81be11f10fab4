"""The command ``spectra peaks``: the resonances of a sweep; nothing goes on record."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from spectra.core.basics.arguments import check_figure, check_output, parse_settings, write_output
from spectra.core.errors import UsageError

if TYPE_CHECKING:
    from spectra.plugins.peaks.sweeps.resonances import Resonances

_PARTS = ("reader", "resonances")
_SCHEMA = 1  # of all that commands print as JSON
_KEYS = ("frequency", "std", "quality", "quality_std", "amplitude", "phase", "significance")
_FORMATS = ("12.6f", "10.2g", "9.0f", "8.0f", "11.4g", "8.1f", "8.1f")


def add_command(cli: typer.Typer) -> None:
    """Add the command."""
    cli.command("peaks", help="Find the resonances in a sweep: frequency, Q, amplitude and phase, with deviations.")(
        peaks
    )


def peaks(
    sweep: Annotated[Path, typer.Argument(metavar="SWEEP", help="Sweep (text, npy), or recording of a tap (wav).")],
    csv: Annotated[Path | None, typer.Option("--csv", help="Write the table to a file as well.")] = None,
    figure: Annotated[
        Path | None, typer.Option("--figure", help="Draw sweep, fit and residual, to a file (png, pdf, svg).")
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="PART.NAME=VALUE", help="Parameter of 'reader' or 'resonances'; repeatable."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
) -> None:
    """Find the resonances in a sweep; 'spectra analyze SWEEP --sample …' does so as well, and puts them on record."""
    if figure is not None:
        check_figure(figure)
    if csv is not None:
        check_output(csv)

    from spectra.core.measurements import RawFile
    from spectra.plugins.peaks.sweeps.components import PROCESSOR, READER
    from spectra.plugins.peaks.sweeps.resonances import COLUMNS, find_resonances

    chosen = _parsed(settings)
    reader = READER.make(READER.validate(chosen["reader"]))
    parameters: Any = PROCESSOR.validate(chosen["resonances"])
    measurement = reader.read(RawFile.read(sweep))
    found = find_resonances(measurement, parameters)
    notes = [*measurement.notes, *found.notes]
    rows = [[None if math.isnan(value) else value for value in row] for row in found.table.tolist()]
    if csv is not None:
        lines = [",".join(COLUMNS), *(",".join("" if v is None else f"{v:.10g}" for v in row) for row in rows)]
        write_output(csv, ("\n".join(lines) + "\n").encode())
    if figure is not None:
        _draw(figure, found, sweep.name)
    if as_json:
        document = {
            "file": sweep.name,
            "unit": "MHz",
            "rate_hz_per_s": found.rate,
            "resonances": [dict(zip(_KEYS, row, strict=True)) for row in rows],
            "notes": notes,
        }
        typer.echo(json.dumps({"schema": _SCHEMA, "peaks": document}, indent=2, ensure_ascii=False))
        return
    widths = [int(form.split(".")[0]) for form in _FORMATS]
    names = ("f (MHz)", "± (MHz)", "Q", "± Q", "amplitude", "phase °", "signif.")
    typer.echo(" ".join(f"{name:>{width}}" for name, width in zip(names, widths, strict=True)))
    for row in rows:
        words = (
            f"{'-' if value is None else format(value, form):>{width}}"
            for value, form, width in zip(row, _FORMATS, widths, strict=True)
        )
        typer.echo(" ".join(words))
    for note in notes:
        typer.echo(f"Note: {note}", err=True)


def _parsed(settings: list[str] | None) -> dict[str, dict[str, Any]]:
    chosen = parse_settings(settings)
    for part in chosen:
        if part not in _PARTS:
            raise UsageError(f"There is no '{part}' in this command.", hint=f"Its parts are {' and '.join(_PARTS)}.")
    return {part: chosen.get(part, {}) for part in _PARTS}


def _draw(path: Path, found: Resonances, name: str) -> None:
    import io

    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    from spectra.plugins.peaks.sweeps.figure import draw

    figure, content = Figure(), io.BytesIO()
    FigureCanvasAgg(figure)
    draw(found, figure, name)
    figure.savefig(content, format=path.suffix.lstrip(".").lower(), dpi=150)
    write_output(path, content.getvalue())
