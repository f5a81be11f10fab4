"""What people write beside a record: tags, aliases of models, and notes."""

from __future__ import annotations

from spectra.core.errors import InputError

_LONGEST_NAME = 100
_LONGEST_NOTE = 10_000


def check_tag(text: str) -> str:
    """Return ``text`` if it is a valid tag; raises like :func:`check_alias`."""
    return _check_name(text, "tag")


def check_alias(text: str) -> str:
    """Return ``text`` if it is a valid alias.

    It can be typed, printed and listed between commas, and is never mistaken for ``sample@alias``.

    Raises
    ------
    InputError
        If it is empty, too long, begins or ends with a space, or contains a comma, an @ or a non-printable character.
    """
    return _check_name(text, "alias")


def check_note(text: str) -> str:
    """Return ``text`` if it is a valid note.

    Raises
    ------
    InputError
        If it is too long.
    """
    if len(text) > _LONGEST_NOTE:
        raise InputError(
            f"The note has {len(text):,} characters; {_LONGEST_NOTE:,} are allowed.",
            hint="Keep the rest in a file, and its name in the note.",
        )
    return text


def _check_name(text: str, what: str) -> str:
    fault = None
    if not text:
        fault = "is empty"
    elif len(text) > _LONGEST_NAME:
        fault = f"has {len(text)} characters; {_LONGEST_NAME} are allowed"
    elif text != text.strip():
        fault = "begins or ends with a space"
    elif not text.isprintable():
        fault = "holds a character that cannot be printed"
    elif "," in text or "@" in text:
        fault = "holds a comma or an @"
    if fault is not None:
        raise InputError(
            f"The {what} {text[:_LONGEST_NAME]!r} {fault}.", hint="Use letters, digits, spaces and dashes."
        )
    return text
