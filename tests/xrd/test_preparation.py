"""Measured profiles on a model's axis: nothing lost, nothing invented, lines where Bragg's law puts them."""

from dataclasses import replace

import numpy as np
import pytest

from spectra.core.errors import InputError
from spectra.core.signals import Profile
from spectra.plugins.xrd.background import background, subtract_background
from spectra.plugins.xrd.preparation import cell_edges, normalised, on_axis, rebin, to_wavelength

AXIS = 30.2 + 0.4 * np.arange(150)  # bins over 30 to 90 degrees, as in the paper
COPPER, MOLYBDENUM = 1.540598, 0.709300
NICKEL_OXIDE = 4.177  # Å, lattice constant of NiO (ICDD 47-1049)


def profile(x, *y):
    return Profile(x=np.asarray(x, float), y=np.array(y, float), x_unit="° 2θ", y_unit="counts")


def strongest(signal, low, high):
    inside = (signal.x > low) & (signal.x < high)
    return signal.x[inside][signal.y[0, inside].argmax()]


def line_of(spacing, wavelength):
    return 2 * np.degrees(np.arcsin(wavelength / 2 / spacing))


@pytest.mark.parametrize("minutes", [2, 8])
@pytest.mark.parametrize(("h", "k", "l"), [(1, 1, 1), (2, 0, 0), (2, 2, 0)])
def test_lines_of_nickel_oxide_stand_where_braggs_law_puts_them_for_either_wavelength(read, minutes, h, k, l):  # noqa: E741
    measured = read(f"V2O5_0p4005-NiO_0p6016--{minutes}min.xrdml").signal
    spacing = NICKEL_OXIDE / np.sqrt(h * h + k * k + l * l)
    copper = line_of(spacing, COPPER)
    assert strongest(measured, copper - 0.5, copper + 0.5) == pytest.approx(copper, abs=0.15)  # the sample's height
    converted = to_wavelength(measured, measured=COPPER, wanted=MOLYBDENUM)
    molybdenum = line_of(spacing, MOLYBDENUM)
    assert strongest(converted, molybdenum - 0.2, molybdenum + 0.2) == pytest.approx(molybdenum, abs=0.08)


def test_conversion_there_and_back_changes_nothing_but_what_cannot_be_seen():
    measured = profile(np.linspace(5, 150, 1000), np.arange(1000))
    there = to_wavelength(measured, measured=MOLYBDENUM, wanted=COPPER)
    assert there.x[-1] < 180
    back = to_wavelength(there, measured=COPPER, wanted=MOLYBDENUM)
    assert back.x == pytest.approx(measured.x[: len(back.x)])
    assert np.array_equal(back.y[0], measured.y[0, : len(back.x)])
    with pytest.raises(InputError, match=r"Nothing of a profile measured with 0\.7093 Å can be seen with 20 Å"):
        to_wavelength(measured, measured=MOLYBDENUM, wanted=20)


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


def test_two_scans_of_one_powder_with_different_steps_agree_when_binned(read):
    short, long = (
        normalised(
            on_axis(read(f"V2O5_0p4005-NiO_0p6016--{minutes}min.xrdml"), axis=AXIS, wavelength=COPPER).signal, "area"
        )
        for minutes in (2, 8)
    )
    assert np.abs(short.y - long.y).max() < 0.012 * long.y.max()


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


def test_a_measurement_without_wavelength_is_refused_and_one_of_another_is_converted(read):
    with pytest.raises(InputError, match=r"MnO.xy does not say with which wavelength .* 'wavelength' in Å"):
        on_axis(read("MnO.xy"), axis=AXIS, wavelength=1.54)
    measured = read("Bi2O3-Nb2O5_500C_60min.xrdml")
    assert on_axis(measured, axis=AXIS, wavelength=COPPER).notes == ()
    converted = on_axis(measured, axis=AXIS, wavelength=1.54)
    assert "converted from 1.5406 Å to the model's 1.54 Å" in converted.notes[0]
    with pytest.raises(InputError, match=r"Bi2O3-Nb2O5_500C_60min\.xrdml: The profile covers 4"):
        on_axis(measured, axis=AXIS, wavelength=MOLYBDENUM)


def test_normalisation_makes_maximum_or_area_one():
    stack = rebin(profile(np.arange(25, 95, 0.1), np.arange(700), np.arange(700)[::-1] ** 2), AXIS)
    assert normalised(stack, "maximum").y.max(axis=1).tolist() == [1, 1]
    assert normalised(stack, "area").y.sum(axis=1) * 0.4 == pytest.approx([1, 1])
    with pytest.raises(InputError, match="maximum is 0 cannot be normalised"):
        normalised(replace(stack, y=stack.y * [[1], [0]]), "maximum")


def test_a_known_background_is_found_within_its_noise():
    rng = np.random.default_rng(2)
    x = np.linspace(10, 100, 8282)
    smooth = 400 + 2000 * np.exp(-(x - 10) / 25) + 150 * np.exp(-(((x - 30) / 12) ** 2))
    positions, heights = rng.uniform(12, 98, 40), rng.uniform(500, 9000, 40)
    lines = (heights[:, None] * np.exp(-(((x - positions[:, None]) / 0.06) ** 2))).sum(axis=0)
    found = background(x, rng.poisson(smooth + lines).astype(float), 20)
    inside = (x > 15) & (x < 95)
    assert np.abs(found - smooth)[inside].max() < np.sqrt(smooth.min())
    assert abs((found - smooth).mean()) < 0.2 * np.sqrt(smooth.mean())


def test_a_straight_background_is_found_exactly():
    x = np.linspace(30, 90, 3000)
    assert background(x, 5 + 2 * x, 20) == pytest.approx(5 + 2 * x, rel=1e-5)


@pytest.mark.parametrize("width", [0.2, 1.0, 2.0])
def test_a_line_keeps_its_counts_when_the_background_goes(width):
    rng = np.random.default_rng(3)
    x = np.linspace(30, 90, 6000)
    line = 40000 * np.exp(-4 * np.log(2) * ((x - 60) / width) ** 2)
    measured = profile(x, rng.poisson(line + 400 + 600 * np.exp(-(x - 30) / 25)))
    assert subtract_background(measured).y.sum() == pytest.approx(line.sum(), rel=0.03)
