"""The names of plugins' commands in the user's cache folder: the overview of all commands imports no plugin.

An entry is found by what is installed (the name and version of every distribution, its entry points' file), by
``SPECTRA_PLUGINS`` and ``SPECTRA_BLOCK_PLUGINS``, and by Python and platform; it holds only as long as the source files
of the plugins are the ones that it was made with, so that an author who works on an editable plugin sees each change.
Nothing is kept while a plugin fails or has something to say: that is said every time. Where the folder cannot be
written or an entry is damaged, the plugins are loaded as if there were none.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from spectra.version import __version__

if TYPE_CHECKING:
    from spectra.cli.plugin_commands import PluginCommands

_FORMAT = 2
_MOST_ENTRIES = 20  # of other environments; the rest is older than the newest of them
_SHOWN = ("help", "short_help", "epilog", "hidden", "deprecated", "rich_help_panel")
_VARIABLES = ("SPECTRA_PLUGINS", "SPECTRA_BLOCK_PLUGINS")
_ROOT = Path(__file__).parents[1]


def cached_overview() -> typer.Typer | None:
    """Return plugins' commands as the overview lists them, without what they do; nothing where that is not known."""
    try:
        entry = json.loads(_path(_folder()).read_bytes())
        if any(_stamp(name) != stamp for name, stamp in entry["files"].items()):
            return None
        overview = typer.Typer()
        for name, shown in entry["commands"].items():
            kept = {key: shown[key] for key in _SHOWN}
            if shown["group"]:
                overview.add_typer(typer.Typer(), name=str(name), **kept)
            else:
                overview.command(str(name), **kept)(_nothing)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return overview


def keep_overview(commands: Mapping[str, PluginCommands]) -> None:
    """Keep what the overview shows of the commands of all plugins, which have all been loaded without a fault."""
    from typer.main import get_group

    from spectra.core.basics.files import written_atomically

    shown = {
        name: {key: _plain(getattr(command, key, None)) for key in _SHOWN} | {"group": hasattr(command, "commands")}
        for added in commands.values()
        for name, command in get_group(added.app).commands.items()
    }
    files = {name: stamp for name in _source_files() if (stamp := _stamp(name))}
    content = json.dumps({"commands": shown, "files": files}).encode()
    try:
        folder = _folder()
        folder.mkdir(parents=True, exist_ok=True)
        with written_atomically(_path(folder)) as entry:
            entry.write(content)
        _forget_oldest(folder)
    except OSError:
        return  # a cache that cannot be written is none


def _plain(value: Any) -> Any:
    """Return what JSON can hold of a command's attribute; typer has stand-ins for those that nobody set."""
    return value if isinstance(value, str | bool) else None


def _nothing() -> None:
    """Stand where a plugin's command would be: who calls it has its plugin loaded."""


def _path(folder: Path) -> Path:
    return folder / f"{_key()}.json"


def _folder() -> Path:
    import platformdirs

    return platformdirs.user_cache_path("spectra", appauthor=False) / "commands"


def _key() -> str:
    """Return a digest of all that decides which plugins are found."""
    parts = [str(_FORMAT), __version__, str(_ROOT), sys.version, *(os.environ.get(key, "") for key in _VARIABLES)]
    return sha256("\n".join((*parts, *_installed())).encode()).hexdigest()[:32]


def _installed() -> Iterator[str]:
    """Yield name and version of each distribution on the path, with its file of entry points: a folder's listing."""
    for name in dict.fromkeys(sys.path):
        yield name
        folder = Path(name)
        try:
            found = sorted(path.name for path in folder.iterdir() if path.suffix in (".dist-info", ".egg-info"))
        except OSError:  # what is not there, and archives
            continue
        for distribution in found:
            yield distribution
            yield from map(str, _stamp(folder / distribution / "entry_points.txt") or ())


def _source_files() -> Iterable[str]:
    """Return the files of everything imported from the packages of plugins, those of the platform's own included."""
    from importlib.metadata import entry_points

    strangers = {point.module.partition(".")[0] for point in entry_points(group="spectra")} - {"spectra"}
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        ours = name.startswith("spectra.plugins.")
        if file and (ours or name.partition(".")[0] in strangers):
            yield file


def _stamp(file: str | Path) -> list[int] | None:
    """Return time and size of a file, or nothing where there is none."""
    try:
        found = Path(file).stat()
    except OSError:
        return None
    return [found.st_mtime_ns, found.st_size]


def _forget_oldest(folder: Path) -> None:
    entries = sorted(folder.glob("*.json"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in entries[_MOST_ENTRIES:]:
        old.unlink(missing_ok=True)
