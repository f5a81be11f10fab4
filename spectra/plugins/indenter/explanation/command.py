"""``spectra indenter explain``."""

from __future__ import annotations

import json as json_format
import math
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from spectra.core.basics.arguments import check_figure, write_output
from spectra.core.errors import InputError, UsageError

if TYPE_CHECKING:
    from spectra.core.session import Session
    from spectra.plugins.indenter.explanation.task import Explanation

_ALIKE = 0.5  # rank correlation with the explanation by shuffled weights, from which one says nothing


def add_explain(commands: typer.Typer, session: Callable[..., Session]) -> None:
    """Add the command to a group."""

    @commands.command()
    def explain(
        model: Annotated[str, typer.Argument(metavar="MODEL", help="A model on record, by identifier or alias.")],
        places: Annotated[int, typer.Option(min=1, help="Number of places, from the lowest value to the highest.")] = 4,
        pic: Annotated[
            bool, typer.Option("--pic", help="Take the colours of pictures for those of a PIC map.")
        ] = False,
        filters: Annotated[
            int, typer.Option(min=0, help="Number of filters of each section of a network to maximise.")
        ] = 0,
        figure: Annotated[Path | None, typer.Option(help="Draw windows and orientations (svg, pdf, png).")] = None,
        filter_figure: Annotated[
            Path | None, typer.Option(help="Draw what maximises the filters (svg, pdf, png); needs --filters.")
        ] = None,
        seed: Annotated[int, typer.Option(help="Seed of what grains take on and of the shuffled weights.")] = 0,
        db: Annotated[str | None, typer.Option("--db", metavar="URL", help="Registry to use.")] = None,
        json: Annotated[bool, typer.Option("--json", help="Print a JSON document.")] = False,
    ) -> None:
        """Show what a model looks at, in places that it was trained on.

        Occlusion gives each grain another orientation of the picture and watches the answer, for any model. Of a
        network, saliency (the slope by each pixel) and contributions (integrated gradients, which add up to the
        answer) are shown as well. An explanation that stays alike when the weights are shuffled explains nothing: the
        rank correlation with that is printed.
        """
        _check(figure, filter_figure, filters)

        from spectra.plugins.indenter.explanation.figure import explanation_figure, figure_bytes, filters_figure
        from spectra.plugins.indenter.explanation.task import explain as run

        found = run(session(db), model, places=places, colours_are_orientations=pic, filters=filters, seed=seed)
        written = []
        if figure is not None:
            write_output(figure, figure_bytes(explanation_figure(found), figure.suffix.lower()[1:]))
            written.append(figure)
        if filter_figure is not None:
            if not found.filters:
                raise InputError(
                    f"The encoder {found.encoder!r} of model {found.model} has no filters.",
                    hint="Those of the encoder 'residual-network' can be maximised.",
                )
            write_output(filter_figure, figure_bytes(filters_figure(found), filter_figure.suffix.lower()[1:]))
            written.append(filter_figure)
        for path in written:
            typer.echo(f"Written: {path}", err=True)
        typer.echo(json_format.dumps(document(found), ensure_ascii=False, indent=2) if json else text(found))


def document(found: Explanation) -> dict[str, Any]:
    """Return an explanation as a JSON document, without its pictures."""
    histogram = found.histogram
    return {
        "schema": 1,
        "kind": "explanation",
        "model": found.model,
        "quantity": found.quantity.name,
        "unit": found.quantity.unit,
        "pieces": found.pieces,
        "places": [
            {
                "number": place.number,
                "picture": place.picture,
                "row": place.row,
                "column": place.column,
                "measured": place.measured,
                "predicted": _finite(place.predicted),
                "largest_change": _finite(float(place.occlusion[place.occlusion == place.occlusion].max(initial=0))),
                "own_share": _finite(place.own),
            }
            for place in found.places
        ],
        "likeness_with_shuffled_weights": {name: _finite(value) for name, value in found.checks.items()},
        "completeness_gap": found.completeness,
        "orientation": None
        if histogram is None
        else {"correlation_of_ratio_with_frequency": _finite(histogram.correlation)},
    }


def text(found: Explanation) -> str:
    """Return an explanation as lines for a terminal."""
    unit, piece = found.quantity.unit, found.pieces.removesuffix("s")
    lines = [f"{found.model}: {found.quantity.name} by {found.encoder!r}", ""]
    lines.append(f"place   row  column  measured  predicted  largest change  share of its own {piece}")
    for place in document(found)["places"]:
        own = "–" if place["own_share"] is None else f"{place['own_share']:.0%}"
        lines.append(
            f"{place['number']:5d} {place['row']:5d} {place['column']:7d} {place['measured']:9.3f} "
            f"{place['predicted'] if place['predicted'] is not None else math.nan:10.3f} "
            f"{place['largest_change']:11.3f} {unit:3s} {own:>20s}"
        )
    lines += ["", "Rank correlation with the explanation by shuffled weights (0: it depends on what was learned):"]
    for name, value in found.checks.items():
        said = "" if abs(value) < _ALIKE else "  - much of this explanation does not come from what was learned"
        lines.append(f"  {name:14s} {value:+.2f}{said}")
    if found.completeness is not None:
        lines.append(f"Contributions add up to the answers within {found.completeness:.1e} of their absolute sum.")
    if found.histogram is not None:
        value = found.histogram.correlation
        lines.append(
            f"Importance over frequency of orientations: correlation with frequency {value:+.2f}"
            + (" (rare orientations matter more than their share)." if value < 0 else ".")
        )
    return "\n".join(lines)


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _check(figure: Path | None, filter_figure: Path | None, filters: int) -> None:
    """Refuse files that could not be written, before anything is computed."""
    if filter_figure is not None and not filters:
        raise UsageError("--filter-figure needs a number of filters.", hint="Add '--filters 16'.")
    for path in (path for path in (figure, filter_figure) if path is not None):
        check_figure(path)
