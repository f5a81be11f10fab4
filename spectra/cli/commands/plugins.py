"""``spectra plugins``: what is installed, whether it does what is asked of it, and a package to begin with."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer.core import TyperGroup

from spectra.cli import completion, options
from spectra.core.errors import InputError, NotFoundError, UsageError

if TYPE_CHECKING:
    from spectra.core.inventory.catalogue import Catalogue
    from spectra.core.inventory.status import PluginStatus

plugins = typer.Typer(no_args_is_help=True, help="Installed plugins and their state.")

_NEXT = """\
This is a working technique; its README says what to replace. Next steps:
    cd {folder}
    pip install --editable '.[test]'
    python -m pytest
    spectra analyze spectrum.txt --sample sample.yaml"""


@plugins.command("list")
def list_plugins(
    context: typer.Context,
    requirements: Annotated[
        bool,
        typer.Option("--requirements", help="Print the requirements of these plugins, for 'pip install -r'."),
    ] = False,
    json: options.Json = False,
) -> None:
    """List plugins and their state: active, failed (with the reason) or blocked."""
    from spectra.cli.printing.blocks import print_blocks
    from spectra.cli.printing.data import print_json
    from spectra.views import plugins as views

    _, statuses = _installed(context)
    if requirements:
        if json:
            raise UsageError("Requirements are lines for pip, not JSON.", hint="Give --requirements without --json.")
        print_blocks(views.requirements(statuses))
    elif json:
        print_json("plugins", [views.plugin_document(status) for status in statuses])
    else:
        print_blocks(views.plugin_list_blocks(statuses))


@plugins.command("show")
def show_plugin(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Name of the plugin.", autocompletion=completion.plugin)],
    json: options.Json = False,
) -> None:
    """Show a plugin: origin, state, components and their parameters."""
    from spectra.cli.printing.blocks import print_blocks
    from spectra.cli.printing.data import print_json
    from spectra.core.basics.documents import nearest
    from spectra.views import plugins as views

    catalogue, statuses = _installed(context)
    status = next((status for status in statuses if status.name == name), None)
    if status is None:
        known = [status.name for status in statuses]
        raise NotFoundError(f"There is no plugin {name!r}{nearest(name, known) or '; there are ' + ', '.join(known)}.")
    entries = [entry for entry in catalogue.entries() if entry.plugin == name]
    if json:
        components = [views.component_document(entry) for entry in entries]
        print_json("plugin", views.plugin_document(status) | {"components": components})
    else:
        print_blocks(views.plugin_blocks(status, entries))


@plugins.command("check")
def check(
    name: Annotated[
        str, typer.Argument(help="Name of the plugin; see 'spectra plugins list'.", autocompletion=completion.plugin)
    ],
    sample: Annotated[
        Path | None,
        typer.Option("--sample", "-s", help="Sample file for the checks. Default: the technique's own example."),
    ] = None,
    measurement: Annotated[
        list[Path] | None, typer.Option("--measurement", help="Measured file for the plugin's readers; repeatable.")
    ] = None,
    json: options.Json = False,
) -> None:
    """Check a plugin's components one by one: passed, failed, or skipped and why."""
    from spectra.cli.printing.blocks import print_line, print_rows
    from spectra.cli.printing.data import print_json
    from spectra.cli.progress import TerminalProgress
    from spectra.cli.session import load
    from spectra.testing import cases

    found = cases(load(), name, sample=sample, measurements=measurement or ())
    outcomes = []
    with TerminalProgress().task(f"Checking {name}", len(found)) as advance:
        for case in found:
            outcomes.append(case.outcome())
            advance(1)
    counts = {result: sum(o.result == result for o in outcomes) for result in ("passed", "failed", "skipped")}
    if json:
        print_json("checks", {"plugin": name, **counts, "outcomes": outcomes})
    else:
        print_rows(
            ("component", "check", "result", "why"), [(o.component, o.check, o.result, o.reason) for o in outcomes]
        )
        print_line(", ".join(f"{count} {result}" for result, count in counts.items()))
    if counts["failed"]:
        raise typer.Exit(options.SOMETHING_AMISS)


@plugins.command("new")
def new(
    name: Annotated[str, typer.Argument(help="Name of the plugin and of its technique, such as 'raman'.")],
) -> None:
    """Create a package with a technique of your own, complete and with tests, in a new folder 'spectra-NAME'."""
    from importlib.util import find_spec

    from spectra.cli.printing.blocks import print_line
    from spectra.cli.session import load
    from spectra.scaffold import NewPlugin

    plugin, installed = NewPlugin(name), load()
    taken = [f"plugin {name!r} ({status.source})" for status in installed.statuses if status.name == name]
    known = {(entry.kind, entry.component.name): entry.plugin for entry in installed.catalogue.entries()}
    taken += [
        f"{kind} {component!r} of the plugin {known[kind, component]!r}"
        for kind, component in plugin.components
        if (kind, component) in known
    ]
    if plugin.distribution in {status.distribution.name for status in installed.statuses}:
        taken.append(f"distribution {plugin.distribution!r}")
    if find_spec(plugin.package) is not None:
        taken.append(f"package {plugin.package!r}")
    if taken:
        raise InputError(f"The name is taken: there is already the {taken[0]}.", hint="Choose another name.")
    folder = plugin.write(Path())
    print_line(str(folder))
    print(_NEXT.format(folder=folder), file=sys.stderr)


def _installed(context: typer.Context) -> tuple[Catalogue, list[PluginStatus]]:
    """Load all plugins, their commands too, and say what became of each."""
    from spectra.cli.plugin_commands import statuses_with_commands
    from spectra.cli.session import load

    loaded, root = load(), context.find_root().command
    ours = set(root.commands) if isinstance(root, TyperGroup) else set()
    return loaded.catalogue, statuses_with_commands(loaded, ours)
