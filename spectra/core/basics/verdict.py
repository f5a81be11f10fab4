"""Verdicts: whether an answer may be used as it is, and what speaks against it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from spectra.core.errors import InputError

Word = Literal["trusted", "doubtful", "refused"]
TRUSTED: Word = "trusted"
DOUBTFUL: Word = "doubtful"
REFUSED: Word = "refused"


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a technique thinks of an answer.

    Parameters
    ----------
    reasons
        Sentences that speak against the answer, the weightiest first; an answer without any is trusted.
    refused
        Whether they leave nothing of it: its numbers are not to be used at all.

    Examples
    --------
    >>> Verdict().word
    'trusted'
    >>> str(Verdict(reasons=("Only 3 of 20 peaks belong to a computed one.",)))
    'doubtful: Only 3 of 20 peaks belong to a computed one.'

    Raises
    ------
    InputError
        If an answer is refused without a reason.
    """

    reasons: tuple[str, ...] = ()
    refused: bool = False

    def __post_init__(self) -> None:
        if self.refused and not self.reasons:
            raise InputError(
                "An answer is refused without a reason.", hint="Give the verdict a sentence that says why."
            )

    def __str__(self) -> str:
        return f"{self.word}: {' '.join(self.reasons)}" if self.reasons else self.word

    @property
    def word(self) -> Word:
        """The verdict in one word, as queries have it."""
        if not self.reasons:
            return TRUSTED
        return REFUSED if self.refused else DOUBTFUL

    @property
    def trusted(self) -> bool:
        """Whether nothing speaks against the answer."""
        return self.word == TRUSTED
