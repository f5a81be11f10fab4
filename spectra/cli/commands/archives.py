"""``spectra export|import``: a part of the registry as one file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from spectra.cli import options
from spectra.core.errors import UsageError

if TYPE_CHECKING:
    from spectra.registry.merging import Merged


def export(
    file: options.ArchiveFile,
    records: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ID|QUERY]...",
            help="Identifiers of anything on record, or their first characters; or queries for predictions, as "
            "'sample=steel,C11>260'.",
        ),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Everything on record.")] = False,
    db: options.Database = None,
    json: options.Json = False,
) -> None:
    """Write records, all that they came from and their files into one archive."""
    if bool(records) == everything:
        raise UsageError("It is not clear what to export.", hint="Give identifiers, a query, or --all.")
    from spectra.cli.progress import TerminalProgress
    from spectra.cli.session import open_registry
    from spectra.registry.moving import export
    from spectra.registry.selecting import choose

    registry = open_registry(db)
    chosen = None if everything else choose(registry, records or ())
    print_written(file, export(registry, file, TerminalProgress(), chosen=chosen), json=json)


def import_(file: options.ArchiveFile, db: options.Database = None, json: options.Json = False) -> None:
    """Put what is in an archive on record, all of it or nothing; what is there already stays as it is."""
    from spectra.cli.progress import TerminalProgress
    from spectra.cli.session import open_registry
    from spectra.registry.moving import import_archive

    print_merged(import_archive(open_registry(db), file, TerminalProgress()), json=json)


def print_written(file: Path, counts: Mapping[str, int], *, json: bool) -> None:
    """Print what an archive holds."""
    from spectra.cli.printing.output import console, print_json, print_rows, size

    bytes_written = file.stat().st_size
    if json:
        print_json("archive", {"file": str(file.absolute()), "size": bytes_written, "counts": counts})
        return
    print_rows(("written", "count"), [(_words(table), count) for table, count in counts.items()])
    console.print(f"{file} ({size(bytes_written)})", markup=False, soft_wrap=True)


def print_merged(merged: Merged, *, json: bool) -> None:
    """Print what became of the records of an archive or another registry."""
    from spectra.cli.printing.output import print_json, print_rows, printable
    from spectra.cli.progress import TerminalProgress

    if json:
        print_json("merged", {"added": merged.added, "known": merged.known, "remarks": merged.remarks})
        return
    rows = [(_words(table), count, merged.known[table]) for table, count in merged.added.items()]
    print_rows(("records", "added", "on record already"), rows)
    for remark in merged.remarks:
        TerminalProgress().say(printable(remark))


def _words(table: str) -> str:
    return table.replace("_", " ")
