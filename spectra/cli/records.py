"""``spectra predictions|models|measurements|samples``: what is on record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from spectra.cli import options

if TYPE_CHECKING:
    from spectra.core.store import ModelRecord, PredictionRecord

predictions = typer.Typer(no_args_is_help=True, help="Predictions on record.")
models = typer.Typer(no_args_is_help=True, help="Trained models on record.")
measurements = typer.Typer(no_args_is_help=True, help="Measured files on record.")
samples = typer.Typer(no_args_is_help=True, help="Samples on record.")

Technique = Annotated[str | None, typer.Option("--technique", "-t", help="Only those of this technique.")]
Sample = Annotated[str | None, typer.Option("--sample", "-s", help="Only those of the sample of this name.")]
Tag = Annotated[str | None, typer.Option("--tag", help="Only those with this tag.")]
Limit = Annotated[int | None, typer.Option("--limit", "-n", min=1, help="Only the newest so many.")]
Id = Annotated[str, typer.Argument(metavar="ID", help="Identifier, or its first characters.")]


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


@predictions.command("show")
def show_prediction(id: Id, db: options.Database = None, json: options.Json = False) -> None:
    """Show one prediction with everything that was printed."""
    from spectra.cli.output import print_json
    from spectra.cli.session import open_registry

    record = open_registry(db).get_prediction(id)
    if json:
        print_json("prediction", record)
    else:
        _print_prediction(record)


def _print_prediction(record: PredictionRecord) -> None:
    from spectra.cli.output import ago, console, print_fields, print_rows
    from spectra.core.quantities import with_uncertainty

    print_fields(
        {
            "prediction": record.id,
            "made": f"{ago(record.created)} by {record.operator or 'unknown'}",
            "sample": f"{record.sample_name} ({record.technique})",
            "measurement": f"{record.file_name} ({record.measurement_id})",
            "model": record.model_id,
            "rms misfit": None if record.misfit is None else f"{record.misfit:.3f} {record.misfit_unit}",
            "tags": ", ".join(record.tags) or None,
            "command": record.command,
        }
    )
    console.print()
    rows = [(q.name, q.unit, with_uncertainty(q.value, q.std), q.method, q.note) for q in record.quantities]
    print_rows(("quantity", "unit", "value", "method", "note"), rows)
    for table in record.report["tables"].values():
        console.print()
        units, columns = table["units"], table["columns"]
        header = [f"{name} ({units[name]})" if name in units else name for name in columns]
        cells = [[f"{v:.6g}" if isinstance(v, float) else v for v in values] for values in columns.values()]
        print_rows(header, zip(*cells, strict=True), title=table["title"])
    for note in record.report["notes"]:
        console.print(f"Note: {note}", markup=False, soft_wrap=True)


@models.command("list")
def list_models(
    technique: Technique = None,
    sample: Sample = None,
    limit: Limit = None,
    db: options.Database = None,
    json: options.Json = False,
) -> None:
    """List trained models, newest first, with their errors on distorted test spectra."""
    from spectra.cli.output import ago, print_json, print_rows
    from spectra.cli.session import open_registry

    found = open_registry(db).list_models(technique=technique, sample=sample, limit=limit)
    if json:
        print_json("models", found)
        return
    print_rows(
        ("model", "trained", "technique", "sample", "recipe", "seed", "test error"),
        [(r.id, ago(r.created), r.technique, r.sample_name, _recipe_line(r), r.seed, _test_line(r)) for r in found],
    )


@models.command("show")
def show_model(
    id: Id, figure: options.ModelFigure = None, db: options.Database = None, json: options.Json = False
) -> None:
    """Show one model: its recipe, its quality, what it was made with."""
    if figure is not None:
        options.check_figure(figure)
    from spectra.cli.output import print_json
    from spectra.cli.session import open_registry

    registry = open_registry(db)
    record = registry.get_model(id)
    if figure is not None:
        from spectra.cli.figures import save_model_figure

        save_model_figure(record, registry.read_artefact(record.artefact), figure)
    if json:
        print_json("model", record)
    else:
        print_model(record)


def print_model(record: ModelRecord) -> None:
    """Print a model for a person."""
    from spectra.cli.output import ago, console, print_fields, print_rows

    print_fields(
        {
            "model": record.id,
            "trained": ago(record.created),
            "sample": f"{record.sample_name} ({record.technique})",
            "data set": record.data_set_id,
            "recipe": _recipe_line(record),
            "seed": record.seed,
            "artefact": f"{record.artefact} ({record.artefact_size / 1e6:.1f} MB)",
            "made with": ", ".join(f"{name} {version}" for name, version in record.environment.items()),
        }
    )
    console.print()
    test = record.metrics["test"]
    print_rows(
        ("quantity", "unit", "searched", "mean error (%)", "rms error", "within one spread (%)"),
        [
            (
                q["name"],
                q["unit"],
                f"{q['lower']:g} to {q['upper']:g}",
                f"{test[q['name']]['mape_percent']:.2f}",
                f"{test[q['name']]['rmse']:.3g}",
                f"{100 * test[q['name']]['within_one_spread']:.0f}",
            )
            for q in record.quantities
        ],
        title=f"On {record.metrics['points']['test']:,} distorted test spectra",
    )
    console.print()
    parts = [(role, choice) for role, choice in record.recipe.items() if isinstance(choice, dict)]
    parts += [("distortion", choice) for choice in record.recipe["distortions"]]
    rows = [
        (role.replace("_", " "), c["name"], ", ".join(f"{k}={v}" for k, v in c["parameters"].items()))
        for role, c in parts
    ]
    print_rows(("part", "component", "parameters"), rows, title="Recipe")


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


def _recipe_line(record: ModelRecord) -> str:
    recipe = record.recipe
    return " > ".join(recipe[role]["name"] for role in ("forward_model", "encoder", "regressor"))


def _test_line(record: ModelRecord) -> str:
    return ", ".join(f"{name} {metric['mape_percent']:.1f} %" for name, metric in record.metrics["test"].items())
