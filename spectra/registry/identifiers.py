"""Identifiers: short enough to type, random so that two registries can be merged."""

from __future__ import annotations

import secrets

LENGTH = 10
SHORTEST_PREFIX = 3
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # in ascending order; without i, l and o, which look like 1 and 0, and u


def new_identifier() -> str:
    """Draw an identifier: 50 random bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def prefix_range(prefix: str) -> tuple[str, str] | None:
    """Return the lowest and highest identifier that begin with ``prefix``, or ``None`` if none can.

    Two bounds are found through an index, and nothing in ``prefix`` can act as a wildcard.

    Examples
    --------
    >>> prefix_range("7k3")
    ('7k30000000', '7k3zzzzzzz')
    >>> prefix_range("7k%") is None
    True
    """
    if len(prefix) > LENGTH or not set(prefix) <= set(ALPHABET):
        return None
    return prefix.ljust(LENGTH, ALPHABET[0]), prefix.ljust(LENGTH, ALPHABET[-1])
