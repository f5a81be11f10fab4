"""``spectra config``: what is set, and by what; settings of the configuration file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from spectra.cli import completion, options
from spectra.core.errors import InputError, NotFoundError


@dataclass(frozen=True, kw_only=True)
class Known:
    """A setting with what it is set to, and by what."""

    name: str
    value: str
    origin: str
    meaning: str


def config(
    setting: Annotated[
        str | None, typer.Argument(metavar="[SETTING]", help="Print this one alone.", autocompletion=completion.setting)
    ] = None,
    value: Annotated[
        str | None, typer.Argument(metavar="[VALUE]", help="Write it into the configuration file; '' removes it there.")
    ] = None,
    json: options.Json = False,
) -> None:
    """Show every setting, its value and where that comes from; or write one into the configuration file.

    An option of a command takes precedence over an environment variable, and that over the file.
    """
    from spectra.cli.printing.blocks import print_fields, print_line, print_rows
    from spectra.cli.printing.data import print_json
    from spectra.core.basics.configuration import SETTINGS, configuration_file, write_setting
    from spectra.core.basics.documents import nearest

    if setting is not None and setting not in SETTINGS:
        known = nearest(setting, SETTINGS) or f"; there are {', '.join(SETTINGS)}"
        raise NotFoundError(f"There is no setting {setting!r}{known}.")
    file = configuration_file()
    if setting is not None and value is not None:
        if file is None:
            raise InputError("SPECTRA_CONFIG is empty, so that there is no configuration file.", hint="Unset it.")
        write_setting(file, setting, value)
        typer.echo(f"Written: {file}" if value else f"Removed from {file}.", err=True)
        return
    settings = [one for one in _settings(file) if setting in (None, one.name)]
    if json:
        print_json("config", {"file": str(file) if file else None, "settings": settings})
    elif setting is not None:
        print_line(settings[0].value)
    else:
        present = "" if file is None else "" if file.exists() else " (not there)"
        print_fields({"file": f"{file}{present}" if file else "none: SPECTRA_CONFIG is empty"})
        print_rows(("setting", "value", "from"), [(one.name, one.value, one.origin) for one in settings])


def _settings(file: Path | None) -> Iterator[Known]:
    from spectra.cli.session import without_password
    from spectra.core.basics.configuration import SETTINGS, read_configuration
    from spectra.registry.locations import locate

    found = locate()
    in_file = read_configuration(file)
    defaults = {
        "home": str(found.home),
        "database_url": str(found.database),
        "artefacts": str(found.artefacts),
        "jobs": f"{os.cpu_count()} (one for each core)",
        "cluster": "none",
        "plugins": "all that are installed",
        "block_plugins": "none",
    }
    for name, setting in SETTINGS.items():
        given = os.environ.get(setting.variable)
        # the file's settings have been put into the environment, where that had none
        origin = "default" if not given else str(file) if in_file.get(name) == given else setting.variable
        yield Known(name=name, value=without_password(given or defaults[name]), origin=origin, meaning=setting.meaning)
