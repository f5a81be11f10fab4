"""Options that several commands share, and what their texts mean."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from spectra.core.errors import UsageError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from spectra.core.quantities import Quantity

Technique = Annotated[
    str | None,
    typer.Option("--technique", "-t", help="Technique, for example rus; by default the one the sample file names."),
]
SampleFile = Annotated[
    Path, typer.Option("--sample", "-s", help="Sample file (YAML): what is known about the specimen.")
]
SampleFileOrLike = Annotated[
    Path | None, typer.Option("--sample", "-s", help="Sample file (YAML): what is known about the specimen.")
]
ForwardModel = Annotated[
    str | None, typer.Option("--forward-model", help="Use this forward model.", rich_help_panel="Recipe")
]
Encoder = Annotated[str | None, typer.Option("--encoder", help="Use this encoder.", rich_help_panel="Recipe")]
Regressor = Annotated[str | None, typer.Option("--regressor", help="Use this regressor.", rich_help_panel="Recipe")]
Refiner = Annotated[str | None, typer.Option("--refiner", help="Use this refiner.", rich_help_panel="Recipe")]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="PART.PARAMETER=VALUE",
        help="Change a parameter, for example encoder.bins=64; may be repeated. 'spectra techniques show' lists them.",
        rich_help_panel="Recipe",
    ),
]
ModelOption = Annotated[
    str | None,
    typer.Option("--model", help="Use this model on record: its identifier, or an alias: steel@production."),
]
NoRefine = Annotated[bool, typer.Option("--no-refine", help="Stop at the regressor's own answer.")]
NoNetwork = Annotated[
    bool, typer.Option("--no-network", help="Train nothing: start from the most similar simulated spectra.")
]
Seed = Annotated[
    int | None, typer.Option("--seed", min=0, max=2**63 - 1, help="Seed of the training.", rich_help_panel="Recipe")
]
Jobs = Annotated[
    int | None,
    typer.Option(
        "--jobs",
        min=1,
        envvar="SPECTRA_JOBS",
        help="In how many processes to make specimens, for techniques whose quantities are outcomes of a simulation. "
        "Default: one on each core.",
    ),
]
Database = Annotated[
    str | None,
    typer.Option(
        "--db", help="Registry: an SQLite file or a database URL. Default: SPECTRA_DATABASE_URL, or below SPECTRA_HOME."
    ),
]
ArchiveFile = Annotated[Path, typer.Argument(metavar="FILE", help="Archive (zip).")]
ModelFigure = Annotated[
    Path | None,
    typer.Option("--figure", help="Save a figure of a model's training and test errors here (png, pdf, svg)."),
]
AnyId = Annotated[
    str,
    typer.Argument(metavar="ID", help="Identifier, or its first characters; or a model's alias: steel@production."),
]
SOMETHING_AMISS = 6
"""Exit code of a command that did its work and found, or left, something that is not as it should be."""
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
Csv = Annotated[bool, typer.Option("--csv", help="Print CSV for programs, with all digits.")]


def chosen(**names: str | None) -> dict[str, str]:
    """Return the roles for which the user named a component."""
    return {role.replace("_", "-"): name for role, name in names.items() if name is not None}


def parse_settings(settings: list[str] | None) -> dict[str, dict[str, Any]]:
    """Read ``encoder.bins=64`` into ``{"encoder": {"bins": 64}}``; values are read as YAML.

    Raises
    ------
    UsageError
        If a setting is not of that form.
    """
    import yaml

    parsed: dict[str, dict[str, Any]] = {}
    for setting in settings or ():
        key, equals, text = setting.partition("=")
        part, dot, parameter = key.strip().rpartition(".")
        if not (equals and dot and part and parameter):
            raise UsageError(f"'--set {setting}' cannot be read.", hint="Write --set PART.PARAMETER=VALUE.")
        try:
            parsed.setdefault(part, {})[parameter] = yaml.safe_load(text)
        except yaml.YAMLError as error:
            raise UsageError(f"The value in '--set {setting}' cannot be read.") from error
    return parsed


def check_figure(path: Path, endings: Sequence[str] = (".png", ".pdf", ".svg")) -> None:
    """Refuse a figure that could not be saved, before anything is computed.

    Raises
    ------
    UsageError
        If its ending is not known or its folder does not exist.
    """
    if path.suffix.lower() not in endings:
        listed = f"{', '.join(endings[:-1])} or {endings[-1]}"
        raise UsageError(f"The file {path} has no ending that says what it is.", hint=f"Use {listed}.")
    if not path.parent.is_dir():
        raise UsageError(f"There is no folder {path.parent} for {path.name}.", hint="Create it or choose another.")


def parse_values(text: str, quantities: Sequence[Quantity]) -> NDArray[np.float64]:
    """Read ``C11=270,C44=80`` (units may be written: ``C11=0.27 TPa``) into an array of shape (p,).

    Raises
    ------
    UsageError
        If a quantity is missing, unknown, given twice or no number.
    """
    import numpy as np

    from spectra.core.units import parse_quantity

    units = {quantity.name: quantity.unit for quantity in quantities}
    values: dict[str, float] = {}
    for term in text.split(","):
        name, equals, number = (part.strip() for part in term.partition("="))
        if not equals or name not in units or name in values:
            expected = ",".join(f"{known}=…" for known in units)
            raise UsageError(f"'{term.strip()}' in --at cannot be read.", hint=f"Write --at '{expected}'.")
        try:
            values[name] = float(number)
        except ValueError:
            try:
                values[name] = parse_quantity(number, units[name])
            except ValueError as error:
                raise UsageError(f"The value of {name} in --at cannot be read: {error}.") from None
    if missing := [name for name in units if name not in values]:
        raise UsageError(f"--at does not say what {', '.join(missing)} is.")
    return np.array([values[name] for name in units])
