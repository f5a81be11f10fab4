"""The installed plugins and their components, as programs and people read of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from spectra.core.catalogue import Entry
from spectra.core.errors import PluginError
from spectra.core.plugin_status import Distribution, PluginStatus


def status_document(status: PluginStatus) -> dict[str, Any]:
    """Return a plugin as JSON has it."""
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
    """Return a component as JSON has it; "fault" says why its parameters are not known, if they are not."""
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
        "plugin": entry.plugin,
        "parameters": schema,
        "fault": fault,
    }


def parameters_and_defaults(entry: Entry) -> str:
    """Write a component's parameters in one line, or why they are not known."""
    try:
        fields = entry.schema.model_fields
    except PluginError as error:
        return error.message
    return ", ".join(f"{name}={field.default}" for name, field in fields.items())


def requirements(statuses: Sequence[PluginStatus]) -> list[str]:
    """Return what brings the platform and the active plugins, a line for pip for each; comments come first."""
    brought = {status.distribution for status in statuses if status.state == "active"}
    return sorted(distribution.requirement for distribution in brought | {Distribution.of_platform()})
