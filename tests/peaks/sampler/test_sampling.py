"""What is doubtful about samples of known distributions."""

import numpy as np
import pytest

from spectra.plugins.peaks.sampler.convergence import convergence
from spectra.plugins.peaks.sampler.lists import Draws
from spectra.plugins.peaks.sampler.sampling import Sampling


def sampling(values, *, sweeps=120, most_sweeps=960):
    """Return a sample of 64 chains, values of shape (sweeps, 64, 2)."""
    draws = Draws(
        values=values.reshape(-1, 2), spread=np.ones(values[..., 0].size), seen=np.ones(1), partners=np.ones((1, 1))
    )
    return Sampling(
        draws=draws,
        convergence=convergence(values),
        followed=["C11", "C44"],
        chains=64,
        sweeps=sweeps,
        most_sweeps=most_sweeps,
    )


def test_a_sample_of_one_piece_leaves_no_doubt():
    values = np.random.default_rng(0).normal([270, 80], [0.5, 0.03], (60, 64, 2))
    assert sampling(values).doubts() == []


@pytest.mark.parametrize(("most_sweeps", "count"), [(0, 0), (120, 1)])
def test_chains_that_stay_where_they_began_are_doubted_if_they_were_to_converge(most_sweeps, count):
    rng = np.random.default_rng(0)
    values = rng.normal(0, 0.1, (60, 64, 2)) + rng.normal([270, 80], 1, (1, 64, 2))
    doubts = sampling(values, most_sweeps=most_sweeps).doubts()
    assert len(doubts) == count
    assert all("has not converged after 120 sweeps" in doubt for doubt in doubts)
