"""The options by which commands select what is compared."""

from __future__ import annotations

from typing import Annotated

import typer

MEASUREMENTS, DATA_SETS = "measurements", "data-sets"

Where = Annotated[
    str,
    typer.Option(
        "--where",
        metavar="QUERY",
        help="Compare only what this selects, for example 'material=Ni*,temperature>300 K'; labels and conditions of "
        "measurements are keys.",
    ),
]
Among = Annotated[
    str,
    typer.Option("--among", metavar="KIND", help=f"{MEASUREMENTS}, or {DATA_SETS}: the specimens of simulated ones."),
]
Features = Annotated[
    str | None,
    typer.Option(
        "--features",
        metavar="NAME,NAME,...",
        help="Encoders by which to compare, or model:ID for that of a trained model. Default: symmetry,texture for "
        "pictures, binned for profiles, fingerprint for lists of peaks.",
    ),
]
MetricOption = Annotated[
    str | None,
    typer.Option(
        "--metric",
        metavar="NAME",
        help="cosine, correlation, euclidean, spectral-angle, or wasserstein (tolerates shifts along the axis). "
        "Default: cosine for pictures, else correlation.",
    ),
]
NotSame = Annotated[
    str | None,
    typer.Option(
        "--not-same",
        metavar="COLUMN",
        help="Exclude items with the same sample, file, or label such as specimen.",
    ),
]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME.PARAMETER=VALUE", help="Set a parameter of an encoder or reader; repeatable."),
]
Again = Annotated[bool, typer.Option("--again", help="Retry items that could not be encoded before.")]


def names(text: str | None) -> list[str] | None:
    """Split what ``--features`` names."""
    return None if text is None else [name.strip() for name in text.split(",") if name.strip()]
