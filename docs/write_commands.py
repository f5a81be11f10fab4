"""Writes a page for each command from its own help, for the site: ``docs/conf.py`` asks for them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer
from typer.cli import get_docs_for_click
from typer.main import get_group

from spectra.cli.main import _add_tasks, build_app
from spectra.cli.plugin_commands import commands_of_plugins
from spectra.core.manager import load_plugins
from spectra.plugins import BUILT_IN

_OVERVIEW = """\
# Commands, one by one

What `spectra COMMAND --help` says. [Commands](../../commands.md) has what is common to all: exit codes, queries,
environment variables, where things are kept.

| command | does |
| --- | --- |
"""


def pages() -> dict[str, str]:
    """Return the page of each command by its name, as Markdown, and that of all of them as ``index``."""
    app = build_app()
    commands = dict(sorted(_commands(app)))
    parent = typer.Context(get_group(app), info_name="spectra")
    rows = [
        f"| [`spectra {name}`]({name}.md) | {command.get_short_help_str(200)} |" for name, command in commands.items()
    ]
    contents = ["", "```{toctree}", ":hidden:", "", *(f"{name} <{name}>" for name in commands), "```", ""]
    texts = {"index": _OVERVIEW + "\n".join([*rows, *contents])}
    for name, command in commands.items():
        context = typer.Context(command, parent=parent, info_name=name)
        texts[name] = get_docs_for_click(obj=command, ctx=context, name=name, call_prefix="spectra").rstrip() + "\n"
    return texts


def write(folder: Path) -> None:
    """Write all pages into a folder of their own; what no command has any more goes."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, text in pages().items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")


def _commands(app: typer.Typer) -> Iterator[tuple[str, Any]]:
    """Yield the platform's commands and those of the built-in plugins, with their names."""
    plugins = load_plugins(BUILT_IN, {})
    techniques = {entry.component.name for entry in plugins.catalogue.entries("technique")}
    added, faults = commands_of_plugins(plugins, set(get_group(app).commands))
    if faults:
        raise RuntimeError(f"The commands of plugins are missing: {faults}")
    yield from get_group(app).commands.items()
    for plugin in added.values():
        _add_tasks(plugin.app, techniques)
        yield from get_group(plugin.app).commands.items()
