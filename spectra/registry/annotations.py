"""Names that people give to what is on record: tags and aliases, and the notes that they write."""

from __future__ import annotations

from spectra.core.errors import InputError

_LONGEST_LABEL = 100
_LONGEST_NOTE = 10_000


def check_label(text: str, *, what: str) -> str:
    """Return ``text`` if it can be a tag or an alias.

    It can be typed, printed and listed between commas, and is not taken for ``sample@alias``.

    Raises
    ------
    InputError
        If it is empty, too long, begins or ends with a space, or holds a comma, an @ or what cannot be printed;
        ``what`` names it in the sentence.
    """
    fault = None
    if not text:
        fault = "is empty"
    elif len(text) > _LONGEST_LABEL:
        fault = f"has {len(text)} characters; {_LONGEST_LABEL} are allowed"
    elif text != text.strip():
        fault = "begins or ends with a space"
    elif not text.isprintable():
        fault = "holds a character that cannot be printed"
    elif "," in text or "@" in text:
        fault = "holds a comma or an @"
    if fault is not None:
        raise InputError(
            f"The {what} {text[:_LONGEST_LABEL]!r} {fault}.", hint="Use letters, digits, spaces and dashes."
        )
    return text


def check_note(text: str) -> str:
    """Return ``text`` if it can be a note.

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
