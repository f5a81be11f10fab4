"""Plugins' own commands: all of one plugin's are added, or none, and its fault stops nobody else."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import redirect_stdout
from typing import TYPE_CHECKING

import typer
from typer.main import get_group

from spectra.core.errors import PluginError, fault

if TYPE_CHECKING:
    from spectra.core.manager import Plugins


def add_commands(app: typer.Typer, plugins: Plugins) -> tuple[Mapping[str, list[str]], Mapping[str, str]]:
    """Add the commands of every active plugin to ``app``.

    Returns
    -------
    added
        Names of commands, by plugin.
    faults
        Why those of a plugin are not there, by plugin.
    """
    added, faults = {}, {}
    taken = names_of_commands(app)
    for name, hooks in plugins.hooks.items():
        alone = typer.Typer()
        try:
            with redirect_stdout(sys.stderr):
                hooks.spectra_register_commands(cli=alone)
                commands = get_group(alone).commands.keys()  # made once here, where a fault is the plugin's alone
            if again := taken & commands:
                raise PluginError(f"there is a command '{min(again)}' already")
        except (Exception, SystemExit) as error:
            faults[name] = str(error) if isinstance(error, PluginError) else fault(error)
        else:
            added[name] = sorted(commands)
            taken |= commands
            app.registered_commands += alone.registered_commands
            app.registered_groups += alone.registered_groups
    return added, faults


def names_of_commands(app: typer.Typer) -> set[str]:
    """Return what the commands that ship with the platform are called; each is given its name."""
    return {str(command.name) for command in app.registered_commands} | {
        str(group.name) for group in app.registered_groups
    }
