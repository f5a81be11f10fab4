"""Artefacts: files under the address of their content, verified on every read."""

from __future__ import annotations

import re
from pathlib import Path

from spectra.core.errors import RegistryError
from spectra.core.files import digest_bytes, write_atomically

_DIGEST = re.compile(r"sha256:([0-9a-f]{64})")
_REMEDY = (
    "Restore the file from a backup, or make it again: a model or training set with 'spectra train "
    "--again', a measured file with 'spectra analyze'."
)


class ArtefactStore:
    """A folder of files named by the SHA-256 of what they hold."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, digest: str) -> Path:
        """Return where the artefact ``digest`` lies, or would lie.

        Raises
        ------
        RegistryError
            If ``digest`` is not of the form ``sha256:`` and 64 hexadecimal digits.
        """
        name = digest_name(digest)
        return self.folder / "sha256" / name[:2] / name

    def put(self, content: bytes) -> str:
        """Store ``content``, durably once this returns, and return its digest; a damaged copy is replaced.

        Raises
        ------
        RegistryError
            If the file cannot be written.
        """
        digest = digest_bytes(content)
        path = self.path(digest)
        try:
            if not _holds(path, content):
                write_atomically(path, content)
        except OSError as error:
            raise RegistryError(
                f"The artefact {path} cannot be written: {error.strerror}.",
                hint="Check the free space and the permissions of that folder.",
            ) from error
        return digest

    def read(self, digest: str) -> bytes:
        """Return the content of the artefact ``digest``.

        Raises
        ------
        RegistryError
            If the file is missing, unreadable or does not hold what ``digest`` says.
        """
        path = self.path(digest)
        try:
            content = path.read_bytes()
        except FileNotFoundError as error:
            raise RegistryError(f"The artefact {path} is missing.", hint=_REMEDY) from error
        except OSError as error:
            raise RegistryError(f"The artefact {path} cannot be read: {error.strerror}.", hint=_REMEDY) from error
        if digest_bytes(content) != digest:
            raise RegistryError(f"The artefact {path} is damaged: its content has another digest.", hint=_REMEDY)
        return content


def digest_name(digest: str) -> str:
    """Return the 64 digits of ``digest`` as a file name.

    Raises
    ------
    RegistryError
        If ``digest`` is not of the form ``sha256:`` and 64 hexadecimal digits; a path never gets through.
    """
    match = _DIGEST.fullmatch(digest)
    if match is None:
        raise RegistryError(
            f"{digest!r} is no content address of the form sha256:<64 hexadecimal digits>.",
            hint="The registry holds something that spectra did not write; restore it from a backup.",
        )
    return match[1]


def _holds(path: Path, content: bytes) -> bool:
    return path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content
