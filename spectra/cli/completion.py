"""Completion of values in a shell: what is installed, and what is on record.

A fault is no reason to disturb somebody who types: then nothing is offered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from spectra.core.inventory.catalogue import Catalogue
    from spectra.core.manager import Plugins

    Offers = Iterable[tuple[str, str]]
    Completer = Callable[[typer.Context, str], list[tuple[str, str]]]


def _offering(offers: Callable[[typer.Context, str], Offers]) -> Completer:
    """Make a completer of what yields values with their meaning, whether they begin as typed or not."""

    def completer(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
        with suppress(Exception):
            return [(value, says) for value, says in offers(ctx, incomplete) if value.startswith(incomplete)]
        return []

    return completer


def component(kind: str) -> Completer:
    """Return the completer of names of components of a kind; if a technique is given, of those that suit it."""

    def offers(ctx: typer.Context, incomplete: str) -> Offers:  # noqa: ARG001
        from spectra.core.workflows.fitting import suiting

        catalogue = _plugins().catalogue
        technique = _technique(ctx, catalogue)
        entries = catalogue.entries() if technique is None else suiting(catalogue, technique)
        return [(entry.component.name, entry.component.summary) for entry in entries if entry.kind == kind]

    return _offering(offers)


@_offering
def plugin(ctx: typer.Context, incomplete: str) -> Offers:  # noqa: ARG001
    """Offer the names of plugins."""
    return [(status.name, status.source) for status in _plugins().statuses]


@_offering
def recipe(ctx: typer.Context, incomplete: str) -> Offers:  # noqa: ARG001
    """Offer the recipes of the sample's technique."""
    from spectra.core.technique import recipes_of
    from spectra.core.workflows.specimens import load_specimen

    specimen = load_specimen(_plugins().catalogue, ctx.params["sample_file"])
    return [(name, "") for name in recipes_of(specimen.technique, specimen.sample)]


@_offering
def setting(ctx: typer.Context, incomplete: str) -> Offers:  # noqa: ARG001
    """Offer the settings of the configuration file."""
    from spectra.core.basics.configuration import SETTINGS

    return [(name, one.meaning) for name, one in SETTINGS.items()]


def record(*kinds: str) -> Completer:
    """Return the completer of identifiers, names and aliases of records; without ``kinds``, of all."""

    def offers(ctx: typer.Context, incomplete: str) -> Offers:
        from spectra.registry.lookup import ROWS
        from spectra.registry.query.beginnings import identifiers, reading_as_it_is

        with reading_as_it_is(ctx.params.get("db")) as session:
            return [] if session is None else [*identifiers(session, incomplete, kinds or tuple(ROWS))]

    return _offering(offers)


def keys(*, separated: bool = False) -> Completer:
    """Return the completer of keys of the records that a group of commands is about, such as ``predictions``.

    Parameters
    ----------
    separated
        Several may be given, separated by commas; the last one is completed.
    """

    def offers(ctx: typer.Context, incomplete: str) -> Iterator[tuple[str, str]]:
        from spectra.registry.query.beginnings import keys as on_record
        from spectra.registry.query.beginnings import reading_as_it_is

        before, comma, _ = incomplete.rpartition(",") if separated else ("", "", "")
        with reading_as_it_is(ctx.params.get("db")) as session:
            if session is not None and ctx.parent is not None:
                yield from [
                    (before + comma + name, says) for name, says in on_record(session, str(ctx.parent.info_name))
                ]

    return _offering(offers)


def _plugins() -> Plugins:
    """Load the plugins; other than a command, without a word about them."""
    from spectra.core.manager import load_plugins
    from spectra.plugins import BUILT_IN, SHARED

    return load_plugins(BUILT_IN, always=SHARED)


def _technique(ctx: typer.Context, catalogue: Catalogue) -> str | None:
    """Return the technique that the command line names so far, itself or in its sample file."""
    from spectra.core.workflows.specimens import load_specimen

    if named := ctx.params.get("technique_name"):
        return str(named)
    sample = ctx.params.get("sample_file")
    return load_specimen(catalogue, sample).sample.technique if sample else None
