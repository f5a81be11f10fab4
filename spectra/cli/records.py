"""``spectra predictions|models|measurements|samples``: what is on record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from spectra.cli import options
from spectra.core.errors import UsageError

if TYPE_CHECKING:
    from spectra.core.store import MeasurementRecord, ModelRecord, PredictionRecord, PredictionSummary, SampleRecord
    from spectra.registry.table import Column

predictions = typer.Typer(no_args_is_help=True, help="Predictions on record.")
models = typer.Typer(no_args_is_help=True, help="Trained models on record.")
measurements = typer.Typer(no_args_is_help=True, help="Measured files on record.")
samples = typer.Typer(no_args_is_help=True, help="Samples on record.")

PAGE = 50
"""How many records a table shows by default."""

Query = Annotated[
    str,
    typer.Argument(
        metavar="QUERY",
        help="Conditions that all hold: 'technique=rus,sample=steel*,C11>260,age<30d'. If a key is wrong, all keys "
        "are listed.",
        show_default=False,
    ),
]
Sort = Annotated[
    str, typer.Option("--sort", metavar="KEY", help="Sort by this key; by -KEY from the largest to the smallest.")
]
Columns = Annotated[
    str, typer.Option("--columns", metavar="KEY,KEY,...", help="Show these, for example id,sample,C11,C11.std,misfit.")
]
Limit = Annotated[
    int | None,
    typer.Option("--limit", "-n", min=1, help=f"At most so many; by default {PAGE} in a table, all for programs."),
]
Csv = Annotated[bool, typer.Option("--csv", help="Print CSV for programs, with all digits.")]
Parquet = Annotated[
    Path | None, typer.Option("--parquet", metavar="FILE", help="Write a Parquet file for pandas, polars, R, DuckDB.")
]
Explain = Annotated[bool, typer.Option("--explain", help="Say how the query is understood, and stop.")]
Id = Annotated[str, typer.Argument(metavar="ID", help="Identifier, or its first characters.")]


def _add_list(app: typer.Typer, kind: str, help: str) -> None:
    @app.command("list", help=f"List {help}.")
    def list_records(
        query: Query = "",
        sort: Sort = "-created",
        columns: Columns = "",
        limit: Limit = None,
        csv: Csv = False,
        parquet: Parquet = None,
        explain: Explain = False,
        db: options.Database = None,
        json: options.Json = False,
    ) -> None:
        if json + csv + explain + (parquet is not None) > 1:
            raise UsageError("Only one of --json, --csv, --parquet and --explain can be given.")
        if json and columns:
            raise UsageError("--columns is for tables, CSV and Parquet; JSON always has everything.")
        from spectra.cli.output import print_csv, print_json_list, print_line
        from spectra.cli.session import open_registry

        registry = open_registry(db)
        if explain:
            for sentence in registry.explain(kind, query, sort=sort):
                print_line(sentence)
        elif json:
            print_json_list(kind, registry.read(registry.find(kind, query, sort=sort, limit=limit)))
        elif csv or parquet is not None:
            found = registry.find(kind, query, sort=sort, limit=limit)
            chosen = registry.columns(found, _names(columns))
            if parquet is None:
                print_csv(chosen, registry.read(found))
            else:
                from spectra.registry.table import write_parquet

                count = write_parquet(registry.read(found), chosen, parquet)
                typer.echo(f"{count:,} {kind} written to {parquet}.", err=True)
        else:
            shown = limit or PAGE
            found = registry.find(kind, query, sort=sort, limit=shown + 1)
            records = list(registry.read(found.first(shown)))
            if columns:
                _print_columns(registry.columns(found, _names(columns)), records)
            else:
                _print_records(kind, records)
            if len(found.ids) > shown:
                typer.echo(f"There are more than these {shown:,}; --limit N shows N.", err=True)


_add_list(predictions, "predictions", "predictions, newest first")
_add_list(models, "models", "trained models, newest first, with their errors on distorted test spectra")
_add_list(measurements, "measurements", "measured files, newest first")
_add_list(samples, "samples", "samples, newest first")


def _names(columns: str) -> Sequence[str]:
    """Split the names of columns, which are quoted as in a query if they hold a comma."""
    import csv

    return [name.strip() for name in next(csv.reader([columns], skipinitialspace=True), []) if name.strip()]


def _print_columns(columns: Sequence[Column], records: Sequence[Any]) -> None:
    from spectra.cli.output import print_rows

    cells = [[_cell(column.value(record)) for column in columns] for record in records]
    print_rows([column.heading for column in columns], cells)


def _cell(value: Any) -> Any:
    """Write a value for a person."""
    from spectra.cli.output import ago

    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, list | tuple):
        return ", ".join(value)
    return ago(value) if isinstance(value, datetime) else value


def _print_records(kind: str, records: Sequence[Any]) -> None:
    from spectra.cli.output import print_rows

    header, row = _ROWS[kind]
    print_rows(header, [row(record) for record in records])


def _prediction_row(record: PredictionSummary) -> Sequence[Any]:
    from spectra.cli.output import ago, with_uncertainty

    best = [quantity for quantity in record.final if quantity.method != "derived"]
    answer = ", ".join(f"{q.name} {with_uncertainty(q.value, q.std)} {q.unit}".strip() for q in best)
    return record.id, ago(record.created), record.sample_name, record.file_name, answer, record.model_id


def _model_row(record: ModelRecord) -> Sequence[Any]:
    from spectra.cli.output import ago

    recipe, errors = _recipe_line(record), _test_line(record)
    return record.id, ago(record.created), record.technique, record.sample_name, recipe, record.seed, errors


def _measurement_row(record: MeasurementRecord) -> Sequence[Any]:
    from spectra.cli.output import ago

    tags = ", ".join(record.tags)
    return record.id, ago(record.created), record.technique, record.sample_name, record.file_name, record.kind, tags


def _sample_row(record: SampleRecord) -> Sequence[Any]:
    from spectra.cli.output import ago

    facts = record.digest.removeprefix("sha256:")[:12]
    return record.id, ago(record.created), record.technique, record.name, facts


_ROWS: Mapping[str, tuple[Sequence[str], Callable[[Any], Sequence[Any]]]] = {
    "predictions": (("prediction", "made", "sample", "measurement", "result", "model"), _prediction_row),
    "models": (("model", "trained", "technique", "sample", "recipe", "seed", "test error"), _model_row),
    "measurements": (("measurement", "added", "technique", "sample", "file", "kind", "tags"), _measurement_row),
    "samples": (("sample", "added", "technique", "name", "facts"), _sample_row),
}


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
    from spectra.cli.output import ago, console, print_fields, print_rows, with_uncertainty

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


def _recipe_line(record: ModelRecord) -> str:
    recipe = record.recipe
    return " > ".join(recipe[role]["name"] for role in ("forward_model", "encoder", "regressor"))


def _test_line(record: ModelRecord) -> str:
    return ", ".join(f"{name} {metric['mape_percent']:.1f} %" for name, metric in record.metrics["test"].items())
