"""The command ``spectra plan``."""

from __future__ import annotations

import json as json_format
import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import BaseModel

from spectra.core.basics.arguments import check_figure, write_output
from spectra.core.errors import UsageError

if TYPE_CHECKING:
    from spectra.plugins.rus.planning.plan import Plan
    from spectra.plugins.rus.sample import RusSample

_LARGEST = 0.2  # error that first derivatives can say anything about


class _AnySample(BaseModel):
    """What tells which schema a sample file follows."""

    technique: str | None = None


def add_plan(cli: typer.Typer) -> None:
    """Add the command."""
    cli.command("plan", help="Predict the error bars of an RUS measurement before it is made.")(plan)


def plan(
    sample_file: Annotated[
        Path, typer.Option("--sample", "-s", help="Sample file (YAML) with the known facts about the specimen.")
    ],
    at: Annotated[
        str | None,
        typer.Option(
            "--at", metavar="NAME=VALUE,…", help="Expected values, all or some. Default: the middle of the ranges."
        ),
    ] = None,
    error: Annotated[
        str,
        typer.Option(
            metavar="PERCENT",
            help="Error of a line, 1 σ, with what the model cannot explain: the rms misfit of an analysis. Good lists "
            "have 0.1 to 0.4 %.",
        ),
    ] = "0.2 %",
    lengths: Annotated[
        str,
        typer.Option(metavar="ERROR", help="Error of each length, 1 σ, in percent or as a length: '5 um'."),
    ] = "0.1 %",
    mass: Annotated[str, typer.Option(metavar="PERCENT", help="Error of the mass, or density, 1 σ.")] = "0.1 %",
    lines: Annotated[
        int | None,
        typer.Option(min=1, help="Number of lines that will be measured, from the lowest. Default: all in the window."),
    ] = None,
    shapes: Annotated[bool, typer.Option("--shapes", help="Compare boxes of the specimen's volume.")] = False,
    orientations: Annotated[
        bool, typer.Option("--orientations", help="Compare orientations of the crystal in the body.")
    ] = False,
    figure: Annotated[
        Path | None, typer.Option(help="Draw the error bars against the number of lines (png, pdf, svg).")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
    csv: Annotated[bool, typer.Option("--csv", help="Print CSV with all digits, for programs.")] = False,
) -> None:
    """Predict the error bars of an RUS measurement before it is made.

    The Cramér-Rao bound from exact derivatives: the smallest standard deviations that the lines allow, each multiplet
    counted once, for errors of lengths and mass that are ignored or fitted. It needs every line to be found and
    recognised. Nothing goes on record.
    """
    if json and csv:
        raise UsageError("--json and --csv exclude each other.")
    if figure is not None:
        check_figure(figure)

    from spectra.core.basics.documents import load_document
    from spectra.plugins.rus.planning import report
    from spectra.plugins.rus.planning.task import make_plan
    from spectra.plugins.rus.sample import RusSample

    technique = load_document(sample_file, _AnySample, what="sample file").technique
    if technique not in (None, "rus"):
        raise UsageError(f"{sample_file} is a sample for '{technique}', not for 'rus'.")
    sample = load_document(sample_file, RusSample, what="sample file")
    found = make_plan(
        sample,
        at=at,
        line_error=_share(error, "--error"),
        length_errors=_of_lengths(lengths, sample),
        mass_error=_share(mass, "--mass", may_be_zero=True),
        count=lines,
        shapes=shapes,
        orientations=orientations,
    )
    if figure is not None:
        _save(found, figure)
        typer.echo(f"Written: {figure}", err=True)
    if json:
        typer.echo(json_format.dumps(report.document(found), ensure_ascii=False, indent=2))
    else:
        typer.echo(report.csv_text(found) if csv else report.text(found))


def _share(text: str, option: str, *, may_be_zero: bool = False) -> float:
    """Read ``0.1 %`` into 0.001.

    Raises
    ------
    UsageError
        If it is not a share from 0 to 20 %.
    """
    number, percent, rest = text.partition("%")
    try:
        share = float(number) / 100
    except ValueError:
        share = math.nan
    if not percent or rest.strip() or not 0 <= share <= _LARGEST or (share == 0 and not may_be_zero):
        raise UsageError(
            f"Invalid value '{text}' of {option}.", hint=f"Write a percentage up to {_LARGEST:.0%}: {option} '0.1 %'."
        )
    return share


def _of_lengths(text: str, sample: RusSample) -> dict[str, float]:
    """Read the error of the lengths: one share for all, or a length, which is another share of each.

    Raises
    ------
    UsageError
        If it is neither, or a length for a body from a file, whose size is no length.
    """
    names = tuple(sample.shape.stretches)
    if "%" in text:
        return dict.fromkeys(names, _share(text, "--lengths", may_be_zero=True))

    from spectra.core.basics.units import parse_quantity

    try:
        absolute = parse_quantity(text, "mm")
    except ValueError as error:
        raise UsageError(f"Invalid value '{text}' of --lengths: {error}.") from None
    known = {name: _length(sample, name) for name in names}
    shares = {name: absolute / length for name, length in known.items()}
    if not all(0 <= share <= _LARGEST for share in shares.values()):
        raise UsageError(
            f"An error of {text} is none of lengths of {', '.join(f'{length:g}' for length in known.values())} mm.",
            hint="Write for example --lengths '5 um'.",
        )
    return shares


def _length(sample: RusSample, name: str) -> float:
    """Return a length of the specimen in mm; the cube root of the volume where its name is no key of the file."""
    length = getattr(sample.shape, name, None)
    return float(length) if length is not None else float(sample.shape.volume ** (1 / 3))


def _save(found: Plan, path: Path) -> None:
    from spectra.plugins.rus.pictures.canvas import figure_bytes
    from spectra.plugins.rus.planning.figure import plan_figure

    write_output(path, figure_bytes(plan_figure(found), path.suffix.lower()[1:]))
