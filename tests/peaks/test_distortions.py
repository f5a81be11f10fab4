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


def test_lines_of_a_multiplet_take_the_shift_of_its_first_one_by_one():
    """The same draws, applied line by line in a loop."""
    rng = np.random.default_rng(7)
    rows = [np.repeat(rng.uniform(0.3, 1.2, 12), rng.integers(1, 4, 12)) for _ in range(40)]
    rows.append(np.array([1.2, 1.2]))
    spectra = Peaks.from_lists(rows, unit="MHz", window=(0.2, 1.3))
    shifted = Shift(ShiftParameters(size=0.01)).distort(spectra, np.random.default_rng(3)).positions
    again = np.random.default_rng(3)
    shifts = again.uniform(-0.01, 0.01, spectra.positions.shape)
    together = again.random((len(rows), 1))[:, 0] >= 0.5
    for number, row in enumerate(spectra.positions):
        moved = []
        for place, line in enumerate(row[np.isfinite(row)]):
            if not (together[number] and place and line - row[place - 1] <= 1e-9 * line):
                leader = place
            moved.append(line * (1 + shifts[number, leader]))
        assert np.array_equal(shifted[number, : len(moved)], np.sort(moved))


def test_missing_modes_are_gone_in_the_given_share_and_the_rest_is_in_order():
    distorted = Missing(MissingParameters(least=0.1, most=0.3)).distort(SPECTRUM, np.random.default_rng(2))
    assert 1 - distorted.counts.sum() / SPECTRUM.counts.sum() == pytest.approx(0.2, abs=0.01)
    for row, count in zip(distorted.positions, distorted.counts, strict=True):
        assert np.all(np.diff(row[:count]) > 0)
        assert np.isnan(row[count:]).all()
        assert np.isin(row[:count], SPECTRUM.positions).all()
