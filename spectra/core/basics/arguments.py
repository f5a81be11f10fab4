"""Arguments of commands, the core's and plugins': settings, and files that are to be written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from spectra.core.errors import InputError, UsageError


def parse_settings(settings: list[str] | None) -> dict[str, dict[str, Any]]:
    """Read ``encoder.bins=64`` into ``{"encoder": {"bins": 64}}``; values are read as YAML.

    Raises
    ------
    UsageError
        If a setting is not of that form.
    """
    from spectra.core.basics.yaml_text import YamlError, parse_yaml

    parsed: dict[str, dict[str, Any]] = {}
    for setting in settings or ():
        key, equals, text = setting.partition("=")
        role, dot, parameter = key.strip().rpartition(".")
        if not (equals and dot and role and parameter):
            raise UsageError(f"Invalid option '--set {setting}'.", hint="Write --set ROLE.PARAMETER=VALUE.")
        try:
            parsed.setdefault(role, {})[parameter] = parse_yaml(text)[0]
        except YamlError as error:
            raise UsageError(f"Invalid value in '--set {setting:.200}': {error}.") from error
    return parsed


def check_figure(path: Path, endings: Sequence[str] = (".png", ".pdf", ".svg")) -> None:
    """Refuse a figure that could not be saved, before anything is computed.

    Raises
    ------
    UsageError
        If its ending is not known or its folder does not exist.
    """
    if path.suffix.lower() not in endings:
        listed = f"{', '.join(endings[:-1])} or {endings[-1]}"
        raise UsageError(f"The file format of {path} is unknown.", hint=f"Use {listed}.")
    if not path.parent.is_dir():
        raise UsageError(f"There is no folder {path.parent} for {path.name}.", hint="Create it or choose another.")


def check_output(path: Path) -> None:
    """Refuse a file that could not be written, before anything is computed.

    Raises
    ------
    UsageError
        If it is a folder, or in one that does not exist.
    """
    if path.is_dir():
        raise UsageError(f"{path} is a folder.", hint="Name a file in it.")
    if not path.parent.is_dir():
        raise UsageError(f"There is no folder {path.parent} for {path.name}.", hint="Create it or choose another.")


def write_output(path: Path, content: bytes) -> None:
    """Write a file, whole or not at all.

    Raises
    ------
    InputError
        If it cannot be written.
    """
    from spectra.core.basics.files import write_atomically

    try:
        write_atomically(path, content)
    except OSError as error:
        raise InputError(f"The file {path} cannot be written: {error.strerror}.") from error
