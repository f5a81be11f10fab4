"""The density of states of motions whose spectrum is known."""

import numpy as np
import pytest

from spectra.core.errors import InputError
from spectra.plugins.xrd.physics.vdos import vibrational_density_of_states

LIGHT = 2.99792458e-5  # cm/fs
INTERVAL = 10.0  # fs


def oscillators(wavenumbers, amplitudes, n_steps, rng):
    """Move one atom for each wavenumber (1/cm) along x: shape (n_steps, n_atoms, 3)."""
    time = INTERVAL * np.arange(n_steps)[:, None]
    velocities = np.zeros((n_steps, len(wavenumbers), 3))
    phases = rng.uniform(0, 2 * np.pi, len(wavenumbers))
    velocities[..., 0] = amplitudes * np.cos(2 * np.pi * LIGHT * np.array(wavenumbers) * time + phases)
    return velocities


def cumulated(wavenumbers, density):
    return np.concatenate([[0], np.cumsum((density[1:] + density[:-1]) / 2 * np.diff(wavenumbers))])


def test_axis_ends_at_the_nyquist_limit():
    wavenumbers, _ = vibrational_density_of_states(np.random.default_rng(0).normal(size=(400, 2, 3)), INTERVAL)
    assert wavenumbers[-1] == pytest.approx(1667.8, abs=0.05)  # Vizoso & Dingreville 2025, section II A
    assert wavenumbers[1] == pytest.approx(4.17, abs=0.005)  # 4 ps


def test_oscillator_is_a_line_at_its_wavenumber():
    velocities = oscillators([100.0], [1.0], 4000, np.random.default_rng(1))
    wavenumbers, density = vibrational_density_of_states(velocities, INTERVAL)
    assert wavenumbers[np.argmax(density)] == pytest.approx(100, abs=wavenumbers[1])
    near = np.abs(wavenumbers - 100) < 5
    assert density[near].sum() * wavenumbers[1] > 0.95


def test_line_has_the_area_of_its_share_in_the_kinetic_energy():
    velocities = oscillators([60.0, 140.0], [1.0, 2.0], 8000, np.random.default_rng(2))
    wavenumbers, density = vibrational_density_of_states(velocities, INTERVAL)
    assert cumulated(wavenumbers, density)[np.searchsorted(wavenumbers, 100)] == pytest.approx(0.2, abs=0.005)


@pytest.mark.parametrize("n_steps", [2, 3, 100, 101])
def test_integral_is_one_whatever_the_unit_of_the_velocities(n_steps):
    velocities = np.random.default_rng(3).normal(size=(n_steps, 5, 3))
    wavenumbers, density = vibrational_density_of_states(velocities, INTERVAL)
    assert np.trapezoid(density, wavenumbers) == pytest.approx(1)
    assert density.min() >= 0
    assert vibrational_density_of_states(1e5 * velocities, INTERVAL)[1] == pytest.approx(density)


def test_density_is_the_transform_of_the_velocity_autocorrelation():
    velocities = np.random.default_rng(4).normal(size=(30, 4, 3))
    wavenumbers, density = vibrational_density_of_states(velocities, INTERVAL)
    lags = np.arange(30)
    correlation = np.array([(velocities[: 30 - lag] * velocities[lag:]).sum() for lag in lags])
    waves = np.cos(2 * np.pi * LIGHT * INTERVAL * np.multiply.outer(wavenumbers, lags))
    # 4 c times the integral of C(t)/C(0) cos(2 pi c nu t) from 0 to infinity, in which lag 0 counts half
    expected = 4 * LIGHT * INTERVAL * (waves @ correlation / correlation[0] - 0.5)
    assert density == pytest.approx(expected, rel=1e-10)


