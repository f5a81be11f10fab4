"""Binned profiles: sums of points, axes of a measurement's own, and what is refused."""

from dataclasses import replace

import numpy as np
import pytest

from spectra.core.basics.files import pack_arrays, unpack_arrays
from spectra.core.components import PartitioningEncoder
from spectra.core.errors import InputError
from spectra.core.signals import Bundle, Peaks, Profile
from spectra.plugins.profiles.binned import Binned, BinnedParameters

FINE = np.linspace(30.005, 89.995, 6000)  # 6,000 points of 0.01 degrees, as LAMMPS writes


def patterns(x=FINE, count=3, seed=0):
    heights = np.random.default_rng(seed).uniform(1, 5, (count, 1))
    return Profile(x=x, y=heights * np.exp(-0.5 * ((x - 40) / 2) ** 2) + 0.1, x_unit="deg", y_unit="counts")


def binned(**parameters):
    return Binned(BinnedParameters(**parameters))


def test_6000_points_in_150_bins_are_the_papers_sums_of_40_divided_by_the_highest():
    signal = patterns()
    sums = signal.y.reshape(3, 150, 40).sum(axis=2)
    assert binned(bins=150).fit(signal).encode(signal) == pytest.approx(sums / sums.max(), rel=1e-5)
    single = binned(bins=150, normalisation="profile").fit(signal).encode(signal)
    assert single == pytest.approx(sums / sums.max(axis=1, keepdims=True), rel=1e-5)


def test_without_a_number_of_bins_the_points_are_kept():
    signal = patterns(x=np.array([30.0, 31.0, 33.0, 40.0, 60.0]))
    assert binned().fit(signal).encode(signal) == pytest.approx(signal.y / signal.y.max(), rel=1e-6)


def test_a_measurement_with_an_axis_of_its_own_gives_the_same_features():
    encoder = binned(bins=100).fit(patterns())
    measured = patterns(x=np.arange(28.0, 95.0, 0.0217))
    assert encoder.encode(measured) == pytest.approx(encoder.encode(patterns()), abs=2e-3)


def test_a_bundle_keeps_its_parts_apart_and_its_state_says_where():
    density = Profile(x=np.arange(0.0, 200.0, 4.0), y=np.ones((3, 50)), x_unit="1/cm", y_unit="cm")
    bundle = Bundle(parts={"xrd": patterns(), "vdos": density})
    encoder = binned(bins={"xrd": 120, "vdos": 25}).fit(bundle)
    features = encoder.encode(bundle)

    assert isinstance(encoder, PartitioningEncoder)
    assert encoder.sizes() == (120, 25)
    assert features.dtype == np.float32
    assert features[:, :120] == pytest.approx(binned(bins=120).fit(patterns()).encode(patterns()))
    assert np.all(features[:, 120:] == 1)
    state = unpack_arrays(pack_arrays(encoder.get_state()), what="state")
    restored = Binned(encoder.parameters).set_state(state)
    assert restored.sizes() == (120, 25)
    assert np.array_equal(restored.encode(bundle), features)
    with pytest.raises(InputError, match="the signal lacks vdos"):
        encoder.encode(Bundle(parts={"xrd": patterns()}))
    with pytest.raises(InputError, match="name xrd; the signal has xrd, vdos"):
        binned(bins={"xrd": 120}).fit(bundle)


@pytest.mark.parametrize(
    ("signal", "sentence"),
    [
        (patterns(x=np.linspace(35, 90, 6000)), "covers 35 to 90 deg; the model needs 30 to 90 deg"),
        (patterns(x=np.linspace(30, 90, 80)), "sparser than the 150 bins"),
        (replace(patterns(), x_unit="1/angstrom"), "given over 1/angstrom; the model was trained over deg"),
        (replace(patterns(), y=np.full((3, 6000), np.nan)), "not finite"),
        (replace(patterns(), y=np.zeros((3, 6000))), "nowhere above zero"),
        (Peaks.from_lists([[40.0]], unit="deg", window=(30, 90)), "kind 'peaks'"),
    ],
)
def test_what_cannot_be_encoded_is_refused_with_the_reason(signal, sentence):
    encoder = binned(bins=150, normalisation="profile").fit(patterns())
    with pytest.raises(InputError, match=sentence):
        encoder.encode(signal)


def test_more_bins_than_points_are_refused():
    with pytest.raises(InputError, match="have 6000 points; 6001 bins"):
        binned(bins=6001).fit(patterns())


def test_training_profiles_without_intensity_are_refused():
    with pytest.raises(InputError, match="All training signals of 'profile' are zero"):
        binned().fit(replace(patterns(), y=np.zeros((3, 6000))))
