"""Content addresses, ``sha256:`` and 64 hexadecimal digits, and the file names made of them."""

from __future__ import annotations

import re

from spectra.core.errors import RegistryError

_DIGEST = re.compile(r"sha256:([0-9a-f]{64})")


def is_digest(value: object) -> bool:
    """Return whether ``value`` is a content address."""
    return isinstance(value, str) and _DIGEST.fullmatch(value) is not None


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


def digest_of_name(name: str) -> str | None:
    """Return the digest whose file name is ``name``, if there is one."""
    digest = f"sha256:{name}"
    return digest if is_digest(digest) else None


def artefact_name(digest: str) -> str:
    """Return the path of an artefact below the place of the artefacts; raises like :func:`digest_name`."""
    name = digest_name(digest)
    return f"sha256/{name[:2]}/{name}"
