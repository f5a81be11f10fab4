"""``spectra analyze``: from a measured file to quantities, on record."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from spectra.cli import options
from spectra.core.basics import arguments

if TYPE_CHECKING:
    from spectra.core.progress import Progress
    from spectra.core.technique import Result


def analyze(
    measurement: Annotated[
        list[Path],
        typer.Argument(
            metavar="[PART=]FILE",
            help="Measured file; for a technique of several parts one for each: xrd=scan.xrdml vdos=dos.csv.",
        ),
    ],
    sample_file: options.SampleFile,
    technique_name: options.Technique = None,
    model: options.ModelOption = None,
    reader: Annotated[
        list[str] | None,
        typer.Option(
            "--reader", metavar="[PART=]NAME", help="Reader of the file; of several parts, for example xrd=xrdml."
        ),
    ] = None,
    processor: Annotated[
        list[str] | None,
        typer.Option(
            "--processor", metavar="NAME", help="Process what was read; may be repeated, and is done in this order."
        ),
    ] = None,
    condition: Annotated[
        list[str] | None,
        typer.Option(
            "--condition",
            metavar="NAME=VALUE UNIT",
            help="Condition of the measurement, as in --condition 'temperature=300 K'; may be repeated.",
        ),
    ] = None,
    figure: Annotated[
        Path | None,
        typer.Option(
            "--figure",
            help="File of the figure (png, pdf, svg). Default: MEASUREMENT-TECHNIQUE-PREDICTION.png in this folder.",
        ),
    ] = None,
    no_figure: options.NoFigure = False,
    posterior: options.Posterior = None,
    map_file: options.Map = None,
    no_refine: options.NoRefine = False,
    recipe_name: options.RecipeName = None,
    no_network: options.NoNetwork = False,
    tag: Annotated[list[str] | None, typer.Option("--tag", help="Tag the prediction; repeatable.")] = None,
    forward_model: options.ForwardModel = None,
    encoder: options.Encoder = None,
    regressor: options.Regressor = None,
    refiner: options.Refiner = None,
    settings: options.Set = None,
    seed: options.Seed = None,
    jobs: options.Jobs = None,
    on: options.On = None,
    db: options.Database = None,
    all_columns: options.AllColumns = False,
    latex: options.Latex = False,
    json: options.Json = False,
) -> None:
    """Predict and refine the quantities behind a measured spectrum.

    If no model of the sample is on record, its training set is simulated and a model is trained first. The exit code is
    6 if the answer is doubtful.
    """
    options.check_one_form(json=json, latex=latex)
    parameters = arguments.parse_settings(settings)
    figure_path = None if no_figure else figure
    if figure_path is not None:
        arguments.check_figure(figure_path)

    if posterior is not None:
        arguments.check_figure(posterior, options.OF_POSTERIORS)
    if map_file is not None:
        arguments.check_figure(map_file, options.OF_MAPS)

    from spectra.cli import session
    from spectra.cli.file_arguments import choose_files, choose_parameters, choose_readers
    from spectra.cli.printing.blocks import print_blocks
    from spectra.cli.printing.data import print_json
    from spectra.core.measurements import Condition
    from spectra.core.workflows.analyze import analyze as run
    from spectra.core.workflows.reading import chosen_processors, read_measurement
    from spectra.core.workflows.specimens import load_specimen
    from spectra.registry.annotations import check_tag
    from spectra.views.documents import plain
    from spectra.views.figures.canvas import Drawing, save_figure
    from spectra.views.tasks.analysis import analysis_blocks

    for label in tag or ():
        check_tag(label)
    conditions = [Condition.parse(text) for text in condition or ()]
    plugins = session.load()
    specimen = load_specimen(plugins.catalogue, sample_file, technique_name)
    technique = specimen.technique
    files = choose_files(technique, measurement)
    measured = read_measurement(
        plugins.catalogue,
        specimen,
        files,
        reader=choose_readers(technique, reader),
        parameters=choose_parameters(technique, parameters),
        processors=chosen_processors(plugins.catalogue, processor, parameters),
        conditions=conditions,
    )
    recipe = session.chosen_recipe(
        plugins.catalogue,
        specimen,
        options.recipe_name(recipe_name, no_network=no_network),
        names=options.chosen(forward_model=forward_model, encoder=encoder, regressor=regressor, refiner=refiner),
        parameters=parameters,
        no_refine=no_refine,
    )
    drawing = Drawing()
    work = session.open_session(plugins, db, jobs=jobs, on=on, draw=None if no_figure else drawing)
    progress = work.progress
    analysis = run(work, specimen, measured, recipe, model_id=model, seed=seed, tags=tuple(dict.fromkeys(tag or ())))
    if drawing.figure is None:
        figure_path = None
    else:
        name = f"{_stem(files)}-{specimen.sample.technique}-{analysis.prediction.id}.png"
        figure_path = figure_path or Path(name)
        try:
            save_figure(drawing.figure, figure_path)
        except OSError as error:  # the prediction is on record; do not lose its report over a picture
            progress.say(f"The figure {figure_path} could not be saved: {error.strerror}.")
            figure_path = None
    if posterior is not None:
        _save_posterior(analysis.result, posterior, progress)
    if map_file is not None:
        _save_map(analysis.result, map_file, progress)
    if json:
        saved = {
            "figure": str(figure_path) if figure_path else None,
            "trained_now": analysis.trained_now,
            "before": analysis.before.id if analysis.before else None,
        }
        print_json("prediction", plain(analysis.prediction) | saved)
    else:
        print_blocks(analysis_blocks(analysis), all_columns=all_columns, as_latex=latex)
        if figure_path:
            progress.say(f"Figure: {figure_path}")
    if analysis.prediction.doubtful:
        raise typer.Exit(options.SOMETHING_AMISS)


def _stem(files: Path | Mapping[str, Path]) -> str:
    """Return what a figure of the measured files is called after."""
    return files.stem if isinstance(files, Path) else "+".join(path.stem for path in files.values())


def _save_posterior(result: Result, path: Path, progress: Progress) -> None:
    from spectra.views.figures.posterior import save_posterior

    if result.refinement is None or result.refinement.draws is None:
        progress.say("There is no posterior sample: nothing was refined, or by a refiner that draws none.")
        return
    try:
        save_posterior(result.refinement.draws, result.quantities, path)
    except OSError as error:
        progress.say(f"The posterior sample {path} could not be saved: {error.strerror}.")
    else:
        progress.say(f"Posterior: {path}")


def _save_map(result: Result, path: Path, progress: Progress) -> None:
    from spectra.views.maps import save_map

    if result.map is None:
        progress.say("There is no map: the technique answers for a measurement as a whole.")
        return
    try:
        save_map(result.map, path)
    except OSError as error:
        progress.say(f"The map {path} could not be saved: {error.strerror}.")
    else:
        progress.say(f"Map: {path}")
