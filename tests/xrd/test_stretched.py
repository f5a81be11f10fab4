"""Stretched spectra against lattices of known parameter: strain moves lines, and must not move these."""

import numpy as np
import pytest

from spectra.core.errors import InputError
from spectra.core.signals import Bundle, Profile
from spectra.plugins.profiles.binned import Binned, BinnedParameters
from spectra.plugins.xrd.physics.debye import debye_profile
from spectra.plugins.xrd.physics.scattering import ANGLE
from spectra.plugins.xrd.physics.vdos import WAVENUMBER
from spectra.plugins.xrd.specimens import structures
from spectra.plugins.xrd.stretched import Stretched

EDGES = np.linspace(30, 90, 151)
STRAINS = np.array([-0.12, -0.06, -0.02, 0.0, 0.03])


def scattered(strains, atoms=864):
    """Profiles of cold crystals of gold, compressed evenly."""
    crystal = structures.cubic(atoms, 4.08)
    y = np.array([debye_profile(crystal.positions * (1 + strain), EDGES) for strain in strains])
    return Profile(x=(EDGES[1:] + EDGES[:-1]) / 2, y=y, x_unit=ANGLE, y_unit="electrons²/Å³")


def vibrating(strains):
    """Debye's density of states, whose highest wavenumber grows as a crystal is compressed."""
    x = np.arange(0, 500, 4.2)
    edges = 150 * (1 - 4 * np.asarray(strains))
    y = np.array([np.where(x < edge, 3 * x**2 / edge**3, 0) for edge in edges])
    return Profile(x=x, y=y, x_unit=WAVENUMBER, y_unit="cm")


def fitted(signal, **parameters):
    return Stretched(BinnedParameters(**parameters)).fit(signal)


def stretched_part(encoder, signal, name="profile"):
    """Return what is left without the bins, and the logarithm of the unit."""
    start = sum(encoder.sizes()[: list(encoder.parts_).index(name) + len(encoder.parts_)])
    features = encoder.encode(signal)[:, start : start + len(encoder.stretchings_[name].axis) + 1]
    return features[:, :-1], features[:, -1]


def test_lines_of_a_compressed_crystal_stay_where_they_are():
    signal = scattered(STRAINS)
    encoder = fitted(signal, normalisation="profile")
    shapes, _ = stretched_part(encoder, signal)
    axis = encoder.stretchings_["profile"].axis
    # of face-centred cubic crystals: (111), (200), (220) at roots of 3, 4 and 8
    for line in (1.0, np.sqrt(4 / 3), np.sqrt(8 / 3)):
        near = np.flatnonzero(np.abs(axis - line) < 0.05)
        assert axis[near[0] + shapes[:, near].argmax(axis=1)] == pytest.approx(np.full(5, line), abs=0.012)
    correlations = np.corrcoef(shapes)[3]
    assert correlations.min() > 0.97  # scattering factor and polarisation depend on the angle itself
    assert np.corrcoef(encoder.encode(signal)[:, :150])[3].min() < 0.3


def test_the_unit_is_inversely_proportional_to_the_lattice_parameter():
    signal = scattered(STRAINS)
    encoder = fitted(signal)
    _, logarithms = stretched_part(encoder, signal)
    spread = encoder.stretchings_["profile"].spread
    expected = -np.log(1 + STRAINS)
    assert spread * logarithms / 0.3 == pytest.approx(expected - expected.mean(), abs=0.003)


def test_vibrations_of_a_compressed_crystal_have_one_shape():
    signal = vibrating(STRAINS)
    shapes, logarithms = stretched_part(fitted(signal), signal)
    assert np.corrcoef(shapes)[3].min() > 0.97  # the edge of the band lies between two points
    assert np.argsort(logarithms).tolist() == [4, 3, 2, 1, 0]


def test_bins_come_first_and_the_state_holds_everything():
    signal = Bundle(parts={"xrd": scattered(STRAINS), "vdos": vibrating(STRAINS)})
    encoder = fitted(signal)
    features = encoder.encode(signal)
    assert encoder.sizes() == (150, 120, 151, 121)
    assert features.shape == (5, sum(encoder.sizes()))
    assert np.array_equal(features[:, :270], Binned(BinnedParameters()).fit(signal).encode(signal))
    again = Stretched(BinnedParameters()).set_state(encoder.get_state())
    assert again.sizes() == encoder.sizes()
    assert np.array_equal(again.encode(signal), features)


def test_counting_noise_hardly_moves_the_unit():
    signal = scattered([0.0])
    rng = np.random.default_rng(0)
    counts = 5000 * signal.y / signal.y.max()
    noisy = Profile(x=signal.x, y=rng.poisson(counts + 50, (200, 150)).astype(float), x_unit=ANGLE, y_unit="counts")
    _, logarithms = stretched_part(fitted(scattered(STRAINS)), noisy)
    spread = fitted(scattered(STRAINS)).stretchings_["profile"].spread
    assert np.std(spread * logarithms / 0.3) < 1e-3


def test_a_profile_over_something_else_is_refused_in_a_sentence():
    other = Profile(x=np.linspace(1, 2, 50), y=np.ones((3, 50)), x_unit="MHz", y_unit="")
    with pytest.raises(InputError, match="only profiles over"):
        fitted(other)
