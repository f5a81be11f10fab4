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
    from spectra.core.store import MeasurementRecord, ModelRecord, PredictionSummary, SampleRecord
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
        csv: options.Csv = False,
        parquet: Parquet = None,
        explain: Explain = False,
        db: options.Database = None,
        json: options.Json = False,
    ) -> None:
        if json + csv + explain + (parquet is not None) > 1:
            raise UsageError("Only one of --json, --csv, --parquet and --explain can be given.")
        if json and columns:
            raise UsageError("--columns is for tables, CSV and Parquet; JSON always has everything.")
        from spectra.cli.printing.output import print_csv, print_json_list, print_line
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
    from spectra.cli.printing.output import print_rows

    cells = [[_cell(column.value(record)) for column in columns] for record in records]
    print_rows([column.heading for column in columns], cells)


def _cell(value: Any) -> Any:
    """Write a value for a person."""
    from spectra.cli.printing.output import ago

    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, list | tuple):
        return ", ".join(value)
    return ago(value) if isinstance(value, datetime) else value


def _print_records(kind: str, records: Sequence[Any]) -> None:
    from spectra.cli.printing.output import print_rows

    header, row = _ROWS[kind]
    print_rows(header, [row(record) for record in records])


def _prediction_row(record: PredictionSummary) -> Sequence[Any]:
    from spectra.cli.printing.output import ago
    from spectra.core.quantities import with_uncertainty

    best = [quantity for quantity in record.final if quantity.method != "derived"]
    answer = ", ".join(f"{q.name} {with_uncertainty(q.value, q.std)} {q.unit}".strip() for q in best)
    return record.id, ago(record.created), record.sample_name, record.file_name, answer, record.model_id


def _model_row(record: ModelRecord) -> Sequence[Any]:
    from spectra.cli.printing.output import ago
    from spectra.cli.printing.record import recipe_line

    recipe, errors = recipe_line(record), _test_line(record)
    return record.id, ago(record.created), record.technique, record.sample_name, recipe, record.seed, errors


def _measurement_row(record: MeasurementRecord) -> Sequence[Any]:
    from spectra.cli.printing.output import ago

    tags = ", ".join(record.tags)
    return record.id, ago(record.created), record.technique, record.sample_name, record.file_name, record.kind, tags


def _sample_row(record: SampleRecord) -> Sequence[Any]:
    from spectra.cli.printing.output import ago

    facts = record.digest.removeprefix("sha256:")[:12]
    return record.id, ago(record.created), record.technique, record.name, facts


_ROWS: Mapping[str, tuple[Sequence[str], Callable[[Any], Sequence[Any]]]] = {
    "predictions": (("prediction", "made", "sample", "measurement", "result", "model"), _prediction_row),
    "models": (("model", "trained", "technique", "sample", "recipe", "seed", "test error"), _model_row),
    "measurements": (("measurement", "added", "technique", "sample", "file", "kind", "tags"), _measurement_row),
    "samples": (("sample", "added", "technique", "name", "facts"), _sample_row),
}


def _test_line(record: ModelRecord) -> str:
    from spectra.views.numbers import test_error

    errors = {q["name"]: test_error(q, record.metrics["test"][q["name"]]) for q in record.quantities}
    return ", ".join(f"{name} {error}" for name, error in errors.items())
