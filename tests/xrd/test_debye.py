"""The Debye equation: pairs written out, Bragg's law, and the orientation average of the mesh."""

from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.spatial.distance import pdist
from scipy.spatial.transform import Rotation

from spectra.core.errors import InputError
from spectra.plugins.xrd.physics.debye import debye_profile, structure_factor
from spectra.plugins.xrd.physics.reciprocal_mesh import mesh_profile
from spectra.plugins.xrd.physics.scattering import (
    diffraction_angle,
    lorentz_polarisation,
    reciprocal_length,
    scattering_factor,
)

HIGHEST = 5.8  # 1/Å: 2 theta = 90 degrees


def written_out(positions, q):
    """Evaluate 1 + (2/N) sum sin(q r) / (q r), pair by pair."""
    distances = pdist(positions)
    return 1 + 2 / len(positions) * np.sinc(np.multiply.outer(q, distances) / np.pi).sum(axis=-1)


def in_bins(structure, edges):
    """Integrate 4 pi k^2 LP f^2 S over each bin."""

    def density(k):
        angle = diffraction_angle(k)
        return (
            4 * np.pi * k**2 * lorentz_polarisation(angle) * scattering_factor("Au", k) ** 2 * structure(2 * np.pi * k)
        )

    k = reciprocal_length(edges)
    return [quad(density, low, high, epsabs=0, epsrel=1e-9)[0] for low, high in pairwise(k)]


def test_one_pair_interferes_as_the_sine_over_its_argument():
    q, structure = structure_factor([[0, 0, 0], [1.2, -2.0, 1.4]], HIGHEST)
    distance = np.sqrt(1.2**2 + 2.0**2 + 1.4**2)
    assert structure == pytest.approx(1 + np.sin(q * distance) / (q * distance), abs=5e-6)


def test_atoms_at_one_place_scatter_as_one():
    _, structure = structure_factor(np.ones((3, 3)), HIGHEST)
    assert structure == pytest.approx(3)


@pytest.mark.parametrize("n_atoms", [3, 64, 65, 200])  # around the size of a block
def test_every_pair_counts_once(n_atoms):
    positions = np.random.default_rng(n_atoms).uniform(0, 15, (n_atoms, 3))
    q, structure = structure_factor(positions, HIGHEST)
    assert q[-1] > HIGHEST
    assert structure == pytest.approx(written_out(positions, q), abs=2e-6 * n_atoms)


def test_perfect_crystal_is_as_accurate(fcc):
    crystal = fcc(4)  # few distances, so that errors of one distance do not average out
    q, structure = structure_factor(crystal, HIGHEST)
    assert structure == pytest.approx(written_out(crystal, q), abs=1e-5 * structure[q > 2].max())


def test_bins_of_a_single_atom_hold_its_scattering_alone():
    edges = np.array([5, 30, 31, 60, 90, 150.0])
    assert debye_profile([[1, 2, 3]], edges) == pytest.approx(in_bins(lambda q: 1.0, edges), rel=1e-7)


def test_bins_of_a_few_atoms_hold_the_integral_over_them(hot):
    cluster = hot(1, np.random.default_rng(3))
    edges = np.array([10, 30, 30.1, 34, 60, 60.01, 90, 170])
    expected = in_bins(lambda q: written_out(cluster, q), edges)
    assert debye_profile(cluster, edges) == pytest.approx(expected, rel=2e-5)


def test_bins_of_a_crystal_hold_the_integral_over_its_lines(hot):
    crystal = hot(3, np.random.default_rng(4))
    edges = np.linspace(36, 46, 11)  # around (111) and (200)
    expected = in_bins(lambda q: written_out(crystal, q), edges)
    assert debye_profile(crystal, edges) == pytest.approx(expected, rel=1e-5)


def test_bins_add_up(hot):
    crystal = hot(3, np.random.default_rng(5))
    fine = debye_profile(crystal, np.linspace(30, 90, 6001))
    assert fine.reshape(150, 40).sum(axis=1) == pytest.approx(debye_profile(crystal, np.linspace(30, 90, 151)))


def test_lines_of_a_crystal_lie_where_bragg_says(fcc):
    edges = np.linspace(30, 90, 1201)
    profile = debye_profile(fcc(8), edges)
    for squares in (3, 4, 8, 11, 12):
        expected = diffraction_angle(np.sqrt(squares) / 4.08)
        near = np.abs(edges[:-1] - expected) < 2
        top = edges[:-1][near][np.argmax(profile[near])] + 0.025
        assert top == pytest.approx(expected, abs=0.12)  # the crystallite's lines are 3 degrees wide


def test_profile_is_the_same_from_every_side(hot):
    crystal, edges = hot(2, np.random.default_rng(6)), np.linspace(30, 90, 61)
    turned = Rotation.from_euler("xyz", [0.3, 1.1, -2.0]).apply(crystal) + np.array([100, 0, -7])
    profile = debye_profile(crystal, edges)
    assert debye_profile(turned, edges) == pytest.approx(profile, abs=2e-6 * profile.max())


def test_mesh_averaged_over_orientations_converges_to_it(hot):
    crystal, edges = hot(3, np.random.default_rng(7)), np.linspace(30, 90, 61)
    profile = debye_profile(crystal, edges)
    turns = Rotation.random(4, rng=np.random.default_rng(8))
    mesh = np.mean([mesh_profile(turn.apply(crystal), edges) for turn in turns], axis=0)
    assert np.abs(mesh - profile).max() < 0.01 * profile.max()
    assert mesh.sum() == pytest.approx(profile.sum(), rel=2e-5)


@pytest.mark.slow
def test_mesh_averaged_over_orientations_converges_to_it_for_500_atoms(lammps):
    positions, edges = lammps["positions"], np.linspace(30, 90, 61)
    profile = debye_profile(positions, edges)
    turns = Rotation.random(16, rng=np.random.default_rng(9))
    mesh = np.mean([mesh_profile(turn.apply(positions), edges) for turn in turns], axis=0)
    assert np.abs(mesh - profile).max() < 0.01 * profile.max()


def test_atoms_far_apart_are_refused():
    with pytest.raises(InputError, match=r"2,000 Å apart.*in Å and within their cell"):
        debye_profile([[0, 0, 0], [0, 0, 2000]], [30, 90])


def test_single_orientation_holds_the_same_total_in_other_bins(lammps):
    edges = np.linspace(30, 90, 151)
    profile, mesh = debye_profile(lammps["positions"], edges), mesh_profile(lammps["positions"], edges)
    assert mesh.sum() == pytest.approx(profile.sum(), rel=5e-5)
    assert np.abs(mesh - profile).max() > 0.1 * profile.max()  # the artefact that published profiles share
