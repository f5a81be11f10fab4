"""Odds of another premise: against the marginal likelihoods by numerical integration, and against Schwarz's BIC."""

import numpy as np
import pytest
from scipy.special import logsumexp
from scipy.stats import multivariate_normal

from spectra.plugins.peaks.remedies import log_odds

PEAKS, KNOWN, ADDED = 12, 2, 3


def marginal(y, directions=None):
    """Return ln of the likelihood, integrated over the size of the errors and Zellner's prior with g = n."""
    covariance = np.eye(len(y))
    if directions is not None:
        covariance += PEAKS * directions @ np.linalg.solve(directions.T @ directions, directions.T)

    sizes = np.linspace(-5, 5, 2001)
    return logsumexp([multivariate_normal(cov=np.exp(2 * size) * covariance).logpdf(y) for size in sizes])


@pytest.mark.parametrize("size", [0.0, 0.5, 2.0])
def test_the_odds_are_the_ratio_of_marginal_likelihoods(size):
    rng = np.random.default_rng(0)
    slopes, ways = rng.normal(size=(PEAKS, KNOWN)), rng.normal(size=(PEAKS, ADDED))
    y = rng.standard_normal(PEAKS) + size * ways @ np.ones(ADDED)
    # without what the known quantities explain, whose prior is flat: in the n - p dimensions that are left
    left = np.linalg.svd(slopes)[0][:, KNOWN:].T
    y, ways = left @ y, left @ ways
    explained = ways @ np.linalg.lstsq(ways, y, rcond=None)[0]
    ratio = float(np.sum((y - explained) ** 2) / np.sum(y**2))
    expected = (marginal(y, ways) - marginal(y)) / np.log(10)
    found = log_odds(ratio, peaks=PEAKS, known=KNOWN, added=ADDED)
    assert found == pytest.approx(expected, abs=1e-6)


def test_for_long_lists_the_odds_are_those_of_bic():
    peaks, ratio = 2000, 0.98
    bic = 0.5 * (-peaks * np.log(ratio) - ADDED * np.log(peaks)) / np.log(10)
    assert log_odds(ratio, peaks=peaks, known=KNOWN, added=ADDED) == pytest.approx(bic, abs=0.05)


def test_quantities_that_explain_nothing_make_a_premise_less_likely():
    assert log_odds(1.0, peaks=40, known=2, added=1) < 0
    assert log_odds(1.0, peaks=40, known=2, added=7) < log_odds(1.0, peaks=40, known=2, added=1)
