"""Distortions do to a profile what they say, and leave their argument alone."""

import numpy as np
import pytest
from scipy.special import erfc, voigt_profile

from spectra.core.errors import InputError
from spectra.core.manager import load_plugins
from spectra.core.signals import Bundle, Peaks, Profile
from spectra.plugins.profiles.distortions import (
    Background,
    BackgroundParameters,
    Broadening,
    BroadeningParameters,
    CountingNoise,
    CountingNoiseParameters,
    ZeroShift,
    ZeroShiftParameters,
)

BUILT_IN = ("spectra.plugins.profiles.plugin",)
FINE = np.linspace(30, 90, 6001)


def profile(y, x=FINE):
    return Profile(x=x, y=np.atleast_2d(np.asarray(y, float)), x_unit="° 2θ", y_unit="counts")


def lines(*positions, n=1, x=FINE):
    y = np.zeros((n, len(x)))
    y[:, np.searchsorted(x, positions)] = 1000.0
    return profile(y, x)


def width_at_half(x, y):
    above = x[y >= y.max() / 2]
    return above[-1] - above[0] + (x[1] - x[0])


@pytest.mark.parametrize("name", ["broadening", "zero-shift", "background", "counting-noise"])
def test_a_stack_is_distorted_profile_by_profile_and_the_argument_stays(name):
    catalogue = load_plugins(BUILT_IN).catalogue
    distortion = catalogue.distortion(catalogue.choose("distortion", name))
    ideal = profile(np.tile(np.random.default_rng(0).random(6001) + 0.1, (5, 1)))
    before = ideal.y.copy()
    distorted = distortion.distort(ideal, np.random.default_rng(1))
    again = distortion.distort(ideal, np.random.default_rng(1))
    assert np.array_equal(ideal.y, before)
    assert np.array_equal(distorted.y, again.y)
    assert np.array_equal(distorted.x, ideal.x)
    assert distorted.y.min() >= 0
    assert all(not np.array_equal(distorted.y[0], row) for row in distorted.y[1:])
    assert all(not np.array_equal(row, ideal.y[0]) for row in distorted.y)


@pytest.mark.parametrize("lorentzian", [0.0, 1.0])
@pytest.mark.parametrize("width", [0.05, 0.3, 2.0])
def test_a_broadened_line_has_the_drawn_width(width, lorentzian):
    parameters = BroadeningParameters(least=width, most=width, lorentzian=lorentzian)
    broad = Broadening(parameters).distort(lines(60), np.random.default_rng(0))
    assert width_at_half(FINE, broad.y[0]) == pytest.approx(width, abs=0.015)
    assert FINE[broad.y[0].argmax()] == pytest.approx(60)


def test_a_gaussian_instrument_gives_the_gaussian_of_the_formula():
    parameters = BroadeningParameters(least=0.5, most=0.5, lorentzian=0)
    broad = Broadening(parameters).distort(lines(60), np.random.default_rng(0))
    sigma = 0.5 / np.sqrt(8 * np.log(2))
    assert broad.y[0] / 1000 / 0.01 == pytest.approx(voigt_profile(FINE - 60, sigma, 0), abs=1e-3)


def test_drawn_widths_lie_evenly_in_their_range():
    parameters = BroadeningParameters(least=0.2, most=0.6, lorentzian=0)
    x = np.linspace(58, 62, 2001)
    broad = Broadening(parameters).distort(lines(60, n=500, x=x), np.random.default_rng(0))
    widths = np.array([width_at_half(x, row) for row in broad.y])
    assert (widths.min(), widths.max()) == (pytest.approx(0.2, abs=0.01), pytest.approx(0.6, abs=0.01))
    assert widths.mean() == pytest.approx(0.4, abs=0.02)


def test_broadening_conserves_counts_also_at_the_ends_and_narrower_than_a_bin():
    x = 30.2 + 0.4 * np.arange(150)
    parameters = BroadeningParameters(least=0.01, most=3, lorentzian=1)
    ideal = lines(30.2, 60.2, 89.8, n=200, x=x)
    broad = Broadening(parameters).distort(ideal, np.random.default_rng(0))
    assert broad.y.sum(axis=1) == pytest.approx(ideal.y.sum(axis=1))
    assert broad.y.min() >= 0


def test_shifts_move_the_centre_of_a_line_evenly_within_their_size():
    ideal = lines(60, n=2000)
    shifted = ZeroShift(ZeroShiftParameters(size=0.237)).distort(ideal, np.random.default_rng(0))
    centres = shifted.y @ FINE / shifted.y.sum(axis=1)
    assert np.abs(centres - 60).max() <= 0.237 + 1e-9
    assert (centres - 60).std() == pytest.approx(0.237 / np.sqrt(3), rel=0.03)
    assert shifted.y.sum(axis=1) == pytest.approx(ideal.y.sum(axis=1))


