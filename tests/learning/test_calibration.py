"""Spreads that match errors of known distribution."""

import numpy as np
import pytest

from spectra.plugins.learning.calibration import Calibration, limited

RNG = np.random.default_rng(0)
LOG_SPREADS = RNG.normal(-2, 0.8, size=(20_000, 2))
NOISE = RNG.normal(size=LOG_SPREADS.shape)
VALUES = RNG.random(LOG_SPREADS.shape)


def test_spreads_that_are_all_too_small_by_a_factor_get_it():
    truth = VALUES + [3.0, 0.5] * np.exp(LOG_SPREADS) * NOISE
    calibration = Calibration.matching(VALUES, LOG_SPREADS, truth)
    assert calibration.factor == pytest.approx([3.0, 0.5], rel=0.02)
    estimate = calibration.applied(VALUES, LOG_SPREADS)
    assert np.mean(((truth - estimate.mean) / estimate.spread) ** 2, axis=0) == pytest.approx(1.0)


def test_the_power_says_how_much_of_the_spreads_is_true():
    """Errors of the first quantity grow with the root of its spread, those of the second are all alike."""
    truth = VALUES + 0.2 * np.exp([0.5, 0.0] * LOG_SPREADS) * NOISE
    calibration = Calibration.matching(VALUES, LOG_SPREADS, truth, powers=np.linspace(0, 1, 11))
    assert calibration.power == pytest.approx([0.5, 0.0])
    assert calibration.factor == pytest.approx(0.2, rel=0.02)


def test_answers_without_any_error_have_no_spread():
    calibration = Calibration.matching(VALUES, LOG_SPREADS, VALUES)
    assert np.array_equal(calibration.factor, [0.0, 0.0])


def test_logarithms_of_spreads_are_kept_where_their_exponential_is_harmless():
    assert np.array_equal(limited(np.array([-100.0, 0.5, 100.0], dtype=np.float32)), [-9.0, 0.5, 2.0])
