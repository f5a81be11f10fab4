"""R̂ and effective sizes against chains of known correlation, and lobes against mixtures of known weights."""

import numpy as np
import pytest

from spectra.plugins.peaks.sampler.convergence import convergence
from spectra.plugins.peaks.sampler.sampling import find_lobes


def autoregressive(phi, *, sweeps=1000, chains=16, quantities=3, rng=None):
    """x(k) = φ x(k - 1) + noise: the lag-t correlation is φ^t, that of squares φ^2t."""
    rng = rng or np.random.default_rng(0)
    draws = np.empty((sweeps, chains, quantities))
    draws[0] = rng.standard_normal(draws.shape[1:])
    for sweep in range(1, sweeps):
        draws[sweep] = phi * draws[sweep - 1] + np.sqrt(1 - phi**2) * rng.standard_normal(draws.shape[1:])
    return draws


@pytest.mark.parametrize("phi", [0.0, 0.5, 0.9])
def test_effective_sizes_are_those_of_an_autoregressive_process(phi):
    found, count = convergence(autoregressive(phi)), 16_000
    assert found.mean_size == pytest.approx(np.full(3, count * (1 - phi) / (1 + phi)), rel=0.2)
    assert found.deviation_size == pytest.approx(np.full(3, count * (1 - phi**2) / (1 + phi**2)), rel=0.25)
    assert np.all(found.rhat < 1.03)


def test_size_and_spread_of_repeated_sampling_agree():
    """The mean of N effective draws has the variance 1/N, their standard deviation 1/2N."""
    rng = np.random.default_rng(1)
    sets = [autoregressive(0.8, sweeps=200, chains=8, quantities=1, rng=rng) for _ in range(150)]
    sizes = np.mean([(c.mean_size[0], c.deviation_size[0]) for c in map(convergence, sets)], axis=0)
    assert 1 / np.var([draws.mean() for draws in sets]) == pytest.approx(sizes[0], rel=0.4)
    assert 0.5 / np.var([draws.std() for draws in sets]) == pytest.approx(sizes[1], rel=0.4)


def test_chains_that_disagree_in_place_or_width_and_chains_that_drift_have_not_converged():
    draws = np.random.default_rng(0).standard_normal((100, 8, 1))
    assert convergence(draws).rhat[0] < 1.02
    assert convergence(draws + np.repeat([0, 1], 4)[:, None]).rhat[0] > 1.1
    assert convergence(draws * np.repeat([1, 3], 4)[:, None]).rhat[0] > 1.1
    assert convergence(draws + np.linspace(-1, 1, 100)[:, None, None]).rhat[0] > 1.1
    assert convergence(draws + np.repeat([0, 10], 4)[:, None]).mean_size[0] < 40


def test_the_figures_do_not_depend_on_the_scale_and_hold_for_heavy_tails_and_constants():
    draws = np.random.default_rng(0).standard_cauchy((200, 8, 1))
    found, scaled = convergence(draws), convergence(1e9 + 1e3 * draws)
    assert found.rhat[0] < 1.02
    assert found.mean_size[0] == pytest.approx(1600, rel=0.15)
    assert scaled.rhat == pytest.approx(found.rhat, rel=1e-3)
    assert convergence(np.ones((40, 4, 1))).mean_size[0] > 0


def test_lobes_are_found_with_their_places_widths_and_shares():
    rng = np.random.default_rng(0)
    drawn = np.concatenate([rng.normal(250, 2, 2400), rng.normal(270, 3, 1440), rng.normal(320, 1, 60)])
    drawn = rng.permutation(drawn)
    lobes = find_lobes(drawn)
    assert lobes.max() == 1  # what holds under a twentieth is none
    first = drawn[lobes == 0]
    assert (first.mean(), first.std()) == pytest.approx((250, 2), rel=0.05)
    assert np.bincount(lobes) / len(drawn) == pytest.approx([2400 / 3900, 1500 / 3900], abs=0.01)


@pytest.mark.parametrize("shape", ["normal", "uniform", "laplace"])
def test_a_distribution_of_one_piece_has_one_lobe(shape):
    found = [find_lobes(getattr(np.random.default_rng(seed), shape)(size=2000)).max() for seed in range(60)]
    assert found.count(0) >= 59


def test_draws_that_depend_on_each_other_have_one_lobe():
    """Of 64 chains of 90 draws that are worth a tenth of them, each leaves a bump of its own."""
    for seed in range(40):
        drawn = autoregressive(0.9, sweeps=90, chains=64, quantities=1, rng=np.random.default_rng(seed))
        assert find_lobes(drawn.ravel()).max() == 0
