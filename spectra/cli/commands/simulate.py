"""``spectra simulate``: the forward model by itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from spectra.cli import options
from spectra.core.basics import arguments
from spectra.core.errors import UsageError

_WIDTH = 170.0  # mm: two columns of a journal
_MOST_ROWS = 100_000


def simulate(
    sample_file: options.SampleFileOrLike = None,
    like: Annotated[
        str | None,
        typer.Option(
            "--like",
            metavar="DATA_SET",
            help="Use the sample and forward model of this data set on record, instead of a file.",
        ),
    ] = None,
    technique_name: options.Technique = None,
    at: Annotated[
        str | None,
        typer.Option(
            "--at", metavar="NAME=VALUE,…", help="Print the spectrum at these values, for example C11=270,C44=80."
        ),
    ] = None,
    figure: Annotated[
        Path | None, typer.Option("--figure", help="Draw the spectrum of --at (png, pdf, svg); --picture says what.")
    ] = None,
    picture: Annotated[
        str | None,
        typer.Option(
            "--picture",
            metavar="NAME",
            help="What to draw: spectrum, or a picture of the technique's own; of RUS also modes (the default), "
            "sensitivities and young.",
        ),
    ] = None,
    rows: Annotated[
        str | None,
        typer.Option("--rows", metavar="1-12,20", help="Number of table rows to draw. Default: as many as fit."),
    ] = None,
    width: Annotated[
        float | None, typer.Option("--width", min=40, max=500, help="Width of the figure in mm. Default: 170.")
    ] = None,
    forward_model: options.ForwardModel = None,
    settings: options.Set = None,
    jobs: options.Jobs = None,
    on: options.On = None,
    db: options.Database = None,
    json: options.Json = False,
) -> None:
    """Simulate the training set of a sample and put it on record, or print one spectrum with --at."""
    parameters = arguments.parse_settings(settings)
    if figure is not None:
        arguments.check_figure(figure)
        if at is None:
            raise UsageError("--figure draws one spectrum.", hint="Say which with --at.")
    elif picture is not None or rows is not None or width is not None:
        raise UsageError("--picture, --rows and --width say how to draw a figure.", hint="Say where to with --figure.")
    chosen_rows = None if rows is None else _parse_rows(rows)

    from spectra.cli import session
    from spectra.cli.printing.blocks import print_blocks, print_fields
    from spectra.cli.printing.data import print_json
    from spectra.core.recipe import Choice
    from spectra.core.workflows.environment import saying_what_to_install
    from spectra.core.workflows.recipes import complete_recipe
    from spectra.core.workflows.specimens import load_specimen
    from spectra.core.workflows.training_set import data_set

    plugins = session.load()
    if sample_file is not None and like is None:
        specimen = load_specimen(plugins.catalogue, sample_file, technique_name)
        recipe, origins = specimen.recipe(), []
        registry = None
    elif like is not None and sample_file is None:
        registry = session.open_registry(db)
        former = registry.get_data_set(like)
        work = session.session_on(registry, plugins)
        specimen = session.specimen_on_record(work, registry, former.sample_id)
        forward = Choice.model_validate(former.recipe["forward_model"])
        recipe, origins = specimen.recipe().model_copy(update={"forward_model": forward}), [former.environment]
    else:
        raise UsageError("Give either a sample file with --sample, or a data set on record with --like.")
    names = options.chosen(forward_model=forward_model)
    with saying_what_to_install(plugins.catalogue, origins):
        recipe = complete_recipe(plugins.catalogue, recipe, names=names, parameters=parameters)
    if at is not None:
        from spectra.views.tasks.spectrum import spectrum_tables

        quantities = specimen.quantities
        forward_of_sample = specimen.forward_model(plugins.catalogue, recipe.forward_model)
        values = options.parse_values(at, quantities)
        tables = spectrum_tables(forward_of_sample, values, quantities)
        if figure is not None:
            from spectra.views.figures.canvas import save_figure
            from spectra.views.figures.spectrum import spectrum_figure

            drawn = spectrum_figure(forward_of_sample, values, picture=picture, rows=chosen_rows, width=width or _WIDTH)
            save_figure(drawn, figure)
            typer.echo(f"Figure: {figure}", err=True)
        if json:
            print_json("spectrum", {table.name: table.document() for table in tables})
        else:
            print_blocks(tables)
        return
    record, _ = data_set(
        session.session_on(registry or session.open_registry(db), plugins, jobs=jobs, on=on), specimen, recipe
    )
    if json:
        print_json("data_set", record)
    else:
        print_fields(
            {
                "data set": record.id,
                "sample": specimen.sample.name,
                "points": f"{record.points:,}",
                "size": f"{record.artefact_size / 1e6:.1f} MB",
                "artefact": record.artefact,
            }
        )


def _parse_rows(text: str) -> list[int]:
    """Read ``1-3,7`` into 1, 2, 3 and 7.

    Raises
    ------
    UsageError
        If it is no list of rows.
    """
    rows: list[int] = []
    for part in text.split(","):
        first, dash, last = part.partition("-")
        try:
            start = int(first)
            end = int(last) if dash else start
        except ValueError:
            start, end = 1, 0
        if not 1 <= start <= end <= _MOST_ROWS:
            raise UsageError(f"Invalid rows '{text}'.", hint="Write for example --rows 1-12,20.")
        rows += range(start, end + 1)
    return rows
