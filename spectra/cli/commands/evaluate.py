"""``spectra evaluate``: a study, from its file to its table."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from spectra.cli import options
from spectra.core.basics import arguments
from spectra.core.errors import UsageError


def evaluate(
    study: Annotated[Path, typer.Argument(help="Study file (YAML): variants, conditions and test spectra.")],
    quick: Annotated[bool, typer.Option("--quick", help="Run the short version that the study file defines.")] = False,
    figure: Annotated[
        Path | None,
        typer.Option("--figure", help="Save a figure of predicted against true quantities (png, pdf, svg)."),
    ] = None,
    jobs: options.Jobs = None,
    on: options.On = None,
    db: options.Database = None,
    latex: options.Latex = False,
    json: options.Json = False,
    csv: options.Csv = False,
) -> None:
    """Compare encoders, regressors and other parts of a recipe on test spectra, distorted in known ways.

    Models are put on record, and taken from there: a study that was interrupted goes on where it stopped. A file with
    the key 'search' is about feature spaces: how good is a search by them? See also 'spectra spaces evaluate'.
    """
    options.check_one_form(json=json, csv=csv, latex=latex)
    if figure is not None:
        arguments.check_figure(figure)

    from spectra.cli import session
    from spectra.core.basics.documents import load_document
    from spectra.registry.similarity.evaluation import AnyStudyFile, SearchStudyFile, evaluate_searches

    if load_document(study, AnyStudyFile, what="study file").search is not None:
        if figure is not None or csv or latex or quick:
            raise UsageError("A study of searches prints a table or --json.")
        from spectra.cli.commands.similarity.spaces import show_searches

        search = load_document(study, SearchStudyFile, what="study file").search
        registry = session.open_registry(db)
        done = evaluate_searches(session.session_on(registry, session.load()), registry, search)
        show_searches(done, search, as_json=json)
        return

    from spectra.cli.printing.blocks import print_blocks
    from spectra.cli.printing.data import print_csv, print_json
    from spectra.core.studies.evaluate import evaluate_file
    from spectra.views.tasks.study import score_columns, study_blocks, study_document

    work = session.open_session(session.load(), db, jobs=jobs, on=on)
    evaluation = evaluate_file(work, study, quick=quick)
    if figure is not None:
        from spectra.views.figures.canvas import save_figure
        from spectra.views.figures.parity import evaluation_figure

        save_figure(evaluation_figure(evaluation), figure)
    if json:
        print_json("evaluation", study_document(evaluation, quick=quick))
    elif csv:
        print_csv(score_columns(), evaluation.scores)
    else:
        print_blocks(study_blocks(evaluation, quick=quick), as_latex=latex)
        if figure is not None:
            work.progress.say(f"Figure: {figure}")
