"""Crystals are what crystallography says they are, before and after something is done to them."""

import numpy as np
import pytest
from scipy.spatial import cKDTree

from spectra.plugins.xrd.specimens import structures

LATTICE = 4.08
NEAREST = LATTICE / np.sqrt(2)


def shells(structure, reach):
    """Distances to the neighbours of every atom, over periodic images, sorted: shape (n, k)."""
    shifts = np.stack(np.meshgrid(*[[-1, 0, 1]] * 3, indexing="ij"), axis=-1).reshape(-1, 3) @ structure.cell
    images = (structure.positions + shifts[:, np.newaxis]).reshape(-1, 3)
    distances, _ = cKDTree(images).query(structure.positions, k=43, distance_upper_bound=reach)
    return distances[:, 1:]


def perfect(kind):
    if kind == "cubic":
        return structures.cubic(500, LATTICE)
    return structures.layered(800, LATTICE, np.ones(structures.plane_count(800), dtype=np.int64))


@pytest.mark.parametrize("kind", ["cubic", "layered"])
def test_every_atom_of_a_perfect_crystal_has_the_shells_of_fcc(kind):
    structure = perfect(kind)
    assert np.linalg.det(structure.cell) / len(structure) == pytest.approx(LATTICE**3 / 4)
    # 12, 6 and 24 neighbours at the square roots of 1, 2 and 3 nearest distances
    expected = NEAREST * np.sqrt(np.repeat([1, 2, 3], [12, 6, 24]))
    assert np.allclose(shells(structure, 2 * NEAREST), expected)


def test_a_stacking_fault_puts_hexagonal_neighbours_where_steps_change():
    steps = np.array([1, 1, 1, -1, 1, 1, 1, 1, 1, 1, 1, 1])  # A B C A | C A B …: an intrinsic fault
    distances = shells(structures.layered(800, LATTICE, steps), 2 * NEAREST)
    assert np.allclose(distances[:, :12], NEAREST)
    # the planes on either side of a hexagonal one lie straight above each other, sqrt(8/3) nearest distances apart,
    # where fcc has no neighbours; two hexagonal planes make two such pairs
    above = np.isclose(distances, NEAREST * np.sqrt(8 / 3)).sum(axis=1)
    assert above.max() == 1
    assert above.mean() == pytest.approx(4 / 12)


def test_drawn_stackings_have_as_many_hexagonal_planes_as_asked():
    for seed in range(20):
        for hexagonal in (0, 2, 4):
            steps = structures.faulted_stacking(15, hexagonal, np.random.default_rng(seed))
            assert np.sum(steps != np.roll(steps, 1)) == hexagonal


def test_interstitial_atoms_keep_away_from_the_others():
    crowded = structures.with_frenkel_pairs(perfect("cubic"), 0.1, np.random.default_rng(0))
    distances = shells(crowded, 2 * NEAREST)
    assert distances[:, 0].min() > 1.2
    moved = np.any(crowded.positions != perfect("cubic").positions, axis=1)
    assert moved.sum() == 50


def test_a_disc_is_taken_out_of_one_plane():
    whole = perfect("layered")
    holed = structures.without_disc(whole, 6.0, np.random.default_rng(0))
    planes = [set(np.round(s.positions[:, 2], 3)) for s in (whole, holed)]
    counts = [np.unique(np.round(s.positions[:, 2], 3), return_counts=True)[1] for s in (whole, holed)]
    assert planes[0] == planes[1]
    assert sorted(counts[0] - counts[1])[:-1] == [0] * (len(counts[0]) - 1)
    # a disc of radius r holds pi r² over the area of an atom in the plane, sqrt(3)/2 nearest distances squared
    assert len(whole) - len(holed) == pytest.approx(np.pi * 36 / (np.sqrt(3) / 2 * NEAREST**2), rel=0.25)


def test_strain_changes_the_volume_as_its_determinant_says():
    structure = perfect("layered")
    strained = structure.deformed(structures.shear(0.1)).deformed(np.diag([1, 1, 0.9]))
    assert np.linalg.det(strained.cell) == pytest.approx(0.9 * np.linalg.det(structure.cell))
    assert strained.cell[2, 1] / strained.cell[2, 2] == pytest.approx(0.1 / 0.9)


def test_wrapped_atoms_lie_in_the_cell_at_the_same_places():
    structure = perfect("layered").deformed(structures.shear(0.2))
    moved = structures.Structure(positions=structure.positions + 100.0, cell=structure.cell).wrapped()
    fractions = moved.positions @ np.linalg.inv(structure.cell)
    assert fractions.min() >= 0
    assert fractions.max() <= 1
    assert np.allclose(shells(moved, 2 * NEAREST), shells(structure, 2 * NEAREST))
