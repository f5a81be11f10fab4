"""Distortions do to a spectrum what they say, and leave their argument alone."""

import numpy as np
import pytest

from spectra.core.signals import Peaks
from spectra.plugins.peaks.distortions import Missing, MissingParameters, Shift, ShiftParameters

SPECTRUM = Peaks.from_lists([np.linspace(0.3, 1.2, 200)] * 500, unit="MHz", window=(0.2, 1.3))


def test_shifts_are_uniform_within_their_size():
    before = SPECTRUM.positions.copy()
    shifted = Shift(ShiftParameters(size=1e-5)).distort(SPECTRUM, np.random.default_rng(0))
    relative = (shifted.positions / before - 1) / 1e-5
    assert np.abs(relative).max() <= 1 + 1e-6
    assert relative.std() == pytest.approx(1 / np.sqrt(3), rel=0.01)
    assert np.array_equal(SPECTRUM.positions, before)


@pytest.mark.parametrize(("split", "expected"), [(0.0, 0.0), (1.0, 1.0), (0.5, 0.5)])
def test_degenerate_partners_split_in_the_given_share_of_spectra(split, expected):
    pairs = Peaks.from_lists([[0.4, 0.4, 0.9, 0.9, 1.2]] * 4000, unit="MHz", window=(0.2, 1.3))
    shifted = Shift(ShiftParameters(split=split)).distort(pairs, np.random.default_rng(1)).positions
    apart = shifted[:, 0] != shifted[:, 1]
    assert np.array_equal(apart, shifted[:, 2] != shifted[:, 3])
    assert apart.mean() == pytest.approx(expected, abs=0.03)


def test_missing_modes_are_gone_in_the_given_share_and_the_rest_is_in_order():
    distorted = Missing(MissingParameters(least=0.1, most=0.3)).distort(SPECTRUM, np.random.default_rng(2))
    assert 1 - distorted.counts.sum() / SPECTRUM.counts.sum() == pytest.approx(0.2, abs=0.01)
    for row, count in zip(distorted.positions, distorted.counts, strict=True):
        assert np.all(np.diff(row[:count]) > 0)
        assert np.isnan(row[count:]).all()
        assert np.isin(row[:count], SPECTRUM.positions).all()
