"""Options that several commands share, and what their texts mean."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from spectra.cli import completion
from spectra.core.errors import UsageError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from spectra.core.quantities import Quantity


def _component(kind: str) -> Any:
    """Return the option that names a component of a kind."""
    return typer.Option(
        f"--{kind.replace(' ', '-')}",
        help=f"{kind.capitalize()} instead of the default.",
        rich_help_panel="Recipe",
        autocompletion=completion.component(kind),
    )


Technique = Annotated[
    str | None,
    typer.Option(
        "--technique",
        "-t",
        help="Technique, for example rus. Default: the one in the sample file.",
        autocompletion=completion.component("technique"),
    ),
]
SampleFile = Annotated[
    Path, typer.Option("--sample", "-s", help="Sample file (YAML) with the known facts about the specimen.")
]
SampleFileOrLike = Annotated[
    Path | None, typer.Option("--sample", "-s", help="Sample file (YAML) with the known facts about the specimen.")
]
ForwardModel = Annotated[str | None, _component("forward model")]
Encoder = Annotated[str | None, _component("encoder")]
Regressor = Annotated[str | None, _component("regressor")]
Refiner = Annotated[str | None, _component("refiner")]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="ROLE.PARAMETER=VALUE",
        help="Set a parameter, for example encoder.bins=64; repeatable. 'spectra techniques show' lists all.",
        rich_help_panel="Recipe",
    ),
]
ModelOption = Annotated[
    str | None,
    typer.Option(
        "--model",
        help="Model on record: identifier or alias, for example steel@production.",
        autocompletion=completion.record("model"),
    ),
]
NoRefine = Annotated[bool, typer.Option("--no-refine", help="Skip the refiner and report the regressor's answer.")]
RecipeName = Annotated[
    str | None,
    typer.Option(
        "--recipe",
        metavar="NAME",
        help="Recipe of the technique: default, quick (nothing is trained for long), or another of its own.",
        rich_help_panel="Recipe",
        autocompletion=completion.recipe,
    ),
]
NoNetwork = Annotated[
    bool, typer.Option("--no-network", help="Another name of --recipe quick.", rich_help_panel="Recipe")
]
Seed = Annotated[
    int | None,
    typer.Option("--seed", min=0, max=2**63 - 1, help="Random seed of the training.", rich_help_panel="Recipe"),
]
Jobs = Annotated[
    int | None,
    typer.Option(
        "--jobs",
        min=1,
        envvar="SPECTRA_JOBS",
        help="Number of worker processes, for techniques whose specimens are simulated one by one. "
        "Default: one per core.",
    ),
]
On = Annotated[
    str | None,
    typer.Option(
        "--on",
        metavar="ADDRESS",
        envvar="SPECTRA_ON",
        help="Compute on a dask cluster: address of its scheduler (tcp://host:8786) or its scheduler file.",
    ),
]
Database = Annotated[
    str | None,
    typer.Option(
        "--db", help="Registry: SQLite file or database URL. Default: SPECTRA_DATABASE_URL, or below SPECTRA_HOME."
    ),
]
ArchiveFile = Annotated[Path, typer.Argument(metavar="FILE", help="Archive file (zip).")]
ModelFigure = Annotated[
    Path | None,
    typer.Option("--figure", help="Save a figure of a model's training and test errors (png, pdf, svg)."),
]
RecordFigure = Annotated[
    Path | None,
    typer.Option(
        "--figure",
        help="Save the figure of a prediction (svg), or one of a model's training and test errors (png, pdf, svg).",
    ),
]
Posterior = Annotated[
    Path | None,
    typer.Option("--posterior", help="Save the posterior sample as a corner plot (png, pdf, svg) or as numbers (csv)."),
]
OF_POSTERIORS = (".png", ".pdf", ".svg", ".csv")
"""Endings of the files that ``--posterior`` writes."""
Map = Annotated[
    Path | None,
    typer.Option("--map", help="Save the map of a picture: arrays (npz), or a line for each place (csv)."),
]
OF_MAPS = (".npz", ".csv")
"""Endings of the files that ``--map`` writes."""
NoFigure = Annotated[bool, typer.Option("--no-figure", help="Draw no figure, neither as a file nor on record.")]
AnyId = Annotated[
    str,
    typer.Argument(
        metavar="ID",
        help="Identifier or its beginning; name of a sample or measured file; alias of a model (steel@production).",
        autocompletion=completion.record(),
    ),
]
SOMETHING_AMISS = 6
"""Exit code of a command that finished, but with failures, differences or doubtful answers."""
AllColumns = Annotated[
    bool,
    typer.Option("--all-columns", help="Print tables whole: sensitivities of modes, and all rows of long tables."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
Latex = Annotated[bool, typer.Option("--latex", help="Print LaTeX tables (booktabs), for a paper.")]
Csv = Annotated[bool, typer.Option("--csv", help="Print CSV with all digits, for programs.")]


def chosen(**names: str | None) -> dict[str, str]:
    """Return the roles for which the user named a component."""
    return {role.replace("_", "-"): name for role, name in names.items() if name is not None}


def check_one_form(**forms: bool) -> None:
    """Refuse more than one form of output, each an option of that name.

    Raises
    ------
    UsageError
        If more than one is chosen.
    """
    if sum(forms.values()) > 1:
        names = [f"--{name}" for name in forms]
        raise UsageError(f"Only one of {', '.join(names[:-1])} and {names[-1]} can be given.")


def recipe_name(name: str | None, *, no_network: bool) -> str:
    """Return the recipe that the two options mean.

    Raises
    ------
    UsageError
        If they mean different ones.
    """
    from spectra.core.recipe import DEFAULT, QUICK

    if no_network and name not in (None, QUICK):
        raise UsageError(f"--no-network is another name of --recipe {QUICK}; it does not go with --recipe {name}.")
    return QUICK if no_network else name or DEFAULT


def parse_values(text: str, quantities: Sequence[Quantity]) -> NDArray[np.float64]:
    """Read ``C11=270,C44=80`` (units may be written: ``C11=0.27 TPa``) into an array of shape (p,).

    Raises
    ------
    UsageError
        If a quantity is missing, unknown, given twice or no finite number.
    """
    import numpy as np

    from spectra.core.quantities import read_values

    values = read_values(text, quantities)
    if missing := [quantity.name for quantity in quantities if quantity.name not in values]:
        raise UsageError(f"Missing in --at: {', '.join(missing)}.")
    return np.array([values[quantity.name] for quantity in quantities])
