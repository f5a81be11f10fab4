"""``spectra predictions|models|measurements|samples``: what is on record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from spectra.cli import options

if TYPE_CHECKING:
    from spectra.core.store import ModelRecord

predictions = typer.Typer(no_args_is_help=True, help="Predictions on record.")
models = typer.Typer(no_args_is_help=True, help="Trained models on record.")
measurements = typer.Typer(no_args_is_help=True, help="Measured files on record.")
samples = typer.Typer(no_args_is_help=True, help="Samples on record.")

Technique = Annotated[str | None, typer.Option("--technique", "-t", help="Only those of this technique.")]
Sample = Annotated[str | None, typer.Option("--sample", "-s", help="Only those of the sample of this name.")]
Tag = Annotated[str | None, typer.Option("--tag", help="Only those with this tag.")]
Limit = Annotated[int | None, typer.Option("--limit", "-n", min=1, help="Only the newest so many.")]


@predictions.command("list")
def list_predictions(
    technique: Technique = None,
    sample: Sample = None,
    tag: Tag = None,
    limit: Limit = None,
    db: options.Database = None,
    json: options.Json = False,
) -> None:
    """List predictions, newest first."""
    from spectra.cli.output import ago, print_json, print_rows
    from spectra.cli.session import open_registry
    from spectra.core.quantities import with_uncertainty

    found = open_registry(db).list_predictions(technique=technique, sample=sample, tag=tag, limit=limit)
    if json:
        print_json("predictions", found)
        return
    rows = []
    for record in found:
        best = [q for q in record.quantities if q.method == "refined"] or [
            q for q in record.quantities if q.method == "network"
        ]
        answer = ", ".join(f"{q.name} {with_uncertainty(q.value, q.std)} {q.unit}".strip() for q in best)
        rows.append((record.id, ago(record.created), record.sample_name, record.file_name, answer, record.model_id))
    print_rows(("prediction", "made", "sample", "measurement", "result", "model"), rows)


@models.command("list")
def list_models(
    technique: Technique = None,
    sample: Sample = None,
    limit: Limit = None,
    db: options.Database = None,
    json: options.Json = False,
) -> None:
    """List trained models, newest first, with their errors on distorted test spectra."""
    from spectra.cli.describe import recipe_line
    from spectra.cli.output import ago, print_json, print_rows
    from spectra.cli.session import open_registry

    found = open_registry(db).list_models(technique=technique, sample=sample, limit=limit)
    if json:
        print_json("models", found)
        return
    print_rows(
        ("model", "trained", "technique", "sample", "recipe", "seed", "test error"),
        [(r.id, ago(r.created), r.technique, r.sample_name, recipe_line(r), r.seed, _test_line(r)) for r in found],
    )


@measurements.command("list")
def list_measurements(
    technique: Technique = None,
    sample: Sample = None,
    tag: Tag = None,
    limit: Limit = None,
    db: options.Database = None,
    json: options.Json = False,
) -> None:
    """List measured files, newest first."""
    from spectra.cli.output import ago, print_json, print_rows
    from spectra.cli.session import open_registry

    found = open_registry(db).list_measurements(technique=technique, sample=sample, tag=tag, limit=limit)
    if json:
        print_json("measurements", found)
        return
    print_rows(
        ("measurement", "added", "technique", "sample", "file", "kind", "tags"),
        [(r.id, ago(r.created), r.technique, r.sample_name, r.file_name, r.kind, ", ".join(r.tags)) for r in found],
    )


@samples.command("list")
def list_samples(
    technique: Technique = None, limit: Limit = None, db: options.Database = None, json: options.Json = False
) -> None:
    """List samples, newest first."""
    from spectra.cli.output import ago, print_json, print_rows
    from spectra.cli.session import open_registry

    found = open_registry(db).list_samples(technique=technique, limit=limit)
    if json:
        print_json("samples", found)
        return
    print_rows(
        ("sample", "added", "technique", "name", "facts"),
        [(r.id, ago(r.created), r.technique, r.name, r.digest.removeprefix("sha256:")[:12]) for r in found],
    )


def _test_line(record: ModelRecord) -> str:
    return ", ".join(f"{name} {metric['mape_percent']:.1f} %" for name, metric in record.metrics["test"].items())
