"""``spectra similar``: what is like a file or a record, and what was it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from spectra.cli import options
from spectra.cli.commands.similarity import selection
from spectra.core.basics import arguments
from spectra.core.errors import UsageError

if TYPE_CHECKING:
    from spectra.core.signals import Signal
    from spectra.core.similarity.items import Item

MOST = 1000


def similar(
    what: Annotated[
        str | None,
        typer.Argument(
            metavar="FILE|ID",
            help="Measured file, or identifier of a measurement, a prediction, or a specimen of a data set (ID:17).",
        ),
    ] = None,
    where: selection.Where = "",
    top: Annotated[int, typer.Option("--top", "-n", min=1, max=MOST, help="Number of neighbours.")] = 10,
    features: selection.Features = None,
    metric: selection.MetricOption = None,
    not_same: selection.NotSame = None,
    among: selection.Among = selection.MEASUREMENTS,
    duplicates: Annotated[
        bool, typer.Option("--duplicates", help="List pairs of records that are nearly the same.")
    ] = False,
    outliers: Annotated[bool, typer.Option("--outliers", help="List what is like nothing else.")] = False,
    within: Annotated[
        float,
        typer.Option(
            "--within",
            min=0,
            help="Largest distance of near-duplicates, as a fraction of that of two random items.",
        ),
    ] = 0.1,
    sample_file: Annotated[
        Path | None, typer.Option("--sample", "-s", help="Sample file that says how FILE is read and prepared.")
    ] = None,
    reader: Annotated[str | None, typer.Option("--reader", help="Reader of FILE.")] = None,
    figure: Annotated[
        Path | None, typer.Option("--figure", help="Save a contact sheet of FILE and its neighbours (png, pdf, svg).")
    ] = None,
    settings: selection.Settings = None,
    again: selection.Again = False,
    on: options.On = None,
    db: options.Database = None,
    json: options.Json = False,
) -> None:
    """Find the nearest neighbours of a measured file or record, with the reasons; or near-duplicates, or outliers.

    Everything that --where selects is ranked exactly. Features are computed once for each file and kept in the
    registry; an interrupted command goes on where it stopped.
    """
    if (what is None) != (duplicates or outliers) or (duplicates and outliers):
        raise UsageError("Give one of: a file or identifier, --duplicates, --outliers.")
    if figure is not None:
        if what is None:
            raise UsageError("--figure draws the neighbours of a file or record.")
        arguments.check_figure(figure)
    parameters = arguments.parse_settings(settings)

    from spectra.cli import session as sessions
    from spectra.cli.printing.blocks import print_blocks
    from spectra.cli.printing.data import print_json
    from spectra.core.similarity import search
    from spectra.core.workflows.specimens import load_specimen
    from spectra.registry.similarity.selection import query_signal, select
    from spectra.views.tasks import similarity as views

    registry = sessions.open_registry(db)
    session = sessions.session_on(registry, sessions.load(), on=on)
    specimen = None if sample_file is None else load_specimen(session.catalogue, sample_file)
    signal: Signal | None = None
    name, item = "", None
    if what is not None:
        signal, name, item = query_signal(
            session, registry, what, specimen=specimen, reader=reader, where=where, settings=parameters
        )
    chosen = select(
        session,
        registry,
        where=where,
        among=among,
        features=selection.names(features),
        metric=metric,
        settings=parameters,
        kind=signal.kind if signal is not None else None,
        again=again,
    )
    archive = chosen.archive
    if signal is not None:
        found = search.similar(
            archive,
            archive.query(signal, item),
            top=top,
            metric=chosen.metric,
            left_out=() if item is None else [item.id],
            not_same=_not_same(not_same, item),
        )
        if figure is not None:
            from spectra.views.figures.canvas import save_figure
            from spectra.views.figures.contact_sheet import similar_sheet

            save_figure(similar_sheet(name, signal, found, chosen.signal), figure)
        if json:
            print_json("similar", views.similar_document(name, found, archive, chosen.metric))
        else:
            print_blocks(views.similar_blocks(name, found, archive))
            if figure is not None:
                session.progress.say(f"Figure: {figure}")
    elif duplicates:
        pairs = search.duplicates(archive, chosen.signal, metric=chosen.metric, within=within)
        if json:
            print_json("duplicates", views.duplicates_document(pairs, archive))
        else:
            print_blocks(views.duplicates_blocks(pairs, archive, within))
    else:
        strange = search.outliers(archive, metric=chosen.metric)
        if json:
            print_json("outliers", views.outliers_document(strange, archive))
        else:
            print_blocks(views.outliers_blocks(strange, archive))


def _not_same(column: str | None, item: Item | None) -> tuple[str, str] | None:
    if column is None:
        return None
    value = None if item is None else item.text(column)
    if value is None:
        raise UsageError(
            f"The query has no {column!r}, so nothing can have the same.",
            hint="Give the identifier of a measurement on record that has one.",
        )
    return column, value
