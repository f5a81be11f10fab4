"""``spectra predictions|models|measurements|samples``: what is on record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from spectra.cli import completion, options
from spectra.core.errors import UsageError

if TYPE_CHECKING:
    from spectra.registry.query.listing import Listing
    from spectra.registry.registry import Registry

    Method = Callable[[Registry], Callable[..., Listing[Any]]]

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
        help="Conditions that all must hold: 'technique=rus,sample=steel*,C11>260,age<30d'. An unknown key lists "
        "all keys.",
        show_default=False,
    ),
]
Sort = Annotated[
    str,
    typer.Option(
        "--sort",
        metavar="KEY",
        help="Sort by this key; -KEY for descending order.",
        autocompletion=completion.keys(),
    ),
]
Columns = Annotated[
    str,
    typer.Option(
        "--columns",
        metavar="KEY,KEY,...",
        help="Columns to show, for example id,sample,C11,C11.std,misfit.",
        autocompletion=completion.keys(separated=True),
    ),
]
Limit = Annotated[
    int | None,
    typer.Option(
        "--limit", "-n", min=1, help=f"Maximum number of records. Default: {PAGE} in a table, all for programs."
    ),
]
Parquet = Annotated[
    Path | None, typer.Option("--parquet", metavar="FILE", help="Write a Parquet file for pandas, polars, R, DuckDB.")
]
Explain = Annotated[bool, typer.Option("--explain", help="Explain how the query is understood, without running it.")]


def _add_list(app: typer.Typer, kind: str, help: str, method: Method) -> None:
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
        latex: options.Latex = False,
        json: options.Json = False,
    ) -> None:
        options.check_one_form(json=json, csv=csv, latex=latex, parquet=parquet is not None, explain=explain)
        if json and columns:
            raise UsageError("--columns is for tables, CSV and Parquet; JSON always has everything.")
        from spectra.cli.printing.blocks import print_blocks, print_line
        from spectra.cli.printing.data import print_csv, print_json_list
        from spectra.cli.session import open_registry
        from spectra.views.lists import columns_table, list_table

        registry = open_registry(db)
        if explain:
            for sentence in registry.explain(kind, query, sort=sort):
                print_line(sentence)
        elif json:
            print_json_list(kind, method(registry)(query, sort=sort, limit=limit))
        elif csv or parquet is not None:
            found = method(registry)(query, sort=sort, limit=limit)
            chosen = found.columns(split_names(columns))
            if parquet is None:
                print_csv(chosen, found)
            else:
                from spectra.registry.query.arrow import write_parquet

                count = write_parquet(found, chosen, parquet)
                typer.echo(f"{count:,} {kind} written to {parquet}.", err=True)
        else:
            shown = limit or PAGE
            found = method(registry)(query, sort=sort, limit=shown + 1)
            records = list(found[:shown])
            table = (
                columns_table(found.columns(split_names(columns)), records) if columns else list_table(kind, records)
            )
            print_blocks([table], as_latex=latex)
            if len(found) > shown:
                typer.echo(f"More than {shown:,} records match; --limit N shows N.", err=True)


_add_list(predictions, "predictions", "predictions, newest first", lambda registry: registry.list_predictions)
_add_list(
    models,
    "models",
    "trained models, newest first, with their errors on distorted test spectra",
    lambda registry: registry.list_models,
)
_add_list(measurements, "measurements", "measured files, newest first", lambda registry: registry.list_measurements)
_add_list(samples, "samples", "samples, newest first", lambda registry: registry.list_samples)


def split_names(columns: str) -> Sequence[str]:
    """Split the names of columns, which are quoted as in a query if they hold a comma."""
    import csv

    return [name.strip() for name in next(csv.reader([columns], skipinitialspace=True), []) if name.strip()]
