"""``spectra plot``: quantities of predictions on record over a condition, a date or another quantity."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from spectra.cli import options
from spectra.cli.commands.lists import Query, split_names
from spectra.core.basics import arguments


def plot(
    query: Query = "",
    x: Annotated[
        str,
        typer.Option("--x", metavar="KEY", help="x axis: a condition, a quantity, created, tag …"),
    ] = "created",
    y: Annotated[
        str, typer.Option("--y", metavar="KEY,KEY,...", help="y axis: quantities, each in a panel of its own.")
    ] = "",
    figure: Annotated[
        Path | None, typer.Option("--figure", help="File of the figure (png, pdf, svg). Default: Y-over-X.png.")
    ] = None,
    db: options.Database = None,
    csv: options.Csv = False,
    json: options.Json = False,
) -> None:
    """Plot quantities of predictions on record, with error bars, over a condition, a date or another quantity.

    Doubtful answers are drawn open, refused ones are left out, samples have colours. --csv and --json print the points
    instead.
    """
    from spectra.core.errors import UsageError

    names = split_names(y)
    if not names:
        raise UsageError("What is to be plotted?", hint="Name quantities with --y, as in --y C11,C44.")
    if csv and json:
        raise UsageError("Only one of --json and --csv can be given.")
    if figure is not None:
        arguments.check_figure(figure)

    from spectra.cli.printing.data import print_json
    from spectra.cli.session import open_registry
    from spectra.views.figures.canvas import save_figure
    from spectra.views.figures.trend import trend_figure
    from spectra.views.tasks.trend import trend_document, trend_frame, trend_of

    found = trend_of(open_registry(db).list_predictions(query), x=x, y=names)
    if json:
        print_json("plot", trend_document(found))
    elif csv:
        typer.echo(trend_frame(found).to_csv(index=False), nl=False)
    else:
        path = figure or Path(f"{'+'.join(names)}-over-{x}.png".replace("/", "_"))
        try:
            save_figure(trend_figure(found), path)
        except OSError as error:
            raise UsageError(f"The figure {path} cannot be saved: {error.strerror}.") from error
        typer.echo(f"{found.count:,} predictions. Figure: {path}", err=True)
