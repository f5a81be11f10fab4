"""Profiles on other bins: nothing lost, nothing invented."""

from dataclasses import replace

import numpy as np
import pytest

from spectra.core.errors import InputError
from spectra.core.signals import Profile
from spectra.plugins.profiles.rebinning import cell_edges, normalised, rebin

AXIS = 30.2 + 0.4 * np.arange(150)  # bins over 30 to 90 degrees, as in the paper


def profile(x, *y):
    return Profile(x=np.asarray(x, float), y=np.array(y, float), x_unit="° 2θ", y_unit="counts")


def test_binning_conserves_counts_whatever_the_grid():
    rng = np.random.default_rng(0)
    x = np.sort(rng.uniform(30, 90, 5000))
    counts = profile(x, rng.poisson(100, 5000), rng.poisson(10, 5000))
    edges = cell_edges(x)
    bins = np.linspace(edges[0], edges[-1], 101)
    binned = rebin(counts, (bins[1:] + bins[:-1]) / 2)
    assert binned.y.shape == (2, 100)
    assert binned.y.sum(axis=1) == pytest.approx(counts.y.sum(axis=1))


def test_the_paper_s_6000_points_are_summed_by_forty():
    rng = np.random.default_rng(1)
    fine = profile(30.005 + 0.01 * np.arange(6000), rng.random(6000))
    assert rebin(fine, AXIS).y[0] == pytest.approx(fine.y.reshape(150, 40).sum(axis=1))


def test_a_flat_profile_stays_flat_when_its_step_does_not_divide_the_bin():
    flat = profile(9.9 + 0.01086644 * np.arange(8301), np.full(8301, 7.0))
    assert rebin(flat, AXIS).y == pytest.approx(np.full((1, 150), 7 * 0.4 / 0.01086644))


@pytest.mark.parametrize(
    ("x", "sentence"),
    [
        (np.arange(35, 95, 0.1), r"covers 34.95 to 94.95 ° 2θ, the model needs 30.00 to 90.00 ° 2θ"),
        (np.arange(20, 80, 0.1), r"covers 19.95 to 79.95 ° 2θ, the model"),
        (np.arange(20, 95, 0.5), r"steps of up to 0.5, the model bins of 0.4 °"),
        (np.delete(np.arange(20, 95, 0.1), range(300, 310)), r"steps of up to 0.6, the model bins"),
    ],
)
def test_profiles_that_cover_too_little_or_are_too_coarse_are_refused(x, sentence):
    with pytest.raises(InputError, match=sentence):
        rebin(profile(x, np.ones(len(x))), AXIS)


def test_coarse_steps_outside_the_range_of_the_model_do_not_matter():
    x = np.concatenate([np.arange(5, 29, 2), np.arange(29, 91, 0.1), np.arange(91, 120, 3)])
    assert rebin(profile(x, np.ones(len(x))), AXIS).y == pytest.approx(np.full((1, 150), 4.0))


def test_normalisation_makes_maximum_or_area_one():
    stack = rebin(profile(np.arange(25, 95, 0.1), np.arange(700), np.arange(700)[::-1] ** 2), AXIS)
    assert normalised(stack, "maximum").y.max(axis=1).tolist() == [1, 1]
    assert normalised(stack, "area").y.sum(axis=1) * 0.4 == pytest.approx([1, 1])
    with pytest.raises(InputError, match="maximum is 0 cannot be normalised"):
        normalised(replace(stack, y=stack.y * [[1], [0]]), "maximum")
