"""Which servers are alive: each holds a lock on a file of its own, which the system takes back when it ends."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import IO

if os.name == "posix":
    import fcntl


_PREFIX = ".server-"


class ServerLock:
    """The sign of life of one server, made in a folder that exists."""

    def __init__(self, folder: Path) -> None:
        self.name = secrets.token_hex(8)
        self._path = _path(folder, self.name)
        unknown = folder / f".new-{self.name}"  # until it is locked, so that nobody takes it for one of the dead
        self._file: IO[bytes] = unknown.open("wb")
        _locked(self._file)
        unknown.rename(self._path)

    def release(self) -> None:
        """Say that the server has ended."""
        self._file.close()
        self._path.unlink(missing_ok=True)


def is_alive(folder: Path, name: str) -> bool:
    """Say whether the server of a name still runs; where files cannot be locked, no other one does."""
    try:
        with _path(folder, name).open("rb+") as file:
            return not _locked(file)
    except OSError:
        return False


def forget_dead(folder: Path) -> None:
    """Remove the files of servers that run no more."""
    for path in folder.glob(f"{_PREFIX}*"):
        if not is_alive(folder, path.name.removeprefix(_PREFIX)):
            path.unlink(missing_ok=True)


def _path(folder: Path, name: str) -> Path:
    return folder / f"{_PREFIX}{name}"


def _locked(file: IO[bytes]) -> bool:
    """Try to lock a file, and say whether that was possible."""
    if os.name == "posix":
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True
