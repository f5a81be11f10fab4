"""The plane groups against what the International Tables and Schattschneider's key say of them."""

import numpy as np
import pytest

from spectra.plugins.images.symmetry.generator.groups import PLANE_GROUPS, SYMBOLS

# International Tables for Crystallography A, chapter 2.2: multiplicity of the general position.
MULTIPLICITIES = {
    "p1": 1,
    "p2": 2,
    "pm": 2,
    "pg": 2,
    "cm": 4,
    "p2mm": 4,
    "p2mg": 4,
    "p2gg": 4,
    "c2mm": 8,
    "p4": 4,
    "p4mm": 8,
    "p4gm": 8,
    "p3": 3,
    "p3m1": 6,
    "p31m": 6,
    "p6": 6,
    "p6mm": 12,
}
# Schattschneider, Am. Math. Mon. 85, 439 (1978), the recognition chart: highest rotation, reflections, glide
# reflections whose axis is no axis of reflection.
KEY = {
    "p1": (1, False, False),
    "p2": (2, False, False),
    "pm": (1, True, False),
    "pg": (1, False, True),
    "cm": (1, True, True),
    "p2mm": (2, True, False),
    "p2mg": (2, True, True),
    "p2gg": (2, False, True),
    "c2mm": (2, True, True),
    "p4": (4, False, False),
    "p4mm": (4, True, True),
    "p4gm": (4, True, True),
    "p3": (3, False, False),
    "p3m1": (3, True, True),
    "p31m": (3, True, True),
    "p6": (6, False, False),
    "p6mm": (6, True, True),
}
METRICS = {
    "oblique": np.array([[1.0, 0.3], [0.3, 2.0]]),
    "rectangular": np.diag([1.0, 2.0]),
    "square": np.eye(2),
    "hexagonal": np.array([[1.0, -0.5], [-0.5, 1.0]]),
}


def test_the_symbols_are_those_of_the_table_in_its_order():
    assert list(SYMBOLS) == list(MULTIPLICITIES)
    assert [group.number for group in PLANE_GROUPS] == list(range(1, 18))


@pytest.mark.parametrize("group", PLANE_GROUPS, ids=SYMBOLS)
def test_each_group_has_as_many_general_positions_as_the_table_says(group):
    matrices, translations = group.operations
    point = np.array([0.137, 0.291])
    images = (matrices @ point + translations) % 1
    assert len(np.unique(images.round(9), axis=0)) == len(images) == MULTIPLICITIES[group.symbol]


@pytest.mark.parametrize("group", PLANE_GROUPS, ids=SYMBOLS)
def test_the_operations_of_each_group_are_closed(group):
    matrices, translations = group.operations
    known = {_key(*operation) for operation in zip(matrices, translations, strict=True)}
    for matrix, translation in zip(matrices, translations, strict=True):
        products = {_key(matrix @ m, matrix @ t + translation) for m, t in zip(matrices, translations, strict=True)}
        assert products == known


@pytest.mark.parametrize("group", PLANE_GROUPS, ids=SYMBOLS)
def test_the_operations_keep_the_lengths_of_their_lattice(group):
    metric = METRICS[group.system]
    matrices, _ = group.operations
    assert np.allclose(matrices.transpose(0, 2, 1) @ metric @ matrices, metric, atol=1e-12)


@pytest.mark.parametrize("group", PLANE_GROUPS, ids=SYMBOLS)
def test_rotations_mirrors_and_glides_are_those_of_the_published_key(group):
    matrices, translations = group.operations
    assert (_highest(matrices), *_reflections(matrices, translations)) == KEY[group.symbol]


def test_p3m1_and_p31m_differ_in_where_their_mirrors_lie():
    """Only the mirrors of p31m run along the cell's edges: International Tables, diagrams of Nos. 14 and 15."""
    for symbol, along in (("p3m1", False), ("p31m", True)):
        matrices, _ = PLANE_GROUPS[SYMBOLS.index(symbol)].operations
        keeps_a = [np.array_equal(matrix @ [1, 0], [1, 0]) and np.linalg.det(matrix) < 0 for matrix in matrices]
        assert any(keeps_a) is along


def _key(matrix, translation):
    return (*map(int, matrix.ravel()), *(float(x) for x in translation.round(6) % 1))


def _highest(matrices):
    orders = {2: 1, -2: 2, -1: 3, 0: 4, 1: 6}  # by the trace of a rotation
    return max(orders[int(np.trace(m))] for m in matrices if np.linalg.det(m) > 0)


def _reflections(matrices, translations):
    """Say whether there are mirrors, and glides on lines that are no mirrors."""
    mirrors, glides = set(), set()
    for matrix, translation in zip(matrices, translations, strict=True):
        if np.linalg.det(matrix) > 0:
            continue
        for shift in np.ndindex(5, 5):
            moved = translation + np.array(shift) - 2
            line = (*matrix.ravel(), *((moved - matrix @ moved) / 2).round(6))
            (glides if np.abs(moved + matrix @ moved).max() > 1e-9 else mirrors).add(line)
    return bool(mirrors), bool(glides - mirrors)
