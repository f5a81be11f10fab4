"""Slopes of profiles: exact for parabolas, and without what is smooth."""

import numpy as np
import pytest

from spectra.core.errors import InputError
from spectra.core.signals import Profile
from spectra.core.similarity.metrics import distances
from spectra.plugins.profiles.binned import Binned, BinnedParameters
from spectra.plugins.profiles.slopes import Slopes, SlopesParameters

X = np.linspace(10.0, 60.0, 501)


def profile(*rows):
    return Profile(x=X, y=np.array(rows), x_unit="deg", y_unit="counts")


def lines(*middles):
    return sum(np.exp(-0.5 * ((X - middle) / 0.3) ** 2) for middle in middles)


def test_the_slope_of_a_parabola_is_exact():
    bins = np.arange(501.0)
    encoder = Slopes(SlopesParameters(window=9)).fit(profile(bins**2 + 4 * bins + 1))
    slopes = encoder.encode(profile(bins**2 + 4 * bins + 1))[0] * encoder.parts_["profile"].scale
    assert slopes == pytest.approx(2 * bins + 4, rel=1e-4)


def test_a_background_makes_less_difference_than_for_the_profile_itself():
    clean, covered, other = lines(20, 33, 47), lines(20, 33, 47) + 5 * np.exp(-X / 20), lines(22, 30, 52)
    signal = profile(clean, covered, other)
    slopes, bins = (
        kind(parameters(normalisation="profile")).fit(signal).encode(signal)
        for kind, parameters in ((Slopes, SlopesParameters), (Binned, BinnedParameters))
    )
    assert distances(bins[:1], bins, "cosine")[0, 1] > 0.5
    assert distances(slopes[:1], slopes, "cosine")[0, 1] < 0.05
    assert distances(slopes[:1], slopes, "cosine")[0, 2] > 0.9


def test_its_state_gives_the_same_features():
    signal = profile(lines(20), lines(30))
    encoder = Slopes(SlopesParameters(bins=100)).fit(signal)
    restored = Slopes(SlopesParameters(bins=100)).set_state(encoder.get_state())
    assert np.array_equal(restored.encode(signal), encoder.encode(signal))


def test_windows_that_cannot_be_used_are_refused():
    encoder = Slopes(SlopesParameters(bins=5)).fit(profile(lines(20)))
    with pytest.raises(InputError, match="has 5 bins; slopes are taken of 7"):
        encoder.encode(profile(lines(20)))
    with pytest.raises(ValueError, match="odd number"):
        SlopesParameters(window=4)
