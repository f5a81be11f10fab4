"""``spectra plugins check``: whether a plugin does what the platform asks of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from spectra.cli import options


def check(
    name: Annotated[str, typer.Argument(help="Name of the plugin; 'spectra plugins list' has them.")],
    sample: Annotated[
        Path | None,
        typer.Option("--sample", "-s", help="Sample file to try it with; by default the technique's own example."),
    ] = None,
    measurement: Annotated[
        list[Path] | None, typer.Option("--measurement", help="Measured file for its readers; may be repeated.")
    ] = None,
    json: options.Json = False,
) -> None:
    """Check a plugin's components one by one: what passed, what failed, what was skipped and why."""
    from spectra.cli.printing.output import print_json, print_line, print_rows
    from spectra.cli.progress import TerminalProgress
    from spectra.cli.session import load
    from spectra.testing import cases

    found = cases(load(), name, sample=sample, measurements=measurement or ())
    outcomes = []
    with TerminalProgress().task(f"Checking {name}", len(found)) as advance:
        for case in found:
            outcomes.append(case.outcome())
            advance(1)
    counts = {result: sum(o.result == result for o in outcomes) for result in ("passed", "failed", "skipped")}
    if json:
        print_json("checks", {"plugin": name, **counts, "outcomes": outcomes})
    else:
        print_rows(
            ("component", "check", "result", "why"), [(o.component, o.check, o.result, o.reason) for o in outcomes]
        )
        print_line(", ".join(f"{count} {result}" for result, count in counts.items()))
    if counts["failed"]:
        raise typer.Exit(options.SOMETHING_AMISS)
