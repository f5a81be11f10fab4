"""What a study's answers are summed up to: the papers' errors, and nothing where a number has no meaning."""

import numpy as np
import pytest
from scipy.stats import linregress

from spectra.core.quantities import Quantity
from spectra.core.studies.scores import Outcome, r_squared, scores

WIDTH = Quantity(name="width", unit="mm", description="", lower=0, upper=1)
STRESS = Quantity(name="stress", unit="GPa", description="", lower=-50, upper=50)


def outcome(truth, mean, spread, *, repeated=False):
    """An outcome of arrays (s, n, p), or of one quantity (s, n) or truth (n,)."""
    mean = np.array(mean, dtype=float)
    truth, spread = (np.broadcast_to(np.array(values, dtype=float), mean.shape) for values in (truth, spread))
    if mean.ndim == 2:
        truth, mean, spread = truth[..., None], mean[..., None], spread[..., None]
    return Outcome(
        variant="v",
        condition="c",
        method="learned",
        seeds=tuple(range(4, 4 + len(mean))),
        truth=truth,
        mean=mean,
        spread=spread,
        occupied=0.5,
        repeated=repeated,
    )


def test_errors_are_those_of_the_papers_equation_14():
    # two seeds: errors of 5 and 10 %, then of 10 and 20 %
    (score,) = scores(outcome([200, 50], [[210, 45], [180, 60]], [[11, 4], [19, 11]]), [WIDTH])
    assert score.mape_percent == pytest.approx((7.5 + 15) / 2)
    assert score.mape_percent_std == pytest.approx(7.5 / 2**0.5)
    assert score.median_percent == pytest.approx(10)
    assert score.within_one_spread == 0.5
    assert (score.count, score.failed, score.value, score.scatter) == (2, 0, None, None)


def test_each_seed_is_compared_with_its_own_truth_and_the_best_is_named():
    # three seeds, two points, two quantities; root mean square errors of 0.3, 0.1, 0.2 mm and of 2, 30, 8 GPa
    truth = np.array([[[0.1, -5], [0.9, 5]], [[0.2, 0], [0.4, 9]], [[0.7, 3], [0.3, -7]]])
    errors = np.array([[0.3, 2], [0.1, 30], [0.2, 8]])
    width, stress = scores(outcome(truth, truth + errors[:, None] * [[[1], [-1]]], 0.25 + 0 * truth), [WIDTH, STRESS])

    assert (width.rmse, width.rmse_std) == (pytest.approx(0.2), pytest.approx(0.1))
    assert width.rmse_of_seeds == pytest.approx((0.3, 0.1, 0.2))
    assert (width.best_rmse, width.best_seed) == (pytest.approx(0.1), 5)
    assert stress.rmse == pytest.approx(40 / 3)
    assert stress.rmse_percent_of_range == pytest.approx(40 / 3)
    assert (stress.best_rmse, stress.best_seed) == (pytest.approx(2), 4)
    # in fractions of the ranges, on average: 0.16, 0.2, 0.14
    assert width.best_model_seed == stress.best_model_seed == 6
    assert (width.best_model_rmse, stress.best_model_rmse) == (pytest.approx(0.2), pytest.approx(8))
    assert (width.within_one_spread, stress.within_one_spread) == (pytest.approx(2 / 3), 0)
    assert (width.within_1_96_spreads, stress.within_1_96_spreads) == (1, 0)


def test_r_squared_of_a_fitted_line_is_the_squared_correlation():
    rng = np.random.default_rng(0)
    x = rng.uniform(size=200)
    truth = 3 * x + rng.normal(0, 0.5, 200)
    line = linregress(x, truth)
    mean = line.intercept + line.slope * x
    assert r_squared(truth[None], mean[None]) == pytest.approx(line.rvalue**2)
    mean[:50] = np.nan  # as if the refiner had found no answer
    assert r_squared(truth[None], mean[None]) == pytest.approx(r_squared(truth[None, 50:], mean[None, 50:]))
    assert np.isnan(r_squared(np.full((1, 200), 0.1), x[None])).all()


def test_honest_gaussian_spreads_cover_68_and_95_percent():
    rng = np.random.default_rng(1)
    truth = rng.uniform(size=(10, 2000))
    (score,) = scores(outcome(truth, truth + rng.normal(0, 0.03, truth.shape), 0.03), [WIDTH])
    assert score.within_one_spread == pytest.approx(0.6827, abs=0.01)
    assert score.within_1_96_spreads == pytest.approx(0.95, abs=0.005)
    assert score.rmse == pytest.approx(0.03, rel=0.02)
    assert score.r2 == pytest.approx(1 - 0.03**2 * 12, abs=0.002)


def test_what_is_not_known_is_not_invented():
    nan = float("nan")
    (score,) = scores(outcome([nan, nan], [[3.0, 5.0]], [[1, 1]], repeated=True), [WIDTH])
    assert score.value == 4
    assert score.scatter == pytest.approx(2**0.5)
    assert (score.mape_percent, score.mape_percent_std, score.median_percent) == (None, None, None)
    assert (score.rmse, score.rmse_std, score.rmse_percent_of_range, score.r2) == (None, None, None, None)
    assert score.rmse_of_seeds == (None,)
    assert (score.best_rmse, score.best_seed, score.best_model_rmse, score.best_model_seed) == (None, None, None, None)
    assert (score.within_one_spread, score.within_1_96_spreads) == (None, None)
    (score,) = scores(outcome([10, 10], [[11, nan]], [[nan, nan]]), [WIDTH])
    assert (score.failed, score.mape_percent, score.within_one_spread) == (1, pytest.approx(10), None)
    assert score.r2 is None  # of a single answer


def test_seeds_with_unequal_numbers_of_spectra_count_what_they_have():
    gap = np.nan
    truth = [[0.1, 0.5, 0.9, 0.3], [0.2, 0.6, gap, gap]]
    mean = [[0.2, 0.4, 0.9, gap], [0.5, 0.9, gap, gap]]
    spread = [[0.3, 0.3, 0.3, gap], [0.2, 0.4, gap, gap]]
    (score,) = scores(outcome(truth, mean, spread), [WIDTH])
    assert (score.count, score.failed) == (4, 1)  # one was not answered, two were not there
    assert score.rmse_of_seeds == pytest.approx((np.sqrt(0.02 / 3), 0.3))
    assert score.within_one_spread == pytest.approx(4 / 5)
    assert score.r2 == pytest.approx(np.mean([1 - 0.02 / 0.32, 1 - 0.18 / 0.08]))
