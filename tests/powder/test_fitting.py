"""The parts of the fit: non-negative least squares, noise, correlated residuals."""

import numpy as np
import pytest
from scipy.optimize import nnls

from spectra.plugins.powder.fitting.linear import solve_bounded
from spectra.plugins.powder.fitting.scan import scan_of
from spectra.plugins.powder.fitting.uncertainty import inflation


def test_bounded_least_squares_agree_with_scipy():
    rng = np.random.default_rng(0)
    for _ in range(20):
        design, target = rng.random((60, 12)), rng.standard_normal(60)
        found, free = solve_bounded(design.T @ design, design.T @ target, np.ones(12, dtype=bool))
        expected, _ = nnls(design, target)
        np.testing.assert_allclose(found, expected, atol=1e-6)
        assert np.all(found[~free] == 0)


@pytest.mark.parametrize("scale", [1.0, 0.02, 30.0])
def test_noise_of_counts_is_found_whatever_they_were_multiplied_by(scale):
    x = np.linspace(10, 90, 4001)
    ideal = 300 + 4000 * np.exp(-(((x[:, np.newaxis] - [30, 45, 60]) / 0.1) ** 2)).sum(axis=1)
    scan = scan_of(x, scale * np.random.default_rng(1).poisson(ideal))
    background = ideal < 301
    assert np.mean(scan.variance[background]) == pytest.approx(scale**2 * 300, rel=0.1)


def test_independent_residuals_inflate_nothing_and_smooth_ones_do():
    noise = np.random.default_rng(0).standard_normal(200_000)
    assert inflation(noise) == pytest.approx(1, abs=0.02)
    assert inflation(3 * noise) == pytest.approx(3, rel=0.02)
    smooth = np.convolve(noise, np.ones(9) / 3, mode="same")  # variance 1; a mean over n is 9 times as uncertain
    assert 1.7 < inflation(smooth) < 3.3
