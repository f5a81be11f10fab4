"""``spectra indenter curate``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from spectra.core.basics.arguments import check_output
from spectra.core.errors import InputError, UsageError

_NAMES, _COPIES = ("accurate", "estimated", "noisy"), "100,10,5"


def curate(
    output: Annotated[Path, typer.Option("--output", "-o", help="Data set file to write (npz).")],
    accurate: Annotated[Path | None, typer.Option(help="Data set of measured labels.")] = None,
    estimated: Annotated[Path | None, typer.Option(help="Data set of labels known approximately.")] = None,
    noisy: Annotated[
        Path | None,
        typer.Option(help="Data set of labels of whole pictures, with their standard deviations as NAME_deviation."),
    ] = None,
    copies: Annotated[
        str, typer.Option(metavar="A,E,N", help="How often an accurate, estimated and noisy label counts.")
    ] = _COPIES,
    seed: Annotated[int, typer.Option(help="Seed of the labels drawn for noisy examples.")] = 0,
) -> None:
    """Join labels that are known with different accuracy to one data set.

    The better known, the more often an example counts; noisy ones each time with another label. All copies of an
    example stay on one side when the data are split, unless the sample says 'split: random', which tests a memory.
    """
    files = dict(zip(_NAMES, (accurate, estimated, noisy), strict=True))
    given = {name: path for name, path in files.items() if path is not None}
    counts = dict(zip(_NAMES, _counts(copies), strict=True))
    if not given:
        raise UsageError("There is nothing to join.", hint="Give --accurate, --estimated or --noisy.")
    check_output(output)

    import numpy as np

    from spectra.core.basics.files import write_atomically
    from spectra.core.formats.data_set_file import DataSetFile
    from spectra.core.measurements import RawFile
    from spectra.plugins.indenter.curation.task import Tier, curated

    tiers = []
    for name, path in given.items():
        try:
            file = DataSetFile.from_bytes(RawFile.read(path).content)
        except InputError as error:
            raise InputError(f"{path}: {error.message}", hint=error.hint) from error
        tiers.append(Tier(name=name, file=file, copies=counts[name]))
    found = curated(tiers, np.random.default_rng(seed))
    write_atomically(output, found.to_bytes())
    for note in (*found.notes, f"Written: {output}"):
        typer.echo(note, err=True)


def _counts(text: str) -> list[int]:
    numbers = [part.strip() for part in text.split(",")]
    if len(numbers) != 3 or not all(number.isdecimal() and int(number) > 0 for number in numbers):
        raise UsageError(f"The copies {text!r} cannot be read.", hint=f"Write three whole numbers: {_COPIES}.")
    return list(map(int, numbers))
