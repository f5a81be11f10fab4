"""The configuration file: settings that a user does not want to give every time.

A setting is given by an option, an environment variable or the file, in this order of precedence. What the file says is
put into the environment where that says nothing, so that everything else, child processes too, looks in one place.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spectra.core.errors import InputError

CONFIGURATION_VARIABLE = "SPECTRA_CONFIG"


@dataclass(frozen=True)
class Setting:
    """A setting that the file may hold: the environment variable that it stands for, and what it means."""

    variable: str
    meaning: str


SETTINGS: Mapping[str, Setting] = {
    "home": Setting("SPECTRA_HOME", "folder of the registry"),
    "database_url": Setting("SPECTRA_DATABASE_URL", "registry in an SQLite file or on a database server"),
    "artefacts": Setting("SPECTRA_ARTEFACTS", "folder or URL of the artefacts"),
    "jobs": Setting("SPECTRA_JOBS", "number of worker processes"),
    "cluster": Setting("SPECTRA_ON", "dask cluster that computes: address of its scheduler or its scheduler file"),
    "plugins": Setting("SPECTRA_PLUGINS", "load only these plugins, separated by commas"),
    "block_plugins": Setting("SPECTRA_BLOCK_PLUGINS", "load all but these plugins"),
}


def configuration_file(environment: Mapping[str, str] = os.environ) -> Path | None:
    """Return the path of the file, which need not be there; none if ``SPECTRA_CONFIG`` is empty."""
    named = environment.get(CONFIGURATION_VARIABLE)
    if named is not None:
        return Path(named).expanduser() if named else None
    import platformdirs

    return platformdirs.user_config_path("spectra", appauthor=False) / "config.yaml"


def read_configuration(path: Path | None) -> Mapping[str, str]:
    """Return the settings that a file holds, as text; none if there is no file.

    Raises
    ------
    InputError
        If it cannot be used; the sentence gives line and key.
    """
    if path is None or not path.exists():
        return {}
    # most commands find no file, and are spared these imports
    from pydantic import ConfigDict, PositiveInt, create_model

    from spectra.core.basics.documents import load_document

    fields: dict[str, Any] = dict.fromkeys(SETTINGS, (str | None, None)) | {"jobs": (PositiveInt | None, None)}
    schema = create_model("Configuration", __config__=ConfigDict(extra="forbid"), **fields)
    held = load_document(path, schema, what="configuration file").model_dump(exclude_none=True)
    return {name: str(value) for name, value in held.items()}


def configure(environment: MutableMapping[str, str] = os.environ) -> None:
    """Put the file's settings into the environment, where they are not set; raises like :func:`read_configuration`."""
    for setting, value in read_configuration(configuration_file(environment)).items():
        environment.setdefault(SETTINGS[setting].variable, value)


def write_setting(path: Path, setting: str, value: str) -> None:
    """Set or change a setting in the file, or remove it if ``value`` is empty; the other lines stay as they are.

    Only the user can read the file, for the URL of a database may hold a password.

    Raises
    ------
    InputError
        If the file cannot be used, or the value is none for this setting; then nothing is changed.
    """
    from spectra.core.basics.files import write_atomically
    from spectra.core.basics.yaml_text import YamlError, parse_yaml

    if setting == "jobs" and value and not (value.isdecimal() and int(value)):
        raise InputError(f"The number of worker processes, {value!r}, is no positive whole number.")
    held: dict[str, Any] = dict(read_configuration(path))
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    lines = [line for line in lines if line.partition(":")[0].rstrip() != setting]
    if value:
        lines.append(f"{setting}: {json.dumps(value, ensure_ascii=False) if setting != 'jobs' else value}")
    text = "".join(f"{line}\n" for line in lines)
    wanted = {name: known for name, known in held.items() if name != setting} | ({setting: value} if value else {})
    try:
        written = {name: str(known) for name, known in (parse_yaml(text)[0] or {}).items()}
    except YamlError:  # the value that was there has more lines than one
        written = None
    if written != wanted:
        raise InputError(f"{setting!r} cannot be changed in {path} as it is written there.", hint="Edit the file.")
    write_atomically(path, text.encode())
    path.chmod(0o600)
