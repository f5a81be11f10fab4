"""``spectra techniques`` and ``spectra plugins``: what is views."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from spectra.cli import options
from spectra.core.errors import NotFoundError, UsageError

if TYPE_CHECKING:
    from spectra.core.catalogue import Catalogue
    from spectra.core.plugin_status import PluginStatus

techniques = typer.Typer(no_args_is_help=True, help="Techniques that the installed plugins provide.")
plugins = typer.Typer(no_args_is_help=True, help="Installed plugins and what became of them.")


@techniques.command("list")
def list_techniques(json: options.Json = False) -> None:
    """List the techniques."""
    from spectra.cli.printing.output import print_json, print_rows
    from spectra.cli.session import load

    entries = list(load().catalogue.entries("technique"))
    if json:
        content = [{"name": e.component.name, "summary": e.component.summary, "plugin": e.plugin} for e in entries]
        print_json("techniques", content)
    else:
        rows = [(e.component.name, e.component.summary, e.plugin) for e in entries]
        print_rows(("technique", "what it does", "plugin"), rows)


@techniques.command("show")
def show_technique(
    name: Annotated[str, typer.Argument(help="Name of the technique.")], json: options.Json = False
) -> None:
    """Show a technique: the keys of its sample file, its components and their parameters."""
    from spectra.cli.printing.output import console, print_json, print_rows
    from spectra.cli.session import load
    from spectra.views.plugins import component_document, parameters_and_defaults

    catalogue = load().catalogue
    entry = catalogue.find("technique", name)
    technique = catalogue.technique(name)
    schema = technique.sample_schema.model_json_schema()
    components = [other for other in catalogue.entries() if other.kind != "technique"]
    if json:
        print_json(
            "technique",
            {
                "name": name,
                "summary": entry.component.summary,
                "plugin": entry.plugin,
                "readers": technique.readers,
                "sample_schema": schema,
                "components": [component_document(entry) for entry in components],
            },
        )
        return
    console.print(f"{name}: {entry.component.summary}", markup=False)
    console.print()
    print_rows(("key", "needed", "what it is"), _sample_keys(schema), title="Sample file")
    console.print()
    rows = [(e.kind, e.component.name, e.component.summary, parameters_and_defaults(e)) for e in components]
    print_rows(("kind", "name", "what it does", "parameters and defaults"), rows, title="Components")


def _sample_keys(schema: dict[str, Any]) -> list[tuple[str, str, str]]:
    required = schema.get("required", [])
    return [
        (key, "yes" if key in required else "", _describe(details, schema))
        for key, details in schema["properties"].items()
    ]


def _describe(details: dict[str, Any], schema: dict[str, Any]) -> str:
    """Say in words what a key of a JSON schema holds."""
    if "$ref" in details:
        inner = schema["$defs"][details["$ref"].rpartition("/")[2]]
        return "{" + ", ".join(inner["properties"]) + "}" if "properties" in inner else inner.get("type", "")
    if "oneOf" in details or "anyOf" in details:
        options_ = [_describe(o, schema) for o in details.get("oneOf") or details["anyOf"] if o.get("type") != "null"]
        text = " or ".join(options_)
    elif "enum" in details:
        text = " | ".join(map(str, details["enum"]))
    elif "const" in details:
        text = str(details["const"])
    else:
        text = str(details.get("type", ""))
    if "examples" in details:
        text = f"for example '{details['examples'][0]}'"
    return "; ".join(part for part in (details.get("description", ""), text) if part)


@plugins.command("list")
def list_plugins(
    context: typer.Context,
    requirements: Annotated[
        bool,
        typer.Option("--requirements", help="Print what to install for the same plugins, for 'pip install -r'."),
    ] = False,
    json: options.Json = False,
) -> None:
    """List plugins: active, failed with the reason, or blocked."""
    from spectra.cli.printing.output import print_json, print_line, print_rows
    from spectra.views import plugins as views

    _, statuses = _installed(context)
    if requirements:
        if json:
            raise UsageError("Requirements are lines for pip, not JSON.", hint="Give --requirements without --json.")
        for line in views.requirements(statuses):
            print_line(line)
    elif json:
        print_json("plugins", [views.status_document(status) for status in statuses])
    else:
        rows = [(s.name, s.source, s.state, s.reason or ", ".join(s.contributes)) for s in statuses]
        print_rows(("plugin", "from", "state", "contributes, or why not"), rows)
        for status in statuses:
            for note in status.notes:
                print_line(f"Note on {status.name}: {note}.")


@plugins.command("show")
def show_plugin(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Name of the plugin.")],
    json: options.Json = False,
) -> None:
    """Show a plugin: where it comes from, what became of it, its components and their parameters."""
    from spectra.cli.printing.output import console, print_fields, print_json, print_line, print_rows
    from spectra.core.documents import nearest
    from spectra.views import plugins as views

    catalogue, statuses = _installed(context)
    status = next((status for status in statuses if status.name == name), None)
    if status is None:
        known = [status.name for status in statuses]
        raise NotFoundError(f"There is no plugin {name!r}{nearest(name, known) or '; there are ' + ', '.join(known)}.")
    entries = [entry for entry in catalogue.entries() if entry.plugin == name]
    if json:
        components = [views.component_document(entry) for entry in entries]
        print_json("plugin", views.status_document(status) | {"components": components})
        return
    commands = [text.removeprefix("command ") for text in status.contributes if text.startswith("command ")]
    print_fields(
        {
            "plugin": status.name,
            "from": status.source,
            "state": f"{status.state}: {status.reason}" if status.reason else status.state,
            "made for interface": status.api_version,
            "commands": ", ".join(commands) or None,
        }
    )
    for note in status.notes:
        print_line(f"Note: {note}.")
    if entries:
        console.print()
        rows = [(e.kind, e.component.name, e.component.summary, views.parameters_and_defaults(e)) for e in entries]
        print_rows(("kind", "name", "what it does", "parameters and defaults"), rows, title="Components")


def _installed(context: typer.Context) -> tuple[Catalogue, list[PluginStatus]]:
    """Load all plugins, their commands too, and say what became of each."""
    from spectra.cli.plugin_commands import statuses_with_commands
    from spectra.cli.session import load

    loaded, root = load(), context.find_root().command
    ours = set(root.commands) if isinstance(root, TyperGroup) else set()
    return loaded.catalogue, statuses_with_commands(loaded, ours)
