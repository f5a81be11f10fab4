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
    from spectra.cli.printing.archives import print_written
    from spectra.cli.progress import TerminalProgress
    from spectra.cli.session import open_registry
    from spectra.registry.moving import export
    from spectra.registry.selecting import choose

    registry = open_registry(db)
    chosen = None if everything else choose(registry, records or ())
    print_written(file, export(registry, file, TerminalProgress(), chosen=chosen), json=json)


def import_(file: options.ArchiveFile, db: options.Database = None, json: options.Json = False) -> None:
    """Put what is in an archive on record, all of it or nothing; what is there already stays as it is."""
    from spectra.cli.printing.archives import print_merged
    from spectra.cli.progress import TerminalProgress
    from spectra.cli.session import open_registry
    from spectra.registry.moving import import_archive

    progress = TerminalProgress()
    print_merged(import_archive(open_registry(db), file, progress), progress, json=json)