def test_a_shift_repeats_the_ends_of_a_profile():
    shifted = ZeroShift(ZeroShiftParameters(size=1)).distort(
        profile(np.full((20, 6001), 5.0)), np.random.default_rng(0)
    )
    assert shifted.y == pytest.approx(np.full((20, 6001), 5.0))


def test_a_background_is_smooth_positive_and_as_high_as_drawn():
    parameters = BackgroundParameters(least=0.1, most=0.3)
    ideal = lines(60, n=400)
    added = Background(parameters).distort(ideal, np.random.default_rng(0)).y - ideal.y
    tops = added.max(axis=1) / 1000
    assert added.min() >= 0
    assert (tops.min(), tops.max()) == (pytest.approx(0.1, abs=0.01), pytest.approx(0.3, abs=0.01))
    degree = np.polynomial.Polynomial.fit(FINE, added[0], 4)
    assert added[0] == pytest.approx(degree(FINE), abs=1e-6)


def test_counting_noise_is_poisson_s_and_keeps_the_scale():
    levels = np.array([1.0, 0.5, 0.1, 0.01])
    ideal = profile(np.tile(levels, (20_000, 1)), x=np.arange(4.0) + 30)
    noisy = CountingNoise(CountingNoiseParameters(least=400, most=400)).distort(ideal, np.random.default_rng(0)).y
    assert noisy.mean(axis=0) == pytest.approx(levels, rel=0.01)
    assert noisy.var(axis=0) == pytest.approx(levels / 400, rel=0.04)
    assert (noisy * 400) == pytest.approx(np.round(noisy * 400))


def test_counts_of_the_tallest_bin_are_drawn_evenly_on_a_logarithmic_scale():
    ideal = profile(np.tile([3.0, 1.0], (4000, 1)), x=np.array([30.0, 31.0]))
    noise = CountingNoise(CountingNoiseParameters(least=1e4, most=1e8))
    relative = noise.distort(ideal, np.random.default_rng(0)).y[:, 0] / 3 - 1
    for decade in range(4, 8):
        # Scatter beyond ±1/sqrt(N) happens to 2 (1 - Φ(sqrt(n / N))) of the profiles counted to n
        counts = 10 ** np.linspace(4, 8, 4001)
        expected = erfc(np.sqrt(counts / 10**decade / 2)).mean()
        assert (np.abs(relative) > 10 ** (-decade / 2)).mean() == pytest.approx(expected, abs=0.02)


def test_an_empty_profile_stays_empty():
    empty = profile(np.zeros((2, 6001)))
    for distortion in (Background(BackgroundParameters()), CountingNoise(CountingNoiseParameters())):
        assert not distortion.distort(empty, np.random.default_rng(0)).y.any()


def test_a_range_upside_down_and_an_uneven_axis_are_refused():
    with pytest.raises(InputError, match=r"'least' is 0\.5 and larger than 'most', 0\.3"):
        load_plugins(BUILT_IN).catalogue.choose("distortion", "broadening", {"least": 0.5})
    uneven = profile(np.ones(3), x=np.array([30.0, 31.0, 33.0]))
    with pytest.raises(InputError, match="even axis"):
        ZeroShift(ZeroShiftParameters()).distort(uneven, np.random.default_rng(0))


def test_of_a_bundle_profiles_over_an_angle_are_distorted_or_else_all_of_its_profiles():
    x, y = np.linspace(0, 100, 50), np.full((3, 50), 7.0)
    raman, infrared = (Profile(x=x, y=y, x_unit="1/cm", y_unit=unit) for unit in ("counts", "1"))
    lines = Peaks.from_lists([[1.0]] * 3, unit="MHz", window=(0.5, 2.0))
    noise = CountingNoise(CountingNoiseParameters())

    def changed(**parts):
        distorted = noise.distort(Bundle(parts=parts), np.random.default_rng(0)).parts
        assert list(distorted) == list(parts)
        return {name for name, part in parts.items() if part is not distorted[name]}

    assert changed(raman=raman, diffraction=profile(y, x)) == {"diffraction"}
    assert changed(raman=raman, infrared=infrared, lines=lines) == {"raman", "infrared"}
    with pytest.raises(InputError, match="takes profiles, not a signal of kind 'bundle' without one"):
        changed(lines=lines, others=lines)
