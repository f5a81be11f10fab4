"""``spectra report``: one prediction as one file to send."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from spectra.cli import options
from spectra.core.basics import arguments


def report(
    id: options.AnyId,
    html: Annotated[Path, typer.Option("--html", metavar="FILE", help="File to write (HTML).")],
    db: options.Database = None,
) -> None:
    """Write a prediction as one file: figure, tables, verdict, posterior, lineage, and how to repeat it.

    The file holds everything that it shows, runs no script and asks for nothing from outside.
    """
    arguments.check_figure(html, (".html", ".htm"))

    from spectra.cli.progress import TerminalProgress
    from spectra.cli.session import open_registry
    from spectra.core.basics.files import write_atomically
    from spectra.views.lineage import repeating_command
    from spectra.views.report.page import report_page

    registry = open_registry(db)
    lineage = registry.lineage(id)
    command = repeating_command(lineage.record, db)
    write_atomically(html, report_page(registry, lineage, command).encode("utf-8"))
    TerminalProgress().say(f"Report: {html}")
