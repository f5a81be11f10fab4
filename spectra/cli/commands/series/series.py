"""``spectra series``: one specimen at many temperatures, pressures, fields or times."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from spectra.cli import options
from spectra.core.basics import arguments
from spectra.core.errors import UsageError


def series(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="Measured files, one for each point; or one table with a row for each."),
    ],
    sample_file: options.SampleFile,
    at: Annotated[
        str,
        typer.Option(
            "--at",
            metavar="NAME[=WHERE]",
            help="Condition that varies, and where its values are: 'temperature=run-{K}.dat' (in the files' names: "
            "braces hold the unit, * is any text, {way} names a run such as cooling), temperature=TABLE.csv (columns "
            "file, temperature (K), way), or temperature alone if the files say it themselves.",
        ),
    ],
    reference: Annotated[
        str | None,
        typer.Option(
            "--reference",
            metavar="VALUE UNIT",
            help="Reference value: changes are relative to it, and the nearest file is analyzed from scratch. Default: "
            "295 K of temperatures, else 0.",
        ),
    ] = None,
    smooth: Annotated[
        bool, typer.Option("--smooth", help="Add a smoothing spline to the figure and the tables for programs.")
    ] = False,
    technique_name: options.Technique = None,
    model: options.ModelOption = None,
    reader: Annotated[str | None, typer.Option("--reader", metavar="NAME", help="Reader of the files.")] = None,
    processor: Annotated[
        list[str] | None,
        typer.Option("--processor", metavar="NAME", help="Process what was read; repeatable, done in this order."),
    ] = None,
    figure: Annotated[
        Path | None,
        typer.Option(
            "--figure",
            help="File of the figure (png, pdf, svg). Default: SAMPLE-CONDITION-PREDICTION.png in this folder.",
        ),
    ] = None,
    no_figure: Annotated[bool, typer.Option("--no-figure", help="Draw no figure.")] = False,
    no_refine: options.NoRefine = False,
    recipe_name: options.RecipeName = None,
    no_network: options.NoNetwork = False,
    again: Annotated[
        bool, typer.Option("--again", help="Repeat analyses that are on record for this model and refiner.")
    ] = False,
    tag: Annotated[
        list[str] | None, typer.Option("--tag", help="Tag measurements and predictions; repeatable.")
    ] = None,
    forward_model: options.ForwardModel = None,
    encoder: options.Encoder = None,
    regressor: options.Regressor = None,
    refiner: options.Refiner = None,
    settings: options.Set = None,
    seed: options.Seed = None,
    jobs: options.Jobs = None,
    db: options.Database = None,
    all_columns: options.AllColumns = False,
    csv: options.Csv = False,
    parquet: Annotated[
        Path | None, typer.Option("--parquet", metavar="FILE", help="Write a Parquet file, a row for each file.")
    ] = None,
    latex: options.Latex = False,
    json: options.Json = False,
) -> None:
    """Analyze one specimen at many temperatures, pressures, fields or times, and how it changes.

    The file nearest to the reference is analyzed from scratch, the others from the answer next to them. Changes from
    the reference have errors of their own, without what all answers have in common. An interrupted series goes on where
    it stopped. The exit code is 6 if a file failed or an answer is doubtful.
    """
    options.check_one_form(json=json, latex=latex)
    parameters = arguments.parse_settings(settings)
    if json + csv + (parquet is not None) > 1:
        raise UsageError("Only one of --json, --csv and --parquet can be given.")
    if figure is not None:
        arguments.check_figure(figure)
    if parquet is not None:
        arguments.check_output(parquet)

    from spectra.cli import session
    from spectra.cli.file_arguments import choose_parameters, choose_readers
    from spectra.cli.printing.blocks import print_blocks
    from spectra.cli.printing.data import print_json
    from spectra.core.workflows.reading import chosen_processors
    from spectra.core.workflows.series.conditions import entries_of, value_in
    from spectra.core.workflows.series.series import Reading
    from spectra.core.workflows.series.series import series as run
    from spectra.core.workflows.specimens import load_specimen
    from spectra.registry.annotations import check_tag
    from spectra.views.figures.canvas import save_figure
    from spectra.views.figures.series import series_figure
    from spectra.views.frames import write_parquet
    from spectra.views.tasks.series import series_blocks, series_document, series_frame

    for label in tag or ():
        check_tag(label)
    along, entries = entries_of(files, at)
    plugins = session.load()
    specimen = load_specimen(plugins.catalogue, sample_file, technique_name)
    reading = Reading(
        reader=choose_readers(specimen.technique, [reader] if reader else None),
        parameters=choose_parameters(specimen.technique, parameters),
        processors=chosen_processors(plugins.catalogue, processor, parameters),
    )
    recipe = session.chosen_recipe(
        plugins.catalogue,
        specimen,
        options.recipe_name(recipe_name, no_network=no_network),
        names=options.chosen(forward_model=forward_model, encoder=encoder, regressor=regressor, refiner=refiner),
        parameters=parameters,
        no_refine=no_refine,
    )
    work = session.open_session(plugins, db, jobs=jobs)
    found = run(
        work,
        specimen,
        entries,
        recipe,
        along=along,
        reference=None if reference is None else value_in(entries, along, reference),
        reading=reading,
        model_id=model,
        seed=seed,
        tags=tuple(dict.fromkeys(tag or ())),
        again=again,
    )
    if json:
        print_json("series", series_document(found))
    elif csv:
        typer.echo(series_frame(found, smooth=smooth).to_csv(index=False), nl=False)
    else:
        if parquet is not None:
            write_parquet(series_frame(found, smooth=smooth), parquet)
        print_blocks(series_blocks(found), all_columns=all_columns, as_latex=latex)
    base = None if found.reference is None else found.points[found.reference].prediction
    if base is not None and not no_figure:
        path = figure or Path(f"{specimen.sample.name}-{along}-{base.id}.png")
        try:
            save_figure(series_figure(found, smooth=smooth), path)
            work.progress.say(f"Figure: {path}")
        except OSError as error:  # everything is on record; do not lose the tables over a picture
            work.progress.say(f"The figure {path} could not be saved: {error.strerror}.")
    if any(point.prediction is None or point.doubtful for point in found.points):
        raise typer.Exit(options.SOMETHING_AMISS)
