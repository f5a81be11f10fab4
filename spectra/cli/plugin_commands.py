"""Plugins' own commands: all of one plugin's are there, or none, and its fault stops nobody else."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Set
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import typer
from typer.main import get_group

from spectra.cli.session import open_session
from spectra.core.errors import PluginError, fault

if TYPE_CHECKING:
    from spectra.core.inventory.status import PluginStatus
    from spectra.core.manager import Plugins


@dataclass(frozen=True, kw_only=True)
class PluginCommands:
    """The commands of one plugin, in an application of their own."""

    app: typer.Typer
    names: tuple[str, ...]


def commands_of_plugins(plugins: Plugins, taken: Set[str]) -> tuple[Mapping[str, PluginCommands], Mapping[str, str]]:
    """Collect the commands of every active plugin.

    Parameters
    ----------
    taken
        Names of the commands that are there already.

    Returns
    -------
    commands
        Those of each plugin, by its name.
    faults
        Why those of a plugin are missing, by its name.
    """
    commands, faults = {}, {}
    for name, hooks in plugins.hooks.items():
        alone = typer.Typer()
        try:
            with redirect_stdout(sys.stderr):
                hooks.spectra_register_commands(cli=alone, session=partial(open_session, plugins))
                names = get_group(alone).commands.keys()  # built once here, where a fault is the plugin's alone
            if again := taken & names:
                raise PluginError(f"there is a command '{min(again)}' already")
        except (Exception, SystemExit) as error:
            faults[name] = str(error) if isinstance(error, PluginError) else fault(error)
        else:
            commands[name] = PluginCommands(app=alone, names=tuple(sorted(names)))
            taken |= names
    return commands, faults


def statuses_with_commands(plugins: Plugins, taken: Set[str]) -> list[PluginStatus]:
    """Return the state of every plugin, its commands included; what is wrong with those becomes a note."""
    commands, faults = commands_of_plugins(plugins, taken)
    statuses = []
    for status in plugins.statuses:
        if status.state == "active" and status.name in faults:
            notes = (*status.notes, f"its commands are missing: {faults[status.name]}")
            statuses.append(replace(status, notes=notes))
        elif status.state == "active" and status.name in commands:
            added = (f"command {name}" for name in commands[status.name].names)
            statuses.append(replace(status, contributes=(*status.contributes, *added)))
        else:
            statuses.append(status)
    return statuses
