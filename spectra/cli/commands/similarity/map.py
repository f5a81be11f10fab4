"""``spectra map``: an archive as a map, on which neighbours are alike."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from spectra.cli import options
from spectra.cli.commands.similarity import selection
from spectra.core.basics import arguments
from spectra.core.errors import UsageError

if TYPE_CHECKING:
    from spectra.core.inventory.catalogue import Catalogue
    from spectra.core.recipe import Choice


def map_(
    where: selection.Where = "",
    color: Annotated[
        str | None,
        typer.Option(
            "--color", metavar="COLUMN", help="Label, quantity, condition, sample or technique to colour the points by."
        ),
    ] = None,
    html: Annotated[
        Path | None, typer.Option("--html", help="Write a page in one file, to explore the map with a browser.")
    ] = None,
    png: Annotated[Path | None, typer.Option("--png", help="Save the map as a figure (png, pdf, svg).")] = None,
    layout: Annotated[
        str, typer.Option("--layout", metavar="NAME", help="umap, pacmap, opentsne, or a plugin's.")
    ] = "umap",
    features: selection.Features = None,
    metric: selection.MetricOption = None,
    among: selection.Among = selection.MEASUREMENTS,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="NAME.PARAMETER=VALUE",
            help="Set a parameter of the layout (layout.neighbours=5) or of an encoder; repeatable.",
        ),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Random seed of the layout.")] = 0,
    again: selection.Again = False,
    on: options.On = None,
    db: options.Database = None,
    json: options.Json = False,
) -> None:
    """Map records by similarity: a page to explore in a browser, or a figure.

    What is compared, and by which features, is as for 'spectra similar'. The page holds everything that it shows and
    asks for nothing from outside: it can be sent, archived, and opened years later.
    """
    if html is None and png is None and not json:
        raise UsageError("Say what to make of the map.", hint="Write --html map.html, --png map.png, or --json.")
    if html is not None:
        arguments.check_output(html)
    if png is not None:
        arguments.check_figure(png)
    parameters = arguments.parse_settings(settings)
    of_layout = parameters.pop("layout", {})

    from spectra.cli import session as sessions
    from spectra.cli.printing.data import print_json
    from spectra.core.basics.files import write_atomically
    from spectra.core.similarity.mapping import laid_out
    from spectra.registry.similarity.selection import select
    from spectra.views.similarity import building

    registry = sessions.open_registry(db)
    session = sessions.session_on(registry, sessions.load(), on=on)
    session.catalogue.find("layout", layout)  # a misspelt name is refused before anything is encoded
    chosen = select(
        session,
        registry,
        where=where,
        among=among,
        features=selection.names(features),
        metric=metric,
        settings=parameters,
        again=again,
    )
    archive = chosen.archive
    building.column_to_colour_by(building.columns_of(archive.items), color)
    choice = _layout(session.catalogue, layout, of_layout, chosen.metric)
    laid = laid_out(session, archive.features, choice, seed=seed)
    count = f"{len(archive.items):,} {among.replace('-', ' ') if among == selection.MEASUREMENTS else 'specimens'}"
    by = choice.parameters.get("metric", "cosine")
    notes = [
        f"Layout {layout} of {count} by {' and '.join(archive.slices)}, {by}; seed {seed}.",
        "Near is alike; how far apart clusters lie means little. 'spectra similar' ranks by the features themselves.",
    ]
    if archive.failures:
        notes.append(f"{len(archive.failures):,} could not be encoded; 'spectra spaces show' says why.")
    shown = building.similarity_map(
        archive.items,
        laid,
        title=f"{count}, {where}" if where else count,
        colour=color,
        notes=notes,
        thumbnails=() if html is None else building.thumbnails_of(archive.items, chosen.signal, session.progress),
    )
    if html is not None:
        from spectra.views.similarity.page import map_page

        write_atomically(html, map_page(shown).encode("utf-8"))
        session.progress.say(f"Page: {html}")
    if png is not None:
        from spectra.views.figures.canvas import save_figure
        from spectra.views.similarity.figure import map_figure

        save_figure(map_figure(shown), png)
        session.progress.say(f"Figure: {png}")
    if json:
        print_json("map", building.map_document(shown, archive.items, layout=layout, metric=by))


def _layout(catalogue: Catalogue, name: str, given: dict[str, Any], metric: str) -> Choice:
    """Return the layout, by the metric of the search where it has one and nobody says otherwise."""
    has_metric = "metric" in catalogue.find("layout", name).schema.model_fields
    return catalogue.choose("layout", name, ({"metric": metric} if has_metric else {}) | given)
