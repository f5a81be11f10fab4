"""The lattice and the operations that are found in pictures of which both are known."""

import numpy as np
import pytest

from spectra.plugins.images.symmetry.generator.groups import PLANE_GROUPS, SYMBOLS
from spectra.plugins.images.symmetry.generator.patterns import pattern, primitive_basis
from spectra.plugins.images.symmetry.signatures.operations import OPERATIONS, reduced
from spectra.plugins.images.symmetry.signatures.shades import flattened
from spectra.plugins.images.symmetry.signatures.signature import SIZE, periodic, signature


def waves(side, *vectors):
    """Sum cosines of wave vectors in cycles per pixel, about the middle."""
    places = np.arange(side) - (side - 1) / 2
    columns, rows = np.meshgrid(places, places)
    return sum(np.cos(2 * np.pi * (x * columns + y * rows)) for x, y in vectors)


def hexagonal(side, edge, angle=0.0):
    """Sum three cosines: the hexagonal pattern of highest symmetry, p6mm, with the lattice constant ``edge``."""
    turns = np.radians(angle + np.array([0, 60, 120]))
    length = 2 / (np.sqrt(3) * edge)
    return waves(side, *(length * np.column_stack([np.cos(turns), np.sin(turns)])))


@pytest.mark.parametrize("noise", [0.0, 0.5])
def test_the_lattice_of_three_cosines_is_hexagonal_with_its_constant(noise):
    shown = hexagonal(64, 9.3, angle=17)
    shown += noise * shown.std() * np.random.default_rng(0).normal(size=shown.shape)
    found = periodic(*flattened(shown))
    a, b = found.cell.edges.T
    assert np.linalg.norm(a) == pytest.approx(9.3, abs=0.02)
    assert np.linalg.norm(b) == pytest.approx(9.3, abs=0.02)
    assert a @ b / np.linalg.norm(a) / np.linalg.norm(b) == pytest.approx(0.5, abs=0.005)


def test_three_cosines_have_all_operations_of_a_hexagonal_lattice_and_two_have_those_of_a_square_one():
    found = periodic(*flattened(hexagonal(64, 11.0, angle=5)))
    named = dict(zip((operation.name for operation in OPERATIONS), found.fits * found.correlations, strict=True))
    turning = {name for name, value in named.items() if name.startswith("rotation") and value > 0.99}
    assert turning == {"rotation 180°", "rotation 120°", "rotation 60°"}
    square = periodic(*flattened(waves(64, (0.09, 0.05), (-0.05, 0.09))))
    named = dict(zip((operation.name for operation in OPERATIONS), square.fits * square.correlations, strict=True))
    turning = {name for name, value in named.items() if name.startswith("rotation") and value > 0.99}
    assert turning == {"rotation 180°", "rotation 90°"}


def test_a_glide_is_told_from_a_mirror():
    """x to -x with y to y + π leaves each term, and x to -x alone turns the sign of the second: pg, by hand."""
    columns, rows = np.meshgrid(np.arange(64), np.arange(64))
    x, y = 2 * np.pi * columns / 16.0, 2 * np.pi * rows / 20.0
    gliding = np.cos(x) * np.cos(2 * y) + np.sin(x) * np.sin(y + 0.4) + 0.5 * np.sin(2 * x) * np.sin(3 * y)
    found = periodic(*flattened(gliding))
    strength = dict(zip((operation.name for operation in OPERATIONS), found.fits * found.correlations, strict=True))
    along_y = "b" if abs(found.cell.edges[1, 1]) > abs(found.cell.edges[1, 0]) else "a"
    assert strength[f"glide along {along_y}"] > 0.999
    assert strength[f"mirror along {along_y}"] < 0.9


@pytest.mark.parametrize("group", PLANE_GROUPS, ids=SYMBOLS)
def test_the_lattice_of_every_group_is_found(group):
    rng = np.random.default_rng(20)
    for noise in (0.0, 0.5):
        shown, cell = pattern(group, rng, noise=noise)
        true = cell.edges @ primitive_basis(cell.edges, group) * [[1], [-1]]  # y down
        change = np.linalg.inv(true) @ periodic(*flattened(shown)).cell.edges
        assert np.abs(change - np.rint(change)).max() < 0.02
        assert abs(np.linalg.det(change)) == pytest.approx(1, abs=0.02)


def test_what_changes_nothing_about_symmetry_changes_nothing_about_the_signature():
    shown, _ = pattern(PLANE_GROUPS[SYMBOLS.index("p31m")], np.random.default_rng(1))
    tilted = 3 - 40 * shown + np.linspace(0, 90, 64) - np.linspace(0, 60, 64)[:, np.newaxis]
    first = signature(*flattened(shown))
    assert first.shape == (SIZE,) == (39,)
    for other in (tilted, np.rot90(shown), shown[::-1]):
        assert np.abs(signature(*flattened(other)) - first).max() < 0.1


def test_pixels_that_nobody_knows_are_left_out():
    shown, _ = pattern(PLANE_GROUPS[SYMBOLS.index("p4mm")], np.random.default_rng(2))
    gaps = np.where(np.random.default_rng(3).random(shown.shape) < 0.2, np.nan, shown)
    gaps[10:20, 30:40] = np.nan
    assert np.abs(signature(*flattened(gaps)) - signature(*flattened(shown)))[:28].max() < 0.05


def test_noise_has_no_lattice():
    rng = np.random.default_rng(4)
    for _ in range(5):
        found = periodic(*flattened(rng.normal(size=(64, 64))))
        assert found is None or not found.convincing


def test_a_reduced_basis_is_the_shortest():
    """Against a search among all short vectors of the lattice."""
    rng = np.random.default_rng(6)
    for _ in range(50):
        edges = rng.normal(size=(2, 2))
        if abs(np.linalg.det(edges)) < 0.1:
            continue
        a, b = (edges @ reduced(edges)).T
        numbers = np.array([(i, j) for i in range(-30, 31) for j in range(-30, 31) if (i, j) != (0, 0)])
        lengths = np.sort(np.linalg.norm(numbers @ edges.T, axis=1))
        assert np.linalg.norm(a) == pytest.approx(lengths[0])
        assert -1e-9 <= a @ b <= a @ a / 2 + 1e-9
        assert abs(np.linalg.det(np.column_stack([a, b]))) == pytest.approx(abs(np.linalg.det(edges)))
