"""The encoders, against NumPy's histogram, SciPy's Gaussians, and the figures of the paper and of RUS.md."""

import numpy as np
import pytest
from scipy.stats import norm

from spectra.core.errors import InputError
from spectra.core.signals import Peaks, take
from spectra.plugins.peaks import encoders
from spectra.plugins.peaks.encoders import (
    Broadened,
    BroadenedParameters,
    Derivative,
    Direct,
    Fingerprint,
    FingerprintParameters,
    SequenceParameters,
)


def peaks(*lists, window=(0.2, 1.3)):
    return Peaks.from_lists(lists, unit="MHz", window=window)


@pytest.fixture(scope="module")
def random_peaks():
    rng = np.random.default_rng(5)
    return peaks(*(rng.uniform(0.2, 1.3, rng.integers(20, 90)) for _ in range(50)))


@pytest.mark.parametrize("bins", [64, 256, 1000])
def test_the_fingerprint_is_numpys_histogram(random_peaks, bins):
    encoded = Fingerprint(FingerprintParameters(bins=bins)).fit(random_peaks).encode(random_peaks)
    for row, positions in zip(encoded, random_peaks.positions, strict=True):
        expected, _ = np.histogram(positions[np.isfinite(positions)], bins=bins, range=(0.2, 1.3))
        assert np.array_equal(row, expected)
    assert encoded.dtype == np.float32


def test_lines_outside_the_window_do_not_count_and_its_ends_do():
    signal = peaks([0.1, 0.2, 1.3, 1.31])
    encoded = Fingerprint(FingerprintParameters(bins=4)).fit(signal).encode(signal)
    assert encoded.tolist() == [[1, 0, 0, 1]]


def spilled_by_the_papers_loop(positions, bins, low, high):
    """The counting loop as RUS.md describes the paper's program: lines are removed from the list walked over."""
    left, counts = sorted(positions), []
    for place in range(1, bins + 1):
        count = 0
        for line in left:
            if line < low + place * (high - low) / bins:
                left.remove(line)
                count += 1
        counts.append(count)
    return counts


def test_the_spilling_variant_counts_as_the_papers_program_did(random_peaks):
    encoded = Fingerprint(FingerprintParameters(bins=100, counting="spilling")).fit(random_peaks).encode(random_peaks)
    for row, positions in zip(encoded, random_peaks.positions, strict=True):
        expected = spilled_by_the_papers_loop(positions[np.isfinite(positions)], 100, 0.2, 1.3)
        assert row.tolist() == expected


@pytest.mark.parametrize(
    ("counting", "bins", "low", "high"),
    [  # share of occupied bins over the steel data set in percent: RUS.md, "The paper's fingerprint"
        ("histogram", 64, 51, 55),
        ("histogram", 256, 16.5, 19.5),
        ("histogram", 1024, 4.5, 5.5),
        ("spilling", 64, 73, 77),
        ("spilling", 256, 30.5, 32.5),
        ("spilling", 1024, 8.5, 9.1),
    ],
)
def test_information_density_of_the_steel_data_set(steel_forward, steel_sample, counting, bins, low, high):
    grid = steel_sample.grid()
    stable = grid[steel_sample.elastic_symmetry.is_stable(grid)]
    signal = steel_forward.simulate(stable[np.random.default_rng(0).choice(len(stable), 400, replace=False)])
    encoded = Fingerprint(FingerprintParameters(bins=bins, counting=counting)).fit(signal).encode(signal)
    assert low <= 100 * np.mean(encoded > 0) <= high


def test_direct_and_derivative_follow_equations_6_to_8():
    signal = peaks([0.3, 0.4, 0.7, 1.1], [0.2, 0.5, 0.6])
    parameters = SequenceParameters(length=3)
    direct = Direct(parameters).fit(signal).encode(signal)
    assert direct == pytest.approx(np.array([[0.2, 0.4, 1.0], [0.0, 0.6, 0.8]]))
    derivative = Derivative(parameters).fit(signal).encode(signal)
    # differences 0.1, 0.3, 0.4 and 0.3, 0.1, none; the missing one is filled up with 1
    assert derivative == pytest.approx(np.array([[0.0, 2 / 3, 1.0], [2 / 3, 0.0, 1.0]]), abs=1e-6)


@pytest.mark.parametrize(
    "encoder", [Fingerprint(FingerprintParameters()), Direct(SequenceParameters()), Derivative(SequenceParameters())]
)
def test_a_restored_encoder_encodes_alike_and_a_batch_equals_singles(encoder, random_peaks):
    expected = encoder.fit(random_peaks).encode(random_peaks)
    restored = type(encoder)(encoder.parameters).set_state(encoder.get_state())
    assert np.array_equal(restored.encode(random_peaks), expected)
    single = np.concatenate([restored.encode(take(random_peaks, slice(i, i + 1))) for i in range(len(random_peaks))])
    assert np.array_equal(single, expected)


def test_broadened_lines_are_gaussians_of_a_relative_width(random_peaks):
    parameters = BroadenedParameters(bins=300, width=0.02)
    encoded = Broadened(parameters).fit(random_peaks).encode(random_peaks)
    axis = np.linspace(np.log(0.2), np.log(1.3), 300)
    for row, positions in zip(encoded, random_peaks.positions, strict=True):
        lines = np.log(positions[np.isfinite(positions)])
        expected = norm.pdf(axis[:, None], loc=lines, scale=0.02).sum(axis=1)
        # lines are moved to the middle of a step of a quarter of a width: by 1/8 of it times the steepest slope, 0.6
        assert row == pytest.approx(expected / np.linalg.norm(expected), abs=0.08 * float(row.max()))
    assert np.linalg.norm(encoded, axis=1) == pytest.approx(np.ones(50), abs=1e-5)


def test_broadened_spectra_need_a_window_above_zero_and_survive_without_lines():
    empty = peaks([], [0.5])
    encoder = Broadened(BroadenedParameters()).fit(empty)
    assert np.all(encoder.encode(empty)[0] == 0)
    restored = Broadened(BroadenedParameters()).set_state(encoder.get_state())
    assert np.array_equal(restored.encode(empty), encoder.encode(empty))
    with pytest.raises(InputError, match="starts above zero"):
        Broadened(BroadenedParameters()).fit(peaks([0.5], window=(0.0, 1.0)))


@pytest.mark.parametrize("counting", ["histogram", "spilling", None])
def test_lines_counted_in_blocks_are_those_counted_at_once(random_peaks, counting, monkeypatch):
    encoder = (
        Broadened(BroadenedParameters())
        if counting is None
        else Fingerprint(FingerprintParameters.model_validate({"counting": counting}))
    ).fit(random_peaks)
    at_once = encoder.encode(random_peaks)
    monkeypatch.setattr(encoders, "_AT_ONCE", 7)
    assert np.array_equal(encoder.encode(random_peaks), at_once)
