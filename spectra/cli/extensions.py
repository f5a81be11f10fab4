"""Plugins' own commands: all of one plugin's are added, or none, and its fault stops nobody else."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import redirect_stdout

import typer
from typer.main import get_group

from spectra.core.errors import PluginError
from spectra.core.manager import Plugins
from spectra.core.plugin_status import fault


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
    for name, hooks in plugins.hooks.items():
        alone = typer.Typer()
        try:
            with redirect_stdout(sys.stderr):
                hooks.spectra_register_commands(cli=alone)
                commands = get_group(alone).commands.keys()
            if taken := commands & get_group(app).commands.keys():
                raise PluginError(f"there is a command '{min(taken)}' already")
        except (Exception, SystemExit) as error:
            faults[name] = str(error) if isinstance(error, PluginError) else fault(error)
        else:
            added[name] = sorted(commands)
            app.registered_commands += alone.registered_commands
            app.registered_groups += alone.registered_groups
    return added, faults
