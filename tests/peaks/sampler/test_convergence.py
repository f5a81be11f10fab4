"""R̂ and effective sizes against chains of known correlation."""

import numpy as np
import pytest
from scipy.stats import norm, rankdata

from spectra.plugins.peaks.sampler.convergence import convergence


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


def test_the_figure_of_disagreement_is_that_of_normal_scores_of_ranks():
    """Vehtari et al., Bayesian Analysis 16, 667 (2021), eqs. 1 to 4 and 14, with SciPy's ranks and quantiles."""
    draws = np.random.default_rng(4).exponential(size=(60, 4, 1)) + np.linspace(0, 0.3, 4)[:, None]
    halves = np.concatenate([draws[:30], draws[30:]], axis=1)[:, :, 0]
    found = []
    for values in (halves, np.abs(halves - np.median(halves))):
        scores = norm.ppf((rankdata(values).reshape(values.shape) - 3 / 8) / (values.size + 1 / 4))
        within = scores.var(axis=0, ddof=1).mean()
        total = 29 / 30 * within + scores.mean(axis=0).var(ddof=1)
        found.append(np.sqrt(total / within))
    assert convergence(draws).rhat[0] == pytest.approx(max(found), rel=1e-9)
