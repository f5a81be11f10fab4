"""``spectra evaluate``: a study, from its file to its table."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from spectra.cli import options
from spectra.core.errors import UsageError


def evaluate(
    study: Annotated[Path, typer.Argument(help="Study file (YAML): variants, conditions and test spectra.")],
    quick: Annotated[bool, typer.Option("--quick", help="Run the short version that the study file defines.")] = False,
    figure: Annotated[
        Path | None,
        typer.Option("--figure", help="Save a figure of predicted against true quantities (png, pdf, svg)."),
    ] = None,
    jobs: options.Jobs = None,
    db: options.Database = None,
    json: options.Json = False,
    csv: options.Csv = False,
) -> None:
    """Compare encoders, regressors and other parts of a recipe on test spectra, distorted in known ways.

    Models are put on record, and taken from there: a study that was interrupted goes on where it stopped.
    """
    if figure is not None:
        options.check_figure(figure)
    if json and csv:
        raise UsageError("Only one of --json and --csv can be given.")

    from spectra.cli import session
    from spectra.cli.printing.blocks import print_blocks
    from spectra.cli.printing.data import print_csv, print_json
    from spectra.core.study import load_study
    from spectra.core.workflows.evaluate import evaluate as run
    from spectra.core.workflows.reading import read_measurement
    from spectra.core.workflows.specimens import load_specimen
    from spectra.views.study import score_columns, study_blocks, study_document

    plugins = session.load()
    plan = load_study(study, quick=quick)
    specimen = load_specimen(plugins.catalogue, study.parent / plan.sample)
    measurement = None
    if plan.measurement is not None:
        file = plan.measurement.file
        measurement = read_measurement(
            plugins.catalogue,
            specimen,
            study.parent / file if isinstance(file, str) else {part: study.parent / one for part, one in file.items()},
            reader=plan.measurement.reader,
        )
    work = session.open_session(plugins, db, jobs=jobs)
    overrides = plan.quick.parameters if quick else None
    evaluation = run(work, specimen, plan, measurement=measurement, overrides=overrides)
    if figure is not None:
        from spectra.views.figures.canvas import save_figure
        from spectra.views.figures.parity import evaluation_figure

        save_figure(evaluation_figure(evaluation), figure)
    if json:
        print_json("evaluation", study_document(evaluation, quick=quick))
    elif csv:
        print_csv(score_columns(), evaluation.scores)
    else:
        print_blocks(study_blocks(evaluation, quick=quick))
        if figure is not None:
            work.progress.say(f"Figure: {figure}")
