"""The exceptions of the platform: each is one sentence for the user and one documented exit code.

Everything that is raised on purpose derives from :class:`SpectraError`, so that a caller needs one ``except``
and the command line never shows a traceback for bad input.
"""

from __future__ import annotations

from typing import ClassVar


class SpectraError(Exception):
    """Base of every error that the platform raises on purpose.

    Parameters
    ----------
    message
        What was wrong and where (file, line, key), as a sentence.
    hint
        What to do about it, as a sentence.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return self.message if self.hint is None else f"{self.message} {self.hint}"


class UsageError(SpectraError):
    """Options that contradict each other or cannot be read."""

    exit_code = 2


class InputError(SpectraError):
    """A file or value from the user that cannot be used."""

    exit_code = 3


class NotFoundError(SpectraError):
    """A technique, component, model or record that does not exist."""

    exit_code = 4


class ComponentNotFoundError(NotFoundError):
    """A component that no loaded plugin provides; which one, if ``message`` is about one alone."""

    def __init__(self, message: str, *, hint: str | None = None, kind: str = "", name: str = "") -> None:
        super().__init__(message, hint=hint)
        self.kind = kind
        self.name = name


class PluginError(NotFoundError):
    """A plugin that cannot be loaded or used."""


class RegistryError(SpectraError):
    """The registry is out of reach, belongs to another version or holds something damaged."""

    exit_code = 5


def fault(error: BaseException) -> str:
    """Say in words what a stranger's code ended with."""
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
