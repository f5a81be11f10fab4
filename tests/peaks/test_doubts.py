"""What speaks against a fit: ranges, shares, sizes, and differences that are no accident."""

import re
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import norm, truncnorm

from spectra.core.quantities import Quantity
from spectra.plugins.peaks import doubts
from spectra.plugins.peaks.doubts import Suspect

QUANTITIES = (Quantity(name="C11", unit="GPa", description="", lower=100.0, upper=200.0),)
RNG = np.random.default_rng(0)
SLOPES, WAYS = RNG.normal(size=(60, 2)), RNG.normal(size=(60, 2))
NOISE = 1e-3 * RNG.standard_normal(60)
EVERY = np.arange(60)


def suspect(**changes):
    facts = {"directions": WAYS, "clause": "what a bent pin would cause", "remedy": "Straighten it."} | changes
    return Suspect(**facts)


def fitted(residuals):
    """Without what the quantities explain, as a fit leaves them."""
    return residuals - SLOPES @ np.linalg.lstsq(SLOPES, residuals, rcond=None)[0]


def structure(residuals, *suspects):
    return doubts.of_structure(fitted(residuals), SLOPES, EVERY, suspects or [suspect()])


@pytest.mark.parametrize(
    ("value", "std", "said"),
    [
        (150.0, 1.0, None),
        (199.0, 1.0, r"lies at an end of its searched range \(200 GPa\)"),
        (101.8, 1.0, "100 GPa, cuts the uncertainty of C11; .* if lower values"),
        (198.2, 1.0, "200 GPa, cuts the uncertainty of C11; .* if higher values"),
        (102.5, 1.0, None),
    ],
)
def test_only_an_answer_at_an_end_is_doubted(value, std, said):
    found = list(doubts.of_ranges(np.array([value]), np.array([std]), QUANTITIES))
    if said is None:
        assert found == []
    else:
        (remark,) = found
        assert remark.place == 0
        assert re.search(said, remark.sentence)
        assert remark.unknown == remark.doubtful == ("lies at an end" in said)


@pytest.mark.parametrize("outside", [-1.0, 0.0, 0.3, 0.45, 1.0])
def test_an_end_is_doubted_where_the_true_value_may_well_be_five_deviations_outside(outside):
    """A normal likelihood in units of its deviation, its maximum so far ``outside`` of the range, as SciPy cuts it."""
    cut = truncnorm(-40, -outside, loc=200.0 + outside)
    (remark,) = doubts.of_ranges(np.array([cut.mean()]), np.array([cut.std()]), QUANTITIES)
    missed = norm.sf(cut.mean() + 5 * cut.std(), loc=200.0 + outside)
    assert remark.doubtful == (missed > 0.05)


def test_undetermined_quantities_are_doubted_only_where_they_are_half_of_all():
    three = tuple(replace(QUANTITIES[0], name=name) for name in ("C11", "C12", "C44"))
    middle = np.full(3, 150.0)
    (remark,) = doubts.of_ranges(middle, np.array([21.0, 1.0, 1.0]), three)
    assert "do not determine C11: its standard deviation, 21 GPa" in remark.sentence
    assert (remark.place, remark.unknown, remark.doubtful) == (0, True, False)
    both = list(doubts.of_ranges(middle, np.array([21.0, 1.0, 25.0]), three))
    assert [(remark.place, remark.unknown, remark.doubtful) for remark in both] == [(0, True, True), (2, True, True)]


def test_few_pairs_and_large_differences_are_doubted():
    assert not list(doubts.of_assignment(0.9))
    assert "Only 40% of the peaks" in next(doubts.of_assignment(0.4))
    assert not list(doubts.of_misfit(0.45))
    assert "0.93 %" in next(doubts.of_misfit(0.93))
    assert not list(doubts.of_misfit(0.93, stated=0.8))


def test_an_answer_no_better_than_accidental_lines_is_refused():
    accidental = -40 * np.log(40 / 1.7)  # independent lines, uniform in ln f
    window = (0.2, 0.2 * np.exp(1.7))
    assert not list(doubts.of_chance(accidental + 29, 40, window, 0.9))
    (said,) = doubts.of_chance(accidental + 40 * np.log(10), 40, window, 0.9)
    assert "by a factor of 10^40" in said
    (said,) = doubts.of_chance(accidental - 40, 40, window, 0.45)
    assert "Under half of the peaks, 45%" in said


def test_accidental_differences_are_no_doubt():
    """In 400 lists the smallest chance is about 1/400, far from a millionth."""
    rng = np.random.default_rng(1)
    assert not any(structure(1e-3 * rng.standard_normal(60)) for _ in range(400))


def test_differences_that_follow_a_suspect_are_told_with_its_size():
    said = structure(NOISE + WAYS @ [2e-3, -1e-3], suspect(names=("height", "width")))
    height, width = re.search(r"a bent pin would cause \(height (\S+) %, width (\S+) %\)", said).groups()
    assert float(height) == pytest.approx(0.2, abs=0.04)
    assert float(width) == pytest.approx(-0.1, abs=0.04)
    assert "to 0.10 %; the uncertainties do not include that. Straighten it." in said


def test_the_likelier_of_two_suspects_is_told():
    other = suspect(directions=np.random.default_rng(2).normal(size=(60, 3)), clause="what rust would cause")
    assert "bent pin" in structure(NOISE + WAYS @ [2e-3, -1e-3], other, suspect())
    assert "rust" in structure(NOISE + other.directions @ [2e-3, -1e-3, 1e-3], other, suspect())


def test_what_the_quantities_explain_themselves_is_no_suspect():
    assert structure(NOISE + 1e-2 * SLOPES[:, 0], suspect(directions=SLOPES[:, :1])) is None


def test_differences_smaller_than_what_specimens_have_anyway_are_let_pass():
    structured = NOISE + WAYS @ [2e-3, -1e-3]
    assert structure(structured, suspect(least=1.0)) is None
    assert structure(structured, suspect(least=0.1)) is not None


def test_as_many_pairs_as_unknowns_say_nothing():
    few = slice(0, 4)
    assert doubts.of_structure(NOISE[few], SLOPES[few], EVERY[few], [suspect()]) is None
