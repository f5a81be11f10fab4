"""Measured files and their readers as the command line names them: one of each, or PART=… for each part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from spectra.core.errors import UsageError
from spectra.core.technique import Technique


def choose_files(technique: Technique, arguments: Sequence[Path]) -> Path | dict[str, Path]:
    """Return the one measured file, or those of a technique of several parts by part.

    A file that exists under the whole name of the only argument is meant, even if that name holds "=".

    Raises
    ------
    UsageError
        If they are too many, or not by part, or a part is given twice.
    """
    if not isinstance(technique.readers, Mapping):
        if len(arguments) > 1:
            raise UsageError(f"This technique takes one measured file, not {len(arguments)}.")
        return arguments[0]
    if len(arguments) == 1 and (arguments[0].exists() or "=" not in str(arguments[0])):
        return arguments[0]
    by_part = _by_part([str(argument) for argument in arguments], list(technique.readers), what="FILE")
    return {part: Path(path) for part, path in by_part.items()}


def choose_readers(technique: Technique, options: Sequence[str] | None) -> str | dict[str, str] | None:
    """Return the reader, or those of a technique of several parts by part; nothing where none is named.

    Raises
    ------
    UsageError
        If they are too many, or not by part, or a part is given twice.
    """
    if not options:
        return None
    if isinstance(technique.readers, Mapping):
        return _by_part(options, list(technique.readers), what="READER")
    if len(options) > 1:
        raise UsageError("--reader was given twice for one file.")
    return options[0]


def choose_parameters(technique: Technique, settings: dict[str, dict[str, Any]]) -> dict[str, Any] | None:
    """Take the readers' parameters out of the settings: ``reader.wavelength=1.54``, or ``reader.xrd.wavelength=1.54``.

    Raises
    ------
    UsageError
        If a technique of several parts is given one for none of them.
    """
    if not isinstance(technique.readers, Mapping):
        return settings.pop("reader", None)
    if "reader" in settings:
        raise UsageError(
            f"'--set reader.{next(iter(settings['reader']))}=…' does not say which part's reader is meant.",
            hint="Write " + " or ".join(f"--set reader.{part}.PARAMETER=VALUE" for part in technique.readers) + ".",
        )
    prefix = "reader."
    roles = [role for role in settings if role.startswith(prefix)]
    return {role.removeprefix(prefix): settings.pop(role) for role in roles}


def _by_part(arguments: Sequence[str], parts: Sequence[str], *, what: str) -> dict[str, str]:
    """Read ``["xrd=scan.xrdml", "vdos=dos.csv"]`` into a dictionary."""
    chosen: dict[str, str] = {}
    for argument in arguments:
        part, equals, value = argument.partition("=")
        if not (part and equals and value):
            raise UsageError(
                f"'{argument}' does not say which part it is for.",
                hint=f"Write {' '.join(f'{part}={what}' for part in parts)}.",
            )
        if part in chosen:
            raise UsageError(f"The part {part!r} is given twice: {chosen[part]} and {value}.")
        chosen[part] = value
    return chosen
