"""Generated pictures: exact, resolved, and of no higher symmetry."""

from itertools import product

import numpy as np
import pytest

from spectra.plugins.images.symmetry.generator.groups import PLANE_GROUPS, SYMBOLS
from spectra.plugins.images.symmetry.generator.patterns import (
    HIGHEST,
    Cell,
    atoms_motif,
    fourier_motif,
    pattern,
    picture,
    random_cell,
    symmetrised,
)
from spectra.plugins.images.symmetry.generator.textures import filled, nearest_equivalents, random_texture


@pytest.mark.parametrize("group", PLANE_GROUPS, ids=SYMBOLS)
@pytest.mark.parametrize("motif", [fourier_motif, atoms_motif])
def test_every_operation_leaves_the_value_of_any_point(group, motif):
    """The sum is evaluated term by term here, not as the generator does it."""
    rng = np.random.default_rng(3)
    cell = random_cell(group, 64, rng)
    indices = cell.harmonics()
    coefficients = symmetrised(indices, motif(cell, rng), group)
    coefficients /= np.abs(coefficients).sum()
    points = rng.random((50, 2))

    def value(points):
        return (np.exp(2j * np.pi * points @ indices.T) @ coefficients).real

    for matrix, translation in zip(*group.operations, strict=True):
        assert np.abs(value(points @ matrix.T + translation) - value(points)).max() < 1e-14


def test_a_turned_picture_of_p4_is_the_same_array():
    """A square lattice of 16 pixels along the axes: a quarter turn about the middle of four pixels maps the grid."""
    group = PLANE_GROUPS[SYMBOLS.index("p4")]
    rng = np.random.default_rng(0)
    cell = Cell(edges=16.0 * np.eye(2), group=group)
    indices = cell.harmonics()
    coefficients = symmetrised(indices, fourier_motif(cell, rng), group)
    values = picture(cell, indices, coefficients, side=64, origin=np.array([31.5, 31.5]))
    assert np.abs(np.rot90(values) - values).max() < 1e-12
    assert np.abs(values[:, ::-1] - values).max() > 0.5


@pytest.mark.parametrize("group", PLANE_GROUPS, ids=SYMBOLS)
def test_no_harmonic_is_finer_than_pixels_resolve(group):
    cell = random_cell(group, 64, np.random.default_rng(1))
    assert np.abs(cell.waves(cell.harmonics())).max() <= HIGHEST < 0.5


@pytest.mark.parametrize("group", PLANE_GROUPS, ids=SYMBOLS)
def test_a_pattern_has_no_rotation_and_no_mirror_direction_that_its_group_lacks(group):
    """Correlated on a fine grid with every turned copy of itself that its lattice allows, by brute force."""
    shown, cell = pattern(group, np.random.default_rng(5), side=40)
    function = _cell_on_grid(shown, cell, 144)
    own = {tuple(matrix.ravel()) for matrix in group.operations[0]}
    spectrum = np.fft.rfft2(function)
    metric = cell.edges.T @ cell.edges
    for entries in product((-1, 0, 1), repeat=4):
        matrix = np.array(entries).reshape(2, 2)
        if not np.allclose(matrix.T @ metric @ matrix, metric, rtol=1e-3, atol=1e-3 * np.trace(metric)):
            continue
        place = np.tensordot(matrix, np.indices(function.shape), axes=1) % len(function)
        turned = np.fft.rfft2(function[tuple(place)])
        best = np.fft.irfft2(spectrum.conj() * turned).max() / (function**2).sum()
        assert bool(best > 0.97) is (entries in own), (entries, best)


def _cell_on_grid(shown, cell, count):
    """Fit the cell's harmonics to the picture by least squares, and sum them on a grid of the cell."""
    side = len(shown)
    columns, rows = np.meshgrid(np.arange(side), side - 1 - np.arange(side))
    indices = cell.harmonics()
    waves = np.exp(2j * np.pi * np.stack([columns, rows], axis=-1).reshape(-1, 2) @ cell.waves(indices).T)
    fitted = np.linalg.lstsq(waves, shown.ravel() - shown.mean(), rcond=None)[0]
    grid = np.zeros((count, count), dtype=complex)
    grid[tuple(indices.T)] = fitted
    return np.fft.ifft2(grid).real


def test_noise_has_the_strength_that_was_asked_for():
    group = PLANE_GROUPS[0]
    clean, _ = pattern(group, np.random.default_rng(7))
    noisy, _ = pattern(group, np.random.default_rng(7), noise=0.5)
    assert (noisy - clean).std() == pytest.approx(0.5, rel=0.05)


@pytest.mark.parametrize("group", PLANE_GROUPS, ids=SYMBOLS)
def test_equal_points_look_up_the_same_in_a_texture(group):
    rng = np.random.default_rng(2)
    cell = random_cell(group, 64, rng)
    places, point = rng.random((40, 2)), rng.random(2)
    looked_up = nearest_equivalents(places, cell, point)
    for matrix, translation in zip(*group.operations, strict=True):
        assert np.allclose(nearest_equivalents(places @ matrix.T + translation, cell, point), looked_up, atol=1e-9)


def test_a_filled_picture_is_standardised():
    rng = np.random.default_rng(4)
    values, _ = filled(PLANE_GROUPS[16], random_texture(rng), rng)
    assert values.std() == pytest.approx(1)
