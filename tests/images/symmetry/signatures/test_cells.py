"""The mean cell, and which cell is the primitive one, of sums of cosines written down by hand."""

import numpy as np
import pytest

from spectra.plugins.images.symmetry.signatures.cells import larger_cell, smaller_cell
from spectra.plugins.images.symmetry.signatures.harmonics import Window, mean_cell
from spectra.plugins.images.symmetry.signatures.shades import flattened
from spectra.plugins.images.symmetry.signatures.signature import periodic

COLUMNS, ROWS = np.meshgrid(np.arange(64.0), np.arange(64.0))
EDGES = np.diag([8.7, 11.3])


def along(number, period, places, phase=0.0):
    return np.cos(2 * np.pi * number * places / period + phase)


def window(values):
    flat, known = flattened(values)
    return Window(values=flat, known=known)


def raw(values):
    """Return the window of a picture with nothing subtracted: on part of a cell, a plane is a bias."""
    return Window(values=values, known=np.ones(values.shape, dtype=bool))


PLAIN = along(1, 8.7, COLUMNS) + along(1, 11.3, ROWS, 0.5) + 0.6 * along(2, 8.7, COLUMNS, 1.0) * along(1, 11.3, ROWS)


def test_a_guess_that_is_half_a_percent_off_is_refined_to_what_noise_allows():
    """The bound of Cramér and Rao for a frequency in radians per row: 24 σ² / (A² N (h² - 1)) for h rows, N pixels."""
    assert np.abs(mean_cell(raw(PLAIN), EDGES * 1.005).edges - EDGES).max() < 0.002
    sigma, rng = 0.5 * PLAIN.std(), np.random.default_rng(0)
    bound = np.sqrt(24 * sigma**2 / (64 * 64 * (64**2 - 1))) * 11.3**2 / (2 * np.pi)
    errors = []
    for _ in range(12):
        found = mean_cell(raw(PLAIN + sigma * rng.normal(size=PLAIN.shape)), EDGES * 1.005).edges
        errors.append(found[1, 1] - 11.3)
    assert np.sqrt(np.mean(np.square(errors))) < 1.5 * bound


def test_coefficients_are_those_of_the_sum():
    """Relative to each other, and whatever the standardisation; noise is told from them."""
    noise = 0.5 * np.random.default_rng(1).normal(size=PLAIN.shape)
    cell = mean_cell(raw(PLAIN + noise), EDGES)
    sizes = {tuple(index): abs(value) for index, value in zip(cell.indices.tolist(), cell.coefficients, strict=True)}
    assert sizes[1, 0] == pytest.approx(0.5, abs=0.03)  # of cos: half there, half at its opposite
    assert sizes[0, -1] == pytest.approx(0.5, abs=0.03)
    assert sizes[2, 1] == pytest.approx(0.15, abs=0.03)
    assert cell.noise * noise.size == pytest.approx(0.25, rel=0.05)
    assert cell.power == pytest.approx(0.5 + 0.5 + 4 * 0.15**2, rel=0.05)
    assert cell.explained == pytest.approx((1.0 + 0.09) / (1.09 + 0.25), abs=0.02)


@pytest.mark.parametrize("times", [2, 3, 5])
def test_a_cell_that_repeats_within_itself_is_divided(times):
    cell = mean_cell(window(PLAIN), EDGES @ np.diag([1, times]))
    smaller = smaller_cell(cell)
    assert abs(np.linalg.det(cell.edges @ smaller)) == pytest.approx(8.7 * 11.3, rel=0.01)
    assert smaller_cell(mean_cell(window(PLAIN), EDGES)) is None


@pytest.mark.parametrize("noise", [0.0, 0.5])
@pytest.mark.parametrize(
    ("wave", "times"), [((1 / 2, 0), 2), ((0, 1 / 2), 2), ((1 / 2, 1 / 2), 2), ((1 / 3, 0), 3), ((1 / 3, 2 / 3), 3)]
)
def test_a_wave_that_only_several_cells_repeat_enlarges_the_cell(wave, times, noise):
    weak = 0.45 * np.cos(2 * np.pi * (wave[0] * COLUMNS / 8.7 + wave[1] * ROWS / 11.3) + 0.4)
    shown = PLAIN + weak
    shown = shown + noise * shown.std() * np.random.default_rng(2).normal(size=shown.shape)
    cell = mean_cell(window(shown), EDGES)
    larger = larger_cell(window(shown), cell)
    assert abs(round(np.linalg.det(larger))) == times
    phases = larger.T @ np.array(wave)
    assert np.allclose(phases, np.rint(phases))
    area = abs(np.linalg.det(periodic(*flattened(shown)).cell.edges))
    assert area == pytest.approx(times * 8.7 * 11.3, rel=0.02)


def test_noise_alone_enlarges_nothing():
    rng = np.random.default_rng(3)
    for _ in range(5):
        shown = window(PLAIN + PLAIN.std() * rng.normal(size=PLAIN.shape))
        assert larger_cell(shown, mean_cell(shown, EDGES)) is None
