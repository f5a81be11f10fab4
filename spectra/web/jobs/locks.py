"""Which servers are alive: each holds a lock on a file of its own, which the system takes back when it ends."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import IO

if os.name == "posix":
    import fcntl
else:
    import msvcrt


_PREFIX = ".server-"


class ServerLock:
    """The sign of life of one server, made in a folder that exists."""

    def __init__(self, folder: Path) -> None:
        self.name = secrets.token_hex(8)
        self._path = _path(folder, self.name)
        # Until it is locked, nobody must take it for one of the dead; Windows neither removes nor renames an open file.
        unknown = folder / f".new-{self.name}" if os.name == "posix" else self._path
        self._file: IO[bytes] = unknown.open("wb")
        _locked(self._file)
        if unknown != self._path:
            unknown.rename(self._path)

    def release(self) -> None:
        """Say that the server has ended."""
        self._file.close()
        self._path.unlink(missing_ok=True)


def is_alive(folder: Path, name: str) -> bool:
    """Say whether the server of a name still runs."""
    try:
        with _path(folder, name).open("rb+") as file:
            return not _locked(file)
    except OSError:
        return False


def forget_dead(folder: Path) -> None:
    """Remove the files of servers that run no more."""
    for path in folder.glob(f"{_PREFIX}*"):
        if not is_alive(folder, path.name.removeprefix(_PREFIX)):
            with suppress(PermissionError):  # on Windows, if it has just been opened
                path.unlink(missing_ok=True)


def _path(folder: Path, name: str) -> Path:
    return folder / f"{_PREFIX}{name}"


def _locked(file: IO[bytes]) -> bool:
    """Try to lock a file, and say whether that was possible."""
    try:
        if os.name == "posix":
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined] # mypy sees POSIX alone
    except (BlockingIOError, PermissionError):
        return False
    return True
