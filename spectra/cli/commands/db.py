"""``spectra db``: the registry as a whole: where it is, whether it is sound, and moving it."""

from __future__ import annotations

from typing import Annotated

import typer

from spectra.cli import options
from spectra.core.errors import RegistryError

db = typer.Typer(no_args_is_help=True, help="The registry as a whole: location, status, checks, backup and copies.")


@db.command("path")
def path(db: options.Database = None, json: options.Json = False) -> None:
    """Show the location of the registry, without opening it."""
    from spectra.cli.printing.blocks import print_fields
    from spectra.cli.printing.data import print_json
    from spectra.registry.artefacts.opening import open_artefacts
    from spectra.registry.database.connection import connect, database_name
    from spectra.registry.locations import locate

    locations = locate(url=db)
    places = {
        "database": database_name(connect(locations.database).url),
        "artefacts": open_artefacts(locations.artefacts).place,
        "work": str(locations.work),
    }
    print_json("path", places) if json else print_fields(places)


@db.command("status")
def status(db: options.Database = None, json: options.Json = False) -> None:
    """Show the size of the registry, and unfinished work."""
    from spectra.cli.printing.blocks import print_fields, print_rows
    from spectra.cli.printing.data import print_json
    from spectra.cli.session import open_registry
    from spectra.registry.status import status
    from spectra.views.numbers import local_time, size

    now = status(open_registry(db))
    if json:
        print_json("status", now)
        return
    print_fields(
        {
            "database": f"{now.database} ({size(now.database_size)}, schema {now.revision})",
            "artefacts": f"{now.artefacts} ({now.artefact_count:,} files, {size(now.artefact_size)})",
            **{table.replace("_", " "): f"{count:,}" for table, count in now.records.items()},
        }
    )
    if now.work:
        rows = [(work.name, size(work.size), local_time(work.modified)) for work in now.work]
        print_rows(("unfinished work", "size", "last changed"), rows)


@db.command("check")
def check(db: options.Database = None, json: options.Json = False) -> None:
    """Check every row and every artefact; exit code 5 if something is missing or damaged."""
    from spectra.cli.printing.blocks import console, print_rows
    from spectra.cli.printing.data import print_json
    from spectra.cli.progress import TerminalProgress
    from spectra.cli.session import open_registry
    from spectra.registry.checking import check
    from spectra.views.numbers import local_time, size

    findings = check(open_registry(db), TerminalProgress())
    if json:
        print_json("check", findings)
    else:
        for fault in findings.faults:
            console.print(fault, markup=False, soft_wrap=True)
        if not findings.faults:
            console.print(f"All records and {findings.artefacts:,} artefacts are sound.")
        if findings.orphans:
            rows = [(file.name, size(file.size), local_time(file.modified)) for file in findings.orphans]
            print_rows(("needed by no record", "size", "put"), rows)
    if findings.faults:
        raise typer.Exit(RegistryError.exit_code)


@db.command("upgrade")
def upgrade(db: options.Database = None) -> None:
    """Create the registry, or upgrade an older one to the schema of this version."""
    from spectra.cli.printing.blocks import console
    from spectra.registry.database.schema import HEAD
    from spectra.registry.registry import Registry

    Registry.open(url=db, migrate=True).close()
    console.print(f"The registry has the schema {HEAD}.")


@db.command("backup")
def backup(file: options.ArchiveFile, db: options.Database = None, json: options.Json = False) -> None:
    """Back up everything into one archive, while others go on working; 'spectra import' restores it."""
    from spectra.cli.printing.archives import print_written
    from spectra.cli.progress import TerminalProgress
    from spectra.cli.session import open_registry
    from spectra.registry.archive.moving import export

    print_written(file, export(open_registry(db), file, TerminalProgress()), json=json)


@db.command("copy")
def copy(
    target: Annotated[str, typer.Argument(metavar="URL", help="Target registry: database URL or SQLite file.")],
    artefacts: Annotated[
        str | None,
        typer.Option("--artefacts", help="Location of the target's artefacts: a folder, or a URL for fsspec."),
    ] = None,
    db: options.Database = None,
    json: options.Json = False,
) -> None:
    """Copy everything into another registry; repeated, only what is new."""
    from spectra.cli.printing.archives import print_merged
    from spectra.cli.progress import TerminalProgress
    from spectra.cli.session import open_registry
    from spectra.registry.archive.moving import copy
    from spectra.registry.registry import Registry

    with open_registry(db) as source, Registry.open(url=target, artefacts=artefacts) as other:
        progress = TerminalProgress()
        print_merged(copy(source, other, progress), progress, json=json)


@db.command("gc")
def gc(
    yes: Annotated[bool, typer.Option("--yes", help="Delete what is old enough.")] = False,
    db: options.Database = None,
    json: options.Json = False,
) -> None:
    """List artefacts that no record needs and abandoned work; with --yes, delete them."""
    from spectra.cli.printing.blocks import console, print_rows
    from spectra.cli.printing.data import print_json
    from spectra.cli.session import open_registry
    from spectra.registry.garbage import collect, find_garbage
    from spectra.views.numbers import local_time, size

    registry = open_registry(db)
    garbage = collect(registry) if yes else find_garbage(registry)
    if json:
        print_json("removed" if yes else "garbage", garbage)
        return
    found = list(garbage.with_dates())
    if not found:
        console.print("Nothing is old enough to be removed." if yes else "There is nothing to remove.")
    elif yes:
        total = sum(item.size for item, _ in found)
        print_rows(("removed", "size"), [(item.name, size(item.size)) for item, _ in found])
        console.print(f"{len(found):,} removed, {size(total)}.")
    else:
        rows = [(item.name, size(item.size), local_time(item.modified), local_time(date)) for item, date in found]
        print_rows(("needed by no record", "size", "last changed", "removed by 'gc --yes' from"), rows)
