"""The installed plugins, their techniques and components, as programs and people read of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from spectra.core.errors import PluginError
from spectra.core.inventory.catalogue import Catalogue, Entry
from spectra.core.inventory.status import Distribution, PluginStatus
from spectra.core.tables import Table
from spectra.core.workflows.fitting import suiting
from spectra.views.layout import Block, table
from spectra.views.sample_keys import sample_keys


def plugin_list_blocks(statuses: Sequence[PluginStatus]) -> Iterator[Block]:
    """Yield a line for each plugin, and what is to be said about it."""
    rows = [(s.name, s.source, s.state, s.reason or ", ".join(s.contributes)) for s in statuses]
    yield table(("plugin", "from", "state", "contributes, or why not"), rows)
    for status in statuses:
        for note in status.notes:
            yield f"Note on {status.name}: {note}."


def plugin_blocks(status: PluginStatus, entries: Sequence[Entry]) -> Iterator[Block]:
    """Yield where a plugin comes from, its state, and its components."""
    commands = [text.removeprefix("command ") for text in status.contributes if text.startswith("command ")]
    yield {
        "plugin": status.name,
        "from": status.source,
        "state": f"{status.state}: {status.reason}" if status.reason else status.state,
        "made for interface": status.api_version,
        "commands": ", ".join(commands) or None,
    }
    for note in status.notes:
        yield f"Note: {note}."
    if entries:
        yield _component_table(entries)


def plugin_document(status: PluginStatus) -> dict[str, Any]:
    """Return a plugin for a program."""
    return {
        "name": status.name,
        "distribution": status.distribution.name,
        "version": status.distribution.version,
        "source": status.source,
        "state": status.state,
        "reason": status.reason,
        "api_version": status.api_version,
        "contributes": status.contributes,
        "notes": status.notes,
    }


def component_document(entry: Entry) -> dict[str, Any]:
    """Return a component for a program; "fault" says why its parameters are not known, if they are not."""
    schema, fault = None, None
    try:
        schema = entry.schema.model_json_schema()
    except PluginError as error:
        fault = error.message
    return {
        "kind": entry.kind,
        "name": entry.component.name,
        "summary": entry.component.summary,
        "version": entry.component.version,
        "takes": entry.component.takes,
        "gives": entry.component.gives,
        "plugin": entry.plugin,
        "parameters": schema,
        "fault": fault,
    }


def requirements(statuses: Sequence[PluginStatus]) -> list[str]:
    """Return what brings the platform and the active plugins, a line for pip for each; comments come first."""
    brought = {status.distribution for status in statuses if status.state == "active"}
    return sorted(distribution.requirement for distribution in brought | {Distribution.of_platform()})


def technique_blocks(catalogue: Catalogue, name: str) -> Iterator[Block]:
    """Yield the keys of a technique's sample file, then components and their parameters."""
    yield f"{name}: {catalogue.find('technique', name).component.summary}"
    schema = catalogue.technique(name).sample_schema.model_json_schema()
    rows = [(key.name, "yes" if key.needed else "", key.text) for key in sample_keys(schema)]
    yield table(("key", "needed", "what it is"), rows, title="Sample file")
    yield _component_table(list(suiting(catalogue, name)))


def technique_document(catalogue: Catalogue, name: str) -> dict[str, Any]:
    """Return a technique for a program."""
    entry, technique = catalogue.find("technique", name), catalogue.technique(name)
    return {
        "name": name,
        "summary": entry.component.summary,
        "plugin": entry.plugin,
        "readers": technique.readers,
        "sample_schema": technique.sample_schema.model_json_schema(),
        "components": [component_document(other) for other in suiting(catalogue, name)],
    }


def _component_table(entries: Sequence[Entry]) -> Table:
    rows = [(e.kind, e.component.name, e.component.summary, _parameters(e)) for e in entries]
    return table(("kind", "name", "what it does", "parameters and defaults"), rows, title="Components")


def _parameters(entry: Entry) -> str:
    """Write a component's parameters and their defaults in one line, or why they are not known."""
    try:
        fields = entry.schema.model_fields
    except PluginError as error:
        return error.message
    return ", ".join(f"{name}={field.default}" for name, field in fields.items())
