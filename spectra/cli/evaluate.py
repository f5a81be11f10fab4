"""``spectra evaluate``: a study, from its file to its table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from spectra.cli import options

if TYPE_CHECKING:
    from spectra.core.workflows.evaluate import Evaluation
    from spectra.core.workflows.scores import Score


def evaluate(
    study: Annotated[Path, typer.Argument(help="Study file (YAML): variants, conditions and test spectra.")],
    quick: Annotated[bool, typer.Option("--quick", help="Run the short form that the study file gives.")] = False,
    figure: Annotated[
        Path | None, typer.Option("--figure", help="Save predicted against true quantities here (png, pdf, svg).")
    ] = None,
    jobs: options.Jobs = None,
    db: options.Database = None,
    json: options.Json = False,
) -> None:
    """Compare encoders, regressors and other parts of a recipe on test spectra, distorted in known ways.

    Models are put on record, and taken from there: a study that was interrupted goes on where it stopped.
    """
    if figure is not None:
        options.check_figure(figure)

    from spectra.cli import session
    from spectra.cli.output import print_json
    from spectra.cli.progress import TerminalProgress
    from spectra.core.study import load_study
    from spectra.core.workflows.analyze import read_measurement
    from spectra.core.workflows.evaluate import evaluate as run

    plugins = session.load()
    plan = load_study(study, quick=quick)
    technique, sample = session.load_sample(plugins, study.parent / plan.sample, None)
    measurement = None
    if plan.measurement is not None:
        measurement = read_measurement(
            plugins.catalogue, technique, sample, study.parent / plan.measurement.file, reader=plan.measurement.reader
        )
    progress = TerminalProgress()
    evaluation = run(
        session.open_registry(db),
        plugins.catalogue,
        technique,
        sample,
        plan,
        measurement=measurement,
        overrides=plan.quick.parameters if quick else None,
        jobs=jobs,
        progress=progress,
    )
    if figure is not None:
        from spectra.cli.figures import save_figure
        from spectra.cli.parity import draw

        save_figure(lambda canvas: draw(evaluation, canvas), figure)
    if json:
        print_json("evaluation", _document(evaluation, quick=quick))
    else:
        _print(evaluation, quick=quick)
        if figure is not None:
            progress.say(f"Figure: {figure}")


def _document(evaluation: Evaluation, *, quick: bool) -> dict[str, Any]:
    return {
        "title": evaluation.study.title,
        "quick": quick,
        "sample": evaluation.sample.name,
        "seeds": evaluation.study.seeds,
        "trained_now": evaluation.trained,
        "recipes": {name: recipe.model_dump(mode="json") for name, recipe in evaluation.recipes.items()},
        "scores": evaluation.scores,
    }


def _print(evaluation: Evaluation, *, quick: bool) -> None:
    """Print one row for each variant, condition and method; a column stands only where it says something."""
    from spectra.cli.output import console, print_rows

    scores = evaluation.scores
    refined = any(score.method == "refined" for score in scores)
    of_row: dict[tuple[str, str, str], list[Score]] = {}
    for score in scores:
        of_row.setdefault((score.variant, score.condition, score.method), []).append(score)
    header = ["variant", "condition", *(["method"] if refined else [])]
    columns: list[Sequence[str]] = [[place[k] for place in of_row] for k in range(3 if refined else 2)]
    for place, quantity in enumerate(evaluation.quantities):
        of_quantity = [row[place] for row in of_row.values()]
        for name, cells in (
            (quantity.label, [_value(score) for score in of_quantity]),
            (f"{quantity.name} error (%)", [_error(score) for score in of_quantity]),
            (
                "median (%)",
                [_percent(score.median_percent) if score.value is not None else "" for score in of_quantity],
            ),
            ("within 1σ (%)", [_percent(score.within_one_spread, 100, 0) for score in of_quantity]),
        ):
            if any(cells):
                header.append(name)
                columns.append(cells)
    header.append("features ≠ 0 (%)")
    columns.append([_percent(row[0].occupied, 100, 1) for row in of_row.values()])
    seeds = len(evaluation.study.seeds)
    print_rows(header, zip(*columns, strict=True), title=evaluation.study.title)
    console.print(
        f"{_spectra(scores)} in each row; {seeds} seed{'s' if seeds > 1 else ''}. Errors: mean absolute percentage "
        f"error{', ± standard deviation over the seeds' if seeds > 1 else ''}.",
        soft_wrap=True,
    )
    if any(score.scatter is not None for score in scores):
        console.print("Values: mean ± standard deviation over the draws of the condition.", soft_wrap=True)
    if failed := sum(score.failed for score in scores[:: len(evaluation.quantities)]):
        console.print(f"Note: {failed} spectra could not be refined and are left out of the rows 'refined'.")
    if quick:
        console.print("Note: this was --quick, which shows that the study runs; its numbers mean nothing.")


def _spectra(scores: Sequence[Score]) -> str:
    counts = [sorted({s.count for s in scores if s.method == method}) for method in ("network", "refined")]
    network, refined = (" or ".join(f"{count:,}" for count in found) for found in counts)
    return f"{network} spectra" + (f", {refined} of them refined," if refined else "")


def _value(score: Score) -> str:
    if score.value is None:
        return ""
    return f"{score.value:.1f}" + (f" ± {score.scatter:.1f}" if score.scatter is not None else "")


def _error(score: Score) -> str:
    if score.mape_percent is None:
        return ""
    deviation = f" ± {score.mape_percent_std:.2f}" if score.mape_percent_std is not None else ""
    return f"{score.mape_percent:.2f}{deviation}"


def _percent(share: float | None, factor: float = 1, digits: int = 2) -> str:
    return "" if share is None else f"{factor * share:.{digits}f}"
