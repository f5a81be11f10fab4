"""What an archive holds, and what became of the records of another registry."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from spectra.cli.printing.blocks import print_line, print_rows
from spectra.cli.printing.data import print_json
from spectra.core.progress import Progress
from spectra.views.numbers import size

if TYPE_CHECKING:
    from spectra.registry.archive.merging import Merged


def print_written(file: Path, counts: Mapping[str, int], *, json: bool) -> None:
    """Print what an archive holds."""
    bytes_written = file.stat().st_size
    if json:
        print_json("archive", {"file": str(file.absolute()), "size": bytes_written, "counts": counts})
        return
    print_rows(("written", "count"), [(_words(table), count) for table, count in counts.items()])
    print_line(f"{file} ({size(bytes_written)})")


def print_merged(merged: Merged, progress: Progress, *, json: bool) -> None:
    """Print what became of the records of an archive or another registry; remarks are talk, not data."""
    if json:
        print_json("merged", {"added": merged.added, "known": merged.known, "remarks": merged.remarks})
        return
    rows = [(_words(table), count, merged.known[table]) for table, count in merged.added.items()]
    print_rows(("records", "added", "on record already"), rows)
    for remark in merged.remarks:
        progress.say(remark)


def _words(table: str) -> str:
    return table.replace("_", " ")
