"""Correlations as a person reads them: all of a few pairs, of many those that matter."""

import numpy as np

from spectra.views.tasks.analysis import _correlations


def test_few_pairs_are_all_written_and_unknown_ones_left_out():
    covariance = np.array([[4.0, -0.6, np.nan], [-0.6, 1.0, np.nan], [np.nan, np.nan, np.nan]])
    assert _correlations(["a", "b", "c"], covariance) == ["a–b -0.30"]


def test_of_many_pairs_those_that_matter_are_written():
    names = list("abcdefg")  # 21 pairs
    covariance = np.diag(np.full(7, 4.0))
    assert _correlations(names, covariance) == ["all within ±0.3"]
    covariance[1, 4] = covariance[4, 1] = -3.0
    covariance[2, 3] = covariance[3, 2] = 1.0
    assert _correlations(names, covariance) == ["b–e -0.75", "all others within ±0.3"]