def test_chain_has_its_textbook_density():
    # nearest neighbours: w = w_max |sin(k/2)|, so that the states below w are (2/pi) arcsin(w / w_max)
    n_atoms, n_steps, band_edge = 300, 4000, 300.0
    rng = np.random.default_rng(5)
    k = 2 * np.pi * np.arange(1, n_atoms) / n_atoms
    frequencies = 2 * np.pi * LIGHT * band_edge * np.abs(np.sin(k / 2))
    phases = np.exp(1j * rng.uniform(0, 2 * np.pi, len(k)))
    in_time = np.exp(-1j * np.multiply.outer(INTERVAL * np.arange(n_steps), frequencies))
    along_chain = np.exp(1j * np.multiply.outer(k, np.arange(n_atoms)))
    velocities = np.zeros((n_steps, n_atoms, 3))
    velocities[..., 0] = ((in_time * phases) @ along_chain).real
    wavenumbers, density = vibrational_density_of_states(velocities, INTERVAL)
    states = 2 / np.pi * np.arcsin(np.minimum(wavenumbers / band_edge, 1))
    assert np.abs(cumulated(wavenumbers, density) - states).max() < 0.02


def test_fcc_lattice_of_springs_has_the_density_of_its_dispersion(fcc):
    # one spring constant between nearest neighbours: the highest frequency, longitudinal at X, is sqrt(8 k / m)
    cells, n_steps, band_edge = 4, 400, 160.0
    crystal, length = fcc(cells, constant=1.0), float(cells)
    bonds = crystal[:, None] - crystal
    bonds -= length * np.round(bonds / length)
    near = np.isclose((bonds**2).sum(axis=-1), 0.5)
    directions = np.where(near[..., None], bonds * np.sqrt(2), 0.0)
    springs = -np.einsum("ijx,ijy->ixjy", directions, directions)
    atoms = np.arange(len(crystal))
    springs[atoms, :, atoms] += 4 * np.eye(3)  # of the twelve neighbours n, the sum of n n^T
    squares, modes = np.linalg.eigh(springs.reshape(3 * len(crystal), -1))
    frequencies = 2 * np.pi * LIGHT * band_edge * np.sqrt(squares[3:] / 8)
    rng = np.random.default_rng(6)
    time = INTERVAL * np.arange(n_steps)[:, None]
    velocities = np.cos(frequencies * time + rng.uniform(0, 2 * np.pi, len(frequencies))) @ modes[:, 3:].T
    wavenumbers, density = vibrational_density_of_states(velocities.reshape(n_steps, -1, 3), INTERVAL)

    star = directions[0][near[0]]  # (12, 3), of length 1
    waves = 2 * np.pi * rng.uniform(-1, 1, (5000, 3))  # evenly over cells of the reciprocal lattice
    turned = 1 - np.cos(waves @ star.T / np.sqrt(2))
    dynamical = np.einsum("kn,nx,ny->kxy", turned, star, star)
    states = band_edge * np.sqrt(np.maximum(np.linalg.eigvalsh(dynamical), 0) / 8).ravel()
    expected = np.searchsorted(np.sort(states), wavenumbers) / len(states)
    assert np.abs(cumulated(wavenumbers, density) - expected).max() < 0.03


@pytest.mark.parametrize("shape", [(1, 4, 3), (10, 4), (10, 4, 2), (10, 0, 3)])
def test_velocities_need_steps_atoms_and_directions(shape):
    with pytest.raises(InputError, match=r"\(n_steps, n_atoms, 3\)"):
        vibrational_density_of_states(np.ones(shape), INTERVAL)


@pytest.mark.parametrize("value", [0.0, np.nan, np.inf])
def test_velocities_without_a_spectrum_are_refused(value):
    with pytest.raises(InputError, match="finite and not all zero"):
        vibrational_density_of_states(np.full((4, 1, 3), value), INTERVAL)


@pytest.mark.parametrize("interval", [0.0, -1.0, np.nan])
def test_interval_must_be_positive(interval):
    with pytest.raises(InputError, match="must be positive"):
        vibrational_density_of_states(np.ones((4, 1, 3)), interval)
