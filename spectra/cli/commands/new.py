"""``spectra plugins new``: a package to begin with."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

_NEXT = """\
It is a technique that works; its README says what to put in place of what. To begin with:
    cd {folder}
    pip install --editable '.[test]'
    python -m pytest
    spectra analyze spectrum.txt --sample sample.yaml"""


def new(
    name: Annotated[str, typer.Argument(help="Name of the plugin and of its technique, such as 'raman'.")],
) -> None:
    """Write a package with a technique of your own, complete and with tests, into a new folder 'spectra-NAME'."""
    from importlib.util import find_spec

    from spectra.cli.printing.output import print_line
    from spectra.cli.session import load
    from spectra.core.errors import InputError
    from spectra.scaffold import NewPlugin

    plugin, plugins = NewPlugin(name), load()
    taken = [f"plugin {name!r} ({status.source})" for status in plugins.statuses if status.name == name]
    known = {(entry.kind, entry.component.name): entry.plugin for entry in plugins.catalogue.entries()}
    taken += [
        f"{kind} {component!r} of the plugin {known[kind, component]!r}"
        for kind, component in plugin.components
        if (kind, component) in known
    ]
    if plugin.distribution in {status.distribution.name for status in plugins.statuses}:
        taken.append(f"distribution {plugin.distribution!r}")
    if find_spec(plugin.package) is not None:
        taken.append(f"package {plugin.package!r}")
    if taken:
        raise InputError(f"The name is taken: there is already the {taken[0]}.", hint="Choose another name.")
    folder = plugin.write(Path())
    print_line(str(folder))
    print(_NEXT.format(folder=folder), file=sys.stderr)
