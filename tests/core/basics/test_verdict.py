"""Verdicts: one word, and the reasons for it."""

import pytest

from spectra.core.basics.verdict import Verdict
from spectra.core.errors import InputError


def test_an_answer_is_trusted_as_long_as_nothing_speaks_against_it():
    assert (Verdict().word, Verdict().trusted, str(Verdict())) == ("trusted", True, "trusted")


def test_reasons_make_it_doubtful_and_are_told():
    verdict = Verdict(reasons=("Too few peaks.", "A fraction of 1.04."))
    assert (verdict.word, verdict.trusted) == ("doubtful", False)
    assert str(verdict) == "doubtful: Too few peaks. A fraction of 1.04."


def test_it_is_refused_only_for_a_reason():
    assert Verdict(reasons=("No solid.",), refused=True).word == "refused"
    with pytest.raises(InputError, match="without a reason"):
        Verdict(refused=True)
