"""What a check is: one requirement on one kind of component, and what came of it."""

from __future__ import annotations

import inspect
import traceback
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from spectra.core.errors import SpectraError
from spectra.core.recipe import Kind


class ConformanceError(AssertionError):
    """A requirement that is not met; the sentence says what was seen and what is asked for."""


class NotApplicable(Exception):  # noqa: N818 - no error
    """A check that cannot be made here; the sentence says why."""


@dataclass(frozen=True, kw_only=True)
class Check:
    """A requirement on components of one kind, on all components, or on a plugin as a whole.

    Parameters
    ----------
    test
        Called with what the kind's checks are handed (:mod:`spectra.testing.subjects`); its docstring says what is
        required and why.
    """

    kind: Kind | Literal["any", "plugin"]
    test: Callable[[Any], None]

    @property
    def name(self) -> str:
        """The name of its function, as words."""
        return self.test.__name__.replace("_", " ")

    @property
    def requirement(self) -> str:
        """What is required and why."""
        return inspect.getdoc(self.test) or ""


CHECKS: list[Check] = []
"""All checks in the order in which they run."""


def check(kind: Kind | Literal["any", "plugin"]) -> Callable[[Callable[[Any], None]], Callable[[Any], None]]:
    """Make a function a check."""

    def registered(test: Callable[[Any], None]) -> Callable[[Any], None]:
        CHECKS.append(Check(kind=kind, test=test))
        return test

    return registered


def require(fulfilled: Any, sentence: str) -> None:
    """Raise a :class:`ConformanceError` unless the requirement is met."""
    if not fulfilled:
        raise ConformanceError(sentence)


def require_said(kind: str, said: Sequence[str], verb: Literal["takes", "gives"]) -> None:
    """Compare the kind of a signal with those that a description ``takes`` or ``gives``.

    Raises
    ------
    NotApplicable
        If it names none.
    """
    if not said:
        raise NotApplicable(f"its description does not say what it {verb}")
    require(kind in said, f"It {verb} {kind}, and its description says {' or '.join(said)}.")


def answer_or_refusal(action: Callable[[], Any], what: str) -> Any:
    """Return what ``action`` gives for bad input, or the error if it is one of ours.

    Raises
    ------
    ConformanceError
        If it raises anything else, which a user would see as a traceback.
    """
    try:
        return action()
    except SpectraError as error:
        require(error.message.strip(), f"{what} is refused without a word; say what is wrong with it.")
        return error
    except Exception as error:
        raise ConformanceError(
            f"{what} raises {type(error).__name__}: {error}. Raise spectra.core.errors.InputError with a sentence."
        ) from error


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of one check of one component.

    Parameters
    ----------
    component
        Kind and name; for a plugin as a whole, "plugin" and its name.
    reason
        Why it failed or was skipped.
    """

    component: str
    check: str
    result: Literal["passed", "failed", "skipped"]
    reason: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class Case:
    """A check and what it is to be made on."""

    check: Check
    component: str
    subject: Any

    @property
    def id(self) -> str:
        """What a test of it is called."""
        return f"{self.component}-{self.check.name}".replace(" ", "-")

    def run(self) -> None:
        """Make the check.

        Raises
        ------
        NotApplicable
            If it cannot be made.
        Exception
            Whatever the component raises, and a :class:`ConformanceError` if it does not do what is required.
        """
        self.check.test(self.subject)

    def outcome(self) -> Outcome:
        """Make the check and say what came of it."""

        def ended(result: Literal["passed", "failed", "skipped"], reason: str = "") -> Outcome:
            return Outcome(component=self.component, check=self.check.name, result=result, reason=reason)

        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self.run()
        except NotApplicable as reason:
            return ended("skipped", str(reason))
        except ConformanceError as violation:
            return ended("failed", str(violation))
        except (Exception, SystemExit) as error:  # whatever a stranger's code does, the other checks go on
            return ended("failed", f"{type(error).__name__}: {error} ({_place(error)})")
        return ended("passed")


def _place(error: BaseException) -> str:
    """Say where an error was raised."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(last.filename).name}, line {last.lineno}"
