"""Lobes against mixtures of known weights."""

import numpy as np
import pytest
from scipy.signal import lfilter

from spectra.core.quantities import Quantity
from spectra.plugins.peaks.sampler.lobes import find_lobes, lobes_of, of_lobes, table_of

QUANTITIES = [Quantity(name=name, unit="GPa", description="", lower=0.0, upper=400.0) for name in ("C11", "C44")]


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
        noise = np.random.default_rng(seed).standard_normal((190, 64))
        drawn = lfilter([1.0], [1.0, -0.9], noise, axis=0)[100:]
        assert find_lobes(drawn.ravel()).max() == 0


def test_lobes_are_told_by_what_differs_and_tabled_whole_the_largest_first():
    rng = np.random.default_rng(0)
    first = rng.random((4000, 1)) < 0.7
    drawn = np.where(first, rng.normal([270, 80], 0.3, (4000, 2)), rng.normal([262, 80.01], 0.3, (4000, 2)))
    lobes = lobes_of(drawn)
    (doubt,) = of_lobes(lobes, QUANTITIES)
    assert "2 separate answers, lobes of the posterior: C11 = 270.0" in doubt
    assert "± 0.30 GPa (70%); C11 = 262.0" in doubt
    assert "(30%)" in doubt
    assert "C44" not in doubt
    table = table_of(lobes, QUANTITIES)
    assert table.column("lobe 1") == pytest.approx([270, 80], abs=0.03)
    assert table.column("lobe 2") == pytest.approx([262, 80.01], abs=0.03)
    assert table.column("std 2") == pytest.approx([0.3, 0.3], rel=0.05)
    assert lobes[1].document(QUANTITIES)["share"] == pytest.approx(0.3, abs=0.02)


def test_a_sample_of_one_piece_has_no_lobes():
    values = np.random.default_rng(0).normal([270, 80], [0.5, 0.03], (4000, 2))
    assert lobes_of(values) == []
    assert of_lobes([], QUANTITIES) == []
