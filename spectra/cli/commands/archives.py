"""``spectra export|import``: a part of the registry as one file."""

from __future__ import annotations

from typing import Annotated

import typer

from spectra.cli import options
from spectra.core.errors import UsageError


def export(
    file: options.ArchiveFile,
    records: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ID|QUERY]...",
            help="Identifiers of records or their beginnings, names of samples and files; or queries for predictions, "
            "such as 'sample=steel,C11>260'.",
        ),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Export all records.")] = False,
    db: options.Database = None,
    json: options.Json = False,
) -> None:
    """Export records, all that they came from and their files as one archive."""
    if bool(records) == everything:
        raise UsageError("Nothing to export, or both records and --all.", hint="Give identifiers, a query, or --all.")
    from spectra.cli.printing.archives import print_written
    from spectra.cli.progress import TerminalProgress
    from spectra.cli.session import open_registry
    from spectra.registry.archive.choosing import choose
    from spectra.registry.archive.moving import export

    registry = open_registry(db)
    chosen = None if everything else choose(registry, records or ())
    print_written(file, export(registry, file, TerminalProgress(), chosen=chosen), json=json)


def import_(file: options.ArchiveFile, db: options.Database = None, json: options.Json = False) -> None:
    """Import an archive, all of it or nothing; existing records stay unchanged."""
    from spectra.cli.printing.archives import print_merged
    from spectra.cli.progress import TerminalProgress
    from spectra.cli.session import open_registry
    from spectra.registry.archive.moving import import_archive

    progress = TerminalProgress()
    print_merged(import_archive(open_registry(db), file, progress), progress, json=json)
