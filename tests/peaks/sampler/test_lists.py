"""Draws of several rounds."""

import numpy as np
import pytest

from spectra.plugins.peaks.sampler.lists import Draws


@pytest.mark.parametrize("rounds", [1, 2, 3])
def test_draws_of_several_rounds_are_all_kept(rounds):
    rng = np.random.default_rng(0)
    parts = [
        Draws(values=rng.random((4, 2)), spread=rng.random(4), seen=rng.random(4), partners=rng.random((3, 6)))
        for _ in range(rounds)
    ]
    joined = Draws.joined(parts)
    assert joined.values.tolist() == [row for part in parts for row in part.values.tolist()]
    assert joined.spread.tolist() == [value for part in parts for value in part.spread.tolist()]
    assert joined.seen.tolist() == [value for part in parts for value in part.seen.tolist()]
    # how often a peak had a partner, of equally many draws each
    assert joined.partners == pytest.approx(sum(part.partners for part in parts) / rounds)
