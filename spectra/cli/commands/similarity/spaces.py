"""``spectra spaces``: feature spaces on record, and how good a search by them is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from spectra.cli import options
from spectra.cli.commands.similarity import selection
from spectra.core.basics import arguments

if TYPE_CHECKING:
    from spectra.core.similarity.retrieval import Retrieval
    from spectra.registry.similarity.evaluation import SearchStudy

spaces = typer.Typer(no_args_is_help=True, help="Feature spaces of similarity searches.")

SpaceId = Annotated[str, typer.Argument(metavar="ID", help="Identifier or unique prefix of a feature space.")]


@spaces.command("list")
def list_spaces(db: options.Database = None, json: options.Json = False) -> None:
    """List feature spaces, with the number of items that they have features of."""
    from spectra.cli.printing.blocks import print_table
    from spectra.cli.printing.data import print_json
    from spectra.cli.session import open_registry
    from spectra.views.tasks.similarity import spaces_table

    records = open_registry(db).features.spaces()
    if json:
        print_json("spaces", records)
    else:
        print_table(spaces_table(records))


@spaces.command("show")
def show(space: SpaceId, db: options.Database = None, json: options.Json = False) -> None:
    """Show a feature space and its failed items, with reasons."""
    from spectra.cli.printing.blocks import print_blocks
    from spectra.cli.printing.data import print_json
    from spectra.cli.session import open_registry
    from spectra.views.tasks.similarity import failures_table, spaces_table

    registry = open_registry(db)
    record = registry.features.get_space(space)
    failures = registry.features.failures(record)
    if json:
        print_json("space", {"space": record, "failures": failures})
    else:
        print_blocks([spaces_table([record]), failures_table(failures) if failures else "Nothing failed."])


@spaces.command("delete")
def delete(space: SpaceId, db: options.Database = None) -> None:
    """Remove a feature space with its features; the next search that needs it computes them again."""
    from spectra.cli.session import open_registry

    registry = open_registry(db)
    record = registry.features.get_space(space)
    registry.features.delete_space(record)
    typer.echo(f"{record.id} is removed; 'spectra db gc' removes its files in time.", err=True)


@spaces.command("evaluate")
def evaluate(
    label: Annotated[
        str, typer.Option("--label", metavar="COLUMN", help="What a right answer shares with the query: material.")
    ],
    features: Annotated[
        list[str] | None,
        typer.Option("--features", metavar="NAME,NAME,...", help="As for 'spectra similar'; repeat it to compare."),
    ] = None,
    metric: Annotated[
        list[str] | None,
        typer.Option("--metric", metavar="NAME", help="As for 'spectra similar'; repeat it to compare."),
    ] = None,
    not_same: selection.NotSame = None,
    where: selection.Where = "",
    among: selection.Among = selection.MEASUREMENTS,
    settings: selection.Settings = None,
    again: selection.Again = False,
    db: options.Database = None,
    json: options.Json = False,
) -> None:
    """Search for each item among all others, and count right answers: mAP, P@1, P@10, beside chance and by class."""
    parameters = arguments.parse_settings(settings)

    from spectra.cli import session as sessions
    from spectra.registry.similarity.evaluation import SearchStudy, evaluate_searches

    registry = sessions.open_registry(db)
    study = SearchStudy(
        label=label,
        not_same=not_same,
        where=where,
        among=among,
        features=tuple(tuple(selection.names(named) or ()) for named in features or ()),
        metrics=tuple(metric or ()),
        parameters=parameters,
    )
    done = evaluate_searches(sessions.session_on(registry, sessions.load()), registry, study, again=again)
    show_searches(done, study, as_json=json)


def show_searches(done: Mapping[str, Retrieval], study: SearchStudy, *, as_json: bool) -> None:
    """Print how good searches are."""
    from spectra.cli.printing.blocks import print_blocks
    from spectra.cli.printing.data import print_json
    from spectra.views.tasks.similarity import retrieval_blocks, retrieval_document

    if as_json:
        print_json("retrieval", retrieval_document(done, study.label, study.not_same))
    else:
        print_blocks(retrieval_blocks(done, study.label, study.not_same))
