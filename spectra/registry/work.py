"""Folders of unfinished work, one for each content address; they outlive a kill."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from spectra.core.errors import RegistryError
from spectra.registry.artefacts.addresses import digest_name, digest_of_name


@dataclass(frozen=True, kw_only=True)
class WorkFolder:
    """A folder of unfinished work: of a running process, or left by one that was killed."""

    name: str
    """Path below the home folder."""
    digest: str
    size: int
    modified: datetime
    """When anything in it last changed."""


class Work:
    """The work folders of one registry.

    Parameters
    ----------
    folder
        The folder that contains them; made when it is first needed.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def open(self, digest: str) -> Path:
        """Return the work folder for the content address ``digest``, made if there is none.

        Raises
        ------
        RegistryError
            If it cannot be made.
        """
        folder = self.folder / digest_name(digest)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            os.utime(folder)  # resumed work is not abandoned
        except OSError as error:
            raise RegistryError(f"The folder {folder} cannot be made: {error.strerror}.") from error
        return folder

    def remove(self, digest: str) -> None:
        """Remove the work folder for ``digest``, if there is one.

        Raises
        ------
        RegistryError
            If it cannot be removed.
        """
        folder = self.folder / digest_name(digest)
        try:
            shutil.rmtree(folder)
        except FileNotFoundError:
            pass
        except OSError as error:
            raise RegistryError(f"The folder {folder} cannot be removed: {error.strerror}.") from error

    def folders(self) -> list[WorkFolder]:
        """Return all work folders, the oldest first.

        Raises
        ------
        RegistryError
            If they cannot be read.
        """
        found: list[WorkFolder] = []
        try:
            for path in self.folder.glob("*"):
                if digest := digest_of_name(path.name):
                    found += _work_folder(path, digest)
        except OSError as error:
            raise RegistryError(f"The folder {self.folder} cannot be read: {error.strerror}.") from error
        return sorted(found, key=lambda work: work.modified)


def _work_folder(path: Path, digest: str) -> Iterator[WorkFolder]:
    try:
        statuses = [item.stat() for item in (path, *path.rglob("*"))]
    except FileNotFoundError:
        return  # another process has just finished with it
    newest = max(status.st_mtime for status in statuses)
    yield WorkFolder(
        name=f"{path.parent.name}/{path.name}",
        digest=digest,
        size=sum(status.st_size for status in statuses[1:]),
        modified=datetime.fromtimestamp(newest, UTC),
    )
