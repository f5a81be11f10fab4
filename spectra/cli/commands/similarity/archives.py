"""``spectra measurements add`` and ``documents``: measured files on record without an analysis, with what is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from spectra.cli import options
from spectra.cli.commands import lists
from spectra.core.basics import arguments
from spectra.core.errors import InputError, UsageError


@lists.measurements.command("add")
def add(
    paths: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Measured files, or folders of them.")],
    table: Annotated[
        Path | None,
        typer.Option(
            "--table",
            help="CSV with a line for each file (columns of numbers, such as 'temperature (K)', become conditions, "
            "columns of words labels), or a JSON list of documents as DataFed has them.",
        ),
    ] = None,
    sample_file: Annotated[
        Path | None, typer.Option("--sample", "-s", help="Sample file (YAML), whose technique reads the files.")
    ] = None,
    name: Annotated[
        str, typer.Option("--name", help="Without --sample: name of the sample, where --table has no column 'sample'.")
    ] = "archive",
    reader: Annotated[
        str | None, typer.Option("--reader", help="Reader of the files. Default: the technique's, or that of pictures.")
    ] = None,
    conditions: Annotated[
        list[str] | None,
        typer.Option("--condition", metavar="NAME=VALUE UNIT", help="Condition of all the files; repeatable."),
    ] = None,
    tags: Annotated[
        list[str] | None,
        typer.Option("--tag", help="Tag of all the files, or a label as in material=nickel; repeatable."),
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="reader.PARAMETER=VALUE", help="Set a parameter of the reader; repeatable."),
    ] = None,
    db: options.Database = None,
    json: options.Json = False,
) -> None:
    """Put measured files on record without analyzing them, to be found by 'spectra similar' and 'spectra map'.

    A file that cannot be read does not stop the others; the exit code is then 6. Files that are on record are left as
    they are, so that an interrupted command can be repeated.
    """
    parameters = arguments.parse_settings(settings)
    if unknown := [role for role in parameters if role != "reader"]:
        raise UsageError(f"--set {unknown[0]}: only parameters of the reader can be set here.")

    from spectra.cli import session as sessions
    from spectra.cli.printing.blocks import print_blocks
    from spectra.cli.printing.data import print_json
    from spectra.core.formats.metadata import read_metadata
    from spectra.core.measurements import Condition
    from spectra.core.similarity.adding import add_measurements
    from spectra.core.workflows.specimens import load_specimen
    from spectra.registry.annotations import check_tag
    from spectra.views.layout import table as layout

    files = list(_files(paths, leaving_out=table))
    plugins = sessions.load()
    known = read_metadata(table) if table is not None else None
    held = [Condition.parse(text) for text in conditions or ()]
    added = list(
        add_measurements(
            sessions.open_session(plugins, db),
            files,
            specimen=load_specimen(plugins.catalogue, sample_file) if sample_file is not None else None,
            sample=name,
            reader=reader,
            parameters=parameters.get("reader"),
            metadata=known,
            conditions=held,
            tags=[check_tag(tag) for tag in tags or ()],
        )
    )
    failed = [one for one in added if one.record is None]
    if json:
        print_json(
            "added",
            [
                {
                    "file": str(one.path),
                    "measurement": one.record.id if one.record else None,
                    "error": one.error or None,
                }
                for one in added
            ],
        )
    else:
        if failed:
            rows = [(str(one.path), one.error) for one in failed]
            print_blocks([layout(("file", "reason"), rows, title="Not added")])
        typer.echo(f"{len(added) - len(failed):,} of {len(added):,} files are on record.", err=True)
    if failed:
        raise typer.Exit(options.SOMETHING_AMISS)


@lists.measurements.command("documents")
def documents(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="Which measurements, as for 'measurements list'.")] = "",
    db: options.Database = None,
) -> None:
    """Print what is known of measurements as JSON documents like those of DataFed, for 'add --table' elsewhere."""
    import json
    import sys

    from spectra.cli.session import open_registry
    from spectra.core.formats.metadata import datafed_document

    found = [datafed_document(record) for record in open_registry(db).list_measurements(query)]
    json.dump(found, sys.stdout, indent=1, ensure_ascii=False)
    print()


def _files(paths: Sequence[Path], *, leaving_out: Path | None) -> Iterator[Path]:
    """Yield the files that are meant, of folders all that are not hidden, in order."""
    for path in paths:
        if path.is_dir():
            inside = sorted(
                file
                for file in path.rglob("*")
                if file.is_file() and not any(part.startswith(".") for part in file.relative_to(path).parts)
            )
            if not inside:
                raise InputError(f"There are no files in {path}.")
            yield from (file for file in inside if leaving_out is None or not file.samefile(leaving_out))
        else:
            yield path
