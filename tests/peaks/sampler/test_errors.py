"""Size and shape of errors, and the quantities given them, against scipy.stats.gennorm and integrals on grids."""

import numpy as np
import pytest
from scipy.stats import gennorm

from spectra.plugins.peaks.sampler.errors import LOG_SPREADS, POWERS, draw_errors
from spectra.plugins.peaks.sampler.lists import LinearModes, PeakList
from spectra.plugins.peaks.sampler.matching import Chains

RESIDUALS = np.array([0.003, -0.011, 0.007, 0.001, -0.004, 0.013])
WEIGHTS = np.array([1.0, 0.5, 0.5, 1.0, 1.0, 1.0])


def log_density(errors, log_spread, power):
    """Of independent errors, by SciPy; a weight is a power of one's density."""
    scale = np.exp(log_spread)[..., None] / gennorm.std(power)
    return gennorm.logpdf(errors, power, scale=scale) @ WEIGHTS


def test_size_and_shape_are_drawn_from_their_joint_distribution():
    log_spreads = np.linspace(-7, LOG_SPREADS[1], 4001)
    densities = np.exp([log_density(RESIDUALS, log_spreads, power) for power in POWERS])
    draws = np.tile(np.abs(RESIDUALS), (100_000, 1)), np.tile(WEIGHTS, (100_000, 1))
    drawn, shapes = draw_errors(*draws, np.random.default_rng(0))
    # those beyond the ends are few, and not taken by the chains
    shapes, drawn = shapes[drawn < LOG_SPREADS[1]], drawn[drawn < LOG_SPREADS[1]]
    assert np.bincount(shapes, minlength=6) / len(shapes) == pytest.approx(
        densities.sum(axis=1) / densities.sum(), abs=0.006
    )
    for shape, density in enumerate(densities):
        mean = density @ log_spreads / density.sum()
        deviation = np.sqrt(density @ (log_spreads - mean) ** 2 / density.sum())
        assert drawn[shapes == shape].mean() == pytest.approx(mean, abs=0.05 * deviation)
        assert drawn[shapes == shape].std() == pytest.approx(deviation, rel=0.05)


@pytest.mark.parametrize("own", [None, 0.004])
def test_a_place_and_the_size_of_errors_are_those_of_an_integral_over_shapes_and_sizes(own):
    """Five certain pairs at one shift; some peaks have a known error of their own besides."""
    peaks = np.arange(6) + RESIDUALS
    deviations = None if own is None else np.array([own, 0.0, own, 0.0, own, 0.0])
    shifts, log_spreads = np.linspace(-0.1, 0.1, 401), np.linspace(-9, LOG_SPREADS[1], 400)
    spreads = np.hypot(np.exp(log_spreads)[:, None], 0 if deviations is None else deviations)  # (l, 6)
    errors = RESIDUALS - shifts[:, None, None]
    density = sum(
        np.exp(gennorm.logpdf(errors, power, scale=spreads / gennorm.std(power)) @ WEIGHTS) for power in POWERS
    )
    density /= density.sum()
    chains = Chains(
        PeakList(logs=peaks, weights=WEIGHTS, window=(-1, 6), spurious=1e-9, deviations=deviations),
        LinearModes(values=np.zeros(1), logs=np.arange(6.0), slopes=np.ones((6, 1))),
        starts=np.zeros((100, 1)),
        partners=np.tile(np.arange(6), (100, 1)),
        spread=0.01,
        bounds=np.array([[-0.1], [0.1]]),
        prior=np.array([np.inf]),
        rng=np.random.default_rng(1),
    )
    chains.burn_in(50)
    draws = chains.draw(500)
    for drawn, grid, marginal in (
        (draws.values[:, 0], shifts, density.sum(axis=1)),
        (np.log(draws.spread), log_spreads, density.sum(axis=0)),
    ):
        # tails are too heavy for moments
        shares = np.cumsum(marginal) - 0.5 * marginal
        quantiles = np.interp([0.05, 0.16, 0.5, 0.84, 0.95], shares, grid)
        found = np.quantile(drawn, [0.05, 0.16, 0.5, 0.84, 0.95])
        assert found == pytest.approx(quantiles, abs=0.03 * (quantiles[3] - quantiles[1]))
