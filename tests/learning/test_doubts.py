"""What speaks against a regressor's answer."""

from types import SimpleNamespace

import numpy as np
import pytest

from spectra.core.components import Refinement
from spectra.core.quantities import Estimate, Quantity
from spectra.plugins.learning import doubts

FRACTION = Quantity(name="fcc", unit="", description="", lower=0.0, upper=1.0)


def result(learned, std=0.03, refined=None, variance=1e-4, known=(), noted=()):
    refinement = None
    if refined is not None:
        covariance = np.array([[variance]])
        refinement = Refinement(
            values=np.array([refined]), covariance=covariance, misfit=0.1, misfit_unit="%", doubts=known, notes=noted
        )
    estimate = Estimate(np.array([[learned]]), np.array([[std]]))
    return SimpleNamespace(quantities=(FRACTION,), learned=estimate, refinement=refinement)


@pytest.mark.parametrize(("value", "doubtful"), [(0.5, False), (1.01, False), (-0.015, False), (1.04, True)])
def test_a_fraction_above_one_is_doubted_and_noise_at_an_end_is_not(value, doubtful):
    found = list(doubts.of_ranges(result(value)))
    assert len(found) == doubtful
    assert all("The learned fcc, 1.040 ± 0.030, lies outside the range" in sentence for sentence in found)


def test_an_answer_outside_by_less_than_its_noise_is_believed_up_to_a_twentieth_of_the_range():
    assert not list(doubts.of_ranges(result(-0.044, std=0.22)))
    assert list(doubts.of_ranges(result(-0.044, std=0.05)))
    assert list(doubts.of_ranges(result(-0.06, std=0.22)))


def test_what_is_refined_may_start_from_near_the_range():
    assert not list(doubts.of_ranges(result(1.04, refined=0.99)))
    assert "started from a guess" in next(doubts.of_ranges(result(1.3, refined=0.99)))


def test_a_refined_value_far_from_the_learned_one_is_doubted():
    assert not list(doubts.of_refinement(result(0.5)))
    assert not list(doubts.of_refinement(result(0.5, refined=0.58)))  # 2.7 standard deviations
    assert not list(doubts.of_refinement(result(0.5, std=0.001, refined=0.52)))  # 2 % of the range
    assert "6.7 standard deviations" in next(doubts.of_refinement(result(0.5, refined=0.7)))


def test_a_missing_uncertainty_is_told_once():
    assert not list(doubts.of_uncertainty(result(0.5, refined=0.5)))
    assert list(doubts.of_uncertainty(result(0.5, refined=0.5, variance=np.nan))) == ["There is no uncertainty of fcc."]
    assert not list(doubts.of_uncertainty(result(0.5, refined=0.5, variance=np.nan, known=("fcc is at an end.",))))
    assert not list(doubts.of_uncertainty(result(0.5, refined=0.5, variance=np.nan, noted=("fcc is undetermined.",))))
