"""Measured profiles on a model's axis: lines where Bragg's law puts them."""

import numpy as np
import pytest

from spectra.core.errors import InputError
from spectra.core.signals import Profile
from spectra.plugins.profiles.rebinning import normalised
from spectra.plugins.xrd.preparation import on_axis, to_wavelength

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


def test_two_scans_of_one_powder_with_different_steps_agree_when_binned(read):
    short, long = (
        normalised(
            on_axis(read(f"V2O5_0p4005-NiO_0p6016--{minutes}min.xrdml"), axis=AXIS, wavelength=COPPER).signal, "area"
        )
        for minutes in (2, 8)
    )
    assert np.abs(short.y - long.y).max() < 0.012 * long.y.max()


def test_a_measurement_without_wavelength_is_refused_and_one_of_another_is_converted(read):
    with pytest.raises(InputError, match=r"MnO.xy: the wavelength of the measurement is unknown; .* 'wavelength' in Å"):
        on_axis(read("MnO.xy"), axis=AXIS, wavelength=1.54)
    measured = read("Bi2O3-Nb2O5_500C_60min.xrdml")
    assert on_axis(measured, axis=AXIS, wavelength=COPPER).notes == ()
    converted = on_axis(measured, axis=AXIS, wavelength=1.54)
    assert "converted from 1.5406 Å to the model's 1.54 Å" in converted.notes[0]
    with pytest.raises(InputError, match=r"Bi2O3-Nb2O5_500C_60min\.xrdml: The profile covers 4"):
        on_axis(measured, axis=AXIS, wavelength=MOLYBDENUM)
