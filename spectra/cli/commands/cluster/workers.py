"""``spectra workers check``: what is installed on the workers of a cluster, and what differs from here."""

from __future__ import annotations

import typer

from spectra.cli import options
from spectra.core.errors import UsageError

workers = typer.Typer(no_args_is_help=True, help="Workers of a dask cluster.")


@workers.command("check")
def check(on: options.On = None, json: options.Json = False) -> None:
    """List what is installed on the workers of a cluster, and what differs from this machine.

    The exit code is 6 if something differs, and 3 if they could not be used at all.
    """
    if on is None:
        raise UsageError("Which cluster?", hint="Give the address of its scheduler with --on, or set SPECTRA_ON.")

    from spectra.cli.printing.blocks import print_blocks
    from spectra.cli.printing.data import print_json
    from spectra.cli.progress import chosen_progress
    from spectra.core.execution.cluster import Cluster
    from spectra.core.execution.worker import check_alike
    from spectra.plugins import BUILT_IN
    from spectra.views.tasks.cluster import workers_blocks, workers_document

    here, there = Cluster(on, BUILT_IN, chosen_progress()).installations()
    if json:
        print_json("workers", workers_document(here, there))
    else:
        print_blocks(workers_blocks(here, there))
    if check_alike(here, there):
        raise typer.Exit(options.SOMETHING_AMISS)
